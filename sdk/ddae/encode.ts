import type { Issue } from '../data/issue';
import { breathe, progressReporter, throwIfAborted } from '../data/run-options';
import { batchesOf } from '../nn/images/positions';
import type { DdaeCodes } from './ddae-codes';
import type { DdaeModel } from './ddae-model';
import type { DdaeCohort } from './given-samples';
import { boundToModel } from './given-samples';
import { withOpenDdae } from './open-ddae';

import type { EncodeOptions } from './encode-options';
import { encodeBatch, encodeSettings, prepare } from './encode-batch';

/**
 * Says in codes what images show: z_κ (what is known, the site first of all), z_υ (what else there is to say), and x_T,
 * the noise that the image comes from, by DDIM run backwards, which holds the detail.
 *
 * @returns the codes of every image, in order; with issues for sites the model does not know
 * @throws ConcordError `invalid-option`, `unknown-site`, `invalid-voxels`, `missing-value`, `aborted`.
 */
export async function encode<Some extends DdaeCohort>(
  model: DdaeModel,
  whole: Some,
  options: EncodeOptions = {},
): Promise<DdaeCodes<Some> & { readonly issues: readonly Issue[] }> {
  const settings = encodeSettings(model, options);
  const { cohort, issues } = boundToModel(model, whole);
  return withOpenDdae(model, async (open) => {
    const prepared = await prepare(open, cohort, settings);
    const { given, count } = prepared;
    const { knownSize, unknownSize, sampleShape } = model.architecture;
    const size = sampleShape.reduce((product, length) => product * length, 1);
    const known = new Float32Array(count * knownSize);
    const unknown = new Float32Array(count * unknownSize);
    const noise = settings.stochastic ? new Float32Array(count * size) : undefined;
    const report = progressReporter('encoding', count, options);
    for (const positions of batchesOf(count, settings.batchSize)) {
      await breathe(settings.signal);
      const codes = await encodeBatch(open, { prepared, positions }, settings);
      const [from] = positions;
      known.set(codes.known, from * knownSize);
      unknown.set(codes.unknown, from * unknownSize);
      if (codes.noise !== undefined) noise?.set(codes.noise, from * size);
      report(from + positions.length);
    }
    throwIfAborted(options.signal);
    return {
      ...{ kind: 'ddae-codes', cohort, count, known, unknown },
      ...(noise === undefined ? {} : { noise }),
      until: settings.until,
      variables: prepared.variables,
      ranges: given.ranges,
      rows: given.rows,
      issues: [...issues, ...prepared.issues],
    } as const;
  });
}
