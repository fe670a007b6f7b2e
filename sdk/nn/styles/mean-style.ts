/**
 * The style of a scan: the mean of the styles read from its slices, each by the area of brain that it shows. A slice without
 * any brain has a style of its own making, which would pull the others along; and a style for each slice would change
 * from one to the next.
 *
 * @param styles - one after the other
 * @param areas - the pixels of brain in each slice; where all are 0, every slice counts alike
 */
export function meanStyle(styles: Float32Array, areas: readonly number[]): Float32Array {
  const size = styles.length / areas.length;
  const total = areas.reduce((sum, area) => sum + area, 0);
  const mean = new Float32Array(size);
  areas.forEach((area, slice) => {
    const share = total === 0 ? 1 / areas.length : area / total;
    for (let i = 0; i < size; i++) mean[i] += share * styles[slice * size + i];
  });
  return mean;
}

/** How many pixels of each image are not 0. */
export function areasOf(images: ArrayLike<number>, count: number): readonly number[] {
  const size = images.length / count;
  return Array.from({ length: count }, (_, image) => {
    let area = 0;
    for (let at = image * size; at < (image + 1) * size; at++) if (images[at] !== 0) area++;
    return area;
  });
}
