import { tidy } from '@tensorflow/tfjs-core';
import type { ImageSource } from '../../data/images/image-source';
import type { WeightArray } from '../../data/networks/weights';
import { eraseLabels } from '../../math/linear/erase-labels';
import type { Features } from '../../nn/blocks/convolution';
import { rowsTensor, throughBatches, withWeights } from '../../nn/images/image-model';
import type { DdaeLayout } from '../network/ddae-network';
import { unknownCode } from '../network/ddae-network';
import type { SemanticEncoder } from '../network/semantic-encoder';

/** Samples with their sites. */
export interface SitedSamples {
  readonly source: ImageSource;
  /** The site of each, from 0. */
  readonly sites: readonly number[];
  /** Where each is along the axis that slices cut. */
  readonly places: readonly number[];
}

/** Parts along that axis within which sites are made alike, and images that each site needs in each of them. */
const parts = 5;
const leastImages = 20;

/**
 * Takes out of an encoder's last layer what a linear map can still read of the site in its codes, at each height of the
 * slices: a scanner can show in other directions of the code at the base of the brain than at its top.
 *
 * @returns the encoder with another last layer; its other weights are the same arrays
 */
export async function eraseSites(
  weights: SemanticEncoder<WeightArray>,
  { source, sites, places }: SitedSamples,
  { layout, batchSize, signal }: { layout: DdaeLayout; batchSize: number; signal?: AbortSignal },
): Promise<SemanticEncoder<WeightArray>> {
  const { sampleShape, unknownSize } = layout.architecture;
  const batches = { label: 'erasing sites', count: source.count, batchSize };
  const codes = await withWeights(weights, (semantic) =>
    throughBatches(
      batches,
      async (positions) => {
        const images = await source.read(positions);
        return tidy(() => unknownCode({ semantic }, rowsTensor<Features>(images, sampleShape), layout));
      },
      { signal },
    ),
  );
  const strata = strataOf(places, sites);
  const { mean, matrix } = eraseLabels({ values: codes.values, size: unknownSize, labels: sites, strata });
  return { ...weights, code: mapped(weights.code, { mean, matrix }) };
}

/** Parts of equal numbers along the axis, as many as there are images for. */
function strataOf(places: readonly number[], sites: readonly number[]): Int32Array {
  const smallest = Math.min(...[...new Set(sites)].map((site) => sites.filter((own) => own === site).length));
  const distinct = new Set(places).size;
  const count = Math.max(1, Math.min(parts, distinct, Math.floor(smallest / leastImages)));
  const sorted = [...places].sort((a, b) => a - b);
  const edges = Array.from(
    { length: count - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / count)],
  );
  return Int32Array.from(places, (place) => edges.filter((edge) => place >= edge).length);
}

/** A linear layer followed by an affine map of what it returns. */
function mapped(
  layer: SemanticEncoder<WeightArray>['code'],
  { mean, matrix }: { readonly mean: Float64Array; readonly matrix: Float64Array },
): SemanticEncoder<WeightArray>['code'] {
  const size = mean.length;
  const rows = layer.kernel.data.length / size;
  const times = (row: ArrayLike<number>, from: number, less: ArrayLike<number>): Float32Array =>
    Float32Array.from({ length: size }, (_, j) => {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += matrix[j * size + k] * (row[from + k] - less[k]);
      return sum;
    });
  const none = new Float64Array(size);
  const kernel = new Float32Array(layer.kernel.data.length);
  for (let row = 0; row < rows; row++) kernel.set(times(layer.kernel.data, row * size, none), row * size);
  const bias = 'bias' in layer ? layer.bias.data : new Float32Array(size);
  return {
    kernel: { shape: layer.kernel.shape, data: kernel },
    bias: { shape: [size], data: times(bias, 0, mean).map((value, j) => value + mean[j]) },
  };
}
