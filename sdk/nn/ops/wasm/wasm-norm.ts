import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Address } from '../../backend/wasm-module/kernels';
import type { NormGradients, NormSettings, NormTensors } from '../group-norm-formula';
import { activationNumber } from '../group-norm-formula';
import type { WasmOps, WasmWork } from './wasm-ops';
import { wasmOps } from './wasm-ops';

/** Normalizes, scales, shifts and activates with the wasm kernel, or does nothing when that cannot. */
export function wasmNorm({ x, scale, shift }: NormTensors, settings: NormSettings): Tensor | undefined {
  const ops = opsFor(x);
  if (ops === undefined) return undefined;
  const y = ops.makeTensor(x.shape);
  const affine = affineArguments(ops, { x, scale, shift });
  normalize(ops, { x, y, affine }, settings);
  return y;
}

/** Where the scale and shift of each image are, and how far apart those of neighboring images are, in values. */
export interface AffineAt {
  readonly scale: Address;
  readonly shift: Address;
  readonly step: number;
}

/** As {@link wasmNorm}, with a scale and shift that `affine` makes in memory that it is given: as much as two of `[N, C]` take. */
export function normAt(
  x: Tensor4D,
  settings: NormSettings,
  affine: (ops: WasmOps, memory: Address) => AffineAt,
): Tensor | undefined {
  const ops = opsFor(x);
  if (ops === undefined) return undefined;
  const [batch, , , channels] = x.shape;
  const y = ops.makeTensor(x.shape);
  ops.withMemory(8 * batch * channels, (memory) => {
    const { scale, shift, step } = affine(ops, memory);
    normalize(ops, { x, y, affine: [scale, step, shift, step] }, settings);
  });
  return y;
}

/** Where neighboring threads write, less than a line of cache is shared. */
const fewestChannels = 16;

/** A unit of work is an image, or some of its groups, so that there is work for every thread. */
function normalize(
  ops: WasmOps,
  { x, y, affine }: { readonly x: Tensor4D; readonly y: Tensor; readonly affine: readonly number[] },
  settings: NormSettings,
): void {
  const [batch, , , channels] = x.shape;
  const wanted = Math.ceil((2 * ops.threads) / batch);
  let parts = ops.threads === 1 ? 1 : Math.min(wanted, Math.floor(channels / fewestChannels));
  while (parts > 1 && (settings.groups % parts !== 0 || channels % (parts * fewestChannels) !== 0)) parts--;
  const args = [ops.address(x), ops.address(y), ...affine, ...settingArguments(x, settings)];
  ops.run('normalizeGroups', [...args, Math.max(parts, 1)], workOn(x, settings, Math.max(parts, 1)));
}

/** The gradients of {@link wasmNorm}, those of scale and shift per image, or nothing where that does nothing. */
export function wasmNormGradients(
  inputs: NormTensors,
  dy: Tensor4D,
  settings: NormSettings,
): NormGradients | undefined {
  const ops = opsFor(inputs.x);
  if (ops === undefined) return undefined;
  const [batch, , , channels] = inputs.x.shape;
  const x = ops.makeTensor(inputs.x.shape);
  const scale = ops.makeTensor([batch, channels]);
  const shift = ops.makeTensor([batch, channels]);
  const ends = [inputs.x, dy, x, scale, shift].map((tensor) => ops.address(tensor));
  const args = [...ends, ...affineArguments(ops, inputs), ...settingArguments(inputs.x, settings)];
  ops.run('normalizeGroupsGradient', args, workOn(inputs.x, settings));
  return { x, scale, shift };
}

/** The kernels take four channels at a time. */
function opsFor(x: Tensor4D): WasmOps | undefined {
  return x.size > 0 && x.shape[3] % 4 === 0 ? wasmOps() : undefined;
}

function workOn({ size, shape }: Tensor4D, { groups, activation }: NormSettings, parts = 1): WasmWork {
  const [batch, , , channels] = shape;
  const operationsEach = activation === 'silu' ? 30 : 10;
  return {
    units: batch * parts,
    operations: (operationsEach * size) / (batch * parts),
    scratchBytes: 4 * (9 * channels + 3 * groups),
  };
}

/** With one row for all images the kernels stay at it. */
function affineArguments(ops: WasmOps, { x, scale, shift }: NormTensors): number[] {
  const step = (values: Tensor): number => (values.rank === 1 ? 0 : x.shape[3]);
  return [ops.address(scale), step(scale), ops.address(shift), step(shift)];
}

function settingArguments({ shape }: Tensor4D, settings: NormSettings): number[] {
  const { groups, epsilon, activation, slope } = settings;
  const [, height, width, channels] = shape;
  return [height * width, channels, groups, epsilon, activationNumber[activation], slope];
}
