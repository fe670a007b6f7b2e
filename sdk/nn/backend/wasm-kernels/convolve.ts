import type { Address, Kernels } from '../wasm-module/kernels';
import { convolveTiles, squareWindow } from './convolve-tiles';
import { shareOf } from './share';
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

/** What a convolution reads: images, and the matrices of its filter. */
export interface ConvolutionInput extends ConvolutionImages {
  readonly filter: Address;
  /** How far apart, in values, the entries of a tap's matrix are along the image's and along the output's channels. */
  readonly filterDepthStep: number;
  readonly filterColumnStep: number;
  /** A number for each output channel; 0 for none. */
  readonly bias: Address;
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

/** What is computed at a time, see convolve.as. */
const pixelsPerUnit = 64;
const columnsPerPanel = 8;

/** Convolves images: out[n, i, j, c] = bias[c] + Σ over taps and depth of image · filter. */
export function convolve(kernels: Kernels, input: ConvolutionInput, output: ConvolutionOutput): void {
  const window = squareWindow(input, output);
  if (window !== undefined) {
    convolveTiles(kernels, input, { ...output, window });
    return;
  }
  const { taps, depth, batch } = input;
  const panels = Math.ceil(output.channels / columnsPerPanel);
  const panelValues = taps.length * depth * columnsPerPanel;
  const zeros = kernels.zeros(depth);
  const bytes = 4 * panels * panelValues + 12 * taps.length;
  kernels.withMemory(bytes, (packed) => {
    const offsets = packed + 4 * panels * panelValues;
    const places = offsets + 4 * taps.length;
    kernels.integers(offsets, taps.length).set(taps.map((tap) => tap.offset));
    kernels.integers(places, 2 * taps.length).set(taps.flatMap((tap) => [tap.row, tap.column]));
    kernels.run(
      'packPanels',
      [
        input.filter,
        packed,
        offsets,
        taps.length,
        depth,
        output.channels,
        input.filterDepthStep,
        input.filterColumnStep,
      ],
      { units: panels, grain: shareOf(panels, 8 * panelValues, kernels.threads) },
    );
    const units = Math.ceil((batch * output.height * output.width) / pixelsPerUnit);
    kernels.run(
      'convolve',
      [
        input.image,
        batch,
        input.height,
        input.width,
        depth,
        zeros,
        packed,
        places,
        taps.length,
        input.rowStep,
        input.columnStep,
        output.out,
        output.height,
        output.width,
        output.channels,
        output.imageStep,
        output.rowStep,
        output.columnStep,
        input.bias,
      ],
      {
        units,
        grain: shareOf(units, 2 * pixelsPerUnit * panels * panelValues, kernels.threads),
        scratchBytes: 4 * pixelsPerUnit * (taps.length + 1) + 160,
      },
    );
  });
}
