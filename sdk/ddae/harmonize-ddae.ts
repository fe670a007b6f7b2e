import type { Tensor } from '@tensorflow/tfjs-core';
import { add, dispose, mul, sub, tidy } from '@tensorflow/tfjs-core';
import { modelDigest } from '../data/digest';
import { provenanceStep } from '../data/provenance';
import { ConcordError } from '../errors';
import type { Features } from '../nn/blocks/convolution';
import { guidedRecord } from '../nn/images/guided-by-scan';
import type { GuidedOptions } from '../nn/images/guided-options';
import { throughBatches } from '../nn/images/image-model';
import { requireShare } from '../nn/losses/loss-weights';
import type { DdaeModel } from './ddae-model';
import type { DecodeOptions } from './decode-options';
import { decodeBatch, recordOf, targetRanges, withSite } from './decode-batch';
import { decodeSettings } from './decode-options';
import type { EncodeOptions } from './encode-options';
import { encodeBatch, prepare } from './encode-batch';
import { encodeSettings } from './encode-options';
import type { DdaeCohort } from './samples/given-samples';
import { requireGuidable } from './require-guidable';
import { boundToModel, madeCohort } from './samples/given-samples';
import { takeVariables } from './samples/known-variables';
import type { DdaeTarget } from './ddae-target';
import { samplesTensor, withOpenDdae } from './open-ddae';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link harmonizeDdae}: those of encoding and decoding. */
export interface HarmonizeDdaeOptions
  extends Omit<EncodeOptions, 'stochastic'>, Omit<DecodeOptions, 'target'>, GuidedOptions {
  /** A site that the model knows, `average`, or a mix of sites. @defaultValue `'average'` */
  readonly target?: DdaeTarget;
  /**
   * The share of what an image loses on the way to its noise and back that is given back to it: it is decoded with the
   * code of its own site too, and what is missing there is added. Few steps and short trainings lose fine detail, which is
   * the person's; but noise and blur of the scan's own scanner are detail too. It takes half as long again. For all of the
   * noise only, so with `keep` 1.
   *
   * @defaultValue 0
   */
  readonly detail?: number;
}

/**
 * Harmonizes images: encodes them with the code of their site and decodes them with that of the target; what is the
 * person's own, z_υ and the share `keep` of the noise, stays. Batch by batch: what is in memory besides the images is
 * bounded. With `detail`, what the way to the noise and back has lost is added again, as Ju et al. 2024 (arXiv:2310.01506)
 * do at every step of it; with `guided`, what was made is brought to what the scan shows (images only).
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
  const { target = 'average', keep = 1, detail = 0, guided } = options;
  const decoding = decodeSettings(model, { ...options, target, keep }, true);
  requireDetail(detail, keep);
  requireGuidable(model, guided);
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
        const settings = { ...decoding, until: encoding.until };
        const decoded = (of: Float32Array): Promise<Features> =>
          decodeBatch(
            open,
            { variables: takeVariables(of, rows, people), unknown, noise, positions },
            settings,
          );
        const made = await decoded(variables);
        if (detail === 0) return made;
        const before = samplesTensor(open, await given.source.read(positions));
        return withDetail({ before, made, back: await decoded(prepared.variables) }, detail);
      } finally {
        dispose(codes);
      }
    };
    const batches = { ...given, label: 'harmonizing', batchSize: encoding.batchSize };
    const { values } = await throughBatches(batches, harmonizeBatch, options);
    const record = {
      ...recordOf(decoding, encoding.until),
      ...(detail === 0 ? {} : { detail }),
      ...guidedRecord(options),
      unseen: encoding.unseen,
      model: modelDigest(model, whatDecides),
    };
    const step = provenanceStep('harmonizeDdae', record, decoding.seed);
    const ranges = targetRanges(model, { codes: { cohort, ranges: given.ranges }, target });
    return madeCohort(
      model,
      cohort,
      { values, ranges, from: given.ranges, left: given.left, guided },
      { step, issues: [...issues, ...prepared.issues] },
    );
  });
}

/**
 * @throws ConcordError `invalid-option` for a share that is none, and where noise is drawn anew: an image that is made from
 * other noise has other detail, and what is missing is not lost.
 */
function requireDetail(detail: number, keep: number): void {
  requireShare('detail', detail);
  if (detail === 0 || keep === 1) return;
  throw new ConcordError(
    'invalid-option',
    `invalid detail: ${detail} with keep ${keep} (what was lost is known for all of the noise only: detail goes with keep 1)`,
  );
}

/** An image with a share of what another way to it has lost; takes the tensors over. */
function withDetail(
  { before, made, back }: Readonly<Record<'before' | 'made' | 'back', Features>>,
  detail: number,
): Features {
  const whole = tidy(() => add<Features>(made, mul(sub(before, back), detail)));
  dispose([before, made, back]);
  return whole;
}

/** What of a model decides what it makes. */
function whatDecides({ architecture, diffusion, scale, sites, known, weights }: DdaeModel): unknown {
  return { architecture, diffusion, scale, sites, known, weights };
}
