import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { reshape, tidy } from '@tensorflow/tfjs-core';
import { contentEncoder } from '../../sdk/murd/network/content-encoder';
import { discriminator } from '../../sdk/murd/network/discriminator';
import { generator } from '../../sdk/murd/network/generator';
import { murdLossWeights } from '../../sdk/murd/training/loss-weights';
import { discriminatorLoss, murdLoss } from '../../sdk/murd/training/murd-losses';
import type { MurdInputs } from '../../sdk/murd/training/murd-losses';
import type { MurdTensors } from '../../sdk/murd/network/murd-network';
import { styleEncoder } from '../../sdk/murd/network/style-encoder';
import { styleGenerator } from '../../sdk/murd/network/style-generator';
import { onEachBackend } from '../support/backends';
import { checkAgainstTorch } from '../support/torch-case';

const fixture = 'murd-networks/networks.json';

onEachBackend(
  'networks and losses of MURD against PyTorch 2.13 (networks.py), output and gradients',
  (backend) => {
    it('the content encoder', async () => {
      await checkAgainstTorch<MurdTensors['content']>(
        'content encoder',
        (weights, { x }) => contentEncoder(weights, x as Tensor4D),
        { fixture },
      );
    });

    it('the style encoder', async () => {
      await checkAgainstTorch<MurdTensors['style']>(
        'style encoder',
        (weights, { x, domains }) => styleEncoder(weights, x as Tensor4D, domains as Tensor2D),
        { fixture },
      );
    });

    it('the style generator', async () => {
      await checkAgainstTorch<MurdTensors['styles']>(
        'style generator',
        (weights, { latents, domains }) => styleGenerator(weights, latents as Tensor2D, domains as Tensor2D),
        { fixture },
      );
    });

    it('the generator', async () => {
      await checkAgainstTorch<MurdTensors['generator']>(
        'generator',
        (weights, { content, style }) => generator(weights, content as Tensor4D, style as Tensor2D),
        { fixture },
      );
    });

    it('the discriminator', async () => {
      await checkAgainstTorch<MurdTensors['critic']>(
        'discriminator',
        (weights, { x, domains }) => discriminator(weights, x as Tensor4D, domains as Tensor2D),
        { fixture },
      );
    });

    for (const where of ['', ', background kept']) {
      // On a simulated graphics card these take five seconds each; what differs is in no operation of a backend.
      const mark = backend === 'webgpu' && where !== '' ? ' [long]' : '';
      it(`the loss of the generator, all terms${where}${mark}`, async () => {
        await checkAgainstTorch<MurdTensors>(
          `loss of the generator${where}`,
          (networks, inputs) => total(() => murdLoss(networks, inputsOf(inputs), murdLossWeights).total),
          { fixture, sum: true },
        );
      });

      it(`the loss of the discriminator, with the R1 penalty${where}${mark}`, async () => {
        await checkAgainstTorch<MurdTensors>(
          `loss of the discriminator${where}`,
          (networks, inputs) => total(() => discriminatorLoss(networks, inputsOf(inputs), { r1: 1 }).total),
          // R1 differentiates by the images; that once more by the images is no part of training.
          { fixture, sum: true, constant: ['inputs.images'] },
        );
      });
    }
  },
);

function inputsOf(inputs: Readonly<Record<string, Tensor>>): MurdInputs {
  const { images, inside, source, target, latents, otherLatents = latents } = inputs;
  return {
    images: images as Tensor4D,
    inside: inside as Tensor4D | undefined,
    source: source as Tensor2D,
    target: target as Tensor2D,
    latents: latents as Tensor2D,
    otherLatents: otherLatents as Tensor2D,
  };
}

function total(loss: () => Tensor): Tensor1D {
  return tidy(() => reshape(loss(), [1]));
}
