import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Address } from '../../backend/wasm-module/kernels';
import type { NormGradients, NormSettings, NormTensors } from '../group-norm-formula';
import { activationNumber } from '../group-norm-formula';
import type { WasmOps, WasmWork } from './wasm-ops';
import { wasmOps } from './wasm-ops';

/** Normalizes, scales, shifts and activates with the wasm kernel, or does nothing when that cannot. */
export function wasmNorm(inputs: NormTensors, settings: NormSettings): Tensor | undefined {
  const ops = opsFor(inputs.x);
  if (ops === undefined) return undefined;
  const y = ops.makeTensor(inputs.x.shape);
  const ends = [inputs.x, y].map((tensor) => ops.address(tensor));
  ops.run('normalizeGroups', [...ends, ...otherArguments(ops, inputs, settings)], workOn(inputs.x, settings));
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
  const [batch, height, width, channels] = x.shape;
  const { groups, epsilon, activation, slope } = settings;
  const y = ops.makeTensor(x.shape);
  ops.withMemory(8 * batch * channels, (memory) => {
    const { scale, shift, step } = affine(ops, memory);
    const sizes = [height * width, channels, groups, epsilon, activationNumber[activation], slope];
    const args = [ops.address(x), ops.address(y), scale, step, shift, step, ...sizes];
    ops.run('normalizeGroups', args, workOn(x, settings));
  });
  return y;
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
  const args = [...ends, ...otherArguments(ops, inputs, settings)];
  ops.run('normalizeGroupsGradient', args, workOn(inputs.x, settings));
  return { x, scale, shift };
}

/** The kernels take four channels at a time. */
function opsFor(x: Tensor4D): WasmOps | undefined {
  return x.size > 0 && x.shape[3] % 4 === 0 ? wasmOps() : undefined;
}

/** A unit of work is an image. */
function workOn({ size, shape }: Tensor4D, { groups, activation }: NormSettings): WasmWork {
  const [batch, , , channels] = shape;
  const operationsEach = activation === 'silu' ? 30 : 10;
  return {
    units: batch,
    operations: (operationsEach * size) / batch,
    scratchBytes: 4 * (9 * channels + 3 * groups),
  };
}

/** What both kernels take after the tensors that are theirs alone. */
function otherArguments(ops: WasmOps, { x, scale, shift }: NormTensors, settings: NormSettings): number[] {
  const { groups, epsilon, activation, slope } = settings;
  const [, height, width, channels] = x.shape;
  // With one row for all images the kernel stays at it.
  const step = (values: Tensor): number => (values.rank === 1 ? 0 : channels);
  const affine = [ops.address(scale), step(scale), ops.address(shift), step(shift)];
  return [...affine, height * width, channels, groups, epsilon, activationNumber[activation], slope];
}
