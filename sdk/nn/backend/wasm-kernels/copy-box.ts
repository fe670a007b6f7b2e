import type { Address, Kernels } from '../wasm-module/kernels';
import { shareOf } from './share';

/** Part of an array. */
export interface ArrayPart {
  readonly address: Address;
  /** The shape of the array, row by row. */
  readonly shape: readonly number[];
  /** Where the part begins; 0 for axes that are not listed. @defaultValue [] */
  readonly begin?: readonly number[];
}

/** An axis of a box, and how far apart its neighbors are on both sides, in values. */
interface Axis {
  readonly size: number;
  readonly sourceStep: number;
  readonly targetStep: number;
}

/** Copies a box of values from one array to another. */
export function copyBox(
  kernels: Kernels,
  size: readonly number[],
  source: ArrayPart,
  target: ArrayPart,
): void {
  if (size.includes(0)) return;
  const sourceSteps = stepsOf(source.shape);
  const targetSteps = stepsOf(target.shape);
  const axes = size.map((length, i) => ({
    size: length,
    sourceStep: sourceSteps[i],
    targetStep: targetSteps[i],
  }));
  copyAxes(kernels, merge(axes), startOf(source, sourceSteps), startOf(target, targetSteps));
}

/** As few axes as say the same; the last one has neighboring values. */
function merge(axes: readonly Axis[]): Axis[] {
  const merged: Axis[] = [{ size: 1, sourceStep: 1, targetStep: 1 }];
  for (const axis of axes.filter(({ size }) => size > 1).reverse()) {
    const [next] = merged;
    const continues =
      axis.sourceStep === next.size * next.sourceStep && axis.targetStep === next.size * next.targetStep;
    if (continues) merged[0] = { ...next, size: next.size * axis.size };
    else merged.unshift(axis);
  }
  return merged;
}

function copyAxes(kernels: Kernels, axes: readonly Axis[], source: Address, target: Address): void {
  if (axes.length > 4) {
    const [{ size, sourceStep, targetStep }, ...rest] = axes;
    for (let i = 0; i < size; i++) {
      copyAxes(kernels, rest, source + 4 * i * sourceStep, target + 4 * i * targetStep);
    }
    return;
  }
  const missing = { size: 1, sourceStep: 0, targetStep: 0 };
  const [first, second, third, last] = [...new Array<Axis>(4 - axes.length).fill(missing), ...axes];
  const outer = [first, second, third];
  const units = first.size * second.size * third.size;
  kernels.run(
    'copyBox',
    [
      ...[source, target, second.size, third.size, last.size],
      ...outer.map(({ sourceStep }) => sourceStep),
      ...outer.map(({ targetStep }) => targetStep),
    ],
    { units, grain: shareOf(units, 2 * last.size, kernels.threads) },
  );
}

function stepsOf(shape: readonly number[]): number[] {
  return shape.map((_, i) => shape.slice(i + 1).reduce((step, length) => step * length, 1));
}

function startOf({ address, begin = [] }: ArrayPart, steps: readonly number[]): Address {
  return begin.reduce((start, index, i) => start + 4 * index * steps[i], address);
}
