import { gaussianKernel, separableFilter } from './separable-filter';

// OpenCV has this filter with a square window and for whole images; there is no package of it for Node.js that knows masks.

/** An image, and another of the same place that says where its edges are. */
export interface GuidedImage {
  /** First axis fastest. */
  readonly image: Float64Array;
  readonly guide: Float64Array;
  /** Where both mean something; what is outside counts for nothing. */
  readonly inside: ArrayLike<number | boolean>;
  readonly shape: readonly number[];
}

/** How an image is guided. */
export interface GuidedFilterOptions {
  /** Standard deviations of the neighborhood along the axes, in pixels. */
  readonly sigma: readonly number[];
  /** Contrasts of the guide that are well below this do not decide how they are followed, in its units. */
  readonly noise: number;
  /** How they are followed instead: the slope a where the guide is flat. */
  readonly slope: number;
}

/**
 * The guided filter (He, Sun and Tang 2013, IEEE TPAMI 35:1397), with a Gaussian neighborhood and inside a mask: around each pixel
 * the image is fitted as a · guide + b, by least squares, and each pixel is the mean of what the fits around it say. So its
 * intensities are the image's, and its edges are where those of the guide are, whatever their sign. The ridge of `noise`² draws a to
 * `slope` where theirs draws it to 0, which smooths: here an image that is a · guide + b with that slope stays what it is.
 *
 * @returns the image as the guide shows it; 0 outside
 */
export function guidedFilter(
  { image, guide, inside, shape }: GuidedImage,
  { sigma, noise, slope }: GuidedFilterOptions,
): Float64Array {
  const kernels = sigma.map((width) => gaussianKernel(width, Math.max(1, Math.ceil(3 * width))));
  const spread = (value: (pixel: number) => number): Float64Array =>
    separableFilter(
      Float64Array.from(image, (_, pixel) => (inside[pixel] ? value(pixel) : 0)),
      shape,
      kernels,
    );
  const weight = spread(() => 1);
  const around = (value: (pixel: number) => number): Float64Array =>
    spread(value).map((sum, pixel) => (inside[pixel] ? sum / weight[pixel] : 0));
  const guideMean = around((pixel) => guide[pixel]);
  const imageMean = around((pixel) => image[pixel]);
  const guideSquare = around((pixel) => guide[pixel] ** 2);
  const product = around((pixel) => guide[pixel] * image[pixel]);
  const ridge = noise ** 2;
  const fitted = product.map((mean, pixel) => {
    const covariance = mean - guideMean[pixel] * imageMean[pixel];
    const variance = guideSquare[pixel] - guideMean[pixel] ** 2;
    return (covariance + ridge * slope) / (variance + ridge);
  });
  const slopes = around((pixel) => fitted[pixel]);
  const offsets = around((pixel) => imageMean[pixel] - fitted[pixel] * guideMean[pixel]);
  return slopes.map((a, pixel) => (inside[pixel] ? a * guide[pixel] + offsets[pixel] : 0));
}
