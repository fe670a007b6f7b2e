import type { BatchMatMulAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import type { Address, Kernels } from '../wasm-module/kernels';
import { convolveWeights } from './convolve-weights';
import { multiplyRows, onePixel } from './multiply-rows';
import { shareOf } from './share';
import type { WasmKernel, WasmKernelCall } from './wasm-kernel';

/** The product of matrices, one by one or many pairs. */
export const multiplyKernel: WasmKernel = { name: 'BatchMatMul', run: multiply };

/** A product of two matrices, `[rows, depth]` times `[depth, columns]`, either of them stored transposed. */
interface Product {
  readonly a: Address;
  readonly b: Address;
  readonly out: Address;
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
  readonly transposedA: boolean;
  readonly transposedB: boolean;
}

function multiply({
  inputs: { a, b },
  attributes: { transposeA, transposeB },
  kernels,
  address,
  makeOutput,
}: WasmKernelCall<{ a: TensorInfo; b: TensorInfo }, BatchMatMulAttrs>): TensorInfo | undefined {
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return undefined;
  // Both transposed, which no network needs, is left to tfjs.
  if (transposeA && transposeB) return undefined;
  const [rowsA, columnsA] = a.shape.slice(-2);
  const [rowsB, columnsB] = b.shape.slice(-2);
  const rows = transposeA ? columnsA : rowsA;
  const depth = transposeA ? rowsA : columnsA;
  const columns = transposeB ? rowsB : columnsB;
  const batch = sharedBatch(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (batch === undefined || depth === 0 || depth !== (transposeB ? columnsB : rowsB)) return undefined;
  const out = makeOutput([...batch.shape, rows, columns]);
  const product: Product = {
    a: address(a),
    b: address(b),
    out: address(out),
    rows,
    depth,
    columns,
    transposedA: transposeA,
    transposedB: transposeB,
  };
  if (batch.size !== 1) multiplyEach(kernels, product, batch);
  // One row is stored as its transpose is; this way the second matrix need not be rearranged.
  else if (transposeA || (rows === 1 && !transposeB)) multiplyTransposed(kernels, product);
  else multiplyOne(kernels, product);
  return out;
}

/** How the pairs of two lists of matrices are formed: each with each in turn, or one with all. */
interface Batch {
  readonly shape: readonly number[];
  readonly size: number;
  readonly allA: boolean;
  readonly allB: boolean;
}

function sharedBatch(a: readonly number[], b: readonly number[]): Batch | undefined {
  const sizeA = a.reduce((size, length) => size * length, 1);
  const sizeB = b.reduce((size, length) => size * length, 1);
  if (a.join() === b.join()) return { shape: a, size: sizeA, allA: true, allB: true };
  if (sizeB === 1 && a.length >= b.length) return { shape: a, size: sizeA, allA: true, allB: false };
  if (sizeA === 1 && b.length >= a.length) return { shape: b, size: sizeB, allA: false, allB: true };
  return undefined;
}

function multiplyOne(kernels: Kernels, { a, b, out, rows, depth, columns, transposedB }: Product): void {
  multiplyRows(kernels, {
    rows: a,
    count: rows,
    depth,
    filter: b,
    filterDepthStep: transposedB ? 1 : columns,
    filterColumnStep: transposedB ? depth : 1,
    bias: 0,
    out,
    columns,
  });
}

/** With the first matrix stored transposed, the product is the gradient of a convolution by its filter. */
function multiplyTransposed(kernels: Kernels, { a, b, out, rows, depth, columns }: Product): void {
  convolveWeights(
    kernels,
    {
      image: a,
      batch: 1,
      height: depth,
      width: 1,
      depth: rows,
      taps: onePixel,
      rowStep: 1,
      columnStep: 1,
    },
    { gradient: b, height: depth, width: 1, channels: columns },
    out,
  );
}

function multiplyEach(kernels: Kernels, product: Product, { size, allA, allB }: Batch): void {
  const { a, b, out, rows, depth, columns, transposedA, transposedB } = product;
  const paddedRows = Math.ceil(rows / 4) * 4;
  const paddedColumns = Math.ceil(columns / 8) * 8;
  kernels.run(
    'multiplyEach',
    [
      ...[a, allA ? rows * depth : 0, transposedA ? 1 : 0],
      ...[b, allB ? depth * columns : 0, transposedB ? 1 : 0],
      ...[out, rows, depth, columns, kernels.zeros(Math.max(depth, paddedRows))],
    ],
    {
      units: size,
      grain: shareOf(size, 2 * rows * depth * columns, kernels.threads),
      scratchBytes: 9232 + 4 * Math.max(depth, paddedRows) * paddedColumns,
    },
  );
}
