import type { FeatureCohort } from '../../data/cohort';
import type { LongitudinalModel } from './longitudinal-model';
import type { ScanTimes } from './person-requirements';

/** Scans × features: what sets the person of each scan apart at that time, Zu. */
export type PersonPart = Float64Array;

/**
 * Zu: the level of the person of each scan, and the slope times its time.
 *
 * @param personOf - the row of `effects` of each scan; −1 for none, whose part is 0
 */
export function personPart(
  {
    effects,
    time,
    features,
  }: {
    readonly effects: LongitudinalModel['effects'];
    readonly time: ScanTimes | undefined;
    readonly features: readonly string[];
  },
  personOf: Int32Array,
  { participants }: Pick<FeatureCohort, 'participants'>,
): PersonPart {
  const width = features.length;
  const count = time === undefined ? 1 : 2;
  const part = new Float64Array(participants.ids.length * width);
  personOf.forEach((person, row) => {
    if (person === -1) return;
    const own = effects.subarray(person * count * width, (person + 1) * count * width);
    part.set(own.subarray(0, width), row * width);
    if (time === undefined) return;
    for (let w = 0; w < width; w++) part[row * width + w] += time.values[row] * own[width + w];
  });
  return part;
}

/** The cohort without what sets persons apart, on the scale that the model works on. */
export function withoutPersons(
  cohort: FeatureCohort,
  part: PersonPart,
  transform: 'none' | 'log',
): FeatureCohort {
  const log = transform === 'log';
  const values = cohort.features.values.slice();
  for (let at = 0; at < values.length; at++) {
    values[at] = log ? values[at] * Math.exp(-part[at]) : values[at] - part[at];
  }
  return { ...cohort, features: { ...cohort.features, values } };
}
