import type { ImageSet } from '../../data/images/image-set';

/**
 * Whether a pixel is brain, by its place in the data. The mask is that of the middle channel; its neighbors are judged
 * by their own values.
 */
export function isInside({ data, mask, shape }: ImageSet, at: number): boolean {
  const channels = shape[3];
  return mask === undefined || channels > 1 ? data[at] !== 0 : mask[at] !== 0;
}
