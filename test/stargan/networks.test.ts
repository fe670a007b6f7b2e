import assert from 'node:assert/strict';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { reshape, tidy } from '@tensorflow/tfjs-core';
import { countParameters } from '../../sdk/nn/weight-trees';
import { readImages } from '../../sdk/stargan/network/image-trunk';
import { mappingNetwork } from '../../sdk/stargan/network/mapping-network';
import { starganGenerator } from '../../sdk/stargan/network/stargan-generator';
import type { StarganTensors } from '../../sdk/stargan/network/stargan-network';
import { initStargan, requireStarganArchitecture } from '../../sdk/stargan/network/stargan-network';
import { starganParameters } from '../../sdk/stargan/network/stargan-parameters';
import type { StarganArchitecture, StarganSize } from '../../sdk/stargan/network/stargan-sizes';
import { starganSizes } from '../../sdk/stargan/network/stargan-sizes';
import type { StarganInputs } from '../../sdk/stargan/training/stargan-losses';
import { starganCriticLoss, starganLoss } from '../../sdk/stargan/training/stargan-losses';
import { onEachBackend } from '../support/backends';
import { checkAgainstTorch } from '../support/torch-case';

const fixture = 'stargan-networks/networks.json';
const domainsAsNumbers = ['inputs.domains'];
const sitesAsNumbers = ['inputs.source', 'inputs.target'];

onEachBackend(
  'networks and losses of StarGAN v2 against PyTorch 2.13 (networks.py), output and gradients',
  (backend) => {
    // On a simulated graphics card these take seconds each; what differs is in no operation of a backend.
    const mark = backend === 'webgpu' ? ' [long]' : '';

    it('the generator', async () => {
      await checkAgainstTorch<StarganTensors['generator']>(
        'generator',
        (weights, { x, style }) => starganGenerator(weights, x as Tensor4D, style as Tensor2D),
        // The first bias is the same everywhere: every norm takes it out, its gradients cancel to 0.
        { fixture, sum: true },
      );
    });

    it('the mapping network', async () => {
      await checkAgainstTorch<StarganTensors['mapping']>(
        'mapping network',
        (weights, { latents, domains }) => mappingNetwork(weights, latents as Tensor2D, domains as Tensor2D),
        { fixture, constant: domainsAsNumbers },
      );
    });

    it('the style encoder, which the discriminator is like', async () => {
      await checkAgainstTorch<StarganTensors['style']>(
        'style encoder',
        (weights, { x, domains }) => readImages(weights, x as Tensor4D, domains as Tensor2D),
        { fixture, constant: domainsAsNumbers },
      );
    });

    for (const origin of ['latent', 'reference'] as const) {
      it(`the loss of the generator, all terms, ${origin}${mark}`, async () => {
        const weights = { style: 1, diversity: 0.6, cycle: 2, r1: 1 };
        await checkAgainstTorch<StarganTensors>(
          `loss of the generator, ${origin}`,
          (networks, inputs) =>
            total(() => starganLoss(networks, inputsOf(inputs), { weights, origin }).total),
          { fixture, sum: true, constant: sitesAsNumbers },
        );
      });
    }

    it(`the loss of the discriminator, with the R1 penalty${mark}`, async () => {
      await checkAgainstTorch<StarganTensors>(
        'loss of the discriminator',
        (networks, inputs) =>
          total(() => starganCriticLoss(networks, inputsOf(inputs), { r1: 1, origin: 'latent' }).total),
        // R1 differentiates by the images; that once more by the images is no part of training.
        { fixture, sum: true, constant: [...sitesAsNumbers, 'inputs.images'] },
      );
    });
  },
);

describe('sizes of StarGAN v2', () => {
  const sized = (size: StarganSize, side: number, channels = 1): StarganArchitecture => ({
    ...starganSizes[size],
    imageShape: [side, side, channels],
  });

  it('are counted as the networks that are drawn', () => {
    for (const [domains, channels] of [
      [1, 3],
      [3, 1],
    ]) {
      const architecture = sized('tiny', 32, channels);
      const drawn = Object.entries(initStargan(1, architecture, domains));
      assert.deepEqual(
        starganParameters(architecture, domains),
        Object.fromEntries(drawn.map(([name, weights]) => [name, countParameters(weights)])),
      );
    }
  });

  it('are within 1 % of the published ones, 33.9, 1.62, 20.9 and 20.9 million with one domain', () => {
    const counted = starganParameters(sized('paper-like', 256, 3), 1);
    const published = { generator: 33.9e6, mapping: 1.62e6, style: 20.9e6, critic: 20.9e6 };
    for (const [name, count] of Object.entries(published)) {
      const found = counted[name as keyof typeof published];
      assert.ok(Math.abs(found / count - 1) < 0.01, `${name}: ${found}`);
    }
    // At 128 × 128 the released networks begin twice as wide and halve once less: 33.6 million.
    const half = { ...sized('paper-like', 128, 3), width: 128, halvings: 3 };
    assert.ok(Math.abs(starganParameters(half, 1).generator / 33.6e6 - 1) < 0.01);
  });

  it('fit their images, and no smaller ones', () => {
    for (const [size, side] of [
      ['tiny', 32],
      ['small', 64],
      ['paper-like', 256],
    ] as const) {
      requireStarganArchitecture(sized(size, side));
      assert.throws(() => requireStarganArchitecture(sized(size, side / 2)), { code: 'invalid-option' });
    }
    assert.throws(() => requireStarganArchitecture({ ...sized('tiny', 32), width: 0 }), {
      code: 'invalid-option',
      message: /width/,
    });
  });
});

function inputsOf(inputs: Readonly<Record<string, Tensor>>): StarganInputs {
  const { images, inside, source, target, latents, otherLatents, references, otherReferences } = inputs;
  return {
    images: images as Tensor4D,
    inside: inside as Tensor4D,
    source: source as Tensor2D,
    target: target as Tensor2D,
    latents: latents as Tensor2D,
    otherLatents: otherLatents as Tensor2D,
    references: references as Tensor4D,
    otherReferences: otherReferences as Tensor4D,
  };
}

function total(loss: () => Tensor): Tensor1D {
  return tidy(() => reshape(loss(), [1]));
}
