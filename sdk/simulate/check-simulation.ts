import { ConcordError } from '../errors';
import type { SimulationSettings, Spread } from './simulation-options';

/**
 * Checks every option of a simulation.
 *
 * @throws ConcordError `invalid-option` naming the option, its value and what is allowed.
 */
export function checkSimulation(settings: SimulationSettings): void {
  checkNumbers(settings);
  checkSites(settings);
}

/** Checks every option but the sites. */
function checkNumbers(settings: SimulationSettings): void {
  const { siteEffects } = settings;
  const shares = settings.commonVariance + settings.hemisphericVariance;
  const count = typeof settings.features === 'number' ? settings.features : settings.features.length;
  whole('seed', settings.seed, -Infinity);
  whole('features', count, 1);
  whole('factors', settings.factors, 1);
  range('meanRange', settings.meanRange, -Infinity);
  range('sdRange', settings.sdRange, Number.MIN_VALUE);
  range('ageRange', settings.ageRange, 0);
  spread('ageSlope', settings.ageSlope);
  spread('sexEffect', settings.sexEffect);
  between('commonVariance', settings.commonVariance, 0, 1);
  between('hemisphericVariance', settings.hemisphericVariance, 0, 1);
  between('commonVariance + hemisphericVariance', shares, 0, 1);
  between('siteEffects.locationSd', siteEffects.locationSd, 0);
  between('siteEffects.featureLocationSd', siteEffects.featureLocationSd, 0);
  between('siteEffects.scaleSd', siteEffects.scaleSd, 0);
  between('siteEffects.featureScaleCv', siteEffects.featureScaleCv, 0);
  between('siteEffects.correlation', siteEffects.correlation, 0, 1);
  between('missing', settings.missing, 0, 1);
}

function checkSites({ sites, subjects, ageRange }: SimulationSettings): void {
  if (typeof sites === 'number') {
    whole('sites', sites, 1);
    if (subjects !== undefined) whole('subjects', subjects, 2 * sites);
    return;
  }
  if (subjects !== undefined) {
    throw new ConcordError(
      'invalid-option',
      `invalid subjects: ${subjects} (each site names its own number of subjects; leave this option out)`,
    );
  }
  whole('sites', sites.length, 1);
  const seen = new Set<string>();
  for (const { name, subjects: size, ageMean, ageSd, femaleShare } of sites) {
    if (name === '' || seen.has(name)) {
      throw new ConcordError(
        'invalid-option',
        `invalid site name: "${name}" (each site needs a name of its own)`,
      );
    }
    seen.add(name);
    whole(`subjects of site "${name}"`, size, 1);
    if (ageMean !== undefined) between(`ageMean of site "${name}"`, ageMean, ageRange[0], ageRange[1]);
    if (ageSd !== undefined) between(`ageSd of site "${name}"`, ageSd, 0, ageRange[1] - ageRange[0]);
    if (femaleShare !== undefined) between(`femaleShare of site "${name}"`, femaleShare, 0, 1);
  }
}

function between(name: string, value: number, low: number, high = Infinity): void {
  if (Number.isFinite(value) && value >= low && value <= high) return;
  const allowed = high === Infinity ? `a number from ${low} on` : `a number from ${low} to ${high}`;
  throw new ConcordError('invalid-option', `invalid ${name}: ${value} (${allowed} is allowed)`);
}

function whole(name: string, value: number, low: number): void {
  if (Number.isSafeInteger(value) && value >= low) return;
  const allowed = low === -Infinity ? 'a whole number' : `a whole number from ${low} on`;
  throw new ConcordError('invalid-option', `invalid ${name}: ${value} (${allowed} is allowed)`);
}

function range(name: string, [low, high]: readonly [number, number], least: number): void {
  if (Number.isFinite(low) && Number.isFinite(high) && low >= least && high >= low) return;
  throw new ConcordError(
    'invalid-option',
    `invalid ${name}: [${low}, ${high}] (two numbers, the lower first${least > -Infinity ? ', none below zero' : ''}, are allowed)`,
  );
}

function spread(name: string, { mean, sd }: Spread): void {
  if (Number.isFinite(mean) && Number.isFinite(sd) && sd >= 0) return;
  throw new ConcordError(
    'invalid-option',
    `invalid ${name}: mean ${mean}, sd ${sd} (a number and a number from 0 on are allowed)`,
  );
}
