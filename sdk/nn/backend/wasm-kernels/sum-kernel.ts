import type { SumAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import type { Address, Kernels } from '../wasm-module/kernels';
import { shareOf } from './share';
import type { WasmKernel, WasmKernelCall } from './wasm-kernel';

/** Sums over neighboring axes: the bias of a convolution, the statistics of a normalization, a loss. */
export const sumKernel: WasmKernel = { name: 'Sum', run: sum };

/** Long sums are made of as many partial ones as divides them, up to this. */
const mostParts = 64;

function sum({
  inputs: { x },
  attributes: { axis, keepDims },
  kernels,
  address,
  makeOutput,
}: WasmKernelCall<{ x: TensorInfo }, SumAttrs>): TensorInfo | undefined {
  if (x.dtype !== 'float32') return undefined;
  const rank = x.shape.length;
  const listed = axis === undefined || axis === null ? x.shape.map((_, i) => i) : [axis].flat();
  const axes = [...new Set(listed.map((i) => (i < 0 ? i + rank : i)))].sort((a, b) => a - b);
  if (axes.length === 0 || axes.length - 1 !== axes[axes.length - 1] - axes[0]) return undefined;
  const size = (from: number, to: number): number => x.shape.slice(from, to).reduce((a, b) => a * b, 1);
  const end = axes[axes.length - 1] + 1;
  const shape = x.shape.flatMap((length, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [length]));
  const out = makeOutput(shape);
  const extent = { first: size(0, axes[0]), middle: size(axes[0], end), last: size(end, rank) };
  sumMiddle(kernels, address(x), address(out), extent);
  return out;
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
