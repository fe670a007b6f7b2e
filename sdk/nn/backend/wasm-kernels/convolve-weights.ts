import type { Address, Kernels } from '../wasm-module/kernels';
import type { ConvolutionImages, OutputGradient } from './convolution-input';
import { imageArguments } from './convolution-input';
import { convolveWeightsByTiles, squareWindow } from './convolve-tiles';
import { shareOf } from './share';

/** The sums that are held in registers, see convolve-weights.as. */
const rows = 4;
const columns = 8;

/**
 * The gradient of a convolution by its filter: weights[t, k, c] = Σ over output pixels of image · gradient, `[tap, in,
 * out]`.
 */
export function convolveWeights(
  kernels: Kernels,
  input: ConvolutionImages,
  output: OutputGradient,
  weights: Address,
): void {
  const window = squareWindow(input, output);
  if (window !== undefined) {
    convolveWeightsByTiles(kernels, { ...input, window }, output, weights);
    return;
  }
  const { gradient, height, width, channels } = output;
  const { taps, depth, batch } = input;
  const paddedDepth = Math.ceil(depth / rows) * rows;
  const panels = Math.ceil(channels / columns);
  const zeros = kernels.zeros(paddedDepth);
  const bytes = 4 * panels * taps.length * paddedDepth * columns;
  kernels.withMemory(bytes + 8 * taps.length, (sums) => {
    const places = sums + bytes;
    kernels.integers(places, 2 * taps.length).set(taps.flatMap((tap) => [tap.row, tap.column]));
    // Each part lists the pixels anew: as few as keep the threads busy.
    const parts = Math.min(Math.ceil((2 * kernels.threads) / panels), paddedDepth / rows);
    const operations = (2 * taps.length * paddedDepth * columns * batch * height * width) / parts;
    kernels.run(
      'convolveWeights',
      [
        ...imageArguments(input, zeros),
        gradient,
        places,
        taps.length,
        input.rowStep,
        input.columnStep,
        height,
        width,
        channels,
        sums,
        parts,
      ],
      {
        units: panels * parts,
        grain: shareOf(panels * parts, operations, kernels.threads),
        scratchBytes: 9216,
      },
    );
    const tasks = { units: taps.length, grain: shareOf(taps.length, depth * channels, kernels.threads) };
    kernels.run('unpackWeights', [sums, weights, taps.length, depth, channels], tasks);
  });
}
