import { join } from 'node:path';
import { invertAffine, transformPoint } from '../../../sdk/data/images/affine';
import type { Volume } from '../../../sdk/data/images/volume';
import { nonZeroMask } from '../../../sdk/math/images/non-zero-mask';
import { quantile, sortedAt, sortedValues } from '../../../sdk/math/statistics/quantiles';
import { readVolume } from '../../../sdk/io/volumes/read-volume';

/** What a part of the benchmark prints. */
export interface BrainFigures {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** A line for each brain beyond the limits. */
  readonly beyond: readonly string[];
}

/** One of the shared brains, whose mask is what is not 0. */
export async function readBrain(folder: string, id: string): Promise<Volume> {
  return nonZeroMask(await readVolume(join(folder, id, 'anat', `${id}_space-MNI152_desc-brain_T1w.nii.gz`)));
}

/** The voxels of deep white matter, by their place in MNI space: known without looking at intensities. */
export function deepWhiteVoxels(
  { shape, affine }: Volume,
  part: (x: number, y: number) => boolean = () => true,
): readonly number[] {
  const toVoxel = invertAffine(affine);
  const found: number[] = [];
  for (const x of [-28, -26, -24, -22, 22, 24, 26, 28]) {
    for (let y = -36; y < 12; y += 2) {
      for (let z = 24; z < 36; z += 2) {
        if (!part(x, y)) continue;
        const [i, j, k] = transformPoint(toVoxel, [x, y, z]).map(Math.round);
        found.push(i + shape[0] * (j + shape[1] * k));
      }
    }
  }
  return found;
}

/** The median of some voxels. */
export function medianAt(data: Float32Array, voxels: readonly number[]): number {
  return quantile(sortedAt(data, voxels), 0.5);
}

export function median(values: readonly number[]): number {
  return quantile(sortedValues(Float64Array.from(values)), 0.5);
}
