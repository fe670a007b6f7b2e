import { makeAffine } from '../../sdk/data/images/affine';
import type { ImageCohort } from '../../sdk/data/cohort';
import { makeImageCohort } from '../../sdk/data/cohort';
import { makeImageSet } from '../../sdk/data/images/image-set';
import { makeParticipants } from '../../sdk/data/people/participants';
import { makeRandom } from '../../sdk/math/random';

/** A scan of {@link travelingImages}: who, where, and what the site did. */
export interface TravelingScan {
  readonly subject: string;
  readonly site: string;
  readonly gain?: number;
  readonly offset?: number;
}

const height = 26;
const width = 24;

/** Two slices per scan of a smooth pattern that belongs to the subject, times the gain plus the offset of the site. */
export function travelingImages(scans: readonly TravelingScan[]): ImageCohort {
  const ids = scans.map(({ subject, site }, row) => `${subject}_${site}_${row}`);
  const area = height * width;
  const data = new Float32Array(scans.length * 2 * area);
  const mask = new Uint8Array(data.length);
  scans.forEach(({ subject, gain = 1, offset = 0 }, row) => {
    const random = makeRandom([...subject].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7));
    const waves = Array.from({ length: 4 }, () => [random.uniform(), random.uniform(), random.uniform()]);
    for (let i = 0; i < 2 * area; i++) {
      const slice = Math.floor(i / area);
      const r = Math.floor((i % area) / width);
      const c = i % width;
      const anatomy = waves.reduce(
        (sum, [u, v, w]) => sum + 0.1 * Math.sin(u * r + v * c + 3 * w + slice),
        0.5,
      );
      data[row * 2 * area + i] = gain * anatomy + offset;
      mask[row * 2 * area + i] = Math.hypot(r - height / 2, c - width / 2) < 10 ? 1 : 0;
    }
  });
  const grid = { shape: [width, height, 8] as const, affine: makeAffine([1, 1, 1]) };
  const slices = ids.flatMap((scan) =>
    [3, 4].map((index) => ({
      scan,
      plane: 'axial' as const,
      index,
      position: index,
      offset: [0, 0] as const,
      grid,
    })),
  );
  const people = makeParticipants(
    ids,
    scans.map(({ site }) => site),
  );
  return makeImageCohort(people, makeImageSet(data, [slices.length, height, width, 1], { slices, mask }), {
    subjects: scans.map(({ subject }) => subject),
  });
}
