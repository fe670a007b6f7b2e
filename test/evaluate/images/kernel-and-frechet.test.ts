import assert from 'node:assert/strict';
import { ConcordError } from '../../../sdk/errors';
import { kernelDistance } from '../../../sdk/evaluate/images/kernel-distance';
import type { FeaturePoints } from '../../../sdk/evaluate/probes/frechet-distance';
import { frechetDistance } from '../../../sdk/evaluate/probes/frechet-distance';
import { makeRandom } from '../../../sdk/math/random';

function points(rows: readonly (readonly number[])[]): FeaturePoints {
  return { values: Float64Array.from(rows.flat()), rows: rows.length, columns: rows[0].length };
}

function cloud(count: number, { seed, shift = 0 }: { seed: number; shift?: number }): number[][] {
  const random = makeRandom(seed);
  return Array.from({ length: count }, () => [0, 1, 2].map(() => random.normal() + shift));
}

function near(actual: number, expected: number, tolerance = 1e-10): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} against ${expected}`);
}

/**
 * Points whose moments are known exactly: mean `center`, and a diagonal covariance of `deviations` squared. ±a on each
 * axis alone gives the variance 2a² / (n − 1) with n = 2 × axes.
 */
function cross(center: readonly number[], deviations: readonly number[]): FeaturePoints {
  const n = 2 * center.length;
  return points(
    deviations.flatMap((deviation, axis) =>
      [-1, 1].map((sign) =>
        center.map((value, i) => value + (i === axis ? sign * deviation * Math.sqrt((n - 1) / 2) : 0)),
      ),
    ),
  );
}

/** The quarter turn of the plane by `angle`, applied to each point. */
function turned({ values, rows, columns }: FeaturePoints, angle: number): FeaturePoints {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return points(
    Array.from({ length: rows }, (_, i) => {
      const [x, y] = [values[i * columns], values[i * columns + 1]];
      return [c * x - s * y, s * x + c * y];
    }),
  );
}

describe('frechetDistance', () => {
  it('is the closed form for diagonal covariances: the sum of (μ₁ − μ₂)² + (σ₁ − σ₂)² (Dowson & Landau 1982)', () => {
    const [one, other] = [cross([1, 2, -1], [1, 2, 0.5]), cross([0, 4, 1], [3, 1, 0.5])];
    near(frechetDistance(one, other), 1 + 4 + 4 + (4 + 1 + 0));
    near(frechetDistance(other, one), 14);
    near(frechetDistance(one, one), 0);
  });

  it('is the closed form for covariances that do not commute', () => {
    // Of two by two: tr (Σ₁Σ₂)^½ = √(tr Σ₁Σ₂ + 2 √(det Σ₁ det Σ₂)), by Cayley and Hamilton.
    const angle = 0.6;
    const [a, b] = [
      [2, 0.5],
      [1, 3],
    ];
    const [one, other] = [cross([0, 0], a), turned(cross([0, 0], b), angle)];
    const [c2, s2] = [Math.cos(angle) ** 2, Math.sin(angle) ** 2];
    const second = [c2 * b[0] ** 2 + s2 * b[1] ** 2, s2 * b[0] ** 2 + c2 * b[1] ** 2];
    const traceOfProduct = a[0] ** 2 * second[0] + a[1] ** 2 * second[1];
    const root = Math.sqrt(traceOfProduct + 2 * a[0] * a[1] * b[0] * b[1]);
    near(frechetDistance(one, other), a[0] ** 2 + a[1] ** 2 + b[0] ** 2 + b[1] ** 2 - 2 * root);
  });

  it('manages fewer points than features', () => {
    const few = frechetDistance(
      points([
        [1, 2, 3, 4],
        [2, 2, 3, 4],
      ]),
      points([
        [1, 2, 3, 4],
        [1, 2, 3, 6],
      ]),
    );
    // Variances ½ and 2 along different axes, means ½ and 1 off: nothing is in common.
    near(few, 0.25 + 1 + 0.5 + 2, 1e-7);
  });
});

describe('kernelDistance', () => {
  const [one, other] = [cloud(9, { seed: 1 }), cloud(7, { seed: 2, shift: 0.7 })];

  /** The definition, written out: means of the kernel over different points of a set, and over pairs of both. */
  function byDefinition(x: readonly (readonly number[])[], y: readonly (readonly number[])[]): number {
    const k = (u: readonly number[], v: readonly number[]): number =>
      (u.reduce((sum, value, i) => sum + value * v[i], 0) / u.length + 1) ** 3;
    const within = (set: readonly (readonly number[])[]): number => {
      let sum = 0;
      set.forEach((u, i) => set.forEach((v, j) => (sum += i === j ? 0 : k(u, v))));
      return sum / (set.length * (set.length - 1));
    };
    let across = 0;
    for (const u of x) for (const v of y) across += k(u, v);
    return within(x) + within(y) - (2 * across) / (x.length * y.length);
  }

  it('is what the definition says, summed in a double loop', () => {
    near(kernelDistance(points(one), points(other)).estimate, byDefinition(one, other));
  });

  it('has the standard error of the jackknife, each point left out in truth', () => {
    const spread = (values: readonly number[]): number => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return (squares * (values.length - 1)) / values.length;
    };
    const ofOne = one.map((_, i) =>
      byDefinition(
        one.filter((__, at) => at !== i),
        other,
      ),
    );
    const ofOther = other.map((_, i) =>
      byDefinition(
        one,
        other.filter((__, at) => at !== i),
      ),
    );
    const expected = Math.sqrt(spread(ofOne) + spread(ofOther));
    near(kernelDistance(points(one), points(other)).standardError, expected);
  });

  it('is 0 on average within one distribution, above it for two, and its error is of the right size', () => {
    const repeats = Array.from({ length: 200 }, (_, i) =>
      kernelDistance(points(cloud(30, { seed: 2 * i })), points(cloud(30, { seed: 2 * i + 1, shift: 0.5 }))),
    );
    const same = Array.from({ length: 200 }, (_, i) =>
      kernelDistance(points(cloud(30, { seed: 2 * i })), points(cloud(30, { seed: 2 * i + 1 }))),
    );
    const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
    const estimates = repeats.map(({ estimate }) => estimate);
    const truth = Math.sqrt(mean(estimates.map((value) => (value - mean(estimates)) ** 2)));
    const told = Math.sqrt(mean(repeats.map(({ standardError }) => standardError ** 2)));
    assert.ok(told > 0.7 * truth && told < 1.5 * truth, `${told} against ${truth}`);
    const off = mean(same.map(({ estimate }) => estimate));
    assert.ok(Math.abs(off) < 0.1 * mean(estimates), `${off} against ${mean(estimates)}`);
  });

  it('has no standard error with two points', () => {
    const two = points(one.slice(0, 2));
    assert.ok(Number.isNaN(kernelDistance(two, points(other)).standardError));
  });
});

describe('distances between sets of features', () => {
  it('refuse sets that cannot be compared', () => {
    const three = points(cloud(3, { seed: 1 }));
    const cases: [FeaturePoints, string][] = [
      [points([[1, 2, 3]]), 'too-little-data'],
      [
        points([
          [1, 2],
          [3, 4],
        ]),
        'invalid-option',
      ],
      [
        points([
          [1, 2, NaN],
          [3, 4, 5],
        ]),
        'invalid-number',
      ],
    ];
    for (const [set, code] of cases) {
      for (const measure of [frechetDistance, kernelDistance]) {
        assert.throws(
          () => measure(three, set),
          (error) => error instanceof ConcordError && error.code === code,
        );
      }
    }
  });
});
