import type { Address, Kernels } from '../wasm-module/kernels';
import type { ConvolutionInput, ConvolutionOutput } from './convolution-input';
import { imageArguments } from './convolution-input';
import { convolveTiles, squareWindow } from './convolve-tiles';
import { shareOf } from './share';

/** What is computed at a time, see convolve.as. */
const pixelsPerUnit = 64;
const columnsPerPanel = 8;

/** Convolves images: out[n, i, j, c] = bias[c] + added[n, i, j, c] + Σ over taps and depth of image · filter. */
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
        ...imageArguments(input, zeros),
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
  const { added = 0 } = input;
  if (added !== 0) addTo(kernels, output.out, { added, count: batch * output.imageStep });
}

/** How many values make a unit of work: BLOCK in the module's source. */
const valuesPerUnit = 4096;

function addTo(
  kernels: Kernels,
  out: Address,
  { added, count }: { readonly added: Address; readonly count: number },
): void {
  const units = Math.ceil(count / valuesPerUnit);
  const grain = shareOf(units, valuesPerUnit, kernels.threads);
  kernels.run('addTo', [added, out, count], { units, grain });
}
