import type { FeatureCohort } from '../data/cohort';
import { makeFeatureCohort } from '../data/cohort';
import { makeFeatureMatrix } from '../data/feature-matrix';
import { provenanceStep } from '../data/provenance';
import type { Random } from '../math/random';
import { deriveSeed, makeRandom } from '../math/random';
import { checkSimulation } from './check-simulation';
import type { FeatureTruth, SiteTruth } from './feature-truth';
import type { SimulatedFeatures } from './simulated-features';
import { simulateFeatures } from './simulated-features';
import type { SimulatedPeople } from './simulated-people';
import { simulatePeople } from './simulated-people';
import { simulateSiteEffects } from './simulated-site-effects';
import type { SimulateFeatureCohortOptions, SimulationSettings } from './simulation-options';
import { simulationSettings } from './simulation-options';
import { requireCall } from '../data/calls/require-call';

/** A simulated cohort and what it was made from. */
export interface SimulatedFeatureCohort {
  /** As measured: with site effects, and missing cells where asked for. Covariates are `age` and `sex`. */
  readonly cohort: FeatureCohort;
  readonly truth: FeatureTruth;
}

/** The age, in years, at which `truth.mean` holds. */
const referenceAge = 50;

/**
 * Simulates a multi-site table of features with known truth, by default cortical thickness in millimeters: 68
 * Desikan–Killiany regions at six sites of 40–160 subjects, with effects of age, sex and site, features correlated
 * through common factors and between hemispheres. Subjects come in the order of their sites. Persons, features,
 * site effects, noise and missing cells have random streams of their own, so that changing one leaves the others
 * as they were.
 *
 * @throws ConcordError `invalid-option` naming the option, its value and what is allowed.
 *
 * @example
 * ```ts
 * const { cohort, truth } = simulateFeatureCohort({ seed: 7, sites: 4, subjects: 300 });
 * ```
 */
export function simulateFeatureCohort(options: SimulateFeatureCohortOptions = {}): SimulatedFeatureCohort {
  requireCall('simulateFeatureCohort', { options });
  const settings = simulationSettings(options);
  checkSimulation(settings);
  const { missing, ...withoutMissing } = settings;
  const stream = (position: number): Random => makeRandom(deriveSeed(settings.seed, position));
  const people = simulatePeople(settings, stream(0));
  const features = simulateFeatures(settings, stream(1));
  const sites = simulateSiteEffects(people.sites, features, { settings, random: stream(2) });
  const { measured, harmonized } = simulateValues(people, features, { settings, sites, random: stream(3) });
  if (missing > 0) removeCells(measured, missing, stream(4));

  const cohortOf = (values: Float64Array, record: Readonly<Record<string, unknown>>): FeatureCohort =>
    makeFeatureCohort(
      people.participants,
      makeFeatureMatrix(values, people.participants.ids, features.names),
      { provenance: [provenanceStep('simulateFeatureCohort', record, settings.seed)] },
    );
  const { mean, sd, ageSlope, sexEffect } = features;
  return {
    cohort: cohortOf(measured, { ...settings }),
    truth: {
      harmonized: cohortOf(harmonized, { ...withoutMissing, part: 'truth.harmonized' }),
      mean,
      sd,
      ageSlope,
      sexEffect,
      referenceAge,
      sites,
    },
  };
}

/** What {@link simulateValues} takes besides persons and features. */
interface ValueOptions {
  readonly settings: SimulationSettings;
  readonly sites: readonly SiteTruth[];
  readonly random: Random;
}

/** The values with and without site effects, subjects × features, from the same noise. */
function simulateValues(
  people: SimulatedPeople,
  features: SimulatedFeatures,
  { settings, sites, random }: ValueOptions,
): { measured: Float64Array; harmonized: Float64Array } {
  const width = features.names.length;
  const measured = new Float64Array(people.ages.length * width);
  const harmonized = new Float64Array(people.ages.length * width);
  const noise = new Float64Array(width);
  const pairNoise = new Float64Array(1 + features.pairs.reduce((most, pair) => Math.max(most, pair), -1));
  let row = 0;
  for (const { subjects, location, scale } of sites) {
    const spread = scale.map(Math.sqrt);
    for (let i = 0; i < subjects; i++, row++) {
      drawNoise(noise, pairNoise, { features, settings, random });
      const years = people.ages[row] - referenceAge;
      for (let v = 0; v < width; v++) {
        const expected =
          features.mean[v] + features.ageSlope[v] * years + features.sexEffect[v] * people.male[row];
        harmonized[row * width + v] = expected + features.sd[v] * noise[v];
        measured[row * width + v] = expected + features.sd[v] * (location[v] + spread[v] * noise[v]);
      }
    }
  }
  return { measured, harmonized };
}

/** What {@link drawNoise} draws from. */
interface NoiseOptions {
  readonly features: SimulatedFeatures;
  readonly settings: SimulationSettings;
  readonly random: Random;
}

/** Fills `noise` with one subject's deviations: variance 1 each, made of common, mirrored and own parts. */
function drawNoise(
  noise: Float64Array,
  pairNoise: Float64Array,
  { features, settings, random }: NoiseOptions,
): void {
  const { factors, commonVariance, hemisphericVariance } = settings;
  const { loadings, pairs } = features;
  const common = Math.sqrt(commonVariance);
  const mirrored = Math.sqrt(hemisphericVariance);
  const ownOfPaired = Math.sqrt(Math.max(0, 1 - commonVariance - hemisphericVariance));
  const ownOfUnpaired = Math.sqrt(1 - commonVariance);
  const scores = Float64Array.from({ length: factors }, () => random.normal());
  for (let pair = 0; pair < pairNoise.length; pair++) pairNoise[pair] = random.normal();
  for (let v = 0; v < noise.length; v++) {
    let along = 0;
    for (let k = 0; k < factors; k++) along += loadings[v * factors + k] * scores[k];
    const own = random.normal();
    noise[v] =
      common * along +
      (pairs[v] === -1 ? ownOfUnpaired * own : mirrored * pairNoise[pairs[v]] + ownOfPaired * own);
  }
}

/** Makes each cell missing with this probability. */
function removeCells(values: Float64Array, probability: number, random: Random): void {
  for (let cell = 0; cell < values.length; cell++) {
    if (random.uniform() < probability) values[cell] = NaN;
  }
}
