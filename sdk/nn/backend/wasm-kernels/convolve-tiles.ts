import type { Address, Kernels } from '../wasm-module/kernels';
import type {
  ConvolutionImages,
  ConvolutionInput,
  ConvolutionOutput,
  OutputGradient,
} from './convolution-input';
import { imageArguments } from './convolution-input';
import { shareOf } from './share';
import type { Tap } from './window-taps';

/** A window of 3 × 3 pixels: where it begins, seen from an output pixel, and its taps, row by row. */
export interface SquareWindow {
  readonly row: number;
  readonly column: number;
  readonly taps: readonly Tap[];
}

/** The side of the windows that are convolved by tiles. */
const side = 3;
/** See winograd.as. */
const tilesPerUnit = 32;
const columnsPerPanel = 8;
/** With fewer channels on either side, rearranging takes as long as is saved. */
const fewestChannels = 16;

/** The window of a convolution that is done by tiles of 2 × 2 pixels, with fewer multiplications; undefined for others. */
export function squareWindow(
  { taps, rowStep, columnStep, depth }: ConvolutionImages,
  { channels }: { readonly channels: number },
): SquareWindow | undefined {
  if (taps.length !== side * side || rowStep !== 1 || columnStep !== 1) return undefined;
  if (depth % 4 !== 0 || channels % columnsPerPanel !== 0 || Math.min(depth, channels) < fewestChannels) {
    return undefined;
  }
  const row = Math.min(...taps.map((tap) => tap.row));
  const column = Math.min(...taps.map((tap) => tap.column));
  const sorted: Tap[] = [];
  for (const tap of taps) {
    const [down, across] = [tap.row - row, tap.column - column];
    if (down >= side || across >= side) return undefined;
    sorted[down * side + across] = tap;
  }
  return { row, column, taps: sorted };
}

/** Convolves images with a window of 3 × 3, in steps of one pixel on both sides. */
export function convolveTiles(
  kernels: Kernels,
  input: ConvolutionInput,
  { window, ...output }: ConvolutionOutput & { readonly window: SquareWindow },
): void {
  const { depth, batch } = input;
  const { channels } = output;
  const panels = channels / columnsPerPanel;
  const filterBytes = 4 * 16 * depth * channels;
  const zeros = kernels.zeros(depth);
  kernels.withMemory(filterBytes + 4 * window.taps.length, (filter) => {
    const offsets = filter + filterBytes;
    kernels.integers(offsets, window.taps.length).set(window.taps.map((tap) => tap.offset));
    kernels.run(
      'transformFilter',
      [input.filter, filter, offsets, depth, input.filterDepthStep, input.filterColumnStep],
      { units: panels, grain: shareOf(panels, 40 * depth * columnsPerPanel, kernels.threads) },
    );
    const tiles = batch * Math.ceil(output.height / 2) * Math.ceil(output.width / 2);
    const blocks = Math.ceil(tiles / tilesPerUnit);
    const parts = Math.min(panels, Math.ceil((2 * kernels.threads) / blocks));
    const units = blocks * (kernels.threads > 1 ? parts : 1);
    const operations = (2 * 16 * tilesPerUnit * depth * channels * blocks) / units;
    kernels.run(
      'convolveTiles',
      [
        ...imageArguments(input, zeros),
        filter,
        window.row,
        window.column,
        output.out,
        output.height,
        output.width,
        channels,
        input.bias,
        input.added ?? 0,
        units / blocks,
      ],
      {
        units,
        grain: shareOf(units, operations, kernels.threads),
        scratchBytes: 2048 * depth + 19712,
      },
    );
  });
}

/** The rows of places in a tile, which are summed apart. */
const rowsOfPlaces = 4;

/** The gradient of {@link convolveTiles} by the filter, `[3, 3, in, out]`. */
export function convolveWeightsByTiles(
  kernels: Kernels,
  { window, ...input }: ConvolutionImages & { readonly window: SquareWindow },
  { gradient, height, width, channels }: OutputGradient,
  weights: Address,
): void {
  const { depth, batch } = input;
  const panels = channels / columnsPerPanel;
  const zeros = kernels.zeros(Math.max(depth, channels));
  kernels.withMemory(4 * 16 * depth * channels, (sums) => {
    // Each part arranges the gradient anew: as few as keep the threads busy.
    const parts = Math.min(Math.ceil(kernels.threads / 2), depth / 4);
    const units = rowsOfPlaces * parts;
    const tiles = batch * Math.ceil(height / 2) * Math.ceil(width / 2);
    kernels.run(
      'sumTiles',
      [
        ...imageArguments(input, zeros),
        window.row,
        window.column,
        gradient,
        height,
        width,
        channels,
        sums,
        parts,
      ],
      {
        units,
        grain: shareOf(units, (2 * 16 * tiles * depth * channels) / units, kernels.threads),
        scratchBytes: 1024 * depth + 1024 * channels + 1024,
      },
    );
    const grain = shareOf(panels, 40 * depth * columnsPerPanel, kernels.threads);
    kernels.run('filterOfSums', [sums, weights, depth, channels], { units: panels, grain });
  });
}
