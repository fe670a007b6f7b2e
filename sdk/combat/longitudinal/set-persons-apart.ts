import type { FeatureCohort } from '../../data/cohort';
import type { RunOptions } from '../../data/run-options';
import type { PreparedCombat } from '../fit-combat';
import { fitMeanModel } from '../means/fit-mean-model';
import type { MeanModel } from '../means/mean-model';
import type { LongitudinalSettings } from './longitudinal-model';
import type { PersonEffects } from './person-effects';
import { fitPersonEffects } from './person-effects';
import type { ScanTimes } from './person-requirements';
import { personPart, withoutPersons } from './without-persons';

/** Features of a cohort with what sets persons apart taken out of them. */
export interface PersonsApart {
  readonly found: PersonEffects;
  /** What is left, on the scale that the model works on. */
  readonly reduced: FeatureCohort;
  /** Finds in it the sites, covariates and curves of the mixed model. */
  readonly mean: MeanModel;
}

/** How persons are set apart, and by what the work can be followed and stopped. */
export interface ApartOptions {
  readonly time: ScanTimes | undefined;
  readonly settings: LongitudinalSettings;
  readonly run: RunOptions;
}

/**
 * Fits the mixed model of every feature and takes out of it what sets persons apart. Each feature is worked on by itself, so that
 * features may come in any blocks.
 *
 * @throws ConcordError `too-little-data`, `invalid-number`, `aborted`.
 */
export async function setPersonsApart(
  prepared: PreparedCombat,
  options: ApartOptions,
): Promise<PersonsApart> {
  const { used, settings } = prepared;
  const found = await fitPersonEffects(prepared, options);
  const { effects, personOf } = found;
  const part = personPart({ effects, time: options.time, features: used.features.features }, personOf, used);
  const reduced = withoutPersons(used, part, settings.transform);
  return { found, reduced, mean: meanBeside(prepared, found) };
}

/** A penalty that bends a curve by next to nothing. */
const barely = 1e-6;

/** The mean model of what is left without persons: curves as straight as the mixed model found them. */
function meanBeside({ design, sites, used, mean }: PreparedCombat, { penalties }: PersonEffects): MeanModel {
  const { smooths } = design;
  if (smooths.length === 0) return mean;
  const width = used.features.features.length;
  // A feature that has no mixed model has no λ either, and is passed through: one that is exactly a curve is found to be one.
  const choice = (w: number): readonly number[] => smooths.map((_, k) => penalties[k * width + w] || barely);
  return fitMeanModel(design, sites, { participants: used.participants, choice }).mean;
}
