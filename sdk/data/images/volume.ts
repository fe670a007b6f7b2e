import { ConcordError } from '../../errors';
import type { Affine, Triple } from './affine';
import { affineSpacing, isSingular } from './affine';
import type { Issue } from '../issue';
import type { Provenance, ProvenanceStep } from '../provenance';
import { advise, call, either } from '../../remedy';
import { requireCall } from '../calls/require-call';

/**
 * A three-dimensional image on a regular grid. Immutable: every step returns a new one.
 *
 * Voxel (i, j, k) is `data[i + nx * (j + ny * k)]`: x fastest.
 */
export interface Volume {
  readonly kind: 'volume';
  /** Intensities with the scaling of the file applied. */
  readonly data: Float32Array;
  /** Voxels along each axis: nx, ny, nz. */
  readonly shape: Triple;
  /** Voxel indices to millimeters in RAS space. */
  readonly affine: Affine;
  /** Millimeters between neighboring voxels along each axis. */
  readonly spacing: Triple;
  /** Where the brain is, on the same grid: 1 inside, 0 outside. Steps that change the grid take it along. */
  readonly mask?: Uint8Array;
  /** What its file said in its header, kept so that what is written later means the same. */
  readonly header?: VolumeHeader;
  /** How it was made, oldest step first. */
  readonly provenance: Provenance;
  /** What was noticed on the way. */
  readonly issues: readonly Issue[];
}

/** How voxels are stored in a file. */
export type Datatype =
  'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'uint64' | 'int64' | 'float32' | 'float64';

/** The meaning of a file's header, kept so that what is written later means the same. */
export interface VolumeHeader {
  readonly format: 'nifti1' | 'nifti2' | 'mgh';
  /** How the voxels were stored. */
  readonly datatype: Datatype;
  /** Stored values times `slope` plus `intercept` gave the intensities (1 and 0: none). */
  readonly slope: number;
  readonly intercept: number;
  /** What space the affine leads to, by NIfTI's codes: 0 unknown, 1 scanner, 2 aligned, 3 Talairach, 4 MNI. */
  readonly sformCode: number;
  readonly qformCode: number;
  /** The affine of the quaternion, where the file has one; the volume's affine is the sform's where both are there. */
  readonly qform?: Affine;
  /** How many volumes the file holds (its fourth axis), and which of them this is. */
  readonly frames: number;
  readonly frame: number;
  /** The free text of the header. */
  readonly description: string;
}

/** What {@link makeVolume} takes besides data, shape and affine. */
export interface VolumeRecord {
  readonly mask?: Uint8Array;
  readonly header?: VolumeHeader;
  readonly provenance?: Provenance;
  readonly issues?: readonly Issue[];
}

/** The grid of a volume: where its voxels are. */
export type Grid = Pick<Volume, 'shape' | 'affine'>;

/**
 * Makes a {@link Volume} and checks its sizes. The arrays are not copied.
 *
 * @param data - intensities, x fastest
 * @param grid - shape (nx, ny, nz) and voxel → RAS millimeters
 * @throws ConcordError `invalid-option` when sizes do not fit or the affine is singular.
 *
 * @example
 * ```ts
 * const volume = makeVolume(new Float32Array(64 * 64 * 32), { shape: [64, 64, 32], affine: affine.make([3, 3, 5]) });
 * ```
 */
export function makeVolume(data: Float32Array, grid: Grid, record: VolumeRecord = {}): Volume {
  requireCall('makeVolume', { data, grid, record });
  const { shape, affine } = grid;
  const { mask, header, provenance = [], issues = [] } = record;
  if (!shape.every((size) => Number.isInteger(size) && size > 0)) {
    throw new ConcordError('invalid-option', `invalid shape: ${shape.join(' × ')} (three positive integers)`);
  }
  const count = shape[0] * shape[1] * shape[2];
  if (data.length !== count) {
    throw new ConcordError(
      'invalid-option',
      `invalid volume: ${data.length} voxels for a shape of ${shape.join(' × ')}`,
    );
  }
  requireMaskSize(mask, count);
  if (affine.length !== 16 || isSingular(affine)) {
    throw new ConcordError(
      'invalid-option',
      'invalid affine: 16 numbers, row by row, whose three axes span space, are required',
    );
  }
  return {
    kind: 'volume',
    data,
    shape,
    affine,
    spacing: affineSpacing(affine),
    ...(mask === undefined ? {} : { mask }),
    ...(header === undefined ? {} : { header }),
    provenance,
    issues,
  };
}

/** What a step changes in a volume. */
export interface VolumeChange extends Partial<Grid> {
  readonly data?: Float32Array;
  readonly mask?: Uint8Array;
  readonly issues?: readonly Issue[];
}

/** The volume with some of it changed, one more provenance step and any new issues. What is not named stays. */
export function withVolume(volume: Volume, change: VolumeChange, step: ProvenanceStep): Volume {
  const { data = volume.data, shape = volume.shape, affine = volume.affine, mask = volume.mask } = change;
  return makeVolume(
    data,
    { shape, affine },
    {
      mask,
      header: volume.header,
      provenance: [...volume.provenance, step],
      issues: [...volume.issues, ...(change.issues ?? [])],
    },
  );
}

/**
 * The mask of a volume, for steps that cannot do without one.
 *
 * @throws ConcordError `missing-value` when it has none.
 */
export function requireMask(volume: Volume, purpose: string): Uint8Array {
  if (volume.mask === undefined) {
    throw new ConcordError('missing-value', `missing mask: ${purpose} requires a brain mask`, {
      remedy: [
        either(
          advise`make one with ${call('volumes.brainMask')}`,
          advise`take what is not 0 with ${call('volumes.nonZeroMask')}`,
          advise`supply yours with ${call('volumes.withMask')}`,
        ),
      ],
    });
  }
  return volume.mask;
}

/** Whether two grids have the same shape and, within a thousandth of a voxel, the same affine. */
export function sameGrid(one: Grid, other: Grid): boolean {
  const tolerance = 1e-3 * Math.min(...affineSpacing(one.affine));
  return (
    one.shape.every((size, axis) => size === other.shape[axis]) &&
    one.affine.every((value, cell) => Math.abs(value - other.affine[cell]) <= tolerance)
  );
}

function requireMaskSize(mask: Uint8Array | undefined, count: number): void {
  if (mask === undefined) return;
  if (mask.length !== count) {
    throw new ConcordError('invalid-option', `invalid mask: ${mask.length} voxels for a volume of ${count}`);
  }
}
