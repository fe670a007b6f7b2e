import { suggestName } from '../../data/nearest-names';
import { listNames, quoteName } from '../../data/list-names';
import type { FeatureCohort } from '../../data/cohort';
import type { Covariate } from '../../data/people/covariate';
import { metLevels } from '../../math/linear/covariate-columns';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';

/** A variable that says in which batch a scan is: who made the scanner, the kernel, the field strength. */
export interface BatchVariable {
  readonly name: string;
  /** Where the level of a scan is found: it is its site, or a covariate with levels. */
  readonly from: 'site' | 'covariate';
  /** The levels that were met, sorted. */
  readonly levels: readonly string[];
}

/**
 * Finds batch variables by their names: covariates with levels, and the site, which is called `site` or as the column was that
 * it was read from.
 *
 * @throws ConcordError `invalid-option` for no list, a name twice, or a covariate without levels; `unknown-column`;
 * `too-little-data` for a variable of one level.
 */
export function batchVariables(cohort: FeatureCohort, names: readonly string[]): readonly BatchVariable[] {
  if (typeof (names as unknown) === 'string' || names.length === 0) {
    throw new ConcordError(
      'invalid-option',
      `invalid batches: ${JSON.stringify(names)} (a list of names is allowed)`,
    );
  }
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new ConcordError('invalid-option', `invalid batches: ${quoteName(twice)} is listed twice`);
  return names.map((name) => batchVariable(cohort, name));
}

function batchVariable({ participants, reading }: FeatureCohort, name: string): BatchVariable {
  const covariate = participants.covariates.find((one) => one.name === name);
  if (covariate !== undefined)
    return withSeveralLevels({ name, from: 'covariate', levels: levelsMet(covariate) });
  if (name === 'site' || name === reading?.site)
    return withSeveralLevels({ name, from: 'site', levels: [...new Set(participants.sites)].sort() });
  const known = ['site', ...participants.covariates.map((one) => one.name)];
  const hint = suggestName(name, known, `there are ${listNames(known)}`);
  throw new ConcordError('unknown-column', `unknown batch variable: ${quoteName(name)} (${hint})`, {
    where: { column: name },
  });
}

function levelsMet(covariate: Covariate): readonly string[] {
  if (covariate.kind === 'categorical') return [...metLevels(covariate)].sort();
  const { name } = covariate;
  throw new ConcordError(
    'invalid-option',
    `invalid batch variable ${quoteName(name)}: it is a covariate of numbers, not of levels`,
    {
      where: { column: name },
      remedy: advise`state its kind when the table is loaded: ${option('covariates.kind', 'categorical')}`,
    },
  );
}

function withSeveralLevels(variable: BatchVariable): BatchVariable {
  if (variable.levels.length > 1) return variable;
  const { name, levels } = variable;
  throw new ConcordError(
    'too-little-data',
    `batch variable ${quoteName(name)} has ${levels.length === 0 ? 'no level' : `one level only, ${quoteName(levels[0])}`} (at least two are required)`,
    { where: { column: name }, remedy: advise`leave it out of ${option('batches')}` },
  );
}

/** A table as ComBat of one batch variable is to see it: its levels are the sites, and no batch variable is a covariate. */
export function seenBy(
  cohort: FeatureCohort,
  variable: Pick<BatchVariable, 'name' | 'from'>,
  all: readonly Pick<BatchVariable, 'name' | 'from'>[],
): FeatureCohort {
  const { participants } = cohort;
  const taken = new Set(all.flatMap(({ name, from }) => (from === 'covariate' ? [name] : [])));
  const covariates = participants.covariates.filter(({ name }) => !taken.has(name));
  const sites = variable.from === 'site' ? participants.sites : levelsOfRows(cohort, variable.name);
  const { kind, features } = cohort;
  return { kind, participants: { ...participants, sites, covariates }, features, provenance: [], issues: [] };
}

/** The level of each scan; there is one of every scan, since those without were refused or left out before. */
function levelsOfRows({ participants }: FeatureCohort, name: string): readonly string[] {
  const covariate = participants.covariates.find((one) => one.name === name);
  if (covariate?.kind === 'categorical') return Array.from(covariate.codes, (code) => covariate.levels[code]);
  throw new ConcordError(
    'invalid-option',
    `invalid batch variable ${quoteName(name)}: it has levels in the model, and is ${covariate === undefined ? 'not there' : 'of numbers'} here`,
    {
      where: { column: name },
      remedy: advise`state its kind when the table is loaded: ${option('covariates.kind', 'categorical')}`,
    },
  );
}

/** The names of the covariates among batch variables. */
export function batchCovariates(
  variables: readonly Pick<BatchVariable, 'name' | 'from'>[],
): readonly string[] {
  return variables.flatMap(({ name, from }) => (from === 'covariate' ? [name] : []));
}

/** An error of ComBat by one batch variable, which is named: to ComBat its levels are sites. */
export function ofVariable(error: unknown, { name, from }: Pick<BatchVariable, 'name' | 'from'>): unknown {
  if (!(error instanceof ConcordError) || error.code === 'aborted' || from === 'site') return error;
  const { code, problem, where, remedy, issues } = error;
  return new ConcordError(code, `batch variable ${quoteName(name)}: ${problem}`, {
    where,
    remedy,
    issues,
    cause: error,
  });
}
