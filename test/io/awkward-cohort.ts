import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort } from '../../sdk/data/cohort';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { makeParticipants } from '../../sdk/data/people/participants';
import { provenanceStep } from '../../sdk/data/provenance';

/** A cohort with every awkward value: long fractions, the extremes of 64 bits, minus zero, quotes, missing cells. */
export function awkwardCohort(): FeatureCohort {
  const ids = ['s "1"', 's,2', 's\n3', 'sä4'];
  const participants = makeParticipants(
    ids,
    ['Köln', 'A;B', 'Köln', 'A\tB'],
    [
      continuous('age', [30.1, NaN, 0.1 + 0.2, 1e-300], 'years'),
      categorical('sex', ['M', 'F', null, 'M']),
      categorical('scanner', ['2', '10', '2', '1.0']),
    ],
  );
  const values = Float64Array.of(
    ...[1 / 3, -0, 5e-324],
    ...[NaN, 1e21, Number.MAX_VALUE],
    ...[123456789.123456789, -1e-7, Number.EPSILON],
    ...[0, 2 ** 53 + 2, NaN],
  );
  return makeFeatureCohort(participants, makeFeatureMatrix(values, ids, ['left.a', 'right, "b"', 'c (mm)']), {
    provenance: [provenanceStep('simulate', { subjects: 4 }, 7)],
  });
}

/** The bits of numbers, so that −0 differs from 0. */
export function bitsOf(values: Float64Array): readonly bigint[] {
  return [...new BigUint64Array(values.slice().buffer)];
}
