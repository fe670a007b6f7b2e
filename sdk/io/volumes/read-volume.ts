import { basename } from 'node:path';
import type { Affine, Triple } from '../../data/images/affine';
import { affineDeterminant, affineSpacing, isSingular } from '../../data/images/affine';
import { oneOf } from '../../data/one-of';
import { provenanceStep } from '../../data/provenance';
import type { Volume, VolumeHeader } from '../../data/images/volume';
import { makeVolume } from '../../data/images/volume';
import type { NonFinitePolicy } from './check-voxels';
import { checkVoxels } from './check-voxels';
import { imageError } from './image-error';
import { readFrame, readLayout } from './read-frame';
import { requirePath } from '../files/argument-order';
import { severalFrames } from './several-frames';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link readVolume}. */
export interface ReadVolumeOptions {
  /**
   * Which volume of a series to read, from 0. How many there are is in the volume's `header.frames`.
   *
   * @defaultValue `0`, with an issue where there are several
   */
  readonly frame?: number;
  /**
   * What to do about voxels that are NaN or infinite: throw, or set them to 0 and report an issue.
   *
   * @defaultValue `'error'`
   */
  readonly nonFinite?: NonFinitePolicy;
}

/** What {@link readVolumeHeader} finds in an image file. */
export interface VolumeFileHeader {
  readonly shape: Triple;
  /** How many volumes the file holds. */
  readonly frames: number;
  /** Voxel indices to millimeters in RAS space. */
  readonly affine: Affine;
  /** Millimeters between neighboring voxels along each axis. */
  readonly spacing: Triple;
  readonly header: Omit<VolumeHeader, 'frame'>;
}

/**
 * Reads an image: NIfTI-1 and -2 (`.nii`, `.nii.gz`, `.hdr` with `.img`) and FreeSurfer's MGH and MGZ, of any integer
 * or float datatype and either byte order. The scaling of the file is applied. The affine is the sform's; without one
 * the qform's; without either it is made from the spacing, the first axis running to the left. Headers in meters or
 * micrometers are turned into millimeters. Files packed with gzip are known by their first bytes.
 *
 * Bytes after the last voxel are passed over.
 *
 * @throws ConcordError naming the file, the cause and the remedy: `unreadable-file`; `malformed-image` (truncated,
 * wrong magic, wrong size, not gzip); `unsupported-format` (color, complex, Analyze); `invalid-voxels` (NaN,
 * infinite, all alike); `singular-affine`; `invalid-option` for a frame that is not there.
 *
 * @example
 * ```ts
 * const volume = await readVolume('sub-01_T1w.nii.gz');
 * ```
 */
export async function readVolume(path: string, options: ReadVolumeOptions = {}): Promise<Volume> {
  requirePath('readVolume', path);
  requireCall('readVolume', { path, options });
  const { frame = 0, nonFinite = 'error' } = options;
  oneOf('nonFinite', nonFinite, ['error', 'zero']);
  const read = await readFrame(path, frame);
  const { shape, affine } = read.layout;
  requireSpan(affine, path);
  const series = options.frame === undefined ? severalFrames(path, read.header.frames) : [];
  const issues = [...series, ...checkVoxels(read, path, nonFinite)];
  const step = provenanceStep('readVolume', { file: basename(path), frame, nonFinite });
  return makeVolume(read.data, { shape, affine }, { header: read.header, provenance: [step], issues });
}

/**
 * Reads the header of an image file and checks what it says. Of a packed file only the first bytes are unpacked, so that
 * a thousand files are looked through in a second or two.
 *
 * @throws ConcordError as `readVolume`, as far as the header shows.
 */
export async function readVolumeHeader(path: string): Promise<VolumeFileHeader> {
  requirePath('volumes.readHeader', path);
  requireCall('volumes.readHeader', { path });
  const { shape, affine, header } = await readLayout(path);
  requireSpan(affine, path);
  return { shape, frames: header.frames, affine, spacing: affineSpacing(affine), header };
}

function requireSpan(affine: Affine, path: string): void {
  if (!isSingular(affine) && affine.every(Number.isFinite)) return;
  throw imageError(
    'singular-affine',
    path,
    `singular affine: the axes of ${path} do not span space (determinant ${affineDeterminant(affine)}; ` +
      'correct the sform of its header, or set sform_code to 0 so that the qform counts)',
  );
}
