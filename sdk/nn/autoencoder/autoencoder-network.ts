import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import { requireCount } from '../../data/require-count';
import type { WeightArray } from '../../data/networks/weights';
import { ConcordError } from '../../errors';
import type { Random } from '../../math/random';
import type { Conv2d } from '../blocks/conv2d';
import { conv2d, initConv2d } from '../blocks/conv2d';
import type { Norm } from '../blocks/norm';
import { applyNorm, initNorm } from '../blocks/norm';
import { resamplingConvolution } from '../blocks/resampling-convolution';
import type { AutoencoderArchitecture } from './autoencoder-model';
import { advise, call, either, option } from '../../remedy';

/** Group normalization with learned scale and shift, SiLU, convolution. */
type Layer<Leaf> = { readonly norm: Norm<Leaf>; readonly conv: Conv2d<Leaf> };

/** The weights of an autoencoder. */
export type AutoencoderWeights<Leaf> = {
  readonly encoder: {
    readonly first: Conv2d<Leaf>;
    readonly levels: readonly Layer<Leaf>[];
    readonly code: Layer<Leaf>;
  };
  readonly decoder: {
    readonly first: Conv2d<Leaf>;
    readonly levels: readonly Layer<Leaf>[];
    readonly image: Layer<Leaf>;
  };
};

const groups = 4;

/**
 * Draws the weights of an autoencoder.
 *
 * @throws ConcordError `invalid-option` when the images cannot be halved that often, or a size is out of range.
 */
export function initAutoencoder(
  random: Random,
  architecture: AutoencoderArchitecture,
): AutoencoderWeights<WeightArray> {
  checkArchitecture(architecture);
  const { imageShape, width, levels, codeChannels } = architecture;
  const channels = Array.from({ length: levels + 1 }, (_, level) => width * 2 ** level);
  const deepest = channels[levels];
  const layer = (inChannels: number, outChannels: number, kernelSize: number): Layer<WeightArray> => ({
    norm: initNorm(inChannels),
    conv: initConv2d(random, { inChannels, outChannels, kernelSize }),
  });
  const pairs = channels.slice(1).map((deeper, level) => [channels[level], deeper] as const);
  return {
    encoder: {
      first: initConv2d(random, { inChannels: imageShape[2], outChannels: width }),
      levels: pairs.map(([from, to]) => layer(from, to, 3)),
      code: layer(deepest, codeChannels, 1),
    },
    decoder: {
      first: initConv2d(random, { inChannels: codeChannels, outChannels: deepest }),
      levels: pairs.reverse().map(([to, from]) => layer(from, to, 3)),
      image: layer(width, imageShape[2], 3),
    },
  };
}

/**
 * Compresses images into codes.
 *
 * @param images - `[N, H, W, C]`, scaled as the model was trained
 * @returns codes, `[N, H / 2^levels, W / 2^levels, codeChannels]`
 */
export function encodeAutoencoder({ encoder }: AutoencoderWeights<Tensor>, images: Tensor4D): Tensor4D {
  return tidy(() => {
    let hidden = conv2d(encoder.first, images);
    for (const level of encoder.levels) hidden = applyLayer(level, hidden, 2);
    return applyLayer(encoder.code, hidden);
  });
}

/** Makes images of codes. */
export function decodeAutoencoder({ decoder }: AutoencoderWeights<Tensor>, codes: Tensor4D): Tensor4D {
  return tidy(() => {
    let hidden = conv2d(decoder.first, codes);
    for (const { norm, conv } of decoder.levels) {
      hidden = resamplingConvolution(conv, activated(norm, hidden), { resampling: 'up' });
    }
    return applyLayer(decoder.image, hidden);
  });
}

function activated(norm: Norm<Tensor>, x: Tensor4D): Tensor4D {
  return applyNorm(norm, x, { groups, activation: 'silu' });
}

function applyLayer({ norm, conv }: Layer<Tensor>, x: Tensor4D, stride = 1): Tensor4D {
  return conv2d(conv, activated(norm, x), { stride });
}

function checkArchitecture({ imageShape, width, levels, codeChannels }: AutoencoderArchitecture): void {
  const sizes = { width, levels, codeChannels };
  for (const [name, size] of Object.entries(sizes)) requireCount(name, size);
  if (width % groups !== 0) {
    throw new ConcordError('invalid-option', `invalid width: ${width} (a multiple of ${groups})`);
  }
  const [height, columns] = imageShape;
  if (height % 2 ** levels === 0 && columns % 2 ** levels === 0) return;
  throw new ConcordError(
    'invalid-option',
    `images of ${height} × ${columns} cannot be halved ${levels} times`,
    {
      remedy: [
        either(
          advise`cut them to a size that is a multiple of ${2 ** levels}, with ${call('toImages')}`,
          advise`lower ${option('levels')}`,
        ),
      ],
    },
  );
}
