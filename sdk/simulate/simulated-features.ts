import type { Random } from '../math/random';
import { hemispherePairs, numberedFeatures } from './region-names';
import type { SimulationSettings, Spread } from './simulation-options';

/** The features of a simulated cohort: what is true of each in every subject. */
export interface SimulatedFeatures {
  readonly names: readonly string[];
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  readonly ageSlope: Float64Array;
  readonly sexEffect: Float64Array;
  /** Features × factors, row-major; each row has length 1. */
  readonly loadings: Float64Array;
  /** The left–right pair of each feature, or −1. */
  readonly pairs: Int32Array;
}

/** Draws the features' means, spreads, covariate effects and factor loadings; mirror images are much alike. */
export function simulateFeatures(settings: SimulationSettings, random: Random): SimulatedFeatures {
  const { features, factors, meanRange, sdRange, ageSlope, sexEffect } = settings;
  const names = typeof features === 'number' ? numberedFeatures(features) : features;
  const pairs = hemispherePairs(names);
  const count = names.length;
  const made: SimulatedFeatures = {
    names,
    mean: new Float64Array(count),
    sd: new Float64Array(count),
    ageSlope: new Float64Array(count),
    sexEffect: new Float64Array(count),
    loadings: new Float64Array(count * factors),
    pairs,
  };
  const firstOfPair = new Map<number, number>();
  for (let feature = 0; feature < count; feature++) {
    const mean = within(meanRange, random);
    const sd = within(sdRange, random);
    const slope = around(ageSlope, random);
    const effect = around(sexEffect, random);
    const loading = direction(factors, random);
    const mirror = firstOfPair.get(pairs[feature]);
    if (pairs[feature] !== -1) firstOfPair.set(pairs[feature], feature);
    made.mean[feature] = mirror === undefined ? mean : blend(made.mean[mirror], mean, 0.05);
    made.sd[feature] = mirror === undefined ? sd : blend(made.sd[mirror], sd, 0.05);
    // Slopes stay independent draws between hemispheres, so that over features they have the moments asked for.
    made.ageSlope[feature] = slope;
    made.sexEffect[feature] = effect;
    const row =
      mirror === undefined ? loading : made.loadings.slice(mirror * factors, (mirror + 1) * factors);
    made.loadings.set(row, feature * factors);
  }
  return made;
}

function within([low, high]: readonly [number, number], random: Random): number {
  return low + (high - low) * random.uniform();
}

function around({ mean, sd }: Spread, random: Random): number {
  return mean + sd * random.normal();
}

/** A little of `other` mixed into `value`. */
function blend(value: number, other: number, share: number): number {
  return (1 - share) * value + share * other;
}

/** A unit vector, its first entry positive and large: the factor in which all features rise and fall together. */
function direction(length: number, random: Random): Float64Array {
  const vector = Float64Array.from({ length }, (_, factor) =>
    factor === 0 ? 1 + Math.abs(random.normal()) : random.normal(),
  );
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => value / norm);
}
