import type { Tensor } from '@tensorflow/tfjs-core';
import { tidy, zerosLike } from '@tensorflow/tfjs-core';
import { ConcordError } from '../../errors';
import { adamUpdates } from '../ops/adam-update';

/** How Adam steps. */
export interface AdamOptions {
  /** The size of a step, in units of the parameters. */
  readonly learningRate: number;
  /**
   * How slowly the mean of the gradients decays: β₁ in the paper.
   *
   * @defaultValue 0.9
   */
  readonly beta1?: number;
  /**
   * How slowly the mean of their squares decays: β₂ in the paper.
   *
   * @defaultValue 0.999
   */
  readonly beta2?: number;
  /**
   * Keeps the division finite: ε in the paper.
   *
   * @defaultValue 1e-8
   */
  readonly epsilon?: number;
  /**
   * The fraction of each parameter, times the learning rate, that every step takes away. It does not pass through the
   * gradients' means (AdamW).
   *
   * @defaultValue 0: Adam
   */
  readonly weightDecay?: number;
}

/** {@link AdamOptions} for one step. */
export interface AdamStepOptions extends AdamOptions {
  /**
   * A factor on the learning rate for each parameter, see {@link learningRateMultipliers}.
   *
   * @defaultValue 1 for all
   */
  readonly multipliers?: readonly number[];
}

/**
 * What Adam remembers from step to step: with it, training continues as if it had never stopped. (A `type` with plain
 * arrays, so that `tf.tidy` can return it.)
 */
export type AdamState = {
  /** Steps done. */
  readonly step: number;
  /** Running means of the gradients, one for each parameter: m in the paper. */
  readonly first: Tensor[];
  /** Running means of their squares: v in the paper. */
  readonly second: Tensor[];
};

/** What one step gives. The caller disposes the tensors. */
export type AdamStep = {
  readonly params: Tensor[];
  readonly state: AdamState;
};

/** Makes the state before the first step: all zero. The caller disposes its tensors. */
export function initAdam(params: readonly Tensor[]): AdamState {
  return tidy(() => ({ step: 0, first: params.map(zerosLike), second: params.map(zerosLike) }));
}

/**
 * Takes one step of Adam (Kingma & Ba 2015, "Adam: a method for stochastic optimization", algorithm 1, with bias
 * correction), or of AdamW where `weightDecay` is not 0 (Loshchilov & Hutter 2019, "Decoupled weight decay
 * regularization", algorithm 2).
 *
 * @param params - what is to change; stays as it is
 * @param gradients - in the order of `params`
 * @param state - from {@link initAdam} or the step before; stays as it is
 * @throws ConcordError `invalid-option` for an option out of range or lists that do not belong together.
 */
export function adamStep(
  params: readonly Tensor[],
  gradients: readonly Tensor[],
  state: AdamState,
  options: AdamStepOptions,
): AdamStep {
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, multipliers } = options;
  requireOptions({ learningRate, beta1, beta2, epsilon, weightDecay });
  requireAlike(params, { gradients, 'first moments': state.first, 'second moments': state.second });
  if (multipliers !== undefined) requireOneEach(params, 'multipliers', multipliers);
  const step = state.step + 1;
  return tidy(() => {
    const learningRates = params.map((_, index) => learningRate * (multipliers?.[index] ?? 1));
    const tensors = { params, gradients, first: state.first, second: state.second };
    const updated = adamUpdates(tensors, { learningRates, beta1, beta2, epsilon, weightDecay, step });
    return {
      params: updated.map(([param]) => param),
      state: {
        step,
        first: updated.map(([, first]) => first),
        second: updated.map(([, , second]) => second),
      },
    };
  });
}

function requireOptions(options: Required<AdamOptions>): void {
  const check = (name: keyof AdamOptions, allowed: boolean, range: string): void => {
    if (!allowed) throw new ConcordError('invalid-option', `invalid ${name}: ${options[name]} (${range})`);
  };
  const { learningRate, beta1, beta2, epsilon, weightDecay } = options;
  check('learningRate', Number.isFinite(learningRate) && learningRate >= 0, 'a finite number, 0 or more');
  check('beta1', beta1 >= 0 && beta1 < 1, '0 or more, below 1');
  check('beta2', beta2 >= 0 && beta2 < 1, '0 or more, below 1');
  check('epsilon', Number.isFinite(epsilon) && epsilon > 0, 'a finite number above 0');
  check('weightDecay', Number.isFinite(weightDecay) && weightDecay >= 0, 'a finite number, 0 or more');
}

/** Broadcasting would let tensors of other shapes pass and train nonsense. */
function requireAlike(params: readonly Tensor[], lists: Readonly<Record<string, readonly Tensor[]>>): void {
  for (const [name, list] of Object.entries(lists)) {
    requireOneEach(params, name, list);
    params.forEach(({ shape }, index) => {
      if (list[index].shape.join() === shape.join()) return;
      throw new ConcordError(
        'invalid-option',
        `invalid ${name}: number ${index} has the shape [${list[index].shape.join(', ')}] ([${shape.join(', ')}] is required)`,
      );
    });
  }
}

function requireOneEach(params: readonly Tensor[], name: string, list: readonly unknown[]): void {
  if (list.length === params.length) return;
  throw new ConcordError(
    'invalid-option',
    `invalid ${name}: ${list.length} for ${params.length} parameters (one for each is required)`,
  );
}
