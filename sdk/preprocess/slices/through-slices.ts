import type { ImageSet } from '../../data/images/image-set';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { ProvenanceStep } from '../../data/provenance';
import type { Volume } from '../../data/images/volume';
import { requireMask, sameGrid, withVolume } from '../../data/images/volume';
import { ConcordError } from '../../errors';
import { applyMask } from '../apply-mask';
import { changedVoxel, changeOnGrid } from './change-on-grid';
import { fromSlices } from './from-slices';
import { maskBox } from '../../data/images/mask-box';
import { reorient } from '../reorient';
import type { SliceGrid } from '../resample-in-plane';
import { resampleInPlane } from '../resample-in-plane';
import { planeAxis } from '../../data/images/slice-positions';
import { toSlices } from './to-slices';
import { trimBorder } from './trim-border';
import { advise } from '../../remedy';

/** How a volume is cut for what works on slices. */
export interface ThroughSlicesOptions extends SliceGrid {
  /** The id of the scan. */
  readonly scan: string;
  readonly size: readonly [height: number, width: number];
  readonly channels: 1 | 3;
  /** What was done, for the record. */
  readonly step: ProvenanceStep;
}

/** What became of the slices of a scan. */
export interface ChangedSlices {
  readonly images: ImageSet;
  readonly issues: readonly Issue[];
  /** How intensities were scaled on the whole: what is outside of the brain is scaled alike. @defaultValue not at all */
  readonly scale?: (value: number) => number;
}

/**
 * Does to a volume what something can do to slices. All slices with brain in them are cut, the brain in their middle
 * and 0 outside of it; what comes back takes their place, averaged where 2.5D triples overlap. Where its pixels have
 * another size than the slices must have, the slices are cut from a resampled volume, and what changed in them is
 * brought back to the scan's own grid and added to it there, with an issue of code `resampled`: so its own detail is
 * kept.
 *
 * @param change - returns other slices in place of those given, and what was noticed
 * @throws ConcordError `missing-value` without a mask; `failed-step` when it is empty; `invalid-option` when the brain is
 * larger than the slices.
 */
export async function throughSlices(
  volume: Volume,
  options: ThroughSlicesOptions,
  change: (slices: ImageSet) => Promise<ChangedSlices>,
): Promise<Volume> {
  const { scan, plane, size, channels, step } = options;
  requireMask(volume, 'working on the slices of a scan');
  const whole = resampleInPlane(volume, options);
  const trimmed = trimBorder(whole, options);
  const fitting = trimmed.left === 0 ? whole : { ...whole, mask: trimmed.mask };
  const brain = applyMask(fitting);
  const slices = toSlices(brain, {
    scan,
    plane,
    channels,
    size,
    fill: 0,
    center: 'mask',
    at: { indices: slicesOfBrain(brain, options) },
  });
  const { images, issues, scale } = await change(slices);
  const changed = fromSlices(images, brain);
  const noticed = [
    ...resamplingIssue(volume, fitting, scan),
    ...borderIssue(trimmed.left, options),
    ...issues,
  ];
  const scaled = scale === undefined ? volume.data : volume.data.map(scale);
  if (sameGrid(volume, fitting)) {
    const mask = requireMask(fitting, 'putting slices back');
    const data = scaled.map((value, voxel) => (mask[voxel] === 0 ? value : changed.data[voxel]));
    return withVolume(volume, { data, issues: noticed }, step);
  }
  const mask = requireMask(volume, 'putting slices back');
  const { added, before } = changeOnGrid(volume, fitting, { changed, scale });
  const data = scaled.map((value, voxel) => {
    if (mask[voxel] === 0) return value;
    return scale === undefined ? added[voxel] : changedVoxel(value, added[voxel], before[voxel]);
  });
  return withVolume(volume, { data, issues: noticed }, step);
}

function slicesOfBrain(brain: Volume, { scan, plane, size }: ThroughSlicesOptions): readonly number[] {
  const { mask, shape } = reorient(brain);
  const { from, to } = maskBox(mask ?? new Uint8Array(0), shape);
  const axis = planeAxis(plane);
  const [width, height] = [0, 1, 2].filter((other) => other !== axis).map((other) => to[other] - from[other]);
  if (height > size[0] || width > size[1]) {
    throw new ConcordError(
      'invalid-option',
      `the brain of ${scan} takes ${height} × ${width} pixels in ${plane} slices, more than the ${size.join(' × ')} that can be worked on`,
      {
        where: { subject: scan },
        remedy: advise`check its mask for parts that are no brain, or train a model on larger slices or larger pixels`,
      },
    );
  }
  return Array.from({ length: to[axis] - from[axis] }, (_, i) => from[axis] + i);
}

function borderIssue(left: number, { scan, size }: ThroughSlicesOptions): readonly Issue[] {
  if (left === 0) return [];
  const message = `the brain of ${scan} is a little larger than the ${size.join(' × ')} pixels of the slices: ${left} of its voxels at the rim ${left === 1 ? 'was' : 'were'} only brought to the scale of the result`;
  return [makeIssue('border-left', message, { subject: scan })];
}

function resamplingIssue(before: Volume, after: Volume, scan: string): readonly Issue[] {
  if (sameGrid(before, after)) return [];
  const sizes = [before, after].map(({ spacing }) => spacing.map((mm) => Number(mm.toFixed(3))).join(' × '));
  const message = `${scan} was resampled from voxels of ${sizes[0]} mm to ${sizes[1]} mm, the pixels that the model knows, and what changed was brought back`;
  return [makeIssue('resampled', message, { subject: scan })];
}
