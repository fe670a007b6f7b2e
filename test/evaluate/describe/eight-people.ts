import type { FeatureCohort } from '../../../sdk/data/cohort';
import { makeFeatureCohort } from '../../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../../sdk/data/feature-matrix';
import { categorical, continuous } from '../../../sdk/data/people/covariate';
import { makeParticipants } from '../../../sdk/data/people/participants';

/** Eight people at three sites, with a sex, an age and a value of the feature missing: what pandas and NumPy were given too. */
export function eightPeople(): FeatureCohort {
  const ids = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8'];
  const people = makeParticipants(
    ids,
    [...'BBBAAAAC'],
    [
      continuous('age', [20, 31.5, NaN, 44, 52.25, 61, 70, 33], 'years'),
      categorical('sex', ['F', 'M', 'F', 'M', null, 'F', 'F', 'M']),
    ],
  );
  const values = Float64Array.of(2.5, 2.75, 3, NaN, 2.25, 2, 1.875, 2.6);
  return makeFeatureCohort(people, makeFeatureMatrix(values, ids, ['f']));
}
