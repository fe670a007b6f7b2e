import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { oneOf } from '../../data/one-of';
import type { Volume } from '../../data/images/volume';
import { requireMask } from '../../data/images/volume';
import { ConcordError } from '../../errors';
import type { WriteFileOptions } from '../files/write-file';
import { requireAbsent, writeFileSafely } from '../files/write-file';
import { encodeNifti } from './formats/encode-nifti';
import type { EncodedVoxels, VoxelScaling, WrittenDatatype } from './formats/encode-voxels';
import { encodeVoxels } from './formats/encode-voxels';
import { imageError } from './image-error';
import { requireValueThenPath } from '../files/argument-order';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link writeVolume}. */
export interface WriteVolumeOptions extends WriteFileOptions {
  /**
   * How voxels are stored.
   *
   * @defaultValue `'float32'`
   */
  readonly datatype?: WrittenDatatype;
  /**
   * For integers: `none` stores intensities as they are, and throws where one is no integer or out of range; `auto`
   * stores them with a slope and an intercept where that is needed, each within half a slope (or the last of
   * the 24 bits that intensities have).
   *
   * @defaultValue `'none'`
   */
  readonly scaling?: VoxelScaling;
}

const datatypes: readonly WrittenDatatype[] = [
  'float32',
  'float64',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
];

/**
 * Writes a volume as `.nii` or `.nii.gz`, whole or not at all. Its affine, the meaning of its space and the free text of
 * its header are kept; the same volume gives the same bytes. The mask is not written: see {@link writeMask}.
 *
 * @throws ConcordError `file-exists` when the file is there and `overwrite` is not set; `unsupported-format` for
 * another extension; `invalid-option` for a value that does not fit the datatype (nothing is clipped);
 * `invalid-voxels`, `unwritable-file`.
 *
 * @example
 * ```ts
 * await writeVolume(volume, 'harmonized.nii.gz', { datatype: 'int16', scaling: 'auto' });
 * ```
 */
export async function writeVolume(
  volume: Volume,
  path: string,
  options: WriteVolumeOptions = {},
): Promise<void> {
  requireValueThenPath('writeVolume', volume, path);
  requireCall('writeVolume', { volume, path, options });
  const { datatype = 'float32', scaling = 'none', overwrite = false } = options;
  oneOf('datatype', datatype, datatypes);
  oneOf('scaling', scaling, ['none', 'auto']);
  requireNiftiName(path);
  if (!overwrite) await requireAbsent(path);
  await writeNifti(path, encodeNifti(volume, datatype, encode(volume, path, { datatype, scaling })), options);
}

/**
 * Writes the brain mask of a volume as `.nii` or `.nii.gz`: 1 inside, 0 outside, in 8 bits.
 *
 * @throws ConcordError `missing-value` when the volume has no mask; `file-exists`, `unsupported-format` or
 * `unwritable-file`.
 */
export async function writeMask(volume: Volume, path: string, options: WriteFileOptions = {}): Promise<void> {
  requireValueThenPath('volumes.writeMask', volume, path);
  requireCall('volumes.writeMask', { volume, path, options });
  requireNiftiName(path);
  const bytes = requireMask(volume, 'writeMask').map((value) => (value === 0 ? 0 : 1));
  await writeNifti(path, encodeNifti(volume, 'uint8', { bytes, slope: 1, intercept: 0 }), options);
}

function encode(
  volume: Volume,
  path: string,
  how: { readonly datatype: WrittenDatatype; readonly scaling: VoxelScaling },
): EncodedVoxels {
  try {
    return encodeVoxels(volume.data, how.datatype, how.scaling);
  } catch (error) {
    if (!(error instanceof ConcordError)) throw error;
    throw imageError(error.code, path, `cannot write ${path}: ${error.problem}`, {
      remedy: error.remedy,
      cause: error,
    });
  }
}

async function writeNifti(path: string, file: Buffer, options: WriteFileOptions): Promise<void> {
  // The fastest level: for noisy voxels the others save a few percent in several times the time. No clock time is
  // stored, so that the same volume gives the same bytes.
  const bytes = /\.gz$/i.test(path) ? await promisify(gzip)(file, { level: 1, chunkSize: 1 << 20 }) : file;
  await writeFileSafely(path, bytes, options);
}

function requireNiftiName(path: string): void {
  if (/\.nii(\.gz)?$/i.test(path)) return;
  throw imageError(
    'unsupported-format',
    path,
    `unsupported format: ${path} (images are written as .nii and .nii.gz)`,
  );
}
