import { ConcordError } from '../../errors';
import type { ScanPicture } from './image-source';

/** Which tissue or region every voxel belongs to. */
export interface TissueLabels {
  /** The names of labels 1, 2, …; label 0 belongs to none. */
  readonly names: readonly string[];
  /**
   * The labels of a scan: one per voxel of the volume, or one per pixel of its images, image by image, row by row.
   *
   * @param scan - the id of the scan
   */
  of(scan: string): Uint8Array | Promise<Uint8Array>;
}

/** One region, the mask: for cohorts without labels. */
export const wholeMask: readonly string[] = ['brain'];

/**
 * The labels of a scan, one per voxel of its pictures; `undefined` without labels.
 *
 * @throws ConcordError `different-grids` when there are more or fewer.
 */
export async function labelsOfScan(
  scan: string,
  pictures: readonly ScanPicture[],
  labels: TissueLabels | undefined,
): Promise<Uint8Array | undefined> {
  const of = await labels?.of(scan);
  const total = pictures.reduce((sum, { values }) => sum + values.length, 0);
  if (of !== undefined && of.length !== total) {
    throw new ConcordError(
      'different-grids',
      `invalid labels of ${scan}: ${of.length} for ${total} voxels (one label per voxel is required)`,
      { where: { subject: scan } },
    );
  }
  return of;
}

/** The intensities of a scan, region by region. */
export async function intensitiesByRegion(
  scan: string,
  pictures: readonly ScanPicture[],
  labels: TissueLabels | undefined,
): Promise<readonly Float32Array[]> {
  const of = await labelsOfScan(scan, pictures, labels);
  const names = labels?.names ?? wholeMask;
  return names.map((_, region) => {
    const found: number[] = [];
    let start = 0;
    for (const { values, mask } of pictures) {
      for (let i = 0; i < values.length; i++) {
        const inside = of === undefined ? mask?.[i] !== 0 : of[start + i] === region + 1;
        if (inside && Number.isFinite(values[i])) found.push(values[i]);
      }
      start += values.length;
    }
    return Float32Array.from(found);
  });
}
