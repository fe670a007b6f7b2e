import { matMul } from '@tensorflow/tfjs-core';
import type { CaseInput, Expectation, OperationCase } from './operation-case';
import { normal } from './operation-case';

interface Sizes {
  readonly batch: readonly [number, number];
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

// Odd sizes, sizes that fill the tiles of fast kernels, one row, one column, and inner sizes so long that kernels split
// them.
const sizes: readonly Sizes[] = [
  { batch: [0, 0], rows: 5, inner: 7, columns: 3 },
  { batch: [0, 0], rows: 32, inner: 64, columns: 32 },
  { batch: [0, 0], rows: 33, inner: 65, columns: 17 },
  { batch: [0, 0], rows: 1, inner: 40, columns: 9 },
  { batch: [0, 0], rows: 9, inner: 40, columns: 1 },
  { batch: [0, 0], rows: 3, inner: 1100, columns: 5 },
  { batch: [4, 4], rows: 5, inner: 6, columns: 7 },
  { batch: [3, 3], rows: 16, inner: 8, columns: 16 },
  { batch: [1, 3], rows: 4, inner: 5, columns: 6 },
];

function matMulCase(
  { batch, rows, inner, columns }: Sizes,
  transposeA: boolean,
  transposeB: boolean,
): OperationCase {
  const shape = (count: number, ...matrix: number[]): number[] => (count === 0 ? matrix : [count, ...matrix]);
  const a = normal(...shape(batch[0], ...(transposeA ? [inner, rows] : [rows, inner])));
  const b = normal(...shape(batch[1], ...(transposeB ? [columns, inner] : [inner, columns])));
  const name = (input: CaseInput, transposed: boolean): string =>
    `[${input.shape.join(', ')}]${transposed ? 'ᵀ' : ''}`;
  return {
    name: `matMul ${name(a, transposeA)} ${name(b, transposeB)}`,
    inputs: [a, b],
    compute: (x, y) => matMul(x, y, transposeA, transposeB),
    // tfjs differentiates products of as many matrices on either side only, and says so otherwise.
    orders: batch[0] === batch[1] ? 1 : 0,
    expected: () => plainMatMul(a, b, { batch, rows, inner, columns, transposeA, transposeB }),
  };
}

/** A product of matrices and its two gradients in plain float64 loops. */
function plainMatMul(
  { values: a }: CaseInput,
  { values: b }: CaseInput,
  sizes: Sizes & { readonly transposeA: boolean; readonly transposeB: boolean },
): Expectation {
  const { batch, rows, inner, columns, transposeA, transposeB } = sizes;
  const count = Math.max(...batch, 1);
  const products = (visit: (a: number, b: number, out: number) => void): void => {
    for (let n = 0; n < count; n++) {
      const fromA = batch[0] === count ? n : 0;
      const fromB = batch[1] === count ? n : 0;
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          for (let k = 0; k < inner; k++) {
            const atA = transposeA ? k * rows + i : i * inner + k;
            const atB = transposeB ? j * inner + k : k * columns + j;
            visit(fromA * rows * inner + atA, fromB * inner * columns + atB, (n * rows + i) * columns + j);
          }
        }
      }
    }
  };
  const value = new Float64Array(count * rows * columns);
  products((i, j, o) => (value[o] += a[i] * b[j]));
  const gradients = (dy: ArrayLike<number>): Float64Array[] => {
    const da = new Float64Array(a.length);
    const db = new Float64Array(b.length);
    products((i, j, o) => {
      da[i] += dy[o] * b[j];
      db[j] += dy[o] * a[i];
    });
    return [da, db];
  };
  return { value, gradients };
}

const transposes = [
  [false, false],
  [false, true],
  [true, false],
  [true, true],
] as const;

/** Products of matrices, one or many at once, plain and transposed. */
export const matrixCases: readonly OperationCase[] = sizes.flatMap((size) =>
  transposes.map(([a, b]) => matMulCase(size, a, b)),
);
