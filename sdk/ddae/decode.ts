import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { provenanceStep } from '../data/provenance';
import { rowsTensor, sizeOf, throughBatches } from '../nn/images/image-model';
import type { DdaeCodes } from './ddae-codes';
import type { DdaeModel } from './ddae-model';
import type { DdaeCohort } from './samples/given-samples';
import { madeCohort } from './samples/given-samples';
import { takeVariables } from './samples/known-variables';
import { samplesTensor, withOpenDdae } from './open-ddae';
import type { DecodeOptions } from './decode-options';
import { decodeBatch, recordOf, targetRanges, withSite } from './decode-batch';
import { decodeSettings } from './decode-options';
import { requireCall } from '../data/calls/require-call';

/**
 * Makes images from codes: from the noise x_T back along the curve it was traced, steered by z_υ and by z_κ of the site
 * asked for. With each image's own site it gives the image back, up to the error of so many steps.
 *
 * @returns the cohort with the images that the codes stand for, in the intensities of the site asked for
 * @throws ConcordError `invalid-option`; `unknown-site` when the model does not know the target; `aborted`.
 */
export async function decode<Some extends DdaeCohort>(
  model: DdaeModel,
  codes: DdaeCodes<Some>,
  options: DecodeOptions = {},
): Promise<Some> {
  requireCall('ddae.decode', { model, codes, options });
  const settings = decodeSettings(model, options, codes.noise !== undefined);
  const { cohort, count } = codes;
  return withOpenDdae(model, async (open) => {
    const { architecture } = model;
    const people = cohort.participants.ids.length;
    const variables = withSite(codes.variables, { model, target: settings.target, people: cohort });
    const some = (values: Float32Array, size: number, [from, ...rest]: readonly number[]): Float32Array =>
      values.subarray(from * size, (from + 1 + rest.length) * size);
    const decodeSome = async (positions: readonly number[]): Promise<Tensor> => {
      const { unknownSize, sampleShape } = architecture;
      const unknown = rowsTensor<Tensor2D>(some(codes.unknown, unknownSize, positions), [unknownSize]);
      const noise = codes.noise && samplesTensor(open, some(codes.noise, sizeOf(sampleShape), positions));
      const rows = positions.map((position) => codes.rows[position]);
      const part = { variables: takeVariables(variables, rows, people), unknown, noise, positions };
      try {
        return await decodeBatch(open, part, { ...settings, until: codes.until });
      } finally {
        unknown.dispose();
        noise?.dispose();
      }
    };
    const batches = {
      label: 'decoding',
      count,
      batchSize: settings.batchSize,
      scanOf: (position: number) => cohort.participants.ids[codes.rows[position]],
    };
    const { values } = await throughBatches(batches, decodeSome, options);
    const step = provenanceStep('decode', recordOf(settings, codes.until), settings.seed);
    const ranges = targetRanges(model, { codes, target: settings.target });
    return madeCohort(
      model,
      cohort,
      { values, ranges, from: codes.ranges, left: codes.left },
      { step, issues: [] },
    );
  });
}
