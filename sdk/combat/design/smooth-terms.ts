import type { Covariate } from '../../data/people/covariate';
import type { Participants } from '../../data/people/participants';
import { covariateNamed } from '../../data/people/participants';
import { ConcordError } from '../../errors';
import { metLevels } from '../../math/linear/covariate-columns';
import type { Advice } from '../../remedy';
import { advise, option } from '../../remedy';
import type { CombatSmooth } from '../combat-model';
import type { SmoothTerm } from '../combat-options';
import type { SmoothBasis } from './smooth-basis';
import { basisAt, basisOn, placeKnots, smoothColumns, spacedKnots } from './smooth-basis';

/** With fewer different values a curve is a guess. */
const fewestValues = 4;

/**
 * The smooths that terms ask for: one each, or one for every level of the covariate that it goes by.
 *
 * @throws ConcordError `unknown-column`; `invalid-option` for a covariate of the wrong kind; `too-little-data` where it has
 * too few different values.
 */
export function describeSmooths(
  participants: Participants,
  terms: readonly SmoothTerm[],
  basis: SmoothBasis,
): readonly CombatSmooth[] {
  return terms.flatMap(({ name, by, bounds, knots: inner, splines }) => {
    const covariate = covariateNamed(participants, name);
    if (covariate.kind !== 'continuous') {
      const remedy = advise`leave it out of ${option('smooth')}: what is preserved of a category needs no curve`;
      throw wrongKind(covariate, 'a smooth requires amounts', remedy);
    }
    // Knots are those of all scans, so that the curves of several levels can be compared.
    const knots =
      inner === undefined
        ? placeKnots(covariate.values, { basis, bounds, splines })
        : spacedKnots(inner, splines);
    if (by === undefined) {
      requireValues(covariate.values, name);
      return [{ name, ...basisOn(knots, covariate.values, basis) }];
    }
    const factor = covariateNamed(participants, by);
    if (factor.kind !== 'categorical') {
      const remedy = advise`name a categorical covariate after the colon, or the curve alone: ${option('smooth', name)}`;
      throw wrongKind(factor, 'a smooth goes by the levels of a category', remedy);
    }
    return metLevels(factor).map((level) => {
      const own = covariate.values.filter((_, row) => factor.levels[factor.codes[row]] === level);
      requireValues(own, `${name} where ${by} is "${level}"`);
      return { name, by: { covariate: by, level }, ...basisOn(knots, own, basis) };
    });
  });
}

/** What a smooth is of, in words: `age`, or `age of sex=M`. */
export function smoothLabel({ name, by }: Pick<CombatSmooth, 'name' | 'by'>): string {
  return by === undefined ? name : `${name} of ${by.covariate}=${by.level}`;
}

/** The names of the design columns that a smooth makes: `s(age).1` to `s(age).9`. */
export function smoothColumnNames(smooth: CombatSmooth): readonly string[] {
  const { name, by } = smooth;
  const where = by === undefined ? '' : `:${by.covariate}=${by.level}`;
  return Array.from({ length: smoothColumns(smooth) }, (_, i) => `s(${name})${where}.${i + 1}`);
}

/** Whom a smooth concerns and where they are: `undefined` for a scan of another level. */
export function smoothValues(
  participants: Participants,
  { name, by }: Pick<CombatSmooth, 'name' | 'by'>,
): readonly (number | undefined)[] {
  const covariate = covariateNamed(participants, name);
  if (covariate.kind !== 'continuous') {
    const remedy = advise`give numbers in every row, as in the table that the model was fitted on`;
    throw wrongKind(covariate, 'the model has a smooth of it', remedy);
  }
  const factor = by === undefined ? undefined : covariateNamed(participants, by.covariate);
  return Array.from(covariate.values, (value, row) => {
    if (by === undefined) return value;
    return factor?.kind === 'categorical' && factor.levels[factor.codes[row]] === by.level
      ? value
      : undefined;
  });
}

/** Writes the columns of a smooth into a design: subjects × `width`, row-major, from column `first` on; not centered. */
export function writeSmooth(
  participants: Participants,
  smooth: CombatSmooth,
  { values, width, first }: { readonly values: Float64Array; readonly width: number; readonly first: number },
): void {
  smoothValues(participants, smooth).forEach((value, row) => {
    if (value !== undefined) values.set(basisAt(smooth, value), row * width + first);
  });
}

function requireValues(values: Float64Array, what: string): void {
  requireBendable(new Set(values).size, what);
}

/**
 * Makes sure that there are values enough for a curve.
 *
 * @throws ConcordError `too-little-data`.
 */
export function requireBendable(different: number, what: string): void {
  if (different >= fewestValues) return;
  throw new ConcordError(
    'too-little-data',
    `too few values of ${what} for a smooth: ${different} different (at least ${fewestValues} are required)`,
    { remedy: advise`preserve it without ${option('smooth')}: then its effect is a straight line` },
  );
}

function wrongKind({ name, kind }: Covariate, why: string, remedy: Advice): ConcordError {
  return new ConcordError('invalid-option', `invalid smooth: ${name} is ${kind}, and ${why}`, {
    where: { column: name },
    remedy,
  });
}
