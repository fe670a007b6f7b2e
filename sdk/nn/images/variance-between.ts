/** The variance from image to image at a place, mean over places. */
export function varianceBetween(images: Float32Array, count: number): number {
  const size = images.length / count;
  let total = 0;
  for (let at = 0; at < size; at++) {
    let sum = 0;
    let squares = 0;
    for (let i = at; i < images.length; i += size) {
      sum += images[i];
      squares += images[i] ** 2;
    }
    total += squares / count - (sum / count) ** 2;
  }
  return total / size;
}
