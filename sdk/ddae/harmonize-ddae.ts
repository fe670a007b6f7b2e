import type { Tensor } from '@tensorflow/tfjs-core';
import { dispose } from '@tensorflow/tfjs-core';
import { modelDigest } from '../data/digest';
import { provenanceStep } from '../data/provenance';
import { throughBatches } from '../nn/images/image-model';
import type { DdaeModel } from './ddae-model';
import type { DecodeOptions } from './decode-options';
import { decodeBatch, recordOf, targetRanges, withSite } from './decode-batch';
import { decodeSettings } from './decode-options';
import type { EncodeOptions } from './encode-options';
import { encodeBatch, prepare } from './encode-batch';
import { encodeSettings } from './encode-options';
import type { DdaeCohort } from './samples/given-samples';
import { boundToModel, madeCohort } from './samples/given-samples';
import { takeVariables } from './samples/known-variables';
import type { DdaeTarget } from './ddae-target';
import { withOpenDdae } from './open-ddae';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link harmonizeDdae}: those of encoding and decoding. */
export interface HarmonizeDdaeOptions
  extends Omit<EncodeOptions, 'stochastic'>, Omit<DecodeOptions, 'target'> {
  /** A site that the model knows, `average`, or a mix of sites. @defaultValue `'average'` */
  readonly target?: DdaeTarget;
}

/**
 * Harmonizes images: encodes them with the code of their site and decodes them with that of the target; what is the
 * person's own, z_υ and the share `keep` of the noise, stays. Batch by batch: what is in memory besides the images is
 * bounded.
 *
 * @returns the cohort with images as if scanned at the target, in its intensities; what is outside the brain mask
 * (without one, where the image is 0) stays as it was
 * @throws ConcordError `unknown-site` for a target the model does not know, or a site of the cohort unless `unseen` says
 * how to encode it; `unknown-column` when features are missing; `invalid-option` when images do not fit the model;
 * `invalid-voxels`, `missing-value`, `malformed-model`, `aborted`.
 *
 * @example
 * ```ts
 * const after = await harmonizeDdae(await loadShippedModel('ddae'), slices, { target: 'siteA' });
 * ```
 */
export async function harmonizeDdae<Some extends DdaeCohort>(
  model: DdaeModel,
  whole: Some,
  options: HarmonizeDdaeOptions = {},
): Promise<Some> {
  requireCall('harmonizeDdae', { model, whole, options });
  const { target = 'average', keep = 1 } = options;
  const decoding = decodeSettings(model, { ...options, target, keep }, true);
  const encoding = encodeSettings(model, { ...options, stochastic: decoding.keep > 0 });
  const { cohort, issues } = boundToModel(model, whole);
  return withOpenDdae(model, async (open) => {
    const prepared = await prepare(open, cohort, encoding);
    const { given, people } = prepared;
    const variables = withSite(prepared.variables, { model, target, people: cohort });
    const harmonizeBatch = async (positions: readonly number[]): Promise<Tensor> => {
      const codes = await encodeBatch(open, { prepared, positions }, encoding);
      try {
        const rows = positions.map((position) => given.rows[position]);
        const { unknown, noise } = codes;
        const part = { variables: takeVariables(variables, rows, people), unknown, noise, positions };
        return await decodeBatch(open, part, { ...decoding, until: encoding.until });
      } finally {
        dispose(codes);
      }
    };
    const batches = { ...given, label: 'harmonizing', batchSize: encoding.batchSize };
    const { values } = await throughBatches(batches, harmonizeBatch, options);
    const record = {
      ...recordOf(decoding, encoding.until),
      unseen: encoding.unseen,
      model: modelDigest(model, whatDecides),
    };
    const step = provenanceStep('harmonizeDdae', record, decoding.seed);
    const ranges = targetRanges(model, { codes: { cohort, ranges: given.ranges }, target });
    return madeCohort(
      model,
      cohort,
      { values, ranges, from: given.ranges, left: given.left },
      { step, issues: [...issues, ...prepared.issues] },
    );
  });
}

/** What of a model decides what it makes. */
function whatDecides({ architecture, diffusion, scale, sites, known, weights }: DdaeModel): unknown {
  return { architecture, diffusion, scale, sites, known, weights };
}
