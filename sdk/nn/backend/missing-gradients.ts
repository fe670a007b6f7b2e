import type {
  AvgPoolGradAttrs,
  Conv2DBackpropFilterAttrs,
  GradConfig,
  GradFunc,
  NamedAttrMap,
  Tensor,
  Tensor4D,
} from '@tensorflow/tfjs-core';
import {
  avgPool,
  conv2d,
  engine,
  getGradient,
  image,
  mul,
  registerGradient,
  zeros,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { loadPart } from '../../parts';
import { registerRecomputedGradients } from './recomputed-gradients';

/**
 * Gives tfjs the gradients of kernels for which it has none, so that a loss may contain a gradient (a second
 * derivative), as {@link r1Penalty} does. tfjs 4.22 can differentiate its networks once: the kernels that do that, and
 * the comparisons that pick a branch, have no gradients of their own. With these it can differentiate twice through
 * convolution, average pooling, resizing, LeakyReLU, `where`, `clipByValue`, `maximum`, `minimum`, `max` and `min`. Max
 * pooling and depthwise and 3D convolution stay differentiable once only. One gradient that tfjs has, but not right on
 * every backend, is replaced as well.
 *
 * Calling it again changes nothing. A package that carries a tfjs of its own puts back what was replaced when it is
 * loaded, so this is to be called after a backend has started.
 */
export function registerMissingGradients(): void {
  // tfjs-core is built without the table of its own gradients ("gradient function not found for Sum"). Its packages that
  // carry it are large; loading this part of it registers it, once.
  loadPart('tfjs-gradients.cjs');

  for (const config of missing) if (getGradient(config.kernelName) === undefined) registerGradient(config);
  replaceUpsamplingGradient();
  registerRecomputedGradients();
}

/** A gradient function of a kernel with one output, as tfjs types it for any number of outputs. */
function gradient(
  kernelName: string,
  inputsToSave: string[],
  gradFunc: (dy: Tensor4D, saved: Tensor[], attrs: object) => Record<string, () => Tensor>,
): GradConfig {
  return { kernelName, inputsToSave, gradFunc: (dy, saved, attrs) => gradFunc(dy as Tensor4D, saved, attrs) };
}

/** A comparison is flat on both sides of its jump. Its inputs may be booleans, gradients are always numbers. */
const comparisons = ['Greater', 'Less', 'LessEqual', 'Equal', 'NotEqual', 'LogicalAnd', 'LogicalOr'].map(
  (name) =>
    gradient(name, ['a', 'b'], (_dy, [a, b]) => ({ a: () => zeros(a.shape), b: () => zeros(b.shape) })),
);

const logicalNot = gradient('LogicalNot', ['x'], (_dy, [x]) => ({ x: () => zeros(x.shape) }));

/**
 * The gradient of a convolution by its kernel is bilinear in the image x and the gradient dy of its output:
 * ⟨v, dW(x, dy)⟩ = ⟨conv(x, v), dy⟩ for every v of the kernel's shape, so by dy its derivative is a convolution with v,
 * and by x the transposed convolution of dy with v.
 */
const conv2DBackpropFilter = gradient('Conv2DBackpropFilter', ['x', 'dy'], (v, saved, attrs) => {
  const [x, dy] = saved as [Tensor4D, Tensor4D];
  const { strides, pad, dataFormat, dimRoundingMode } = attrs as Conv2DBackpropFilterAttrs;
  const toInput = { strides, pad, dataFormat, dimRoundingMode, inputShape: x.shape } as NamedAttrMap;
  return {
    x: () => engine().runKernel<Tensor>('Conv2DBackpropInput', { dy, filter: v }, toInput),
    dy: () => conv2d(x, v, strides, pad, dataFormat, 1, dimRoundingMode),
  };
});

/** The remaining ones are linear in dy and take only the shape of the image: their adjoint is the forward operation. */
const avgPoolGrad = gradient('AvgPoolGrad', ['input'], (v, [input], attrs) => {
  const { filterSize, strides, pad } = attrs as AvgPoolGradAttrs;
  return { dy: () => avgPool(v, filterSize, strides, pad), input: () => zerosLike(input) };
});

interface ResizeAttrs {
  readonly alignCorners: boolean;
  readonly halfPixelCenters?: boolean;
}

const resizeGrads = (
  [
    ['ResizeNearestNeighborGrad', image.resizeNearestNeighbor],
    ['ResizeBilinearGrad', image.resizeBilinear],
  ] as const
).map(([kernelName, resize]) =>
  gradient(kernelName, ['images', 'dy'], (v, [images, dy], attrs) => {
    const { alignCorners, halfPixelCenters } = attrs as ResizeAttrs;
    const size: [number, number] = [dy.shape[1] ?? 1, dy.shape[2] ?? 1];
    return { dy: () => resize(v, size, alignCorners, halfPixelCenters), images: () => zerosLike(images) };
  }),
);

/**
 * Where images grow by a whole factor f, the gradient of nearest-neighbor resizing is f² times an average pooling. The
 * kernel that tfjs has for it reads from the wrong image of a batch on its cpu backend.
 */
const upsamplingGradient =
  (otherwise: GradFunc): GradFunc =>
  (dy, saved, attrs) => {
    const [, height, width] = saved[0].shape;
    const { alignCorners } = attrs as unknown as ResizeAttrs;
    const [, newHeight, newWidth] = (dy as Tensor4D).shape;
    const factors: [number, number] = [newHeight / height, newWidth / width];
    if (alignCorners || !factors.every(Number.isInteger)) return otherwise(dy, saved, attrs);
    const pooled = (): Tensor => avgPool(dy as Tensor4D, factors, factors, 'valid');
    return { images: () => mul(pooled(), factors[0] * factors[1]) };
  };

const replaced = new WeakSet<GradConfig>();

function replaceUpsamplingGradient(): void {
  const current = getGradient('ResizeNearestNeighbor');
  if (replaced.has(current)) return;
  const config = { ...current, gradFunc: upsamplingGradient(current.gradFunc) };
  replaced.add(config);
  registerGradient(config);
}

const missing: readonly GradConfig[] = [
  ...comparisons,
  logicalNot,
  conv2DBackpropFilter,
  avgPoolGrad,
  ...resizeGrads,
];
