import type { Rank, Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { add, mul, tensor2d } from '@tensorflow/tfjs-core';
import type { NoiseDraw } from '../../diffusion/denoising-loss';
import { denoisingLoss, drawNoise } from '../../diffusion/denoising-loss';
import type { NoiseSchedule } from '../../diffusion/noise-schedule';
import type { Random } from '../../math/random';
import type { Features } from '../../nn/blocks/convolution';
import type { DropoutOptions } from '../../nn/blocks/dropout';
import { normalNoise } from '../../nn/ops/normal-noise';
import type { Loss } from '../../nn/optimize/value-and-gradients';
import type { CodeTensors, DdaeLayout, DdaeWeights } from '../network/ddae-network';
import { denoise, knownCode, unknownCode } from '../network/ddae-network';
import type { DdaeSettings } from '../ddae-settings';
import { siteConfusion, siteCrossEntropy } from '../../nn/losses/site-classification';
import type { SiteCritic } from './independence';
import { criticLogits, kernelDependence } from './independence';

/** The networks on the backend. */
export interface DdaeTensors {
  readonly ddae: DdaeWeights<Tensor>;
  /** What names the site from the code, where the independence is adversarial. */
  readonly critic?: SiteCritic<Tensor>;
}

/** What a training step works on, on the backend. */
export interface DdaeInputs {
  /** Samples, scaled, and what the encoder sees of them, `[N, H, W, C]` or `[N, length, C]`. */
  readonly clean: Features;
  readonly disguised: Features;
  /** The known variables of each, `[N, known length]`, and its site as one 1 in a row, `[N, sites]`. */
  readonly variables: Tensor2D;
  readonly sites: Tensor2D;
  /** The share of its weight that the independence term has so far. */
  readonly grown: number;
}

/** What the losses depend on besides networks and inputs. */
export interface DdaeLossSetting {
  readonly layout: DdaeLayout;
  readonly settings: DdaeSettings;
  readonly schedule: NoiseSchedule;
}

/**
 * The loss of encoder, known code and denoiser: the denoising loss, and how far the site can be read in z_υ.
 *
 * @returns the total and both terms by name, before their weights
 */
export function ddaeLoss(
  { ddae, critic }: DdaeTensors,
  inputs: DdaeInputs,
  { random, ...setting }: DdaeLossSetting & { readonly random: Random },
): Loss {
  const { layout, settings } = setting;
  const { unknownSize, knownSize } = layout.architecture;
  const { clean, disguised, variables, grown } = inputs;
  const [count] = variables.shape;
  const noise = normalNoise<Rank.R2>(random, [count, knownSize]);
  const unknown = unknownCode(ddae, disguised, layout);
  const known = knownCode(ddae, variables, layout, noise);
  const withhold = (code: Tensor2D, size: number): Tensor2D =>
    settings.codeDropout === 0 ? code : mul(code, keepMask(random, [count, size], settings.codeDropout));
  const codes = { known: withhold(known, knownSize), unknown: withhold(unknown, unknownSize) };
  const dropout = settings.dropout === 0 ? undefined : { rate: settings.dropout, random };
  const draw = drawNoise(random, clean.shape, setting.schedule);
  const denoising = steeredLoss(ddae, { clean, codes, draw, dropout }, setting);
  const dependence = dependenceOf(critic, { unknown, sites: inputs.sites }, settings);
  if (dependence === undefined) return { total: denoising };
  const total = add<Scalar>(denoising, mul(dependence, settings.independenceWeight * grown));
  return { total, parts: { denoising, dependence } };
}

/** The loss of the critic, which learns to name the site from z_υ. */
export function siteCriticLoss(
  { ddae, critic }: Required<DdaeTensors>,
  { disguised, sites }: DdaeInputs,
  { layout }: DdaeLossSetting,
): Loss {
  const codes = unknownCode(ddae, disguised, layout);
  return { total: siteCrossEntropy(criticLogits(critic, codes), sites) };
}

/** The denoising loss of samples whose codes are given. */
export function steeredLoss(
  ddae: DdaeWeights<Tensor>,
  given: {
    readonly clean: Features;
    readonly codes: CodeTensors;
    readonly draw: NoiseDraw;
    readonly dropout?: DropoutOptions;
  },
  { layout, settings, schedule }: DdaeLossSetting,
): Scalar {
  const { clean, codes, draw, dropout } = given;
  return denoisingLoss(
    (noisy, times) => denoise(ddae, { noisy, times }, { codes, layout, dropout }),
    { clean, draw },
    { schedule, prediction: settings.diffusion.prediction, minSnr: settings.minSnr },
  );
}

function dependenceOf(
  critic: SiteCritic<Tensor> | undefined,
  { unknown, sites }: { readonly unknown: Tensor2D; readonly sites: Tensor2D },
  { independence }: DdaeSettings,
): Scalar | undefined {
  switch (independence) {
    case 'none':
      return undefined;
    case 'kernel':
      return kernelDependence(unknown, sites);
    case 'adversarial':
      return critic === undefined ? undefined : siteConfusion(criticLogits(critic, unknown));
  }
}

/** Rows of ones, and of zeros with the probability given. */
function keepMask(random: Random, [count, size]: [number, number], withheld: number): Tensor2D {
  const values = new Float32Array(count * size);
  for (let row = 0; row < count; row++) {
    values.fill(random.uniform() < withheld ? 0 : 1, row * size, (row + 1) * size);
  }
  return tensor2d(values, [count, size]);
}
