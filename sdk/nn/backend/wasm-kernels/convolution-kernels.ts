import type {
  Conv2DAttrs,
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  FusedConv2DAttrs,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { backend_util } from '@tensorflow/tfjs-core';
import type { Address } from '../wasm-module/kernels';
import type { ConvolutionImages, ConvolutionInput } from './convolution-input';
import { convolve } from './convolve';
import { convolveWeights } from './convolve-weights';
import type { WasmKernel, WasmKernelCall } from './wasm-kernel';
import { tapsOnto, windowTaps } from './window-taps';

type Shape4D = [number, number, number, number];

type Geometry = backend_util.Conv2DInfo;

/** The attributes that every kind of convolution has. */
interface Attributes extends Omit<Conv2DBackpropInputAttrs, 'inputShape'> {
  readonly dilations?: Conv2DAttrs['dilations'];
}

/** The convolutions that tfjs has for networks, and their gradients. */
export const convolutionKernels: readonly WasmKernel[] = [
  { name: 'Conv2D', run: conv2dForward },
  { name: 'FusedConv2D', run: fusedConv2d },
  { name: 'Conv2DBackpropInput', run: conv2dBackpropInput },
  { name: 'Conv2DBackpropFilter', run: conv2dBackpropFilter },
];

function conv2dForward(
  call: WasmKernelCall<{ x: TensorInfo; filter: TensorInfo }, Conv2DAttrs>,
): TensorInfo | undefined {
  const { inputs, attributes } = call;
  const geometry = geometryOf(inputs.x.shape, inputs.filter.shape, attributes);
  return geometry && forward(call, geometry, { bias: 0, added: 0 });
}

/** Beside what tfjs knows it takes `added`, of the shape of the result. */
function fusedConv2d(
  call: WasmKernelCall<
    { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo; added?: TensorInfo },
    FusedConv2DAttrs
  >,
): TensorInfo | undefined {
  const { inputs, attributes, address } = call;
  const { bias, added } = inputs;
  const geometry = geometryOf(inputs.x.shape, inputs.filter.shape, attributes);
  const covered =
    geometry !== undefined &&
    attributes.activation === 'linear' &&
    (!bias || (bias.shape.length === 1 && bias.shape[0] === geometry.outChannels));
  if (added !== undefined && added.shape.join() !== geometry?.outShape.join()) {
    throw new Error(`a convolution of shape ${geometry?.outShape.join()} cannot add ${added.shape.join()}`);
  }
  if (covered) {
    return forward(call, geometry, {
      bias: bias ? address(bias) : 0,
      added: added === undefined ? 0 : address(added),
    });
  }
  if (added !== undefined) throw new Error('this convolution cannot add anything');
  return undefined;
}

/** The images that a window goes over, and how it goes. */
function windowsOver(image: Address, geometry: Geometry): ConvolutionImages {
  const { batchSize, inHeight, inWidth, inChannels, strideHeight, strideWidth } = geometry;
  return {
    image,
    batch: batchSize,
    height: inHeight,
    width: inWidth,
    depth: inChannels,
    taps: windowTaps(geometry),
    rowStep: strideHeight,
    columnStep: strideWidth,
  };
}

function forward(
  { inputs, kernels, address, makeOutput }: WasmKernelCall<{ x: TensorInfo; filter: TensorInfo }, unknown>,
  geometry: Geometry,
  plus: Pick<ConvolutionInput, 'bias' | 'added'>,
): TensorInfo {
  const { outHeight, outWidth, outChannels } = geometry;
  const out = makeOutput(geometry.outShape);
  convolve(
    kernels,
    {
      ...windowsOver(address(inputs.x), geometry),
      filter: address(inputs.filter),
      filterDepthStep: outChannels,
      filterColumnStep: 1,
      ...plus,
    },
    {
      out: address(out),
      height: outHeight,
      width: outWidth,
      channels: outChannels,
      imageStep: outHeight * outWidth * outChannels,
      rowStep: outWidth * outChannels,
      columnStep: outChannels,
    },
  );
  return out;
}

/**
 * The gradient of a convolution by its images: a convolution of dy with the filter turned round, its input and output
 * channels exchanged. With a stride, pixels at different places in the step have been seen by different taps: one
 * convolution for each place.
 */
function conv2dBackpropInput({
  inputs,
  attributes,
  kernels,
  address,
  makeOutput,
}: WasmKernelCall<{ dy: TensorInfo; filter: TensorInfo }, Conv2DBackpropInputAttrs>): TensorInfo | undefined {
  const geometry = geometryOf(attributes.inputShape, inputs.filter.shape, attributes);
  if (geometry === undefined) return undefined;
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = geometry;
  const { strideHeight, strideWidth } = geometry;
  const dx = makeOutput(geometry.inShape);
  for (let row = 0; row < Math.min(strideHeight, inHeight); row++) {
    for (let column = 0; column < Math.min(strideWidth, inWidth); column++) {
      convolve(
        kernels,
        {
          image: address(inputs.dy),
          batch: batchSize,
          height: outHeight,
          width: outWidth,
          depth: outChannels,
          taps: tapsOnto({ row, column }, geometry),
          rowStep: 1,
          columnStep: 1,
          filter: address(inputs.filter),
          filterDepthStep: 1,
          filterColumnStep: outChannels,
          bias: 0,
        },
        {
          out: address(dx) + 4 * (row * inWidth + column) * inChannels,
          height: Math.ceil((inHeight - row) / strideHeight),
          width: Math.ceil((inWidth - column) / strideWidth),
          channels: inChannels,
          imageStep: inHeight * inWidth * inChannels,
          rowStep: strideHeight * inWidth * inChannels,
          columnStep: strideWidth * inChannels,
        },
      );
    }
  }
  return dx;
}

function conv2dBackpropFilter({
  inputs,
  attributes,
  kernels,
  address,
  makeOutput,
}: WasmKernelCall<{ x: TensorInfo; dy: TensorInfo }, Conv2DBackpropFilterAttrs>): TensorInfo | undefined {
  const geometry = geometryOf(inputs.x.shape, attributes.filterShape, attributes);
  if (geometry === undefined) return undefined;
  const { outHeight, outWidth, outChannels } = geometry;
  const weights = makeOutput(geometry.filterShape);
  convolveWeights(
    kernels,
    windowsOver(address(inputs.x), geometry),
    { gradient: address(inputs.dy), height: outHeight, width: outWidth, channels: outChannels },
    address(weights),
  );
  return weights;
}

/** The geometry of a convolution of images with the channels last; others are not covered here. */
function geometryOf(
  image: readonly number[],
  filter: readonly number[],
  { strides, pad, dataFormat, dimRoundingMode, dilations = 1 }: Attributes,
): Geometry | undefined {
  if (dataFormat !== 'NHWC') return undefined;
  return backend_util.computeConv2DInfo(
    image as Shape4D,
    filter as Shape4D,
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
}
