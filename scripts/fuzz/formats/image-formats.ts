import { gzipSync } from 'node:zlib';
import type { Volume } from '../../../sdk/data/images/volume';
import { makeVolume } from '../../../sdk/data/images/volume';
import { readVolume } from '../../../sdk/io/volumes/read-volume';
import { encodeNifti } from '../../../sdk/io/volumes/formats/encode-nifti';
import { encodeVoxels } from '../../../sdk/io/volumes/formats/encode-voxels';
import { niftiBytes } from '../../../test/support/nifti-bytes';
import type { FuzzedFormat, FuzzSeed } from '../fuzzed-format';
import { oneFile } from './one-file';

function volume(nx: number): Volume {
  const data = Float32Array.from({ length: nx * 12 }, (_, i) => i % 97);
  return makeVolume(data, { shape: [nx, 4, 3], affine: [2, 0, 0, -4, 0, 2, 0, -4, 0, 0, 3, -3, 0, 0, 0, 1] });
}

/** An MGH file: big endian, of floats. */
export function mghBytes(shape: readonly [number, number, number], frames = 1): Buffer {
  const count = shape[0] * shape[1] * shape[2] * frames;
  const bytes = Buffer.alloc(284 + 4 * count);
  [1, ...shape, frames, 3, 0].forEach((value, i) => bytes.writeInt32BE(value, 4 * i));
  bytes.writeInt16BE(1, 28);
  [1, 1, 1, -1, 0, 0, 0, 0, -1, 0, 1, 0, 5, 6, 7].forEach((value, i) =>
    bytes.writeFloatBE(value, 30 + 4 * i),
  );
  for (let i = 0; i < count; i++) bytes.writeFloatBE(i % 31, 284 + 4 * i);
  return bytes;
}

function notAVolume({ data, shape, affine, spacing }: Volume): string | undefined {
  if (data.length !== shape[0] * shape[1] * shape[2]) return `${data.length} voxels of ${shape.join(' × ')}`;
  if (!data.every(Number.isFinite)) return 'voxels that are not finite';
  if (affine.length !== 16 || !affine.every(Number.isFinite)) return `the affine ${affine.join(' ')}`;
  return spacing.every((size) => size > 0) ? undefined : `the spacing ${spacing.join(' ')}`;
}

function niftiSeeds(): readonly FuzzSeed[] {
  const plain = encodeNifti(volume(5), 'float32', encodeVoxels(volume(5).data, 'float32', 'none'));
  const small = encodeNifti(volume(5), 'uint8', encodeVoxels(volume(5).data, 'uint8', 'none'));
  const second = encodeNifti(volume(32768), 'int16', encodeVoxels(volume(32768).data, 'int16', 'none'));
  const series = niftiBytes({ dim: [4, 2, 3, 2, 2], voxels: new Uint8Array(48).map((_, i) => i), bits: 16 });
  const apart = niftiBytes({ magic: 'ni1\0', voxelOffset: 0, bits: 16 });
  const pair = { 'pair.hdr': apart.subarray(0, 348), 'pair.img': apart.subarray(352) };
  return [
    oneFile('plain.nii', plain),
    oneFile('small.nii', small),
    oneFile('series.nii', series),
    oneFile('packed.nii.gz', gzipSync(plain)),
    oneFile('second.nii.gz', gzipSync(second)),
    { files: pair, altered: 'pair.hdr', opened: 'pair.hdr' },
    { files: pair, altered: 'pair.img', opened: 'pair.img' },
  ];
}

/** Volumes. */
export const imageFormats: readonly FuzzedFormat[] = [
  {
    name: 'nifti',
    kind: 'bytes',
    seeds: () => Promise.resolve(niftiSeeds()),
    read: (path) => readVolume(path),
    nonsense: notAVolume,
  },
  {
    name: 'mgh',
    kind: 'bytes',
    seeds: () =>
      Promise.resolve([
        oneFile('plain.mgh', mghBytes([4, 3, 5])),
        oneFile('series.mgh', mghBytes([2, 3, 2], 3)),
        oneFile('packed.mgz', gzipSync(mghBytes([4, 3, 5]))),
      ]),
    read: (path) => readVolume(path, { nonFinite: 'zero' }),
    nonsense: notAVolume,
  },
];
