import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { listNames } from '../data/list-names';
import type { CombatModel } from './combat-model';

/** What is summed over the cells of a cohort while a model is applied; sites are those of the model, in its order. */
export interface ResidualTally {
  /** Sites × features: sums of residuals, value − what covariates predict, on the model's scale. */
  readonly sums: Float64Array;
  /** Sites × features: the number of cells summed. */
  readonly counts: Float64Array;
  /** Per feature, the number of cells corrected, those of unseen sites too; and how many residuals exceed its limit. */
  readonly seen: Float64Array;
  readonly far: Float64Array;
  /** Per feature, how far a residual may be from 0: {@link farAway} pooled standard deviations. */
  readonly limits: Float64Array;
}

/** A value this many pooled standard deviations or more from what the model expects is on another scale. */
const farAway = 8;
/** A site of fewer subjects is not looked at: chance moves its means too far. */
const fewest = 5;
/** By what factor the model's effects must exceed chance; see {@link unlikeTraining}. */
const clear = 36;

/** An empty tally for a model. */
export function residualTally({ sites, features, pooledSd }: CombatModel): ResidualTally {
  const cells = sites.length * features.length;
  return {
    sums: new Float64Array(cells),
    counts: new Float64Array(cells),
    seen: new Float64Array(features.length),
    far: new Float64Array(features.length),
    limits: pooledSd.map((sd) => farAway * sd),
  };
}

/**
 * Warns of a table that is not like the one that the model was fitted on, though its features and sites have the same
 * names:
 *
 * - a feature of which more than half of the cells are more than 8 pooled standard deviations from what the model
 *   expects: another unit, or another measure of that name;
 * - sites that show none of the effects that the model removes: their mean residuals z̄, about their common mean, are
 *   nearer to 0 than to the model's effects γ*, Σ n z̄² < Σ n (z̄ − γ*)² over sites of 5 subjects or more and p
 *   features, where these effects are clear of chance, Σ n γ*² > 36 p. A table that is harmonized already is like
 *   that, or one whose sites are mixed up. (In a table that has the effects, Σ n z̄ γ* is Σ n γ*² plus noise of
 *   variance at most p Σ n γ*², reached where all features are one. To be below half of Σ n γ*² it must then be more
 *   than three standard deviations off: at most about 1 such table in 1,000 is warned of wrongly.)
 */
export function unlikeTraining(model: CombatModel, tally: ResidualTally): readonly Issue[] {
  return [...otherScale(model, tally), ...noEffects(model, tally)];
}

function otherScale({ features }: CombatModel, { far, seen }: ResidualTally): readonly Issue[] {
  const names = features.filter((_, w) => far[w] * 2 > seen[w]);
  if (names.length === 0) return [];
  const message =
    `values of ${names.length} of ${features.length} features are more than ${farAway} standard deviations from those that the ` +
    `model was fitted on: ${listNames(names, 5)}`;
  return [
    makeIssue('unlike-training', message, { feature: names[0] }, [
      'check that they are in the same unit and measured the same way; the model moves values by amounts in its own unit',
    ]),
  ];
}

function noEffects(model: CombatModel, tally: ResidualTally): readonly Issue[] {
  const width = model.features.length;
  const large = [...model.sites.keys()].filter(
    (s) =>
      model.sites[s].adjusts !== 'reference' &&
      largest(tally.counts.subarray(s * width, (s + 1) * width)) >= fewest,
  );
  if (large.length < 2) return [];
  const { toZero, toModel, effects, used } = distances(model, tally, large);
  if (effects <= clear * used || toZero >= toModel) return [];
  const names = listNames(large.map((s) => model.sites[s].name));
  const message = `values at ${names} show none of the differences between sites that the model removes`;
  return [
    makeIssue('unlike-training', message, {}, [
      'check that the table is not harmonized already, and that its sites are named as when the model was fitted',
    ]),
  ];
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i];
  return most;
}

/** How far the means of sites are from 0, from the model's effects, and these from 0, over the features that are used. */
interface Distances {
  readonly toZero: number;
  readonly toModel: number;
  readonly effects: number;
  readonly used: number;
}

/** Twice over the sites, row by row as they are in memory: for the means of each feature over sites, and for what is about them. */
function distances(
  { status, gammaStar, pooledSd }: CombatModel,
  { sums, counts }: ResidualTally,
  sites: readonly number[],
): Distances {
  const width = status.length;
  const weights = new Float64Array(width);
  const seen = new Float64Array(width);
  const known = new Float64Array(width);
  const met = new Float64Array(width);
  for (const site of sites) {
    for (let w = 0, at = site * width; w < width; w++, at++) {
      if (!(counts[at] > 0 && Number.isFinite(gammaStar[at]))) continue;
      weights[w] += counts[at];
      seen[w] += sums[at] / pooledSd[w];
      known[w] += counts[at] * gammaStar[at];
      met[w]++;
    }
  }
  let used = 0;
  for (let w = 0; w < width; w++) {
    if (status[w] !== 'harmonized' || met[w] < 2) met[w] = 0;
    else used++;
    seen[w] /= weights[w];
    known[w] /= weights[w];
  }
  let toZero = 0;
  let toModel = 0;
  let effects = 0;
  for (const site of sites) {
    for (let w = 0, at = site * width; w < width; w++, at++) {
      const n = counts[at];
      if (met[w] === 0 || !(n > 0 && Number.isFinite(gammaStar[at]))) continue;
      const here = sums[at] / n / pooledSd[w] - seen[w];
      const effect = gammaStar[at] - known[w];
      toZero += n * (here * here);
      toModel += n * ((here - effect) * (here - effect));
      effects += n * (effect * effect);
    }
  }
  return { toZero, toModel, effects, used };
}
