import { listNames } from '../../data/list-names';
import { suggestName } from '../../data/nearest-names';
import type { WeightArray } from '../../data/networks/weights';
import { ConcordError } from '../../errors';
import { extendBasis } from '../../math/linear/orthonormal-basis';
import type { Random } from '../../math/random';

/** The initializations that need no further number. Those that take one use its default. */
export type InitializationName =
  | 'zeros'
  | 'ones'
  | 'he-normal'
  | 'he-uniform'
  | 'glorot-normal'
  | 'glorot-uniform'
  | 'lecun-normal'
  | 'lecun-uniform'
  | 'orthogonal';

/**
 * How the first values of a weight array are drawn, as plain JSON, so that the record of a model can state it.
 *
 * - `zeros`, `ones`, `constant`: every value the same; nothing is drawn.
 * - `he-normal`, `he-uniform`: variance 2 / ((1 + slope²)·fan-in), for what follows a rectifier with that slope below 0
 *   (He et al. 2015, arXiv:1502.01852, equations 10 and 15). `he-uniform` with slope √5 is what PyTorch's layers start
 *   with.
 * - `glorot-normal`, `glorot-uniform`: variance 2 / (fan-in + fan-out) (Glorot & Bengio 2010, equation 12).
 * - `lecun-normal`, `lecun-uniform`: variance 1 / fan-in (LeCun et al. 1998, "Efficient BackProp", equation 16).
 * - `orthogonal`: a random matrix with orthonormal rows or columns, whichever are fewer, times `gain`; the last axis are
 *   its columns (Saxe et al. 2014, arXiv:1312.6120).
 * - `normal`: mean 0 and standard deviation `deviation`.
 * - `truncated-normal`: as `normal`, then what is farther than two deviations from 0 drawn again.
 */
export type Initialization =
  | InitializationName
  | { readonly name: 'constant'; readonly value: number }
  | { readonly name: 'he-normal' | 'he-uniform'; readonly slope: number }
  | { readonly name: 'orthogonal'; readonly gain: number }
  | { readonly name: 'normal' | 'truncated-normal'; readonly deviation: number };

/**
 * What PyTorch draws the kernels of its layers from, and so what published networks that say nothing else start with:
 * uniform in ±1/√fan-in.
 */
export const PYTORCH_DEFAULT: Initialization = { name: 'he-uniform', slope: Math.sqrt(5) };

/**
 * Draws the first values of a weight array. The same state of `random` gives the same bits.
 *
 * @param shape - of a kernel: `[…window, in, out]`; fan-in is window × in, fan-out window × out. Of one axis: both fans
 *   are its length.
 * @throws ConcordError `invalid-option` for an unknown name
 */
export function initialize(
  random: Random,
  shape: readonly number[],
  initialization: Initialization,
): WeightArray {
  const chosen = typeof initialization === 'string' ? { name: initialization } : initialization;
  const { fanIn, fanOut } = fans(shape);
  switch (chosen.name) {
    case 'zeros':
      return filled(shape, () => 0);
    case 'ones':
      return filled(shape, () => 1);
    case 'constant':
      return filled(shape, () => chosen.value);
    case 'he-normal':
      return normal(random, shape, heVariance(chosen, fanIn));
    case 'he-uniform':
      return uniform(random, shape, heVariance(chosen, fanIn));
    case 'glorot-normal':
      return normal(random, shape, 2 / (fanIn + fanOut));
    case 'glorot-uniform':
      return uniform(random, shape, 2 / (fanIn + fanOut));
    case 'lecun-normal':
      return normal(random, shape, 1 / fanIn);
    case 'lecun-uniform':
      return uniform(random, shape, 1 / fanIn);
    case 'orthogonal':
      return orthogonal(random, shape, 'gain' in chosen ? chosen.gain : 1);
    case 'normal':
      return normal(random, shape, chosen.deviation ** 2);
    case 'truncated-normal':
      return filled(shape, () => chosen.deviation * withinTwo(random));
    default:
      throw unknownInitialization(initialization);
  }
}

function unknownInitialization(initialization: unknown): ConcordError {
  const name =
    typeof initialization === 'string' ? initialization : String((initialization as { name?: unknown }).name);
  const hint = suggestName(name, names, `allowed are ${listNames(names, names.length)}`);
  return new ConcordError(
    'invalid-option',
    `unknown initialization: ${JSON.stringify(initialization)} (${hint})`,
  );
}

const names: readonly string[] = [
  'zeros',
  'ones',
  'constant',
  'he-normal',
  'he-uniform',
  'glorot-normal',
  'glorot-uniform',
  'lecun-normal',
  'lecun-uniform',
  'orthogonal',
  'normal',
  'truncated-normal',
];

function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const window = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return { fanIn: window * shape[shape.length - 2], fanOut: window * shape[shape.length - 1] };
}

function heVariance(chosen: object, fanIn: number): number {
  const slope = 'slope' in chosen ? (chosen.slope as number) : 0;
  return 2 / ((1 + slope * slope) * fanIn);
}

function filled(shape: readonly number[], draw: () => number): WeightArray {
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape: [...shape], data: Float32Array.from({ length: size }, draw) };
}

function normal(random: Random, shape: readonly number[], variance: number): WeightArray {
  const deviation = Math.sqrt(variance);
  return filled(shape, () => deviation * random.normal());
}

function uniform(random: Random, shape: readonly number[], variance: number): WeightArray {
  const bound = Math.sqrt(3 * variance);
  return filled(shape, () => bound * (2 * random.uniform() - 1));
}

function withinTwo(random: Random): number {
  for (;;) {
    const value = random.normal();
    if (Math.abs(value) <= 2) return value;
  }
}

function orthogonal(random: Random, shape: readonly number[], gain: number): WeightArray {
  const columns = shape[shape.length - 1] ?? 1;
  const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const [count, length] = columns <= rows ? [columns, rows] : [rows, columns];
  const draws = Array.from({ length: count }, () => Float64Array.from({ length }, () => random.normal()));
  // Gram–Schmidt leaves the diagonal of R positive, which makes the draw uniform over all orthogonal matrices.
  const directions = extendBasis([], draws).map(({ direction }) => direction);
  const at = (row: number, column: number): number =>
    columns <= rows ? directions[column][row] : directions[row][column];
  const data = Float32Array.from(
    { length: rows * columns },
    (_, index) => gain * at(Math.floor(index / columns), index % columns),
  );
  return { shape: [...shape], data };
}
