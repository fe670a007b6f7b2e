import { basename, resolve } from 'node:path';
import type { CombatOptions } from '../../combat/combat-options';
import { keptCovariates } from '../../combat/combat-options';
import type { FeatureCohort } from '../../data/cohort';
import { makeFeatureCohort } from '../../data/cohort';
import { makeFeatureMatrix } from '../../data/feature-matrix';
import type { Issue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import type { Covariate } from '../../data/people/covariate';
import { familiesOf } from '../../data/people/families';
import { makeParticipants, withPersons } from '../../data/people/participants';
import type { ProvenanceStep } from '../../data/provenance';
import { provenanceStep } from '../../data/provenance';
import { ConcordError } from '../../errors';
import { withoutFolders } from '../../io/files/without-folders';
import { scanName } from '../../io/rows/scan-names';
import { possibleRepeats } from '../../io/rows/possible-repeats';
import type { CovariateSpec } from '../../io/tables/table-options';
import { readFileTable } from '../../io/volumes/file-table';
import { advise, call, option } from '../../remedy';
import { findStacks } from './find-stacks';
import type { MapsEntry, MapsPlace } from '../maps-options';

/** Scans whose maps are files. */
export interface MapCohort {
  /** Sites and covariates; its one feature is a place holder, since values are not in memory. */
  readonly cohort: FeatureCohort;
  /** The names of the files of a scan. */
  readonly parts: readonly string[];
  /** The files of each id, in the order of `parts`. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** Of each part, whether its maps are in one file, in the order of `files`. */
  readonly stacks: readonly boolean[];
}

/** With values, or to be found in a table. */
export type GivenCovariate = Covariate | CovariateSpec;

/** The covariates that the options of ComBat name, as they are described, where they are. */
export function namedCovariates(
  options: CombatOptions,
  described: readonly GivenCovariate[],
): readonly GivenCovariate[] {
  return keptCovariates(options).preserve.map(
    ({ name }) => described.find((one) => one.name === name) ?? { name },
  );
}

/**
 * Puts together who was scanned where, and the files of their maps: from entries, or from a table. Where all name one file for a
 * part, it is a stack of as many maps, in their order.
 *
 * @param covariates - with one value per entry; of a table, which columns they are
 * @throws ConcordError `invalid-option`, `missing-value`, `duplicate-id`; `different-grids` for a stack of another number of maps,
 * and those of reading it; of a table those of `loadTable`.
 */
export async function mapCohort(
  given: readonly MapsEntry[] | string,
  options: MapsPlace,
  covariates: readonly GivenCovariate[],
): Promise<MapCohort> {
  const { entries, made, issues } = await listed(given, options, covariates);
  if (entries.length === 0) throw new ConcordError('too-little-data', 'no maps: no scan is given');
  const parts = Object.keys(entries[0].files);
  for (const { id, files } of entries) requireParts(id, Object.keys(files), parts);
  const ids = entries.map(({ id }) => id);
  const sites = entries.map(({ site }) => site);
  const plain = makeParticipants(ids, sites, made, { families: familiesOf(entries) });
  const isRepeated = entries.some(({ person, id }) => person !== undefined && person !== id);
  const participants = isRepeated
    ? withPersons(
        plain,
        entries.map(({ id, person = id }) => person),
      )
    : plain;
  const files = new Map(
    entries.map(({ id, files: own }) => [id, parts.map((part) => resolve(own[part]))] as const),
  );
  const rows = typeof given === 'string' ? `rows of ${basename(given)}` : 'scans given';
  const found = await findStacks(files, parts, rows);
  const stacked = parts.filter((_, k) => found.stacks[k]);
  const step: ProvenanceStep = provenanceStep('mapFiles', {
    scans: ids.length,
    parts,
    ...(stacked.length === 0 ? {} : { stacks: stacked }),
  });
  const placeholder = makeFeatureMatrix(new Float64Array(ids.length), ids, ['vertex']);
  return {
    cohort: makeFeatureCohort(participants, placeholder, {
      provenance: [step],
      issues: [...issues, ...found.issues],
    }),
    parts,
    files,
    stacks: found.stacks,
  };
}

function requireParts(id: string, own: readonly string[], parts: readonly string[]): void {
  if (own.length === 0) throw new ConcordError('missing-value', `missing files of "${id}": it has none`);
  if ([...own].sort().join('\n') === [...parts].sort().join('\n')) return;
  throw new ConcordError(
    'missing-value',
    `different files: "${id}" has ${listNames(own)}, and the first scan has ${listNames(parts)}`,
    { where: { subject: id } },
  );
}

/** Covariates of entries bring their values. */
function requireMade(covariate: GivenCovariate): Covariate {
  if ('values' in covariate || 'codes' in covariate) return covariate;
  throw new ConcordError('invalid-option', `invalid covariate: ${covariate.name} has no values`, {
    remedy: advise`for entries, give the values, made with ${call('continuous')} or ${call('categorical')}`,
  });
}

async function listed(
  given: readonly MapsEntry[] | string,
  { id: idColumn, site, person, family, missing, sameSite, sameLevel, ageCap, files, signal }: MapsPlace,
  covariates: readonly GivenCovariate[],
): Promise<{
  readonly entries: readonly MapsEntry[];
  readonly made: readonly Covariate[];
  readonly issues: readonly Issue[];
}> {
  if (typeof given !== 'string') return { entries: given, made: covariates.map(requireMade), issues: [] };
  if (files === undefined || files.length === 0) {
    throw new ConcordError(
      'missing-value',
      `missing columns of files: ${given} lists maps in columns that are not named`,
      {
        remedy: advise`name them with ${option('files')}`,
      },
    );
  }
  const table = await readFileTable(
    given,
    { id: idColumn, site, family, missing, sameSite, sameLevel, ageCap, covariates, signal },
    { required: person === undefined ? files : [...files, person], person },
  );
  const entries = table.ids.map((id, row): MapsEntry => {
    const own = files.map((column) => {
      const path = table.path(column, row);
      if (path !== undefined) return [column, path] as const;
      throw new ConcordError('missing-value', `missing file of "${id}": its cell of ${column} is empty`, {
        where: { subject: id, column },
        remedy: advise`name the file, leave the row out, or harmonize one part by itself with ${option('files')}`,
      });
    });
    // Names of scans, of BIDS and of FreeSurfer's longitudinal stream, say whose they are.
    const who = person === undefined ? scanName(id)?.person : table.text(person, row);
    const kin = table.families === undefined ? {} : { family: table.families[row] };
    return { id, site: table.sites[row], person: who, ...kin, files: Object.fromEntries(own) };
  });
  const { ids, sites, covariates: made } = table;
  const persons = entries.map((entry) => entry.person ?? entry.id);
  const repeats =
    person === undefined ? possibleRepeats({ file: given, ids, persons, covariates: made, sites }) : [];
  return {
    entries,
    made,
    issues: [...table.issues, ...repeats.map((issue) => withoutFolders(issue, [given]))],
  };
}
