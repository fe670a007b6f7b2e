import assert from 'node:assert/strict';
import { ConcordError } from '../../../sdk/errors';
import {
  jensenShannonDistance,
  wassersteinDistance,
} from '../../../sdk/evaluate/images/distribution-distance';
import { coefficientOfVariation, intraclassCorrelation } from '../../../sdk/evaluate/images/reliability';

function near(actual: number, expected: number, tolerance = 1e-12): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} against ${expected}`);
}

const one = Array.from({ length: 57 }, (_, i) => 3 * Math.sin(0.7 * i));
const other = Array.from({ length: 40 }, (_, i) => 2 * Math.cos(0.3 * i) + 0.5);

describe('distances between distributions', () => {
  it('agree with scipy 1.17.1', () => {
    near(wassersteinDistance(one, other), 0.6904208294563077);
    near(wassersteinDistance([5, 1, 2, 1], [3, 1, 3]), 1.0833333333333335);
    // scipy.spatial.distance.jensenshannon, base 2, of numpy histograms with 20 bins.
    near(jensenShannonDistance(one, other, { bins: 20 }), 0.6534992802294187);
  });

  it('are zero for the same sample, and a shift moves the earth by as much', () => {
    assert.equal(wassersteinDistance(one, one), 0);
    near(
      wassersteinDistance(
        one,
        one.map((value) => value + 2.5),
      ),
      2.5,
    );
    assert.equal(jensenShannonDistance(one, one), 0);
    assert.equal(jensenShannonDistance([0, 1], [5, 6], { bins: 4, range: [0, 8] }), 1);
    assert.equal(jensenShannonDistance([2, 2], [2]), 0);
  });

  it('refuse what is not a number', () => {
    for (const work of [
      () => wassersteinDistance([1, NaN], [1]),
      () => wassersteinDistance([1], [1, Infinity]),
      () => jensenShannonDistance([1, 2, NaN], [1, 2], { range: [0, 4] }),
    ]) {
      assert.throws(work, (error) => error instanceof ConcordError && error.code === 'invalid-number');
    }
  });

  it('need values', () => {
    assert.throws(() => wassersteinDistance([], [1]), ConcordError);
    assert.throws(() => jensenShannonDistance([1], []), ConcordError);
    assert.throws(() => jensenShannonDistance([1], [2], { bins: 0 }), ConcordError);
  });
});

describe('reliability', () => {
  // Shrout & Fleiss 1979, table 2: six targets rated by four judges; ICC(2,1) is .29 (table 4).
  const ratings = [9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7];

  it('gives the ICC(2,1) that Shrout and Fleiss published', () => {
    assert.equal(intraclassCorrelation(ratings, 4).toFixed(2), '0.29');
  });

  it('is one when sites agree, and falls when a site is shifted', () => {
    near(intraclassCorrelation([1, 1, 2, 2, 5, 5], 2), 1);
    // By hand: mean squares 8.6667 between subjects, 13.5 between sites, 0 left: 8.6667 / (8.6667 + 2 · 13.5 / 3).
    near(intraclassCorrelation([1, 4, 2, 5, 5, 8], 2), 26 / 3 / (26 / 3 + 9));
  });

  it('measures variation within subjects relative to their mean', () => {
    // By hand: √2 / 2 about a mean of 1.5, and none about 4.
    near(coefficientOfVariation([1, 2, 4, 4], 2), Math.SQRT1_2 / 1.5 / 2);
    near(coefficientOfVariation([10, 20, 40, 40], 2), Math.SQRT1_2 / 1.5 / 2);
  });

  it('refuses incomplete tables', () => {
    assert.throws(() => intraclassCorrelation([1, 2, 3], 2), ConcordError);
    assert.throws(() => intraclassCorrelation([1, 2], 2), ConcordError);
    assert.throws(() => intraclassCorrelation([1, 2, NaN, 4], 2), ConcordError);
  });
});
