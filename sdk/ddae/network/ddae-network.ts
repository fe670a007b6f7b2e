import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { add, mul, tidy } from '@tensorflow/tfjs-core';
import { requireCount } from '../../data/require-count';
import type { WeightArray } from '../../data/networks/weights';
import { ConcordError } from '../../errors';
import type { Random } from '../../math/random';
import { deriveSeed, makeRandom } from '../../math/random';
import type { Features } from '../../nn/blocks/convolution';
import type { DropoutOptions } from '../../nn/blocks/dropout';
import type { Linear } from '../../nn/blocks/linear';
import { initLinear, linear } from '../../nn/blocks/linear';
import { silu } from '../../nn/ops/silu';
import type { DdaeArchitecture } from '../ddae-model';
import { fromPatches, toPatches } from './patches';
import { withPlaces } from './places';
import type { SemanticEncoder } from './semantic-encoder';
import { initSemanticEncoder, semanticEncoder } from './semantic-encoder';
import type { UNet } from './u-net';
import { initUNet, uNet } from './u-net';
import type { PlannedSteps } from './u-net-plan';
import { planUNet } from './u-net-plan';
import { advise, call, option } from '../../remedy';

/** The weights of a DDAE. */
export type DdaeWeights<Leaf> = {
  /** Enc: image → z_υ. */
  readonly semantic: SemanticEncoder<Leaf>;
  /** μ_φ: known variables → mean of z_κ. */
  readonly known: Linear<Leaf>;
  /** ε_θ: the prediction for noisy images (noise, or v), given time and codes. */
  readonly denoiser: UNet<Leaf>;
};

/** The codes of images as the network uses them, on the backend. */
export interface CodeTensors {
  /** z_κ, `[N, known size]` */
  readonly known: Tensor2D;
  /** z_υ, `[N, unknown size]` */
  readonly unknown: Tensor2D;
}

/** An architecture with the layout of its U-Net, checked. */
export interface DdaeLayout {
  readonly architecture: DdaeArchitecture;
  readonly planned: PlannedSteps;
  readonly dimensions: 1 | 2;
  /** Channels after patching. */
  readonly channels: number;
}

/**
 * Lays out the networks of an architecture.
 *
 * @throws ConcordError `invalid-option` when sizes are out of range or do not fit each other.
 */
export function layOut(architecture: DdaeArchitecture): DdaeLayout {
  const { sampleShape, patch, width, multipliers, groups, heads } = architecture;
  const dimensions = sampleShape.length === 2 ? 1 : 2;
  const sides = sampleShape.slice(0, -1);
  const whole = { patch, width, groups, heads, blocks: architecture.blocks };
  for (const [name, value] of Object.entries({ ...whole, ...named(multipliers) })) requireCount(name, value);
  if (multipliers.length === 0 || width % groups !== 0 || width % 2 !== 0) {
    throw new ConcordError(
      'invalid-option',
      `invalid width: ${width} (an even multiple of the ${groups} groups, and at least one multiplier)`,
    );
  }
  const halvings = patch * 2 ** (multipliers.length - 1);
  if (sides.some((side) => side % halvings !== 0)) {
    throw new ConcordError(
      'invalid-option',
      `images of ${sides.join(' × ')} do not fit the network: both sides must be multiples of ${halvings}`,
      { remedy: advise`cut them to such a size with ${call('toImages')}, or change ${option('size')}` },
    );
  }
  const planned = planUNet({ size: sides[0] / patch, ...architecture });
  return { architecture, planned, dimensions, channels: sampleShape[dimensions] * patch ** dimensions };
}

function named(multipliers: readonly number[]): Readonly<Record<string, number>> {
  return Object.fromEntries(multipliers.map((multiplier, level) => [`multipliers[${level}]`, multiplier]));
}

/** Draws the weights of a DDAE. */
export function initDdae(
  seed: number,
  { architecture, planned, dimensions, channels }: DdaeLayout,
  knownVariables: number,
): DdaeWeights<WeightArray> {
  const { width, unknownSize, knownSize } = architecture;
  const stream = (part: number): Random => makeRandom(deriveSeed(seed, part));
  const shared = { inChannels: channels + (architecture.places ?? 0), channels, width, dimensions };
  return {
    semantic: initSemanticEncoder(stream(0), planned, { ...shared, codeSize: unknownSize }),
    known: initLinear(stream(1), { inChannels: knownVariables, outChannels: knownSize }),
    denoiser: initUNet(stream(2), planned, { ...shared, codeSizes: [knownSize, unknownSize] }),
  };
}

/** What the networks see of samples: patches, and where they are. */
function entry<X extends Features>(samples: X, patch: number, places = 0): X {
  return withPlaces(toPatches(samples, patch), places);
}

/** z_υ of images scaled for the network, `[N, …sample shape]` → `[N, unknown size]`. */
export function unknownCode(
  { semantic }: Pick<DdaeWeights<Tensor>, 'semantic'>,
  samples: Features,
  { architecture, planned }: DdaeLayout,
): Tensor2D {
  const { patch, places, groups, heads } = architecture;
  return tidy(() => semanticEncoder(semantic, entry(samples, patch, places), { planned, groups, heads }));
}

/**
 * z_κ of known variables: their mean μ_φ(c), and while training normal noise of the given spread around it.
 *
 * @param variables - c, `[N, known variables]`
 * @param noise - standard normal, `[N, known size]`; none gives the mean
 */
export function knownCode(
  { known }: Pick<DdaeWeights<Tensor>, 'known'>,
  variables: Tensor2D,
  { architecture: { knownSpread } }: DdaeLayout,
  noise?: Tensor2D,
): Tensor2D {
  return tidy(() => {
    const mean = linear(known, variables);
    return noise === undefined ? mean : add(mean, mul(noise, knownSpread));
  });
}

/** What the network predicts for noisy images at their times, given the codes. */
export function denoise<X extends Features>(
  { denoiser }: Pick<DdaeWeights<Tensor>, 'denoiser'>,
  { noisy, times }: { readonly noisy: X; readonly times: ArrayLike<number> },
  { codes, layout, dropout }: { codes: CodeTensors; layout: DdaeLayout; dropout?: DropoutOptions },
): X {
  const { patch, places, groups, heads } = layout.architecture;
  return tidy(() => {
    const steering = [silu(codes.known), silu(codes.unknown)];
    const options = { planned: layout.planned, times, codes: steering, groups, heads, dropout };
    return fromPatches(uNet(denoiser, entry(noisy, patch, places), options), patch);
  });
}
