import type { ImageCohort, VolumeCohort } from '../../data/cohort';
import { imageRanges } from '../../data/cohort';
import type { RunOptions } from '../../data/run-options';
import type { SliceRecord } from '../../data/images/image-set';
import type { Grid } from '../../data/images/volume';
import { sameGrid } from '../../data/images/volume';
import type { ImagePair } from './image-pair';

/** One picture of a scan, as the measures take it: the whole volume, or one of its slices. */
export interface ScanPicture {
  /** Which slice it is; the same for all volumes. */
  readonly slice: string;
  /** The grid of the volume that it is, or was cut from. */
  readonly grid: Grid;
  readonly values: Float32Array;
  readonly shape: readonly number[];
  readonly mask?: Uint8Array;
}

/** The pictures of the scans of a cohort of either kind, one scan at a time. */
export interface PictureSource {
  /** The person of each row. */
  readonly subjects: readonly string[];
  pictures(row: number, run?: RunOptions): Promise<readonly ScanPicture[]>;
}

/** The pictures of a cohort: of volumes the volume itself, of images the slices, in their middle channel. */
export function pictureSource(cohort: VolumeCohort | ImageCohort): PictureSource {
  return cohort.kind === 'volumes' ? volumePictures(cohort) : slicePictures(cohort);
}

function volumePictures({ scans }: VolumeCohort): PictureSource {
  return {
    subjects: scans.map(({ subject }) => subject),
    pictures: async (row, run) => {
      const { data, shape, mask, affine } = await scans[row].open(run);
      const grid = { shape, affine };
      return [{ slice: 'all', grid, values: data, shape, ...(mask === undefined ? {} : { mask }) }];
    },
  };
}

function slicePictures(cohort: ImageCohort): PictureSource {
  const ranges = imageRanges(cohort);
  const { data, mask, shape, slices } = cohort.images;
  const [, height, width, channels] = shape;
  const area = height * width;
  const middle = Math.floor(channels / 2);
  return {
    subjects: cohort.subjects,
    pictures: (row) => {
      const [from, to] = ranges[row];
      const pictures = Array.from({ length: to - from }, (_, i): ScanPicture => {
        const image = from + i;
        const values = new Float32Array(area);
        for (let pixel = 0; pixel < area; pixel++) {
          values[pixel] = data[(image * area + pixel) * channels + middle];
        }
        return {
          slice: placeOfSlice(slices[image]),
          grid: slices[image].grid,
          values,
          // Columns run fastest.
          shape: [width, height],
          ...(mask === undefined ? {} : { mask: mask.subarray(image * area, (image + 1) * area) }),
        };
      });
      return Promise.resolve(pictures);
    },
  };
}

/** Where a slice is in its grid: slices of scans on one grid show the same place where it is the same. */
export function placeOfSlice({ plane, index, offset }: SliceRecord): string {
  return `${plane} ${index}, ${offset.join(' ')}`;
}

/** The pictures of two scans that show the same place, paired: those of the first are the reference. */
export function pairPictures(
  references: readonly ScanPicture[],
  pictures: readonly ScanPicture[],
): readonly ImagePair[] {
  const bySlice = new Map(pictures.map((picture) => [picture.slice, picture]));
  return references.flatMap((reference): ImagePair[] => {
    const picture = bySlice.get(reference.slice);
    if (picture === undefined || !sameGrid(reference.grid, picture.grid)) return [];
    const { values, shape, mask } = reference;
    // A slice that misses the brain has nothing to compare.
    if (mask?.every((inside) => inside === 0) === true) return [];
    return [{ reference: values, image: picture.values, shape, ...(mask === undefined ? {} : { mask }) }];
  });
}
