import { stat } from 'node:fs/promises';
import type { FeatureCohort } from '../data/cohort';
import type { RunOptions } from '../data/run-options';
import { ConcordError } from '../errors';
import { loadFreeSurferStats } from '../io/load-free-surfer-stats';
import { loadTable } from '../io/load-table';
import type { CovariateSpec } from '../io/table-options';
import type { HarmonizeFlags } from './harmonize-flags';

/** The options that say how a table is read. */
export type ReadingFlags = Pick<
  HarmonizeFlags,
  'id' | 'site' | 'preserve' | 'categorical' | 'continuous' | 'features' | 'participants' | 'missing'
>;

/** Whether there is a folder at `path`: one of FreeSurfer subjects, where a table is asked for. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (about) => about.isDirectory(),
    () => false,
  );
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
  run: RunOptions,
): Promise<FeatureCohort> {
  const { participants, features } = flags;
  const options = {
    ...columnNaming(flags),
    site: flags.site,
    covariates: flags.preserve.map((name) => covariateSpec(name, flags)),
    notice: true,
    ...(features === undefined ? {} : { features }),
    ...run,
  };
  if (!(await isFolder(path))) return loadTable(path, { ...options, participants });
  if (participants === undefined) {
    throw new ConcordError(
      'missing-value',
      `missing sites: ${path} is a folder of FreeSurfer subjects (name the table of their sites with --participants)`,
      { where: { file: path } },
    );
  }
  return loadFreeSurferStats(path, { ...options, participants });
}

/** How ids and missing values are written in the table, where the user says so. */
export function columnNaming({ id, missing }: { id?: string; missing?: readonly string[] }): {
  id?: string;
  missing?: readonly string[];
} {
  return { ...(id === undefined ? {} : { id }), ...(missing === undefined ? {} : { missing }) };
}

function covariateSpec(name: string, { categorical, continuous }: ReadingFlags): CovariateSpec {
  if (categorical.includes(name)) return { name, kind: 'categorical' };
  return continuous.includes(name) ? { name, kind: 'continuous' } : { name };
}
