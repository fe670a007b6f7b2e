import type { Tensor } from '@tensorflow/tfjs-core';
import type { Random } from '../../../../sdk/math/random';
import { makeRandom } from '../../../../sdk/math/random';

/** What goes into an operation. */
export interface CaseInput {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/** What must come out: computed in float64, apart from tfjs. */
export interface Expectation {
  readonly value: ArrayLike<number>;
  /** Per input, the gradient of the sum of the output's values times `weights`. */
  readonly gradients?: (weights: ArrayLike<number>) => readonly ArrayLike<number>[];
}

/** An operation on certain inputs, which every backend must compute alike. */
export interface OperationCase {
  readonly name: string;
  readonly inputs: readonly CaseInput[];
  /** Others for finite differences, where those are too many or too far apart. @defaultValue inputs */
  readonly smallInputs?: readonly CaseInput[];
  /** Called with one tensor for each input. */
  readonly compute: (...inputs: Tensor[]) => Tensor;
  /** Without it the cpu backend says what is right, and finite differences check the cpu backend's gradients. */
  readonly expected?: () => Expectation;
  /**
   * The largest allowed error, as a part of the largest value expected.
   *
   * @defaultValue 1e-5: float32 carries 6e-8, sums of some hundred products in any order keep 1e-6 of it, and the
   * exponential of a graphics card may be off by 3 + 2|x| units in the last place
   */
  readonly tolerance?: number;
  /**
   * Where given, each value's error is measured against the value itself plus this, not against the largest value.
   */
  readonly floor?: number;
  /** How often it can be differentiated. @defaultValue 1 */
  readonly orders?: 0 | 1 | 2;
}

/** Seeded normal numbers; the seed is the shape. */
export function normal(...shape: number[]): CaseInput {
  return drawn(shape, (random) => random.normal());
}

/** Seeded numbers of both signs, none nearer to 0 than 0.2, for operations that have a kink there. */
export function awayFromZero(...shape: number[]): CaseInput {
  return drawn(shape, (random) => (random.uniform() < 0.5 ? -1 : 1) * (0.2 + 2 * random.uniform()));
}

/** Seeded numbers in 0.3 … 2.3. */
export function positive(...shape: number[]): CaseInput {
  return drawn(shape, (random) => 0.3 + 2 * random.uniform());
}

/** Each whole number up to the count, once, in a seeded order: no two alike. */
export function distinct(...shape: number[]): CaseInput {
  const values = drawn(shape, (random) => random.uniform()).values;
  const order = Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  return { shape, values: Float32Array.from(order, (rank) => rank - values.length / 2 + 0.25) };
}

/** Given numbers. */
export function given(values: ArrayLike<number>, shape: readonly number[] = [values.length]): CaseInput {
  return { shape, values: Float32Array.from(values) };
}

/** Given whole numbers. */
export function indices(...values: number[]): CaseInput {
  return { shape: [values.length], values: Int32Array.from(values) };
}

function drawn(shape: readonly number[], draw: (random: Random) => number): CaseInput {
  const random = makeRandom(shape.reduce((seed, size) => seed * 31 + size, shape.length));
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, values: Float32Array.from({ length }, () => draw(random)) };
}
