// One mask for the brains of all persons, so that where it ends says nothing of the site.
import type { Volume, VolumeCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { erode, fillHoles } from '../../../sdk/math/images/morphology';

/** How far the common mask is inside that of every brain: 2 mm, where sites cut brains differently. */
const margin = 2;

/** The brain of a scan whose background is 0: holes in it are filled. */
export function ownMask({ data, mask, shape }: Volume): Uint8Array {
  return fillHoles(mask ?? Uint8Array.from(data, (value) => Number(value !== 0)), shape);
}

/** What is in the brain of every person, less the margin, as a volume on the grid that all scans are on. */
export async function commonMask(scans: VolumeCohort): Promise<Volume> {
  let first: Volume | undefined;
  let inAll: Uint8Array = new Uint8Array(0);
  await concord.streamVolumes(
    scans,
    (volume, _row, { id }) => {
      first ??= volume;
      const own = ownMask(volume);
      if (own.length !== first.data.length) throw new Error(`${id} is on another grid than the scan before`);
      inAll = inAll.length === 0 ? own : inAll.map((value, i) => value & own[i]);
    },
    { strict: true },
  );
  if (first === undefined) throw new Error('no scans');
  const { shape, affine, spacing } = first;
  const inner = erode(inAll, shape, [margin / spacing[0], margin / spacing[1], margin / spacing[2]]);
  return concord.makeVolume(Float32Array.from(inner), { shape, affine }, { mask: inner });
}
