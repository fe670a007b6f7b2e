import type { Tensor } from '@tensorflow/tfjs-core';
import * as tfc from '@tensorflow/tfjs-core';
import { makeRandom } from '../../../../sdk/math/random';

/** A tensor seen as first × middle × last, of which the middle, or the first and the last, are reduced. */
export interface Extent {
  readonly shape: readonly [first: number, middle: number, last: number];
  readonly axes: readonly number[];
}

/** A reduction of many values, and the same in float64. */
export interface LargeReduction {
  readonly name: string;
  readonly values: Values;
  readonly reduce: (x: Tensor, axes: number[]) => Tensor;
  /** In float64. */
  readonly right: (terms: Float64Array) => number;
  /**
   * How far off a result may be.
   *
   * @param terms - the values that were reduced
   */
  readonly tolerance: (terms: Float64Array, right: number) => number;
  /** Truth values, whose axes tfjs 4.22 exchanges on WebGPU by a shader that does not compile: there over all axes only. */
  readonly isTruth?: boolean;
  /** Only one axis can be reduced. */
  readonly alongOne?: boolean;
}

/** What is reduced. */
export type Values = 'equal' | 'far from 0' | 'around 0' | 'powers of 2' | 'rarely true' | 'mostly true';

/** What float32 loses on its way through a sum in blocks or as a tree: some dozens of roundings, and the last one. */
const rounding = 2e-6;

const magnitude = (terms: Float64Array): number => terms.reduce((sum, value) => sum + Math.abs(value), 0);
const total = (terms: Float64Array): number => terms.reduce((sum, value) => sum + value, 0);
const average = (terms: Float64Array): number => total(terms) / terms.length;
const squares = (terms: Float64Array): number => terms.reduce((sum, value) => sum + value * value, 0);
const exact = (): number => 0;

function variance(terms: Float64Array): number {
  const mean = average(terms);
  return terms.reduce((sum, value) => sum + (value - mean) ** 2, 0) / terms.length;
}

function largest(terms: Float64Array): number {
  return terms.reduce((most, value) => Math.max(most, value), -Infinity);
}

function smallest(terms: Float64Array): number {
  return terms.reduce((least, value) => Math.min(least, value), Infinity);
}

/** Sums and what is made of them are held to the size of their terms: what cancels cannot be more exact than they are. */
const sums: readonly LargeReduction[] = (['equal', 'far from 0', 'around 0'] as const).flatMap((values) => [
  {
    name: 'sum',
    values,
    reduce: (x, axes) => tfc.sum(x, axes),
    right: total,
    tolerance: (terms) => rounding * magnitude(terms),
  },
  {
    name: 'mean',
    values,
    reduce: (x, axes) => tfc.mean(x, axes),
    right: average,
    tolerance: (terms) => (rounding * magnitude(terms)) / terms.length,
  },
  {
    name: 'Euclidean norm',
    values,
    reduce: (x, axes) => tfc.norm(x, 'euclidean', axes),
    right: (terms) => Math.sqrt(squares(terms)),
    tolerance: (_, right) => rounding * right,
    alongOne: true,
  },
]);

/** Every reduction of tfjs, on values that tell a good one from a bad one. */
export const largeReductions: readonly LargeReduction[] = [
  ...sums,
  {
    name: 'variance',
    values: 'around 0',
    reduce: (x, axes) => tfc.moments(x, axes).variance,
    right: variance,
    tolerance: (_, right) => 2 * rounding * right,
  },
  {
    // Float32 loses the mean's last digit, squared.
    name: 'variance',
    values: 'far from 0',
    reduce: (x, axes) => tfc.moments(x, axes).variance,
    right: variance,
    tolerance: (terms, right) => 2 * rounding * right + (rounding * average(terms)) ** 2,
  },
  {
    name: 'log of the sum of exponentials',
    values: 'around 0',
    reduce: (x, axes) => tfc.logSumExp(x, axes),
    right: (terms) => Math.log(terms.reduce((sum, x) => sum + Math.exp(x), 0)),
    tolerance: (_, right) => rounding * Math.max(1, right),
  },
  {
    name: 'product',
    values: 'powers of 2',
    reduce: (x, axes) => tfc.prod(x, axes),
    right: (terms) => terms.reduce((product, value) => product * value, 1),
    // Powers of 2 multiply without rounding.
    tolerance: exact,
  },
  {
    name: 'max',
    values: 'around 0',
    reduce: (x, axes) => tfc.max(x, axes),
    right: largest,
    tolerance: exact,
  },
  {
    name: 'min',
    values: 'around 0',
    reduce: (x, axes) => tfc.min(x, axes),
    right: smallest,
    tolerance: exact,
  },
  {
    name: 'argMax',
    values: 'around 0',
    reduce: (x, [axis]) => tfc.argMax(x, axis),
    alongOne: true,
    right: (terms) => terms.indexOf(largest(terms)),
    tolerance: exact,
  },
  {
    name: 'argMin',
    values: 'around 0',
    reduce: (x, [axis]) => tfc.argMin(x, axis),
    alongOne: true,
    right: (terms) => terms.indexOf(smallest(terms)),
    tolerance: exact,
  },
  {
    name: 'any',
    values: 'rarely true',
    reduce: (x, axes) => tfc.any(tfc.cast(x, 'bool'), axes),
    right: (terms) => Number(terms.some((value) => value !== 0)),
    tolerance: exact,
    isTruth: true,
  },
  {
    name: 'all',
    values: 'mostly true',
    reduce: (x, axes) => tfc.all(tfc.cast(x, 'bool'), axes),
    right: (terms) => Number(terms.every((value) => value !== 0)),
    tolerance: exact,
    isTruth: true,
  },
];

/** The values of a kind, the same at every run. */
export function valuesOfKind(kind: Values, count: number): Float32Array {
  const random = makeRandom(7);
  const make: Readonly<Record<Values, (i: number) => number>> = {
    equal: () => 0.1,
    'far from 0': () => 1000 + random.uniform(),
    'around 0': () => 2 * random.uniform() - 1,
    'powers of 2': () => (random.uniform() < 100 / count ? [0.5, 2, 2][random.integer(3)] : 1),
    'rarely true': (i) => Number(i === count - 1),
    'mostly true': (i) => Number(i !== count - 2),
  };
  return Float32Array.from({ length: count }, (_, i) => make[kind](i));
}

/** The terms of each result, in the order of the results. */
export function* termsOf(
  values: Float32Array,
  { shape: [first, middle, last], axes }: Extent,
): Generator<Float64Array> {
  if (axes.length === 3) yield Float64Array.from(values);
  else if (axes.length === 1) {
    for (let i = 0; i < first; i++) {
      for (let k = 0; k < last; k++) {
        yield Float64Array.from({ length: middle }, (_, j) => values[(i * middle + j) * last + k]);
      }
    }
  } else {
    for (let j = 0; j < middle; j++) {
      yield Float64Array.from(
        { length: first * last },
        (_, at) => values[(Math.floor(at / last) * middle + j) * last + (at % last)],
      );
    }
  }
}
