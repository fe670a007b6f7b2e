import { tensor2d } from '@tensorflow/tfjs-core';
import { listNames } from '../data/list-names';
import { provenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import { breathe, progressReporter } from '../data/run-options';
import { sampleDdim } from '../diffusion/ddim';
import { ConcordError } from '../errors';
import { deriveSeed, makeRandom } from '../math/random';
import { requireSeed } from '../nn/train/train';
import type { DdaeCodes } from './ddae-codes';
import type { DdaeModel } from './ddae-model';
import { batchesOf, knownOf, takeRows } from './encode';
import type { DdaeCohort } from './given-samples';
import { madeCohort } from './given-samples';
import type { OpenDdae } from './open-ddae';
import { denoiserWith, samplesTensor, withOpenDdae } from './open-ddae';
import type { IntensityRange } from './scan-intensity';
import { meanRange } from './scan-intensity';
import { shareOf } from './source-sites';

/** Options of {@link decode}. */
export interface DecodeOptions extends RunOptions {
  /** How often the network is asked on the way from noise to image. @defaultValue 20 */
  readonly steps?: number;
  /** The site to make the images at: one that the model knows, or `average`. @defaultValue that of each image */
  readonly target?: string;
  /**
   * The share of the traced noise that is kept, from 1, all of it, to 0, only the codes; the rest is drawn anew, so that
   * together it is as much: keep·x_T + √(1 − keep²)·ε.
   *
   * @defaultValue 1, where the noise was traced back
   */
  readonly keep?: number;
  /** Draws new noise. @defaultValue 0 */
  readonly seed?: number;
  /** Images at a time. @defaultValue 32 */
  readonly batchSize?: number;
}

/** {@link DecodeOptions} with defaults filled in. */
export interface DecodeSettings extends Pick<RunOptions, 'signal'> {
  readonly steps: number;
  readonly target: string | undefined;
  readonly keep: number;
  readonly seed: number;
  readonly batchSize: number;
}

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
    const step = provenanceStep('decode', recordOf(settings, codes.until), settings.seed);
    const ranges = targetRanges(model, { codes, target: settings.target });
    return madeCohort(model, cohort, { values, ranges }, { step, issues: [] });
  });
}

/** What provenance says of how images were made. */
export function recordOf(
  { steps, target, keep }: DecodeSettings,
  until: number,
): Readonly<Record<string, unknown>> {
  return { steps, target: target ?? 'own', keep, until };
}

/**
 * Fills in the defaults and checks them.
 *
 * @throws ConcordError `invalid-option`; `unknown-site`.
 */
export function decodeSettings(model: DdaeModel, options: DecodeOptions, traced: boolean): DecodeSettings {
  const { steps = 20, target, keep = traced ? 1 : 0, seed = 0, batchSize = 32, signal } = options;
  requireSeed(seed);
  for (const [name, value] of Object.entries({ steps, batchSize })) {
    if (Number.isInteger(value) && value > 0) continue;
    throw new ConcordError('invalid-option', `invalid ${name}: ${value} (a whole number above 0)`);
  }
  if (!(keep >= 0 && keep <= 1)) {
    throw new ConcordError('invalid-option', `invalid keep: ${keep} (0 to 1)`);
  }
  if (keep > 0 && !traced) {
    throw new ConcordError(
      'invalid-option',
      `invalid keep: ${keep} (these codes hold no noise to keep: encode with stochastic: true)`,
    );
  }
  requireTarget(model, target);
  return { steps, target, keep, seed, batchSize, signal };
}

/**
 * Checks a target.
 *
 * @throws ConcordError `unknown-site`.
 */
export function requireTarget({ sites }: DdaeModel, target: string | undefined): void {
  if (target === undefined || target === 'average' || sites.includes(target)) return;
  throw new ConcordError(
    'unknown-site',
    `unknown target: "${target}" (the model can make images at average, ${listNames(sites)})`,
    { where: { site: target } },
  );
}

/** The known variables with the target in the place of the site. */
export function withSite(
  variables: Float32Array,
  { model, target, people }: { model: DdaeModel; target: string | undefined; people: DdaeCohort },
): Float32Array {
  if (target === undefined) return variables;
  const changed = variables.slice();
  const width = variables.length / people.participants.ids.length;
  const shares = shareOf(model.sites, target);
  for (let row = 0; row < people.participants.ids.length; row++) changed.set(shares, row * width);
  return changed;
}

/** The intensities to give images in: those of the target site, or of the scan itself. */
export function targetRanges(
  { scale, sites }: DdaeModel,
  {
    codes,
    target,
  }: {
    readonly codes: Pick<DdaeCodes, 'cohort' | 'ranges'>;
    readonly target: string | undefined;
  },
): readonly IntensityRange[] {
  if (scale.kind === 'features' || target === undefined) return codes.ranges;
  const range = target === 'average' ? meanRange(scale.siteRanges) : scale.siteRanges[sites.indexOf(target)];
  return codes.cohort.participants.ids.map(() => range);
}

/** Images of a few codes, in the network's scale. */
export async function decodeBatch(
  open: OpenDdae,
  part: {
    readonly variables: Float32Array;
    readonly unknown: Float32Array;
    readonly noise: Float32Array | undefined;
    readonly positions: readonly number[];
  },
  settings: DecodeSettings & { readonly until: number },
): Promise<Float32Array> {
  const { sampleShape, unknownSize } = open.model.architecture;
  const count = part.positions.length;
  const size = count * sampleShape.reduce((product, length) => product * length, 1);
  const known = knownOf(open, part.variables, count);
  const unknown = tensor2d(part.unknown, [count, unknownSize]);
  const start = samplesTensor(open, startingNoise(part, { size, ...settings }));
  try {
    const images = await sampleDdim(denoiserWith(open, { known, unknown }), start, {
      schedule: open.schedule,
      prediction: open.model.diffusion.prediction,
      ...settings,
    });
    try {
      return requireNumbers((await images.data()) as Float32Array);
    } finally {
      images.dispose();
    }
  } finally {
    for (const used of [known, unknown, start]) used.dispose();
  }
}

/**
 * What decoding starts from. Each image's noise comes from the seed and its place, whatever the size of the batches.
 */
function startingNoise(
  { noise, positions }: { readonly noise: Float32Array | undefined; readonly positions: readonly number[] },
  { size, keep, seed }: { readonly size: number; readonly keep: number; readonly seed: number },
): Float32Array {
  if (noise !== undefined && keep === 1) return noise;
  const fresh = Math.sqrt(1 - keep ** 2);
  const each = size / positions.length;
  const start = new Float32Array(size);
  positions.forEach((position, i) => {
    const random = makeRandom(deriveSeed(seed, position));
    for (let at = i * each; at < (i + 1) * each; at++) {
      start[at] = keep * (noise?.[at] ?? 0) + fresh * random.normal();
    }
  });
  return start;
}

function requireNumbers(values: Float32Array): Float32Array {
  if (values.every((value) => Number.isFinite(value))) return values;
  throw new ConcordError('malformed-model', 'the model answers values that are not numbers (train it again)');
}
