import type { Rank, ShapeMap, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { ones, tensor } from '@tensorflow/tfjs-core';
import type { WeightArray, WeightTable } from '../../../sdk/data/networks/weights';
import type { Random } from '../../../sdk/math/random';
import { initialize } from '../../../sdk/nn/blocks/initialize';
import type { TrainingPlan, Update } from '../../../sdk/nn/train/training-plan';
import { newTrainingState } from '../../../sdk/nn/train/training-state';
import { trainingStep } from '../../../sdk/nn/train/training-step';
import { flattenTree, treeFromTable } from '../../../sdk/nn/weight-trees';
import type { StarganWeights } from '../../../sdk/stargan/network/stargan-network';
import { initStargan } from '../../../sdk/stargan/network/stargan-network';
import type { StarganArchitecture } from '../../../sdk/stargan/network/stargan-sizes';
import { starganSizes } from '../../../sdk/stargan/network/stargan-sizes';
import type { StarganInputs, StyleOrigin } from '../../../sdk/stargan/training/stargan-losses';
import { starganCriticLoss, starganLoss } from '../../../sdk/stargan/training/stargan-losses';
import type { Outcome } from './serve-tasks';

/** The style-encoding GAN of the package in its size `small`: 64 × 64 images, one domain. */
const architecture: StarganArchitecture = { ...starganSizes.small, imageShape: [64, 64, 1] };

/** How many images a step has. */
const batch = 8;

/** The weights of the terms for a style-encoding GAN at the first step; gan.py has them too. */
const weights = { style: 1, diversity: 1, cycle: 100, r1: 1 } as const;

/** The optimizer of the package for it; gan.py has it too. */
const optimizer = { learningRate: 1e-4, beta1: 0, beta2: 0.99, weightDecay: 1e-4 } as const;
const multipliers = { mapping: 0.01 } as const;

type Networks = StarganWeights<WeightArray>;

/** What the programs train and what they train it on. */
export function ganTables(random: Random): Readonly<Record<'ganWeights' | 'ganBatch', WeightTable>> {
  const normal = (...shape: number[]): WeightArray =>
    initialize(random, shape, { name: 'normal', deviation: 1 });
  const [height, width, channels] = architecture.imageShape;
  const images = (): WeightArray => normal(batch, height, width, channels);
  const latents = (): WeightArray => normal(batch, architecture.latentSize);
  const inside = images();
  return {
    ganWeights: flattenTree(initStargan(3, architecture, 1)),
    ganBatch: new Map([
      ['images', images()],
      ['inside', { ...inside, data: inside.data.map((value) => Number(value > -0.3)) }],
      ['latents', latents()],
      ['otherLatents', latents()],
      ['references', images()],
      ['otherReferences', images()],
    ]),
  };
}

/** The four updates of a step of the package, always on the same batch. */
export function ganTrainer({ ganWeights, ganBatch }: ReturnType<typeof ganTables>): () => Promise<Outcome> {
  const networks = treeFromTable<Networks>(initStargan(3, architecture, 1), ganWeights);
  const at = <R extends Rank>(name: string): Tensor<R> => {
    const { data, shape } = ganBatch.get(name) as WeightArray;
    return tensor<R>(data, shape as ShapeMap[R]);
  };
  const domain: Tensor2D = ones([batch, 1]);
  const inputs: StarganInputs = {
    images: at<Rank.R4>('images'),
    inside: at<Rank.R4>('inside'),
    source: domain,
    target: domain,
    latents: at<Rank.R2>('latents'),
    otherLatents: at<Rank.R2>('otherLatents'),
    references: at<Rank.R4>('references'),
    otherReferences: at<Rank.R4>('otherReferences'),
  };
  const critic = (origin: StyleOrigin): Update<Networks, StarganInputs> => ({
    name: `critic ${origin}`,
    trains: ['critic'],
    optimizer,
    loss: (tensors, given) => starganCriticLoss(tensors, given, { r1: weights.r1, origin }),
  });
  const maker = (origin: StyleOrigin): Update<Networks, StarganInputs> => ({
    name: `generator ${origin}`,
    trains: origin === 'latent' ? ['generator', 'mapping', 'style'] : ['generator'],
    optimizer: origin === 'latent' ? { ...optimizer, multipliers } : optimizer,
    loss: (tensors, given) => starganLoss(tensors, given, { weights, origin }),
  });
  const plan: TrainingPlan<Networks, StarganInputs> = {
    label: 'bench',
    networks,
    updates: [critic('latent'), critic('reference'), maker('latent'), maker('reference')],
    batch: () => Promise.resolve(inputs),
    fingerprint: {},
  };
  const state = newTrainingState(plan, false);
  let step = 0;
  return async () => {
    let loss = 0;
    step += 1;
    await trainingStep(plan, state, { step, batch: inputs, seed: () => 0 }, ({ losses }) => {
      loss += losses['loss'];
    });
    return { loss };
  };
}
