/**
 * Filters an array along every axis with a symmetric kernel. Beyond an edge the array is mirrored with the edge
 * value repeated (c b a | a b c), so that constants stay constant.
 *
 * @param data - first axis fastest
 * @param shape - sizes along the axes, two or three
 * @param kernel - odd length, its center in the middle; one for all axes, or one for each
 */
export function separableFilter(
  data: Float64Array,
  shape: readonly number[],
  kernel: Float64Array | readonly Float64Array[],
): Float64Array {
  let current = data;
  let stride = 1;
  for (const [axis, size] of shape.entries()) {
    current = filterAxis(current, size, stride, kernel instanceof Float64Array ? kernel : kernel[axis]);
    stride *= size;
  }
  return current;
}

function filterAxis(data: Float64Array, size: number, stride: number, kernel: Float64Array): Float64Array {
  const radius = (kernel.length - 1) / 2;
  const result = new Float64Array(data.length);
  const line = new Float64Array(size + 2 * radius);
  const mirrored = Int32Array.from(line, (_, i) => reflect(i - radius, size));
  for (let block = 0; block < data.length; block += size * stride) {
    for (let offset = block; offset < block + stride; offset++) {
      for (let i = 0; i < line.length; i++) line[i] = data[offset + mirrored[i] * stride];
      for (let i = 0; i < size; i++) {
        let sum = 0;
        for (let k = 0; k < kernel.length; k++) sum += kernel[k] * line[i + k];
        result[offset + i * stride] = sum;
      }
    }
  }
  return result;
}

function reflect(index: number, size: number): number {
  const period = 2 * size;
  const inside = ((index % period) + period) % period;
  return inside < size ? inside : period - 1 - inside;
}

/**
 * A Gaussian kernel that sums to one.
 *
 * @param sigma - in samples
 * @param radius - samples on each side of the center
 */
export function gaussianKernel(sigma: number, radius: number): Float64Array {
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - radius) / sigma) ** 2),
  );
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  return kernel.map((weight) => weight / sum);
}
