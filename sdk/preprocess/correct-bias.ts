import type { RunOptions } from '../data/run-options';
import type { Volume } from '../data/images/volume';
import { biasField } from './bias-field/bias-field';
import type { BiasFieldOptions } from './bias-field/bias-field-options';
import { requireCall } from '../data/calls/require-call';

/**
 * Divides a volume by its bias field, estimated by N4: the slow brightening and darkening that coils cause is taken
 * out, so that one tissue has one intensity throughout. See {@link biasField} for the field itself and the record.
 *
 * @throws ConcordError `invalid-option`, `too-little-data`, `aborted`, as {@link biasField} says.
 *
 * @example
 * ```ts
 * const even = await volumes.correctBias(volume, { fittingLevels: 4 });
 * ```
 */
export async function correctBias(
  volume: Volume,
  options: BiasFieldOptions = {},
  run: RunOptions = {},
): Promise<Volume> {
  requireCall('volumes.correctBias', { volume, options, run });
  return (await biasField(volume, options, run)).corrected;
}
