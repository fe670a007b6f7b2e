import { provenanceStep } from '../data/provenance';
import { breathe, progressReporter, throwIfAborted } from '../data/run-options';
import { batchesOf } from '../nn/images/positions';
import type { DdaeCodes } from './ddae-codes';
import type { DdaeModel } from './ddae-model';
import { takeRows } from './encode-batch';
import type { DdaeCohort } from './given-samples';
import { madeCohort } from './given-samples';
import { withOpenDdae } from './open-ddae';

import type { DecodeOptions } from './decode-options';
import { decodeBatch, decodeSettings, recordOf, targetRanges, withSite } from './decode-batch';

/**
 * Makes images of codes: from the noise x_T back along the curve it was traced, steered by z_υ and by z_κ of the site
 * asked for. With each image's own site it gives the image back, up to the error of as many steps.
 *
 * @returns the cohort with the images that the codes stand for, in the intensities of the site asked for
 * @throws ConcordError `invalid-option`; `unknown-site` when the model does not know the target; `aborted`.
 */
export async function decode<Some extends DdaeCohort>(
  model: DdaeModel,
  codes: DdaeCodes<Some>,
  options: DecodeOptions = {},
): Promise<Some> {
  const settings = decodeSettings(model, options, codes.noise !== undefined);
  const { cohort, count } = codes;
  return withOpenDdae(model, async (open) => {
    const { sampleShape, unknownSize } = model.architecture;
    const size = sampleShape.reduce((product, length) => product * length, 1);
    const values = new Float32Array(count * size);
    const report = progressReporter('decoding', count, options);
    const variables = withSite(codes.variables, { model, target: settings.target, people: cohort });
    for (const positions of batchesOf(count, settings.batchSize)) {
      await breathe(settings.signal);
      const [from] = positions;
      const [start, end] = [from, from + positions.length];
      const part = {
        variables: takeRows(variables, codes.rows, positions),
        unknown: codes.unknown.subarray(start * unknownSize, end * unknownSize),
        noise: codes.noise?.subarray(start * size, end * size),
        positions,
      };
      values.set(await decodeBatch(open, part, { ...settings, until: codes.until }), from * size);
      report(end);
    }
    throwIfAborted(options.signal);
    const step = provenanceStep('decode', recordOf(settings, codes.until), settings.seed);
    const ranges = targetRanges(model, { codes, target: settings.target });
    return madeCohort(model, cohort, { values, ranges }, { step, issues: [] });
  });
}
