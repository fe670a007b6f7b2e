import assert from 'node:assert/strict';
import { chiSquareUpperTail } from '../../sdk/math/statistics/chi-square-distribution';
import { fUpperTail } from '../../sdk/math/statistics/f-distribution';
import { devianceTerm, stirlingError } from '../../sdk/math/statistics/saddle-point';

function close(actual: number, expected: number, tolerance: number): void {
  const error = Math.abs(actual - expected) / Math.abs(expected);
  assert.ok(error <= tolerance, `${actual} is not ${expected}: relative error ${error}`);
}

// Upper tails to 60 digits by mpmath 1.4.1 (betainc, gammainc, regularized), rounded to float64; where scipy 1.17.1
// (stats.f.sf, stats.chi2.sf) agrees, it does so to 1e-14.
const F_TAILS: readonly (readonly [number, number, number, number])[] = [
  [0.01, 2, 555, 0.9900500121322561],
  [0.5, 2, 555, 0.6068036053776729],
  [1, 1, 1, 0.5],
  [3.1, 2, 555, 0.04583017469245967],
  [26, 2, 555, 1.608573994089001e-11],
  [300, 2, 555, 4.729358032822683e-89],
  [2, 45, 9950, 8.24311079094182e-5],
  [1.02, 9, 490, 0.4226550833770887],
  [60, 9, 490, 1.9378076173689985e-73],
  [10000, 1, 3, 2.204521923184911e-6],
  [4.5, 1, 5000, 0.03394392015259982],
  [740, 1, 5000, 4.384989859620355e-152],
  [0.98, 300, 300, 0.5693868521150918],
  [12.5, 3, 2, 0.07497971168438637],
  [300, 1, 555, 4.7456492614254986e-54],
];
const CHI_SQUARE_TAILS: readonly (readonly [number, number, number])[] = [
  [0.01, 2, 0.9950124791926823],
  [1, 1, 0.3173105078629141],
  [5.99, 2, 0.05003662708658628],
  [30, 9, 0.00043872177097947947],
  [370, 2, 4.52398178760621e-81],
  [500, 9, 5.749413903044689e-102],
  [44, 45, 0.5142485966574863],
  [45, 45, 0.47195896325694053],
  [1200, 45, 6.198619040709357e-222],
  [100, 1, 1.523970604832105e-23],
  [1000, 700, 5.741736307883693e-13],
  [0.2, 19, 0.9999999999999998],
];

describe('tail probabilities', () => {
  for (const [f, numerator, denominator, expected] of F_TAILS) {
    it(`F(${numerator}, ${denominator}) beyond ${f} is ${expected}`, () => {
      close(fUpperTail(f, numerator, denominator), expected, 1e-13);
    });
  }
  for (const [statistic, df, expected] of CHI_SQUARE_TAILS) {
    it(`χ²(${df}) beyond ${statistic} is ${expected}`, () => {
      close(chiSquareUpperTail(statistic, df), expected, 1e-13);
    });
  }
  it('has its limits at the ends', () => {
    assert.equal(fUpperTail(0, 2, 5), 1);
    assert.equal(fUpperTail(Infinity, 2, 5), 0);
    assert.equal(fUpperTail(250, 45, 3950), 0); // below the smallest float64
    assert.ok(Number.isNaN(fUpperTail(NaN, 2, 5)));
    assert.ok(Number.isNaN(fUpperTail(1, 0, 5)));
    assert.equal(chiSquareUpperTail(0, 2), 1);
    assert.equal(chiSquareUpperTail(Infinity, 2), 0);
    assert.ok(Number.isNaN(chiSquareUpperTail(NaN, 2)));
  });
  it('agrees with closed forms: exp(−x/2) for two degrees of freedom, (1 + f)^(−n) for F(2, 2n)', () => {
    for (const x of [0.1, 1, 7, 80, 600]) close(chiSquareUpperTail(x, 2), Math.exp(-x / 2), 1e-13);
    for (const f of [0.1, 1, 7, 80]) close(fUpperTail(f * 6, 2, 12), (1 + f) ** -6, 1e-13);
  });
});

describe('saddle-point terms', () => {
  it('give ln Γ back: n! and Γ(½) from the error of Stirling’s approximation', () => {
    const logGamma1p = (x: number): number =>
      stirlingError(x) + (x + 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI);
    close(Math.exp(logGamma1p(5)), 120, 1e-14);
    close(Math.exp(logGamma1p(0.5)), Math.sqrt(Math.PI) / 2, 1e-14);
  });
  it('keep their digits where mean and value nearly agree: d²/2x (1 + d/3x) for a small difference d', () => {
    const x = 1000;
    const d = 0.001;
    close(devianceTerm(x, x - d), ((d * d) / (2 * x)) * (1 + (2 * d) / (3 * x)), 1e-9);
    assert.equal(devianceTerm(7, 7), 0);
  });
});
