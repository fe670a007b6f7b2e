import type { KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import type { TensorflowKernels } from './tensorflow-kernels';
import { tensorflowKernelsOn } from './tensorflow-kernels';

/** What tfjs says of a sum or a mean. */
interface Reduction {
  readonly axis: number | readonly number[] | null;
  readonly keepDims: boolean;
}

/** Sums of fewer terms lose nothing in float32 that counts; along the last axes TensorFlow adds as a tree, and is quicker. */
const leastTerms = { along: 32, alongLast: 1024 };

/**
 * A sum or a mean of many values in double precision, by an operation of our own. TensorFlow's own (Eigen's, 2.21) are in
 * float32: those of 2^16 equal values are off by 2.4e-6 over all and by 1.5e-4 along outer axes, those of 524,288 by 1e-3.
 *
 * @returns `undefined` where TensorFlow's is to be used: few terms, other types, no operations of our own
 */
export function manySummed(
  name: 'Sum' | 'Mean',
  x: TensorInfo,
  { attributes, backend }: { readonly attributes: object; readonly backend: KernelBackend },
): TensorInfo | undefined {
  const { axis, keepDims } = attributes as Reduction;
  const kernels = tensorflowKernelsOn(backend);
  if (kernels === undefined || x.dtype !== 'float32') return undefined;
  const axes = [...util.parseAxisParam((axis ?? null) as never, x.shape)].sort((a, b) => a - b);
  const terms = axes.reduce((product, at) => product * x.shape[at], 1);
  const groups = neighbors(axes);
  const last = groups.length === 1 && axes.at(-1) === x.shape.length - 1;
  if (terms < (last ? leastTerms.alongLast : leastTerms.along) || x.shape.includes(0)) return undefined;
  return summed(kernels, x, { groups, keep: Number(keepDims), mean: Number(name === 'Mean') });
}

/** Axes beside each other, which are added up at once: those that come last first, so that the others stay where they are. */
function neighbors(axes: readonly number[]): readonly (readonly [axis: number, axes: number])[] {
  const groups: [number, number][] = [];
  for (const axis of axes) {
    const last = groups.at(-1);
    if (last !== undefined && last[0] + last[1] === axis) last[1]++;
    else groups.push([axis, 1]);
  }
  return groups.reverse();
}

function summed(
  kernels: TensorflowKernels,
  x: TensorInfo,
  how: {
    readonly groups: readonly (readonly [axis: number, axes: number])[];
    readonly keep: number;
    readonly mean: number;
  },
): TensorInfo {
  const { groups, keep, mean } = how;
  let made: Tensor | undefined;
  for (const [axis, axes] of groups) {
    const [next] = kernels.run('ConcordSum', {
      inputs: [made ?? x],
      outputs: 1,
      integers: { axis, axes, keep, mean },
      floats: { factor: 1 },
    });
    made?.dispose();
    made = next;
  }
  return made ?? x;
}
