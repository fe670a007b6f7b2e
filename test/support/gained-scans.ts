import type { ImageCohort, VolumeCohort } from '../../sdk/data/cohort';
import { makeImageCohort, makeVolumeCohort } from '../../sdk/data/cohort';
import { makeAffine } from '../../sdk/data/images/affine';
import { makeImageSet } from '../../sdk/data/images/image-set';
import { makeParticipants } from '../../sdk/data/people/participants';
import type { Volume } from '../../sdk/data/images/volume';
import { tissueValues, tissueVolume } from './tissue-values';

/** One brain as seen with different gains and offsets: what an intensity normalization must undo. */
export const gains: readonly (readonly [site: string, gain: number, offset: number])[] = [
  ['a', 1, 0],
  ['a', 2.7, 0],
  ['b', 10, 50],
  ['b', 12, 40],
];

/** The scans of {@link gains}, each from a slightly different brain, and any more volumes, at site b. */
export function gainedScans(...more: readonly Volume[]): VolumeCohort {
  const volumes = [
    ...gains.map(([, gain, offset], i) =>
      tissueVolume(tissueValues(4000 + 100 * i).map((value) => gain * (value + 5) + offset)),
    ),
    ...more,
  ];
  const ids = volumes.map((_, i) => `s${i}`);
  const sites = volumes.map((_, i) => (i < gains.length ? gains[i][0] : 'b'));
  const scans = volumes.map((volume, i) => ({
    id: ids[i],
    subject: ids[i],
    open: () => Promise.resolve(volume),
  }));
  return makeVolumeCohort(makeParticipants(ids, sites), scans);
}

/** The same brains as images of three slices of 20 × 20 each, with a black rim around what is in the mask. */
export function gainedImages(channels = 1): ImageCohort {
  const size = 22;
  const perScan = 3;
  const ids = gains.map((_, i) => `s${i}`);
  const count = perScan * ids.length;
  const mask = new Uint8Array(count * size * size);
  const data = new Float32Array(mask.length * channels);
  gains.forEach(([, gain, offset], scan) => {
    const values = tissueValues(perScan * 400);
    values.forEach((value, i) => {
      const image = scan * perScan + Math.floor(i / 400);
      const pixel = (image * size + 1 + Math.floor((i % 400) / 20)) * size + 1 + (i % 20);
      mask[pixel] = 1;
      data.fill(gain * (value + 5) + offset, pixel * channels, (pixel + 1) * channels);
    });
  });
  const slices = Array.from({ length: count }, (_, image) => ({
    scan: ids[Math.floor(image / perScan)],
    plane: 'axial' as const,
    index: image % perScan,
    position: image % perScan,
    offset: [0, 0] as const,
    grid: { shape: [size, size, perScan] as const, affine: makeAffine([1, 1, 1]) },
  }));
  const images = makeImageSet(data, [count, size, size, channels], { slices, mask });
  const sites = gains.map(([site]) => site);
  return makeImageCohort(makeParticipants(ids, sites), images);
}
