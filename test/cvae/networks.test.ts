import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { reshape, tidy } from '@tensorflow/tfjs-core';
import { codeEncoder } from '../../sdk/cvae/network/code-encoder';
import type { CvaeTensors } from '../../sdk/cvae/network/cvae-network';
import { siteDecoder } from '../../sdk/cvae/network/site-decoder';
import type { CvaeInputs } from '../../sdk/cvae/training/cvae-losses';
import { adversaryLoss, cvaeLoss } from '../../sdk/cvae/training/cvae-losses';
import { pairwiseDivergence } from '../../sdk/nn/losses/pairwise-divergence';
import { onEachBackend } from '../support/backends';
import { checkAgainstTorch } from '../support/torch-case';

const fixture = 'cvae-networks/networks.json';
const settings = {
  weights: { reconstruction: 1, prior: 1, invariance: 0.3, adversary: 0.5 },
  deviation: 0.4,
  warm: 0.6,
};

onEachBackend(
  'networks and losses of the cVAE against PyTorch 2.13 (networks.py), output and gradients',
  () => {
    it('the encoder', async () => {
      await checkAgainstTorch<CvaeTensors['encoder']>(
        'means of codes',
        (weights, { x }) => tidy(() => codeEncoder(weights, x as Tensor4D).means),
        { fixture },
      );
      await checkAgainstTorch<CvaeTensors['encoder']>(
        'variances of codes',
        (weights, { x }) => tidy(() => codeEncoder(weights, x as Tensor4D).logVariances),
        { fixture },
      );
    });

    it('the decoder', async () => {
      await checkAgainstTorch<CvaeTensors['decoder']>(
        'decoder',
        (weights, { code, sites }) => siteDecoder(weights, code as Tensor4D, sites as Tensor2D),
        { fixture },
      );
    });

    it('the divergence of all pairs of codes', async () => {
      await checkAgainstTorch<object>(
        'pairwise divergence',
        (_, { means, logVariances }) =>
          total(() => pairwiseDivergence(means as Tensor2D, logVariances as Tensor2D)),
        { fixture },
      );
    });

    it('the loss of encoder and decoder, all terms', async () => {
      await checkAgainstTorch<CvaeTensors>(
        'loss of the autoencoder',
        (networks, inputs) => total(() => cvaeLoss(networks, inputsOf(inputs), settings).total),
        { fixture, sum: true },
      );
    });

    it('the loss of the adversary', async () => {
      await checkAgainstTorch<CvaeTensors>(
        'loss of the adversary',
        (networks, inputs) => total(() => adversaryLoss(networks, inputsOf(inputs)).total),
        // There the sites are class numbers.
        { fixture, sum: true, constant: ['inputs.source'] },
      );
    });
  },
);

function inputsOf(inputs: Readonly<Record<string, Tensor>>): CvaeInputs {
  const { images, inside, source, target, noise } = inputs;
  return {
    images: images as Tensor4D,
    inside: inside as Tensor4D,
    source: source as Tensor2D,
    target: target as Tensor2D,
    noise: noise as Tensor4D,
  };
}

function total(loss: () => Tensor): Tensor1D {
  return tidy(() => reshape(loss(), [1]));
}
