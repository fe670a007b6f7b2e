import type { ImageSamples } from './image-samples';
import { toUnit } from './scan-intensity';

/**
 * Where scaled images are not background, 1, else 0. Background is what is exactly 0 in a scan: after scaling, where 0 came
 * to be.
 *
 * @param images - one after the other, on the network's scale
 * @param positions - which images of the samples they are
 */
export function insideOf(
  { rows, ranges }: Pick<ImageSamples, 'rows' | 'ranges'>,
  images: Float32Array,
  positions: Int32Array,
): Float32Array {
  const size = images.length / positions.length;
  const background = Float32Array.from(positions, (position) => toUnit(0, ranges[rows[position]]));
  return images.map((value, at) => (value === background[Math.floor(at / size)] ? 0 : 1));
}
