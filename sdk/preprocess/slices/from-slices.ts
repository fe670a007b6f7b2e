import type { ImageSet, SliceRecord } from '../../data/images/image-set';
import { provenanceStep } from '../../data/provenance';
import type { Grid, Volume } from '../../data/images/volume';
import { makeVolume, sameGrid, withVolume } from '../../data/images/volume';
import { ConcordError } from '../../errors';
import { turning, turnVoxels, turnVoxelsBack } from '../../data/images/turning';
import { channelSlice, sliceLayout, sliceWindow } from './slice-layout';
import { requireCall } from '../../data/calls/require-call';

/**
 * Puts slices back into the volume they were cut from. Where several show the same voxel, as neighboring 2.5D triples
 * or slices of several planes do, it becomes their average. Voxels that no slice shows stay as they are in `like`, or 0.
 *
 * @param images - the slices of one scan, one or more
 * @param like - the volume they were cut from: the result has its orientation, its mask and its record; without it the
 * result is in RAS order and its mask is that of the slices
 * @throws ConcordError `too-little-data` when there are no slices; `invalid-option` when they are of several scans;
 * `different-grids` when they were cut from another grid than that of `like`.
 */
export function fromSlices(images: ImageSet, like?: Volume): Volume {
  requireCall('volumes.fromSlices', { images, like });
  const grid = commonGrid(images);
  const step = provenanceStep('fromSlices', { slices: images.slices.length, channels: images.shape[3] });
  if (like === undefined) {
    const size = grid.shape[0] * grid.shape[1] * grid.shape[2];
    const mask = images.mask === undefined ? {} : { mask: maskFromSlices(images, grid) };
    return makeVolume(averageSlices(images, grid, new Float32Array(size)), grid, {
      ...mask,
      provenance: [step],
    });
  }
  const turn = turning(like, 'RAS');
  if (!sameGrid(turn.grid, grid)) {
    throw new ConcordError(
      'different-grids',
      `the slices were cut from a grid of ${grid.shape.join(' × ')} voxels that is not the volume's, ` +
        `${turn.grid.shape.join(' × ')} in the same order (give the volume that they were cut from)`,
    );
  }
  const kept = turnVoxels(like.data, new Float32Array(like.data.length), turn);
  const data = turnVoxelsBack(averageSlices(images, grid, kept), new Float32Array(like.data.length), turn);
  return withVolume(like, { data }, step);
}

function commonGrid(images: ImageSet): Grid {
  const first = images.slices.at(0);
  if (first === undefined) {
    throw new ConcordError('too-little-data', 'there are no slices to make a volume of');
  }
  const other = images.slices.find(({ scan, grid }) => scan !== first.scan || !sameGrid(grid, first.grid));
  if (other !== undefined) {
    throw new ConcordError(
      'invalid-option',
      `invalid slices: they are of the scans "${first.scan}" and "${other.scan}" or of two grids (slices of one scan are required)`,
    );
  }
  return first.grid;
}

/** Writes into `voxels`, laid out as the grid in RAS order, the average of what the slices show; the rest stays. */
function averageSlices(images: ImageSet, grid: Grid, voxels: Float32Array): Float32Array {
  const sums = new Float64Array(voxels.length);
  const counts = new Uint16Array(voxels.length);
  const channels = images.shape[3];
  for (let channel = 0; channel < channels; channel++) {
    eachPixel(images, grid, channel, (pixel, voxel) => {
      sums[voxel] += images.data[pixel];
      counts[voxel]++;
    });
  }
  for (let voxel = 0; voxel < voxels.length; voxel++) {
    if (counts[voxel] > 0) voxels[voxel] = sums[voxel] / counts[voxel];
  }
  return voxels;
}

function maskFromSlices(images: ImageSet, grid: Grid): Uint8Array {
  const mask = new Uint8Array(grid.shape[0] * grid.shape[1] * grid.shape[2]);
  const [count, height, width] = images.shape;
  const flat = { ...images, shape: [count, height, width, 1] as const };
  eachPixel(flat, grid, 0, (pixel, voxel) => {
    if (images.mask?.[pixel] === 1) mask[voxel] = 1;
  });
  return mask;
}

/** Calls `visit` with the place of every pixel of a channel and of the voxel that it shows. */
function eachPixel(
  images: Pick<ImageSet, 'shape' | 'slices'>,
  grid: Grid,
  channel: number,
  visit: (pixel: number, voxel: number) => void,
): void {
  for (const [image, record] of images.slices.entries())
    eachPixelOf(images.shape, { image, record, grid, channel }, visit);
}

function eachPixelOf(
  shape: ImageSet['shape'],
  slice: {
    readonly image: number;
    readonly record: SliceRecord;
    readonly grid: Grid;
    readonly channel: number;
  },
  visit: (pixel: number, voxel: number) => void,
): void {
  const { image, record, grid, channel } = slice;
  const { plane, index, offset } = record;
  const [, height, width, channels] = shape;
  const layout = sliceLayout(grid.shape, plane);
  const start = layout.corner + channelSlice(layout, index, channel, channels) * layout.next;
  const window = sliceWindow(layout, shape, offset);
  for (let row = window.top; row < window.bottom; row++) {
    let voxel = start + (row - offset[0]) * layout.down + (window.left - offset[1]) * layout.right;
    let pixel = ((image * height + row) * width + window.left) * channels + channel;
    for (let column = window.left; column < window.right; column++) {
      visit(pixel, voxel);
      voxel += layout.right;
      pixel += channels;
    }
  }
}
