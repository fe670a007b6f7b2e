import { dispose } from '@tensorflow/tfjs-core';
import type { Issue } from '../data/issue';
import { eachBatch, finiteNumbersOf, sizeOf } from '../nn/images/image-model';
import type { DdaeCodes } from './ddae-codes';
import type { DdaeModel } from './ddae-model';
import type { DdaeCohort } from './samples/given-samples';
import { boundToModel } from './samples/given-samples';
import { withOpenDdae } from './open-ddae';

import type { EncodeOptions } from './encode-options';
import { encodeBatch, prepare } from './encode-batch';
import { encodeSettings } from './encode-options';
import { requireCall } from '../data/calls/require-call';

/**
 * Encodes images: z_κ (what is known, the site first of all), z_υ (what else there is to say), and x_T, the noise that
 * the image comes from, by DDIM run backwards, which holds the detail.
 *
 * @returns the codes of every image, in order; with issues for sites the model does not know
 * @throws ConcordError `invalid-option`, `unknown-site`, `invalid-voxels`, `missing-value`, `aborted`.
 */
export async function encode<Some extends DdaeCohort>(
  model: DdaeModel,
  whole: Some,
  options: EncodeOptions = {},
): Promise<DdaeCodes<Some> & { readonly issues: readonly Issue[] }> {
  requireCall('ddae.encode', { model, whole, options });
  const settings = encodeSettings(model, options);
  const { cohort, issues } = boundToModel(model, whole);
  return withOpenDdae(model, async (open) => {
    const prepared = await prepare(open, cohort, settings);
    const { given } = prepared;
    const { count } = given;
    const { knownSize, unknownSize, sampleShape } = model.architecture;
    const known = new Float32Array(count * knownSize);
    const unknown = new Float32Array(count * unknownSize);
    const size = sizeOf(sampleShape);
    const noise = settings.stochastic ? new Float32Array(count * size) : undefined;
    const batches = { ...given, label: 'encoding', batchSize: settings.batchSize };
    const encodeSome = async (positions: readonly number[]): Promise<void> => {
      const codes = await encodeBatch(open, { prepared, positions }, settings);
      const [from] = positions;
      try {
        known.set(await finiteNumbersOf(codes.known, positions, given), from * knownSize);
        unknown.set(await finiteNumbersOf(codes.unknown, positions, given), from * unknownSize);
        if (codes.noise !== undefined) {
          noise?.set(await finiteNumbersOf(codes.noise, positions, given), from * size);
        }
      } finally {
        dispose(codes);
      }
    };
    await eachBatch(batches, encodeSome, options);
    return {
      kind: 'ddae-codes',
      cohort,
      count,
      known,
      unknown,
      ...(noise === undefined ? {} : { noise }),
      until: settings.until,
      variables: prepared.variables,
      ranges: given.ranges,
      left: given.left,
      rows: given.rows,
      issues: [...issues, ...prepared.issues],
    } as const;
  });
}
