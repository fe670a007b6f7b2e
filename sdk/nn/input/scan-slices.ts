import type { ImageSet, SliceRecord } from '../../data/images/image-set';
import { pixelSizeOf } from '../images/image-geometry';
import type { ScanSlices } from './scan-in-slices';

/** So many slices without a gap are taken for a whole brain. */
const wholeBrain = 16;

/**
 * Slices of one scan as they are described: the middle channel, where they are not 0, within the mask where there is one. Of
 * what networks learn from there is no mask, so that 0 inside of one is none of the intensities that are compared.
 */
export function scanSlices(
  data: Float32Array,
  { shape, slices }: { readonly shape: readonly number[]; readonly slices: readonly SliceRecord[] },
  mask?: Uint8Array,
): ScanSlices {
  const [height, width, channels] = shape;
  const middle = channels === 1 ? data : everyNth(data, channels, (channels - 1) / 2);
  const inside = Uint8Array.from(middle, (value, at) => (value === 0 || mask?.[at] === 0 ? 0 : 1));
  return {
    data: middle,
    inside,
    empty: mask === undefined ? 0 : 1 - countOf(inside) / Math.max(1, countOf(mask)),
    height,
    width,
    pixelSize: pixelSizeOf(slices[0]),
    positions: slices.map(({ position }) => position),
    stacked: slices.length >= wholeBrain && slices.every(({ index }, i) => index === slices[0].index + i),
  };
}

function countOf(mask: Uint8Array): number {
  return mask.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0);
}

function everyNth(data: Float32Array, step: number, from: number): Float32Array {
  return Float32Array.from({ length: data.length / step }, (_, at) => data[at * step + from]);
}

/** The slices of one scan of a set, which follow each other. */
export function slicesOfScan(images: ImageSet, from: number, to: number): ScanSlices {
  const { data, mask, shape, slices } = images;
  const [, height, width, channels] = shape;
  const area = height * width;
  return scanSlices(
    data.subarray(from * area * channels, to * area * channels),
    { shape: shape.slice(1), slices: slices.slice(from, to) },
    mask?.subarray(from * area, to * area),
  );
}
