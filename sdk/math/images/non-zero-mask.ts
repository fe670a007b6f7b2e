import type { Where } from '../../errors';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { provenanceStep } from '../../data/provenance';
import type { Volume } from '../../data/images/volume';
import { withVolume } from '../../data/images/volume';
import { nextNonZero } from './next-non-zero';
import { requireCall } from '../../data/calls/require-call';

/**
 * Takes the voxels that are not 0 as the brain mask: for volumes whose skull was stripped before.
 *
 * A volume without any zero gets a mask of everything and an issue that says so.
 *
 * @param where - what that issue is to name: the file
 */
export function nonZeroMask(volume: Volume, where: Where = {}): Volume {
  requireCall('volumes.nonZeroMask', { volume, where });
  const { data } = volume;
  const mask = new Uint8Array(data.length);
  let voxels = 0;
  const size = data.length;
  const next = nextNonZero(data);
  for (let at = next(0, size); at < size; at = next(at, size)) {
    for (; at < size && data[at] !== 0; at++) {
      mask[at] = 1;
      voxels++;
    }
  }
  const issues: Issue[] = [];
  if (voxels === data.length) {
    issues.push(
      makeIssue(
        'doubtful-mask',
        'no voxel is 0, so the mask covers the whole volume: its skull is not stripped',
        where,
      ),
    );
  }
  return withVolume(volume, { mask, issues }, provenanceStep('nonZeroMask', { voxels }));
}
