import type { ImagePair } from './image-pair';

/** The samples between which a derivative is taken, and how many apart they are. */
type DerivativeVisitor = (after: number, before: number, step: number) => void;

/**
 * Visits every sample of an image in its mask that has a derivative along an axis: by central differences, one-sided at
 * the edges of image and mask, so that nothing outside the mask counts.
 *
 * @param stride - how far apart neighbors along the axis are stored, and how many samples the axis has
 */
export function eachDerivative(
  { image, mask }: Pick<ImagePair, 'image' | 'mask'>,
  { size, stride }: { readonly size: number; readonly stride: number },
  visit: DerivativeVisitor,
): void {
  const inside = (i: number): boolean => mask === undefined || mask[i] !== 0;
  for (let i = 0; i < image.length; i++) {
    if (!inside(i)) continue;
    const at = Math.floor(i / stride) % size;
    const before = at > 0 && inside(i - stride) ? i - stride : i;
    const after = at < size - 1 && inside(i + stride) ? i + stride : i;
    if (after !== before) visit(after, before, (after - before) / stride);
  }
}
