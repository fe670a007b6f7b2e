import assert from 'node:assert/strict';
import { rangesApart } from '../../sdk/federate/ranges-apart';

describe('ranges of a covariate at several hospitals', () => {
  const apart = (...ranges: (readonly [number, number])[]): readonly string[] =>
    rangesApart(
      ranges.map(([low, high], at) => ({
        name: `h${at}`,
        counts: { features: [], sites: [], covariates: [{ kind: 'continuous', name: 'age', low, high }] },
      })),
    ).map(({ hospital }) => hospital);

  it('are apart where one is in months or in days', () => {
    assert.deepEqual(apart([200, 1000], [20, 80], [25, 85]), ['h0']);
    assert.deepEqual(apart([20, 80], [7000, 30000], [25, 85]), ['h1']);
    // Of two, either may be meant.
    assert.deepEqual(apart([20, 80], [240, 960]), ['h0', 'h1']);
  });

  it('are not where hospitals scan children, adults and the old, or values may be below zero', () => {
    assert.deepEqual(apart([6, 18], [18, 45], [55, 95]), []);
    assert.deepEqual(apart([5, 15], [20, 90]), []);
    assert.deepEqual(apart([-2, 2], [10, 20]), []);
    assert.deepEqual(apart([20, 80]), []);
  });
});
