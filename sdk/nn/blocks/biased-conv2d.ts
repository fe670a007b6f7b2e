import type { GradConfig, NamedTensorMap, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { Conv2D, FusedConv2D, engine, getGradient, registerGradient } from '@tensorflow/tfjs-core';
import { channelSums } from '../ops/channel-sums';

/** How the window moves: what tfjs's own convolution takes. */
export interface Conv2dGeometry {
  readonly stride: number;
  readonly pad: 'same' | 'valid';
}

/**
 * The gradient of a convolution with bias. tfjs has one as well, inside `tf.fused.conv2d`, which always computes the
 * gradients of all three inputs; here each is computed when asked for, which spares the kernel's whenever a network is
 * frozen (the critic while the generator learns, R1) and the images' in a first layer.
 */
const biasedConv2dGradient: GradConfig = {
  kernelName: FusedConv2D,
  inputsToSave: ['x', 'filter'],
  gradFunc: (dy, saved, attrs) => {
    const conv2dGradient = getGradient(Conv2D);
    return {
      ...conv2dGradient.gradFunc(dy, saved, attrs),
      bias: () => channelSums(dy as Tensor),
    };
  },
};
registerGradient(biasedConv2dGradient);

/**
 * Convolves images with a kernel and adds a bias per output channel, in one kernel of the backend; differentiable any
 * number of times.
 *
 * @param x - images, `[N, H, W, in]`
 * @param filter - `[height, width, in, out]`
 * @param bias - `[out]`
 */
export function biasedConv2d(
  x: Tensor4D,
  { filter, bias }: { readonly filter: Tensor4D; readonly bias: Tensor1D },
  { stride, pad }: Conv2dGeometry,
): Tensor4D {
  const inputs = { x, filter, bias } as unknown as NamedTensorMap;
  return engine().runKernel<Tensor4D>(FusedConv2D, inputs, {
    strides: [stride, stride],
    pad,
    dataFormat: 'NHWC',
    dilations: [1, 1],
    activation: 'linear',
  });
}
