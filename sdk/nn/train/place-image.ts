/** Where an image is put: mirrored first, then made larger and turned about its center, then shifted. */
export interface Placement {
  /** Whether columns are exchanged, the first with the last. */
  readonly mirrored: boolean;
  /** Pixels downwards. */
  readonly down: number;
  /** Pixels to the right. */
  readonly right: number;
  /** Radians counter-clockwise, as the image is looked at. */
  readonly angle: number;
  /** Times as large. */
  readonly zoom: number;
}

/** Whether an image stays where it is. */
export function isInPlace({ mirrored, down, right, angle, zoom }: Placement): boolean {
  return !mirrored && down === 0 && right === 0 && angle === 0 && zoom === 1;
}

/**
 * Puts an image elsewhere, with linear interpolation. Where the image does not reach, it repeats its edge. Mirroring and
 * shifts by whole pixels leave every pixel's value as it is, to the bit.
 *
 * @param image - rows × columns × channels, channel fastest
 * @param result - of the same size, to be filled
 */
export function placeImage(
  image: Float32Array,
  result: Float32Array,
  options: {
    readonly shape: readonly [height: number, width: number, channels: number];
    readonly placement: Placement;
  },
): void {
  const [height, width, channels] = options.shape;
  const { mirrored, down, right, angle, zoom } = options.placement;
  const middleRow = (height - 1) / 2;
  const middleColumn = (width - 1) / 2;
  // From a pixel of the result back to the image: rows grow downwards, so counter-clockwise is (row, column) with a
  // minus.
  const cosine = Math.cos(angle) / zoom;
  const sine = Math.sin(angle) / zoom;
  let to = 0;
  for (let row = 0; row < height; row++) {
    const y = row - middleRow - down;
    for (let column = 0; column < width; column++) {
      const x = column - middleColumn - right;
      const sourceX = cosine * x - sine * y + middleColumn;
      const fromRow = clamp(cosine * y + sine * x + middleRow, height - 1);
      const fromColumn = clamp(mirrored ? width - 1 - sourceX : sourceX, width - 1);
      const top = Math.min(Math.floor(fromRow), Math.max(height - 2, 0));
      const left = Math.min(Math.floor(fromColumn), Math.max(width - 2, 0));
      const lower = fromRow - top;
      const later = fromColumn - left;
      const next = width > 1 ? channels : 0;
      const below = height > 1 ? width * channels : 0;
      const corner = (top * width + left) * channels;
      for (let channel = corner; channel < corner + channels; channel++) {
        const above = (1 - later) * image[channel] + later * image[channel + next];
        const under = (1 - later) * image[channel + below] + later * image[channel + below + next];
        result[to++] = (1 - lower) * above + lower * under;
      }
    }
  }
}

function clamp(value: number, largest: number): number {
  return Math.min(Math.max(value, 0), largest);
}
