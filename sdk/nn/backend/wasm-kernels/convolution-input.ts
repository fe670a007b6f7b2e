import type { Address } from '../wasm-module/kernels';
import type { Tap } from './window-taps';

/** The images that a window goes over, and how it goes. */
export interface ConvolutionImages {
  readonly image: Address;
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  /** The channels of the image. */
  readonly depth: number;
  readonly taps: readonly Tap[];
  /** How far apart, in the image, neighboring output pixels look. */
  readonly rowStep: number;
  readonly columnStep: number;
}

/** Images as every kernel that goes over them takes them: where they are, their sizes, and zeros for what is outside. */
export function imageArguments(
  { image, batch, height, width, depth }: ConvolutionImages,
  zeros: Address,
): readonly number[] {
  return [image, batch, height, width, depth, zeros];
}

/** What a convolution reads: images, and the matrices of its filter. */
export interface ConvolutionInput extends ConvolutionImages {
  readonly filter: Address;
  /** How far apart, in values, the entries of a tap's matrix are along the image's and along the output's channels. */
  readonly filterDepthStep: number;
  readonly filterColumnStep: number;
  /** A number for each output channel; 0 for none. */
  readonly bias: Address;
  /** What is added to the result, where that has no gaps: as many values; 0 for nothing. @defaultValue 0 */
  readonly added?: Address;
}

/** Where a convolution writes; steps are in values, so that it can be every other pixel of an image. */
export interface ConvolutionOutput {
  readonly out: Address;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly imageStep: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/** The gradient of a convolution's output. */
export interface OutputGradient {
  readonly gradient: Address;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}
