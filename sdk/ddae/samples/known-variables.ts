import type { Participants } from '../../data/people/participants';
import { covariateNamed } from '../../data/people/participants';
import { isMissing } from '../../data/people/covariate';
import { listNames } from '../../data/list-names';
import { ConcordError } from '../../errors';
import { columnsOf } from '../../math/linear/covariate-columns';
import { advise, call } from '../../remedy';

/** A known variable besides the site: how it becomes numbers. Plain JSON. */
export type KnownVariable =
  | { readonly kind: 'continuous'; readonly name: string; readonly center: number; readonly spread: number }
  | { readonly kind: 'categorical'; readonly name: string; readonly levels: readonly string[] };

/**
 * Learns how the known variables become numbers: continuous ones in standard deviations from the mean of the cohort.
 *
 * @throws ConcordError `unknown-column`; `invalid-option` when a variable is the same for everyone or named twice.
 */
export function learnKnownVariables(
  participants: Participants,
  names: readonly string[],
): readonly KnownVariable[] {
  if (new Set(names).size < names.length) {
    throw new ConcordError('invalid-option', `invalid known: ${listNames(names)} (each is allowed once)`);
  }
  return names.map((name) => {
    const covariate = covariateNamed(participants, name);
    if (covariate.kind === 'categorical') {
      if (covariate.levels.length > 1) return { kind: 'categorical', name, levels: covariate.levels };
      throw sameForAll(name);
    }
    const values = covariate.values.filter((value) => !Number.isNaN(value));
    const center = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / values.length);
    if (spread > 0) return { kind: 'continuous', name, center, spread };
    throw sameForAll(name);
  });
}

function sameForAll(name: string): ConcordError {
  return new ConcordError(
    'invalid-option',
    `invalid known: ${name} is the same for everyone (leave it out)`,
    { where: { column: name } },
  );
}

/** How many numbers the known variables of a person are. */
export function knownLength(sites: readonly string[], known: readonly KnownVariable[]): number {
  return known.reduce((sum, variable) => sum + lengthOf(variable), sites.length);
}

function lengthOf(variable: KnownVariable): number {
  return variable.kind === 'continuous' ? 1 : variable.levels.length;
}

/**
 * The known variables of each participant as numbers, c: the share of each site (1 for one's own), then the others.
 *
 * @param siteShares - for each participant the share of each site: 1 for its own; 1/n each for the average site
 * @returns participants × {@link knownLength}, row-major
 * @throws ConcordError `unknown-column`; `unknown-level`; `missing-value`, naming the participant; `invalid-option`
 * when a covariate is of another kind than in training.
 */
export function encodeKnown(
  participants: Participants,
  siteShares: readonly Float64Array[],
  known: readonly KnownVariable[],
): Float32Array {
  const sites = siteShares[0]?.length ?? 0;
  const length = known.reduce((sum, variable) => sum + lengthOf(variable), sites);
  const values = new Float32Array(participants.ids.length * length);
  siteShares.forEach((shares, row) => values.set(shares, row * length));
  let first = sites;
  for (const variable of known) {
    columnsOfVariable(participants, variable).forEach((column, k) => {
      column.forEach((value, row) => (values[row * length + first + k] = value));
    });
    first += lengthOf(variable);
  }
  return values;
}

function columnsOfVariable(participants: Participants, variable: KnownVariable): readonly Float64Array[] {
  const { name } = variable;
  const covariate = covariateNamed(participants, name);
  if (covariate.kind !== variable.kind) {
    throw new ConcordError(
      'invalid-option',
      `invalid covariate ${name}: it is ${covariate.kind}, the model was fitted with it ${variable.kind}`,
      { where: { column: name } },
    );
  }
  const lacking = participants.ids.find((_, row) => isMissing(covariate, row));
  if (lacking !== undefined) {
    throw new ConcordError('missing-value', `missing ${name} of "${lacking}"`, {
      where: { subject: lacking, column: name },
      remedy: advise`a known variable must have a value for every participant; leave the row out with ${call('takeSubjects')}`,
    });
  }
  if (variable.kind === 'continuous') {
    const { center, spread } = variable;
    return columnsOf(covariate).map(({ values }) => values.map((value) => (value - center) / spread));
  }
  const { levels } = variable;
  // A network takes all levels.
  const coding = { reference: null, levels, subjects: participants.ids };
  return columnsOf(covariate, coding).map(({ values }) => values);
}

/**
 * The known variables of some participants, one row after the other.
 *
 * @param variables - those of all participants, as {@link encodeKnown} gives them
 * @param rows - the participants, from 0
 * @param people - how many participants there are
 */
export function takeVariables(
  variables: Float32Array,
  rows: readonly number[],
  people: number,
): Float32Array {
  const width = variables.length / people;
  const taken = new Float32Array(rows.length * width);
  rows.forEach((row, i) => taken.set(variables.subarray(row * width, (row + 1) * width), i * width));
  return taken;
}
