import assert from 'node:assert/strict';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { reshape, tidy } from '@tensorflow/tfjs-core';
import { cycleGenerator, initCycleGenerator } from '../../sdk/cyclegan/network/cycle-generator';
import type { CycleGenerator } from '../../sdk/cyclegan/network/cycle-generator';
import { cycleganSizes } from '../../sdk/cyclegan/network/cyclegan-sizes';
import type { PairInputs, PairNetworks } from '../../sdk/cyclegan/training/cyclegan-losses';
import { criticsLoss, generatorsLoss } from '../../sdk/cyclegan/training/cyclegan-losses';
import { cycleganLossWeights } from '../../sdk/cyclegan/training/loss-weights';
import type { PatchCritic } from '../../sdk/nn/blocks/patch-critic';
import { initPatchCritic, patchCritic } from '../../sdk/nn/blocks/patch-critic';
import { countParameters } from '../../sdk/nn/weight-trees';
import { onEachBackend } from '../support/backends';
import { checkAgainstTorch } from '../support/torch-case';

const fixture = 'cyclegan-networks/networks.json';

onEachBackend(
  'networks and losses of the CycleGAN against PyTorch 2.13 (networks.py), output and gradients',
  () => {
    it('the generator', async () => {
      await checkAgainstTorch<CycleGenerator<Tensor>>(
        'generator',
        (weights, { x }) => cycleGenerator(weights, x as Tensor4D),
        { fixture },
      );
    });

    it('the critic of patches', async () => {
      await checkAgainstTorch<PatchCritic<Tensor>>(
        'critic',
        (weights, { x }) => patchCritic(weights, x as Tensor4D),
        { fixture },
      );
    });

    it('the loss of the generators, all terms', async () => {
      await checkAgainstTorch<PairNetworks>(
        'loss of the generators',
        (networks, inputs) =>
          total(() => generatorsLoss(networks, pairInputs(inputs), cycleganLossWeights).total),
        { fixture, sum: true },
      );
    });

    it('the loss of the critics', async () => {
      const asMade = { first: (made: Tensor4D) => made, second: (made: Tensor4D) => made };
      await checkAgainstTorch<PairNetworks>(
        'loss of the critics',
        (networks, inputs) => total(() => criticsLoss(networks, pairInputs(inputs), asMade).total),
        { fixture, sum: true },
      );
    });
  },
);

describe('the sizes of the CycleGAN', () => {
  it('are those of the paper: 11.37 million weights a generator and 2.76 million a critic of one channel', () => {
    const architecture = { ...cycleganSizes['paper-like'], imageShape: [256, 256, 1] } as const;
    // What is drawn does not matter here.
    const random = { uniform: () => 0, normal: () => 0, integer: () => 0 };
    const generator = countParameters(initCycleGenerator(random, architecture));
    const widths = architecture.criticWidths;
    const critic = countParameters(
      initPatchCritic(random, { inChannels: 1, widths, initialization: 'zeros' }),
    );
    // Of the layers, by hand; published networks have 5,248 and 896 biases more, which normalizations take out again.
    assert.equal(generator, 11_365_633 - 5_248);
    assert.equal(critic, 2_762_689 - 896);
    // Zhu et al. 2017, as counted in their released code.
    assert.ok(Math.abs(generator / 11.37e6 - 1) < 0.001 && Math.abs(critic / 2.76e6 - 1) < 0.001);
  });
});

function pairInputs(inputs: Readonly<Record<string, Tensor>>): PairInputs {
  const { first, firstInside, second, secondInside } = inputs;
  return {
    first: { images: first as Tensor4D, inside: firstInside as Tensor4D },
    second: { images: second as Tensor4D, inside: secondInside as Tensor4D },
  };
}

function total(loss: () => Tensor): Tensor1D {
  return tidy(() => reshape(loss(), [1]));
}
