import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { sampleDdim } from '../diffusion/ddim';
import { deriveSeed, makeRandom } from '../math/random';
import type { Features } from '../nn/blocks/convolution';
import { sizeOf } from '../nn/images/image-model';
import { numbersOf } from '../nn/images/numbers-of';
import type { DdaeCodes } from './ddae-codes';
import type { DdaeModel } from './ddae-model';
import type { DecodeSettings } from './decode-options';
import { knownOf } from './encode-batch';
import type { DdaeCohort } from './samples/given-samples';
import type { OpenDdae } from './open-ddae';
import { denoiserWith, samplesTensor } from './open-ddae';
import type { IntensityRange } from '../nn/images/scan-intensity';
import type { DdaeTarget } from './ddae-target';
import { targetShares } from './ddae-target';

/** What provenance says of how images were made. */
export function recordOf(
  { steps, target, keep }: DecodeSettings,
  until: number,
): Readonly<Record<string, unknown>> {
  return { steps, target: target ?? 'own', keep, until };
}

/** The known variables with the target in the place of the site. */
export function withSite(
  variables: Float32Array,
  { model, target, people }: { model: DdaeModel; target: DdaeTarget | undefined; people: DdaeCohort },
): Float32Array {
  if (target === undefined) return variables;
  const changed = variables.slice();
  const width = variables.length / people.participants.ids.length;
  const shares = targetShares(model, target);
  for (let row = 0; row < people.participants.ids.length; row++) changed.set(shares, row * width);
  return changed;
}

/** The intensities to give images in: those of the target, or of the scan itself. */
export function targetRanges(
  model: DdaeModel,
  {
    codes,
    target,
  }: {
    readonly codes: Pick<DdaeCodes, 'cohort' | 'ranges'>;
    readonly target: DdaeTarget | undefined;
  },
): readonly IntensityRange[] {
  const { scale } = model;
  if (scale.kind === 'features' || target === undefined) return codes.ranges;
  const shares = targetShares(model, target);
  const mixed = (end: 'low' | 'high'): number =>
    scale.siteRanges.reduce((sum, range, site) => sum + shares[site] * range[end], 0);
  const range = { low: mixed('low'), high: mixed('high') };
  return codes.cohort.participants.ids.map(() => range);
}

/** The codes of a few images. */
export interface CodesToDecode {
  readonly variables: Float32Array;
  readonly unknown: Tensor2D;
  readonly noise: Features | undefined;
  readonly positions: readonly number[];
}

/** Images of a few codes on the backend, in the network's scale; the codes stay as they are. */
export async function decodeBatch(
  open: OpenDdae,
  part: CodesToDecode,
  settings: DecodeSettings & { readonly until: number },
): Promise<Features> {
  const { unknown } = part;
  const known = knownOf(open, part.variables, part.positions.length);
  const start = await startingNoise(open, part, settings);
  try {
    return await sampleDdim(denoiserWith(open, { known, unknown }), start, {
      schedule: open.schedule,
      prediction: open.model.diffusion.prediction,
      ...settings,
    });
  } finally {
    known.dispose();
    start.dispose();
  }
}

/**
 * What decoding starts from. Each image's noise comes from the seed and its place, whatever the size of the batches.
 */
async function startingNoise(
  open: OpenDdae,
  { noise, positions }: Pick<CodesToDecode, 'noise' | 'positions'>,
  { keep, seed }: Pick<DecodeSettings, 'keep' | 'seed'>,
): Promise<Features> {
  if (noise !== undefined && keep === 1) return (noise as Tensor).clone() as Features;
  const traced = noise === undefined ? undefined : await numbersOf(noise);
  const fresh = Math.sqrt(1 - keep ** 2);
  const each = sizeOf(open.model.architecture.sampleShape);
  const start = new Float32Array(positions.length * each);
  positions.forEach((position, i) => {
    const random = makeRandom(deriveSeed(seed, position));
    for (let at = i * each; at < (i + 1) * each; at++) {
      start[at] = keep * (traced?.[at] ?? 0) + fresh * random.normal();
    }
  });
  return samplesTensor(open, start);
}
