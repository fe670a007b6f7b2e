import { provenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import { breathe } from '../../data/run-options';
import type { Volume } from '../../data/images/volume';
import { withVolume } from '../../data/images/volume';
import { ConcordError } from '../../errors';
import { bSplineAxis } from '../../math/images/b-spline-axis';
import type { BSplineLattice } from '../../math/images/b-spline-lattice';
import { evaluateSlice } from '../../math/images/b-spline-lattice';
import { otsuThreshold } from '../../math/images/otsu-threshold';
import type { BiasFieldOptions } from './bias-field-options';
import { biasFieldSettings } from './bias-field-options';
import type { BiasFieldLevel } from './estimate-log-field';
import { estimateLogField } from './estimate-log-field';
import { fieldSamples } from './field-samples';
import { requireCall } from '../../data/calls/require-call';

/** A bias field, the volume without it, and how it was found. */
export interface BiasField {
  /**
   * By how much each voxel is brighter than it should be, as a factor. Outside the mask it runs on smoothly, but
   * nothing was measured there.
   */
  readonly field: Volume;
  /** The volume divided by the field. */
  readonly corrected: Volume;
  /** What happened at each fitting level, coarsest first. */
  readonly levels: readonly BiasFieldLevel[];
  /** Which voxels it was estimated from. */
  readonly mask: MaskSource;
  /** How many of them. */
  readonly samples: number;
}

/** Where the mask of an estimate came from: the options, the volume, or Otsu's threshold. */
export type MaskSource = 'given' | 'volume' | 'otsu';

/**
 * Estimates the bias field of a volume by N4 (Tustison et al. 2010, IEEE TMI 29:1310; histogram sharpening of Sled et
 * al. 1998, IEEE TMI 17:87; B-spline approximation of Lee et al. 1997, IEEE TVCG 3:228) and divides by it.
 *
 * The field is scaled so that its logarithm has mean zero over the voxels it was estimated from, which keeps the
 * level of intensities; ITK leaves it where its iterations end, near that. Voxels in the mask that are not positive,
 * not finite, or darker than a hundredth of the median take no part in the estimate; they are divided like the others.
 *
 * @throws ConcordError `invalid-option` on an option outside what is allowed; `too-little-data` when fewer than 64
 * usable voxels are in the mask; `aborted` when canceled.
 */
export async function biasField(
  volume: Volume,
  options: BiasFieldOptions = {},
  run: RunOptions = {},
): Promise<BiasField> {
  requireCall('volumes.biasField', { volume, options, run });
  const settings = biasFieldSettings(volume, options);
  const { mask, source } = estimationMask(volume, options.mask);
  const samples = fieldSamples(volume, mask, settings.shrinkFactor);
  const { lattice, levels } = await estimateLogField(samples, settings, run);
  const { field, corrected } = await divideByField(volume, lattice, run);
  const step = { ...settings, fittingLevels: settings.maxIterations.length, mask: source };
  return {
    field: withVolume(volume, { data: field }, provenanceStep('biasField', step)),
    corrected: withVolume(volume, { data: corrected }, provenanceStep('correctBias', step)),
    levels,
    mask: source,
    samples: samples.logs.length,
  };
}

function estimationMask(volume: Volume, given?: Uint8Array): { mask: Uint8Array; source: MaskSource } {
  if (given !== undefined && given.length !== volume.data.length) {
    throw new ConcordError(
      'invalid-option',
      `invalid mask: ${given.length} voxels for a volume of ${volume.data.length}`,
    );
  }
  if (given !== undefined) return { mask: given, source: 'given' };
  if (volume.mask !== undefined) return { mask: volume.mask, source: 'volume' };
  const threshold = otsuThreshold(volume.data.filter((value) => Number.isFinite(value)));
  return { mask: Uint8Array.from(volume.data, (value) => (value > threshold ? 1 : 0)), source: 'otsu' };
}

/** The field at every voxel, and the voxels divided by it. */
async function divideByField(
  { data, shape }: Volume,
  lattice: BSplineLattice,
  { signal }: RunOptions,
): Promise<{ field: Float32Array; corrected: Float32Array }> {
  const axes = shape.map((size, axis) => bSplineAxis(size, lattice.mesh[axis]));
  const slice = new Float64Array(shape[0] * shape[1]);
  const field = new Float32Array(data.length);
  const corrected = new Float32Array(data.length);
  for (let z = 0; z < shape[2]; z++) {
    if (z % 16 === 0) await breathe(signal);
    evaluateSlice(lattice, { axes, z }, slice);
    const from = z * slice.length;
    for (let n = 0; n < slice.length; n++) {
      field[from + n] = Math.exp(slice[n]);
      corrected[from + n] = data[from + n] / field[from + n];
    }
  }
  return { field, corrected };
}
