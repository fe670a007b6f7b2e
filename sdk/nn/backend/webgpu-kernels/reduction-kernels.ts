import type { KernelConfig, KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { backend_util, util } from '@tensorflow/tfjs-core';
import { release, runStock, stockKernel } from './stock-kernel';

/** The most values that are added up at once, few of them by one thread. */
const mostTerms = 1024;

/** Parts of fewer values are not worth a step of their own. */
const leastTerms = 8;

interface Reduction {
  readonly inputs: { readonly x: TensorInfo };
  readonly attrs: { readonly axis: number | number[] | null; readonly keepDims: boolean };
  readonly backend: object;
}

/**
 * Sums and means of many values, in parts of equal size and then over the parts. In the kernels of tfjs 4.22 each
 * thread adds up its share one value after the other in float32: in a sum of 33 million the last digits are lost.
 */
function long(name: 'Sum' | 'Mean'): KernelConfig {
  const stock = stockKernel(name);
  const kernelFunc = ((call: Reduction): TensorInfo => {
    const { inputs, attrs, backend } = call;
    const { x } = inputs;
    const axes = util.parseAxisParam(attrs.axis ?? (null as never), x.shape);
    const [shape, reduced] = backend_util.computeOutAndReduceShapes(x.shape, axes);
    const terms = util.sizeFromShape(reduced);
    if (x.dtype !== 'float32' || terms <= mostTerms || partOf(terms) === 1) {
      return stock.kernelFunc(call as never) as TensorInfo;
    }
    const summed = inParts(name, innermost(x, axes, backend), {
      rows: util.sizeFromShape(shape),
      terms,
      backend,
    });
    return { ...summed, shape: attrs.keepDims ? backend_util.expandShapeToKeepDim(shape, axes) : shape };
  }) as unknown as KernelFunc;
  return { ...stock, kernelFunc };
}

/** A tensor, and whether it was made on the way. */
interface Held {
  readonly tensor: TensorInfo;
  readonly own: boolean;
}

function innermost(x: TensorInfo, axes: number[], backend: object): Held {
  const perm = backend_util.getAxesPermutation(axes, x.shape.length);
  if (perm === null) return { tensor: x, own: false };
  return { tensor: runStock('Transpose', x, { attrs: { perm }, backend }), own: true };
}

function inParts(
  name: 'Sum' | 'Mean',
  { tensor, own }: Held,
  { rows, terms, backend }: { readonly rows: number; readonly terms: number; readonly backend: object },
): TensorInfo {
  const part = partOf(terms);
  const size = part === 1 ? terms : part;
  const left = terms / size;
  const attrs: NamedAttrMap = { axis: [1], keepDims: false };
  const made = runStock(name, { ...tensor, shape: [rows * left, size] }, { attrs, backend });
  if (own) release(tensor, backend);
  return left === 1 ? made : inParts(name, { tensor: made, own: true }, { rows, terms: left, backend });
}

/** The largest size of parts of equal size; 1 where there are none that help. */
function partOf(terms: number): number {
  if (terms <= mostTerms) return terms;
  for (let size = mostTerms; size >= leastTerms; size--) if (terms % size === 0) return size;
  return 1;
}

/** Reductions in the place of those of tfjs. */
export function reductionKernels(): readonly KernelConfig[] {
  return [long('Sum'), long('Mean')];
}
