import { covariatesOf } from '../../combat/design/formula';
import type { FeatureCohort } from '../../data/cohort';
import type { RunOptions } from '../../data/run-options';
import { ConcordError } from '../../errors';
import { loadFreeSurferStats } from '../../io/free-surfer/load-free-surfer-stats';
import { loadTable } from '../../io/tables/load-table';
import { isFolder } from '../../io/files/make-folder';
import type { CovariateSpec, LoadTableOptions } from '../../io/tables/table-options';
import type { FolderFlags } from './folder-options';
import type { TableFlags } from './table-flags';
import { tableOptionsOf } from './table-flags';

/** The flags that say how a table, or a folder of subjects, is read. */
export interface ReadingFlags extends TableFlags, FolderFlags {
  readonly site: string;
  /** Names of covariates, and formulas of interactions. */
  readonly preserve: readonly string[];
  /** The columns of batch variables besides that of sites. */
  readonly batches?: readonly string[];
  readonly categorical: readonly string[];
  readonly continuous: readonly string[];
  /** Units of continuous covariates, by name. */
  readonly unit: Readonly<Record<string, string>>;
  readonly features?: string;
}

/**
 * Loads what `concord harmonize` is given: a table, or a folder of FreeSurfer subjects.
 *
 * @throws ConcordError as `loadTable` and `loadFreeSurferStats` do; `missing-value` for a folder without the table of
 * its sites.
 */
export async function loadForHarmonize(
  path: string,
  flags: ReadingFlags,
  run: RunOptions & Pick<LoadTableOptions, 'allowSingleSite'>,
): Promise<FeatureCohort> {
  const { features, measures, parcellation } = flags;
  const options = {
    ...tableOptionsOf(flags),
    site: flags.site,
    covariates: [
      ...covariatesOf(flags.preserve, 'preserve').map((name) => covariateSpec(name, flags)),
      ...(flags.batches ?? []).map((name) => ({ name, kind: 'categorical' }) as const),
    ],
    notice: true,
    features,
    ...run,
  };
  try {
    if (!(await isFolder(path))) return await loadTable(path, options);
    const { id, participants = requireParticipants(path), ...others } = options;
    return await loadFreeSurferStats(path, { ...others, participants, measures, parcellation });
  } catch (error) {
    throw unreadFormula(error, flags.preserve) ?? error;
  }
}

/** Adds to the error of a column that is not there that it was looked for as a part of an interaction. */
function unreadFormula(error: unknown, preserve: readonly string[]): ConcordError | undefined {
  if (!(error instanceof ConcordError) || error.code !== 'unknown-column') return undefined;
  const { column } = error.where;
  const formula = preserve.find((text) => {
    const names = covariatesOf([text], 'preserve');
    return column !== undefined && names.length > 1 && names.includes(column);
  });
  if (formula === undefined) return undefined;
  return new ConcordError(error.code, error.problem, {
    where: error.where,
    remedy: [`"${formula}" is read as an interaction; a column of that name is written in backticks`],
    cause: error,
    issues: error.issues,
  });
}

/** Refuses a folder of subjects without the table of their sites. */
export function requireParticipants(path: string): never {
  throw new ConcordError('missing-value', `missing sites: ${path} is a folder of FreeSurfer subjects`, {
    where: { file: path },
    remedy: ['name the table of their sites with --participants'],
  });
}

function covariateSpec(name: string, { categorical, continuous, unit }: ReadingFlags): CovariateSpec {
  const stated = unit[name];
  if (categorical.includes(name)) return { name, kind: 'categorical' };
  // Only an amount has a unit.
  if (continuous.includes(name) || stated !== undefined) return { name, kind: 'continuous', unit: stated };
  return { name };
}

/**
 * The column of sites, and those of other batch variables: the first batch variable is the site, unless one is named.
 *
 * @param removes - the batch variables of a harmonizer
 */
export function batchColumns(
  removes: readonly string[],
  { site, named }: { readonly site: string; readonly named: boolean },
): Pick<ReadingFlags, 'site' | 'batches'> {
  const [first = site] = removes;
  const chosen = named ? site : first;
  return { site: chosen, batches: removes.filter((name) => name !== chosen) };
}
