import { provenanceStep } from '../data/provenance';
import type { Volume } from '../data/images/volume';
import { requireMask, withVolume } from '../data/images/volume';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link applyMask}. */
export interface ApplyMaskOptions {
  /**
   * The intensity outside of the mask.
   *
   * @defaultValue 0
   */
  readonly outside?: number;
}

/**
 * Takes away what is outside of the brain mask: these voxels get the intensity `outside`.
 *
 * @throws ConcordError `missing-value` when the volume has no mask.
 */
export function applyMask(volume: Volume, options: ApplyMaskOptions = {}): Volume {
  requireCall('volumes.applyMask', { volume, options });
  const { outside = 0 } = options;
  const mask = requireMask(volume, 'applyMask');
  const data = new Float32Array(volume.data.length).fill(outside);
  for (let i = 0; i < data.length; i++) if (mask[i] !== 0) data[i] = volume.data[i];
  return withVolume(volume, { data }, provenanceStep('applyMask', { outside }));
}
