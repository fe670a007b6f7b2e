import type { GradConfig, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import {
  Conv2D,
  FusedConv2D,
  add,
  engine,
  getGradient,
  registerGradient,
  reshape,
} from '@tensorflow/tfjs-core';
import { channelSums } from '../ops/channel-sums';
import { tensorflowOps } from '../ops/tensorflow/tensorflow-ops';
import { wasmOps } from '../ops/wasm/wasm-ops';

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
      // A new tensor: tfjs disposes what it adds gradients up from.
      added: () => reshape(dy as Tensor, (dy as Tensor).shape),
    };
  },
};
registerGradient(biasedConv2dGradient);

/**
 * Convolves images with a kernel and adds a bias per output channel, in one kernel of the backend; differentiable any
 * number of times.
 *
 * @param x - images, `[N, H, W, in]`
 * @param weights - the filter, `[height, width, in, out]`; the bias, `[out]`; and images that are added to the result, in the
 *   same pass where the backend can, `[N, H′, W′, out]`
 */
export function biasedConv2d(
  x: Tensor4D,
  { filter, bias, added }: BiasedConv2dWeights,
  { stride, pad }: Conv2dGeometry,
): Tensor4D {
  const apart = added !== undefined && tensorflowOps() === undefined && wasmOps() === undefined;
  const inputs = { x, filter, bias, ...(apart || added === undefined ? {} : { added }) };
  const convolved = engine().runKernel<Tensor4D>(FusedConv2D, inputs, {
    strides: [stride, stride],
    pad,
    dataFormat: 'NHWC',
    dilations: [1, 1],
    activation: 'linear',
  });
  return apart ? add(convolved, added) : convolved;
}

/** What {@link biasedConv2d} multiplies by and adds. */
export interface BiasedConv2dWeights {
  readonly filter: Tensor4D;
  readonly bias: Tensor1D;
  readonly added?: Tensor4D;
}
