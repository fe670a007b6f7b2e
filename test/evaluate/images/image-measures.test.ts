import assert from 'node:assert/strict';
import { ConcordError } from '../../../sdk/errors';
import { gradientCorrelation } from '../../../sdk/evaluate/images/gradient-correlation';
import { imageAgreement } from '../../../sdk/evaluate/images/image-agreement';
import type { ImagePair } from '../../../sdk/evaluate/images/image-pair';
import { meanAbsoluteError, peakSignalToNoise } from '../../../sdk/evaluate/images/intensity-error';
import { multiScaleSimilarity } from '../../../sdk/evaluate/images/multi-scale-similarity';
import { structuralSimilarity } from '../../../sdk/evaluate/images/structural-similarity';

/** Two images made by formula, so that the programs compared with can make them too, and an ellipsoid as mask. */
function pairOf(shape: readonly number[]): Required<ImagePair> {
  const count = shape.reduce((product, size) => product * size, 1);
  const reference = new Float64Array(count);
  const image = new Float64Array(count);
  const mask = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    let rest = i;
    const at = shape.map((size) => {
      const position = rest % size;
      rest = (rest - position) / size;
      return position;
    });
    const phase = at.reduce((sum, position, axis) => sum + (axis + 1) * 0.13 * position, 0);
    reference[i] = 0.5 + 0.3 * Math.sin(phase) + 0.1 * Math.cos(0.05 * at[0] * at[1]);
    image[i] = reference[i] * 0.9 + 0.05 + 0.04 * Math.sin(1.7 * at[0] + 0.9 * at[1]);
    const radius = at.reduce(
      (sum, position, axis) => sum + ((position - (shape[axis] - 1) / 2) / (0.4 * shape[axis])) ** 2,
      0,
    );
    mask[i] = radius <= 1 ? 1 : 0;
  }
  return { reference, image, shape, mask };
}

function without({ reference, image, shape }: ImagePair): ImagePair {
  return { reference, image, shape };
}

function near(actual: number, expected: number, tolerance = 1e-10): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} against ${expected}`);
}

const dataRange = 1.2;

describe('image measures', () => {
  // scikit-image 0.26.0 (gaussian_weights, sigma 1.5, use_sample_covariance False, data_range 1.2; the masked SSIM is
  // the mean of its full map over the mask) and numpy 2.4.6 (gradient and corrcoef; in the mask from its differences
  // inside the mask), on images made by the same formulas.
  const expected = [
    {
      shape: [40, 33],
      ssim: 0.9497635905707538,
      ssimInMask: 0.9496668825135395,
      mae: 0.029661067361650945,
      psnr: 30.495312291250798,
      gradient: 0.9139905477553244,
      gradientInMask: 0.9069728903547849,
    },
    {
      shape: [20, 17, 15],
      ssim: 0.9738328778888156,
      ssimInMask: 0.9696451586475393,
      mae: 0.03025949242948707,
      psnr: 30.235700916167833,
      gradient: 0.9012457255469927,
      gradientInMask: 0.8942790997438191,
    },
  ];
  for (const { shape, ssim, ssimInMask, mae, psnr, gradient, gradientInMask } of expected) {
    it(`agree with scikit-image on ${shape.join(' × ')}`, () => {
      const pair = pairOf(shape);
      near(structuralSimilarity(without(pair), { dataRange }), ssim);
      near(structuralSimilarity(pair, { dataRange }), ssimInMask);
      near(meanAbsoluteError(pair), mae);
      near(peakSignalToNoise(pair, { dataRange }), psnr);
      near(gradientCorrelation(without(pair)), gradient);
      near(gradientCorrelation(pair), gradientInMask);
    });
  }

  it('agree with pytorch-msssim 1.0.0 over five and over three scales', () => {
    const pair = without(pairOf([208, 192]));
    const all = multiScaleSimilarity(pair, { dataRange });
    assert.equal(all.scales, 5);
    // Its window and weights are float32; scipy 1.17.1's gaussian_filter in float64 gives the second value.
    near(all.value, 0.9910159189900921, 2e-8);
    near(all.value, 0.9910159089514289);
    const three = multiScaleSimilarity(pair, { dataRange, scales: 3 }).value;
    near(three, 0.9887941980498813, 2e-8);
    near(three, 0.9887941861920422);
  });

  it('are perfect for equal images, in two and three dimensions', () => {
    for (const shape of [
      [64, 50],
      [24, 23, 22],
    ]) {
      const { reference, mask } = pairOf(shape);
      const same = { reference, image: reference, shape, mask };
      near(structuralSimilarity(same, { dataRange }), 1, 1e-12);
      near(multiScaleSimilarity(same, { dataRange }).value, 1, 1e-12);
      near(gradientCorrelation(same), 1, 1e-12);
      assert.equal(meanAbsoluteError(same), 0);
      assert.equal(peakSignalToNoise(same, { dataRange }), Infinity);
    }
  });

  it('have two scales from 21 samples on, whose halves are the 11 of the window', () => {
    const of = (side: number): number => imageAgreement(pairOf([40, side]), { dataRange }).msSsim;
    assert.ok(Number.isNaN(of(20)));
    near(of(21), multiScaleSimilarity(pairOf([40, 21]), { dataRange, scales: 2 }).value, 1e-15);
  });

  it('do not look at what lies far outside the mask, numbers or not', () => {
    const pair = pairOf([40, 33]);
    const image = Float64Array.from(pair.image);
    image[0] = NaN;
    const spoilt = { ...pair, image };
    assert.equal(meanAbsoluteError(spoilt), meanAbsoluteError(pair));
    near(structuralSimilarity(spoilt, { dataRange }), structuralSimilarity(pair, { dataRange }));
    near(gradientCorrelation(spoilt), gradientCorrelation(pair));
  });

  it('find equal images equal when one of them has no numbers outside the mask', () => {
    const { reference, shape, mask } = pairOf([40, 33]);
    const cut = Float64Array.from(reference, (value, i) => (mask[i] === 0 ? NaN : value));
    const pair = { reference: cut, image: reference, shape, mask };
    near(structuralSimilarity(pair, { dataRange }), 1, 1e-12);
    near(multiScaleSimilarity(pair, { dataRange }).value, 1, 1e-12);
  });

  it('say what they cannot compare', () => {
    const pair = pairOf([40, 33]);
    const refuses = (work: () => unknown, code: string): void => {
      assert.throws(work, (error) => error instanceof ConcordError && error.code === code);
    };
    refuses(() => meanAbsoluteError({ ...pair, shape: [40, 34] }), 'different-grids');
    refuses(() => meanAbsoluteError({ ...pair, mask: new Uint8Array(40 * 33) }), 'invalid-option');
    refuses(() => peakSignalToNoise(pair, { dataRange: 0 }), 'invalid-option');
    refuses(() => structuralSimilarity(pair, { dataRange: NaN }), 'invalid-option');
    refuses(() => structuralSimilarity(without(pairOf([40, 9])), { dataRange }), 'invalid-option');
    refuses(() => multiScaleSimilarity(pair, { dataRange, scales: 5 }), 'invalid-option');
    const image = Float64Array.from(pair.image).fill(NaN);
    refuses(() => meanAbsoluteError({ ...pair, image }), 'invalid-voxels');
  });
});
