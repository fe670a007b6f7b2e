import { gaussianFilter } from '../../math/images/gaussian-filter';
import type { WorkingImage } from './working-grid';

/** Standard deviation in mm. */
const smoothness = 2.5;

/** Smooths the edge of a mask. Returns how far each voxel belongs to it, 0 to 1. */
export function smoothMask({ shape, spacing }: WorkingImage, mask: Uint8Array): Float32Array {
  const sigma = smoothness / spacing;
  return gaussianFilter(Float32Array.from(mask), shape, [sigma, sigma, sigma]);
}
