import type { SumAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import type { Address, Kernels } from '../wasm-module/kernels';
import { shareOf } from './share';
import type { WasmKernel, WasmKernelCall } from './wasm-kernel';

/** Sums: the bias of a convolution, the statistics of a normalization, a loss. */
export const sumKernel: WasmKernel = { name: 'Sum', run: sum };

/** Long sums are made of as many partial ones as divides them, up to this. */
const mostParts = 64;

function sum(call: WasmKernelCall<{ x: TensorInfo }, SumAttrs>): TensorInfo | undefined {
  return sumOverAxes(call)?.out;
}

/** Sums over axes, and of how many values each is. */
export interface Summed {
  readonly out: TensorInfo;
  readonly terms: number;
}

/** Sums of a float32 tensor over any axes; undefined where that is left to tfjs. */
export function sumOverAxes({
  inputs: { x },
  attributes: { axis, keepDims },
  kernels,
  address,
  makeOutput,
}: WasmKernelCall<{ x: TensorInfo }, SumAttrs>): Summed | undefined {
  if (x.dtype !== 'float32') return undefined;
  const axes = axesOf(x, axis);
  if (axes.length === 0) return undefined;
  const shape = x.shape.flatMap((length, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [length]));
  const out = makeOutput(shape);
  sumAxes(kernels, { x: address(x), out: address(out) }, { shape: x.shape, axes });
  return { out, terms: product(axes.map((i) => x.shape[i])) };
}

/** The axes that are summed over, counted from the first and in order. */
export function axesOf(
  { shape: { length } }: TensorInfo,
  axis: SumAttrs['axis'] | undefined,
): readonly number[] {
  const listed = axis === undefined || axis === null ? Array.from({ length }, (_, i) => i) : [axis].flat();
  return [...new Set(listed.map((i) => (i < 0 ? i + length : i)))].sort((a, b) => a - b);
}

/** Neighboring axes are summed over together, the last ones first: what is left is smaller. */
function sumAxes(
  kernels: Kernels,
  { x, out }: { readonly x: Address; readonly out: Address },
  { shape, axes }: { readonly shape: readonly number[]; readonly axes: readonly number[] },
): void {
  const end = axes[axes.length - 1] + 1;
  let start = end - 1;
  while (axes.includes(start - 1)) start--;
  const extent = {
    first: product(shape.slice(0, start)),
    middle: product(shape.slice(start, end)),
    last: product(shape.slice(end)),
  };
  const left = axes.filter((i) => i < start);
  if (left.length === 0) {
    sumMiddle(kernels, x, out, extent);
    return;
  }
  kernels.withMemory(4 * extent.first * extent.last, (sums) => {
    sumMiddle(kernels, x, sums, extent);
    const rest = [...shape.slice(0, start), ...shape.slice(end)];
    sumAxes(kernels, { x: sums, out }, { shape: rest, axes: left });
  });
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1);
}

/** The three axes that neighboring axes to sum over divide a tensor into. */
interface Extent {
  readonly first: number;
  readonly middle: number;
  readonly last: number;
}

function sumMiddle(kernels: Kernels, x: Address, out: Address, { first, middle, last }: Extent): void {
  const parts = first * last < 1024 ? partsOf(middle) : 1;
  if (parts > 1 && middle > 4 * mostParts) {
    const some = { first: first * parts, middle: middle / parts, last };
    kernels.withMemory(4 * first * parts * last, (sums) => {
      sumMiddle(kernels, x, sums, some);
      sumMiddle(kernels, sums, out, { first, middle: parts, last });
    });
    return;
  }
  if (last === 1) {
    const grain = shareOf(first, middle, kernels.threads);
    kernels.run('sumLast', [x, out, middle], { units: first, grain });
    return;
  }
  const stripes = first >= mostParts ? 1 : Math.max(1, Math.floor(last / 64));
  const units = first * stripes;
  const grain = shareOf(units, (middle * last) / stripes, kernels.threads);
  kernels.run('sumMiddle', [x, out, middle, last, stripes], { units, grain });
}

function partsOf(length: number): number {
  for (let parts = mostParts; parts > 1; parts--) if (length % parts === 0) return parts;
  return 1;
}
