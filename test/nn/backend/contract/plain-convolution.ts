import type { CaseInput, Expectation } from './operation-case';

/** Where a window goes: zeros on each side, step, distance between the values that it takes. */
export interface PlainWindow {
  readonly strides: readonly [number, number];
  /** Zeros before and after, along height, then width. */
  readonly around: readonly [readonly [number, number], readonly [number, number]];
  readonly dilation?: number;
}

/** Calls `visit` with the positions in image, kernel and output of every product of a convolution. */
function forEachProduct(
  [batch, height, width, inChannels]: readonly number[],
  [kernelHeight, kernelWidth, , outChannels]: readonly number[],
  { strides, around, dilation = 1 }: PlainWindow,
  visit: (image: number, kernel: number, output: number) => void,
): number {
  const count = (size: number, kernel: number, axis: 0 | 1): number =>
    Math.floor((size + around[axis][0] + around[axis][1] - (kernel - 1) * dilation - 1) / strides[axis]) + 1;
  const rows = count(height, kernelHeight, 0);
  const columns = count(width, kernelWidth, 1);
  let output = 0;
  for (let n = 0; n < batch; n++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++, output += outChannels) {
        for (let ky = 0; ky < kernelHeight; ky++) {
          const y = row * strides[0] - around[0][0] + ky * dilation;
          if (y < 0 || y >= height) continue;
          for (let kx = 0; kx < kernelWidth; kx++) {
            const x = column * strides[1] - around[1][0] + kx * dilation;
            if (x < 0 || x >= width) continue;
            const image = ((n * height + y) * width + x) * inChannels;
            const kernel = (ky * kernelWidth + kx) * inChannels * outChannels;
            for (let i = 0; i < inChannels; i++) {
              for (let o = 0; o < outChannels; o++) {
                visit(image + i, kernel + i * outChannels + o, output + o);
              }
            }
          }
        }
      }
    }
  }
  return output;
}

/** A convolution of NHWC images and its two gradients in plain float64 loops. */
export function plainConvolution(image: CaseInput, kernel: CaseInput, window: PlainWindow): Expectation {
  const x = image.values;
  const k = kernel.values;
  const products = (visit: (image: number, kernel: number, output: number) => void): number =>
    forEachProduct(image.shape, kernel.shape, window, visit);
  const value = new Float64Array(products(() => undefined));
  products((i, w, o) => (value[o] += x[i] * k[w]));
  const gradients = (dy: ArrayLike<number>): Float64Array[] => {
    const dx = new Float64Array(x.length);
    const dk = new Float64Array(k.length);
    products((i, w, o) => {
      dx[i] += dy[o] * k[w];
      dk[w] += dy[o] * x[i];
    });
    return [dx, dk];
  };
  return { value, gradients };
}

/** The zeros that `same` padding puts around, as TensorFlow defines it: half before, the odd one after. */
export function samePadding(size: number, kernel: number, stride: number): [number, number] {
  const needed = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size);
  return [Math.floor(needed / 2), Math.ceil(needed / 2)];
}
