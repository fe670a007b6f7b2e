import type { PreparedCombat } from '../../combat/fit-combat';
import type { LongitudinalSettings } from '../../combat/longitudinal/longitudinal-model';
import type { ScanTimes } from '../../combat/longitudinal/person-requirements';
import { requirePersons, scanTimes } from '../../combat/longitudinal/person-requirements';
import { setPersonsApart } from '../../combat/longitudinal/set-persons-apart';
import type { RunOptions } from '../../data/run-options';

/** How what sets persons apart is found and kept, in a run that does so. */
export interface RunPersons {
  readonly settings: LongitudinalSettings;
  /** When each scan was made, where persons differ in slope too. */
  readonly time: ScanTimes | undefined;
}

/**
 * Makes sure, before any map is read, that visits are enough to set persons apart.
 *
 * @throws ConcordError `too-little-data`, `unknown-column`, `invalid-option`.
 */
export async function personsOfRun(
  prepared: PreparedCombat,
  settings: LongitudinalSettings,
  { signal }: RunOptions,
): Promise<RunPersons> {
  requirePersons(prepared.used);
  const time = scanTimes(prepared.used, settings.randomSlope);
  // What it takes is the same for every vertex: for the place holder too, which has no logarithms.
  const plain = { ...prepared, settings: { ...prepared.settings, transform: 'none' } as const };
  await setPersonsApart(plain, { time, settings, run: { signal } });
  return { settings, time };
}

/** The arrays that a model has of each vertex for its persons, by their rows. */
export function personArrays(
  persons: number,
  slopes: boolean,
): Readonly<Record<'effects' | 'covariance' | 'residualVariance' | 'criterion', number>> {
  return {
    effects: persons * (slopes ? 2 : 1),
    covariance: slopes ? 3 : 1,
    residualVariance: 1,
    criterion: 1,
  };
}
