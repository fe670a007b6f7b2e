import type { Tensor } from '@tensorflow/tfjs-core';
import { dispose, stack, tidy } from '@tensorflow/tfjs-core';
import type { Tree, WeightArray } from '../../data/networks/weights';
import { makeRandom } from '../../math/random';
import type { AdamState } from '../optimize/adam';
import { adamStep } from '../optimize/adam';
import { clipByGlobalNorm, globalNorm } from '../optimize/clip';
import { emaStep } from '../optimize/ema';
import { learningRateMultipliers } from '../optimize/learning-rate-multipliers';
import { learningRateAt } from '../optimize/schedule';
import { valueAndGradients } from '../optimize/value-and-gradients';
import type { TensorsOf } from '../parameters';
import { flattenTree, mapTree } from '../weight-trees';
import type { StepOutcome } from './divergence';
import type { TrainingPlan, Update } from './training-plan';
import type { TrainingState } from './training-state';
import { replaceTrained, trainedLeaves, trainedTree } from './training-state';

/** What an update computes before anything is replaced by it. */
interface Computed {
  readonly params: readonly Tensor[];
  readonly adam: AdamState;
  /** The loss, its parts, and the norm of the gradients, in one tensor: they are read at once. */
  readonly scalars: Tensor;
}

/** One step at a known place in the run. */
export interface StepPlace<Batch> {
  readonly step: number;
  readonly batch: Batch;
  /** The seed of this step; each update draws from a stream of its own. */
  readonly seed: (update: number) => number;
}

/**
 * Does one step: each update in order.
 *
 * @param check - called with what each update came to, before its new weights replace the old ones; when it throws,
 *   the state stays as it was after the update before
 */
export async function trainingStep<Networks extends Tree<WeightArray>, Batch>(
  plan: TrainingPlan<Networks, Batch>,
  state: TrainingState,
  place: StepPlace<Batch>,
  check: (outcome: StepOutcome) => void,
): Promise<void> {
  for (const [index, update] of plan.updates.entries()) {
    const learningRate = rateAt(update, place.step);
    const { computed, names } = compute(update, state, { place, index, learningRate });
    const numbers = await computed.scalars.data();
    computed.scalars.dispose();
    try {
      check({
        update: update.name,
        step: place.step,
        learningRate,
        losses: Object.fromEntries(names.map((name, position) => [name, numbers[position]])),
        gradientNorm: numbers[names.length],
      });
    } catch (error) {
      dispose([...computed.params, ...computed.adam.first, ...computed.adam.second]);
      throw error;
    }
    commit(update, state, computed);
  }
}

function rateAt<Networks extends Tree<WeightArray>, Batch>(
  { optimizer: { learningRate } }: Update<Networks, Batch>,
  step: number,
): number {
  return learningRateAt(learningRate, step - 1);
}

function compute<Networks extends Tree<WeightArray>, Batch>(
  update: Update<Networks, Batch>,
  state: TrainingState,
  at: { readonly place: StepPlace<Batch>; readonly index: number; readonly learningRate: number },
): { readonly computed: Computed; readonly names: readonly string[] } {
  const { trains, optimizer, loss } = update;
  const { clipNorm, multipliers: groups, ...adamOptions } = optimizer;
  const names = ['loss'];
  const remembered = state.optimizers.get(update.name) as AdamState;
  const [params, first, second, [scalars]] = tidy(() => {
    const random = makeRandom(at.place.seed(at.index));
    const { value, parts, gradients } = valueAndGradients(
      (trained) =>
        loss({ ...state.networks, ...trained } as unknown as TensorsOf<Networks>, at.place.batch, random),
      trainedTree(state.networks, trains),
    );
    names.push(...Object.keys(parts));
    const clipped =
      clipNorm === undefined
        ? { gradients, norm: globalNorm(gradients) }
        : clipByGlobalNorm(gradients, clipNorm);
    const leaves = flattenTree(trainedTree(state.networks, trains));
    const stepped = adamStep([...leaves.values()], clipped.gradients, remembered, {
      ...adamOptions,
      learningRate: at.learningRate,
      ...(groups === undefined ? {} : { multipliers: learningRateMultipliers(leaves.keys(), groups) }),
    });
    const scalars = stack([value, ...Object.values(parts), clipped.norm]);
    return [stepped.params, [...stepped.state.first], [...stepped.state.second], [scalars]];
  });
  return { computed: { params, adam: { step: remembered.step + 1, first, second }, scalars }, names };
}

function commit<Networks extends Tree<WeightArray>, Batch>(
  update: Update<Networks, Batch>,
  state: TrainingState,
  { params, adam }: Computed,
): void {
  const before = state.optimizers.get(update.name) as AdamState;
  dispose([...trainedLeaves(state.networks, update.trains), ...before.first, ...before.second]);
  state.networks = replaceTrained(state.networks, update.trains, params);
  state.optimizers.set(update.name, adam);
}

/** Moves the running averages of all weights a little towards them. */
export function averageWeights(state: TrainingState, decay: number): void {
  const { averages, networks } = state;
  if (averages === undefined) return;
  const before = [...flattenTree(averages).values()];
  const moved = tidy(() => [...emaStep(before, [...flattenTree(networks).values()], decay)]);
  dispose(before);
  let next = 0;
  state.averages = mapTree<Tensor, Tensor>(averages, () => moved[next++]) as Record<string, Tree<Tensor>>;
}
