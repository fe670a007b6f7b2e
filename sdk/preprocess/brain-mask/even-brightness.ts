import { fuzzyCenters } from '../../math/images/fuzzy-c-means';
import { gaussianFilter } from '../../math/images/gaussian-filter';
import { erode } from '../../math/images/morphology';
import type { WorkingImage } from './working-grid';

/** Over how many mm the brightness of white matter is averaged: coils shade a head more slowly than this. */
const smoothness = 20;
/** How far inside the rough mask tissue is surely brain, in mm. */
const margin = 6;
/** One voxel in so many is enough for the tissue classes. */
const everyNth = 5;

/**
 * Divides an image by the local brightness of white matter, which takes out the shading by the coil as far as finding
 * edges needs it. White matter comes out near 1.
 *
 * @param image - background near 0
 * @param rough - a mask of the brain
 */
export function evenBrightness(image: WorkingImage, rough: Uint8Array): Float32Array {
  const { data, shape, spacing } = image;
  const inner = erode(rough, shape, [margin / spacing, margin / spacing, margin / spacing]);
  const [from, to, white] = whiteMatter(data, inner);
  const weights = new Float32Array(data.length);
  const weighted = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    if (inner[i] === 0 || !(data[i] > from && data[i] < to)) continue;
    weights[i] = 1;
    weighted[i] = data[i] / white;
  }
  const sigma = smoothness / spacing;
  const share = gaussianFilter(weights, shape, [sigma, sigma, sigma]);
  const local = gaussianFilter(weighted, shape, [sigma, sigma, sigma]);
  const even = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    // A trace of the overall brightness decides where no white matter is near.
    even[i] = data[i] / white / ((local[i] + 1e-3) / (share[i] + 1e-3));
  }
  return even;
}

/** The range of intensities of white matter, and its middle: of three tissue classes the brightest. */
function whiteMatter(data: Float32Array, inner: Uint8Array): [from: number, to: number, middle: number] {
  const values: number[] = [];
  for (let i = 0; i < data.length; i += everyNth) if (inner[i] !== 0) values.push(data[i]);
  const [, gray, white] = fuzzyCenters(values, { classes: 3 }).centers;
  return [(gray + white) / 2, white + (white - gray), white];
}
