import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { clone, engine, keep, tidy, zerosLike } from '@tensorflow/tfjs-core';
import type { Tree } from '../../data/networks/weights';
import { ConcordError } from '../../errors';
import { flattenTree } from '../weight-trees';
import { releaseAfterUse } from './release-after-use';

/** What a loss function returns. */
export interface Loss {
  /** What is made smaller: a scalar. */
  readonly total: Scalar;
  /** Scalars worth reporting, for example the terms that the total is made of. No gradient is taken of them. */
  readonly parts?: Readonly<Record<string, Scalar>>;
}

/** A loss and how it changes with the parameters. The caller disposes the tensors. */
export type ValueAndGradients = {
  /** The total. */
  readonly value: Scalar;
  /** The parts by name; empty when the loss names none. */
  readonly parts: Record<string, Scalar>;
  /** One gradient for each parameter, in the order of `flattenTree`; zero for a parameter that takes no part. */
  readonly gradients: Tensor[];
};

/**
 * Computes a loss, its parts and the gradient of its total with respect to every parameter, in one forward and one
 * backward pass (reverse-mode differentiation).
 *
 * @param loss - computes the loss from `params`, with tensor operations only; what it makes on the way is disposed
 * @param params - the tensors to differentiate by
 * @throws ConcordError `invalid-option` when there are no parameters, the total is not a scalar, or it depends on none
 *   of them.
 */
export function valueAndGradients<Params extends Tree<Tensor>>(
  loss: (params: Params) => Loss,
  params: Params,
): ValueAndGradients {
  const leaves = [...flattenTree<Tensor>(params).values()];
  if (leaves.length === 0) {
    throw new ConcordError(
      'invalid-option',
      'invalid parameters: the tree has no tensors to differentiate by',
    );
  }
  const kept: [name: string, part: Scalar][] = [];
  const forward = (): Scalar => {
    const { total, parts = {} } = loss(params);
    // The engine ends the forward pass by disposing everything but the total, so the parts are kept by hand.
    for (const [name, part] of Object.entries(parts)) kept.push([name, keep(clone(part))]);
    releaseAfterUse();
    return total;
  };
  return tidy(() => {
    try {
      const { value, grads } = differentiate(forward, leaves);
      checkLoss(value, grads);
      return {
        value: clone(value),
        parts: Object.fromEntries(kept.map(([name, part]) => [name, clone(part)])),
        gradients: leaves.map((leaf, index) => grads[index] ?? zerosLike(leaf)),
      };
    } finally {
      for (const [, part] of kept) part.dispose();
    }
  });
}

/** Runs the engine's backward pass; when that throws, drops what the engine had put aside for it. */
function differentiate(
  forward: () => Scalar,
  leaves: Tensor[],
): { value: Scalar; grads: (Tensor | undefined)[] } {
  try {
    return engine().gradients(forward, leaves, undefined, true);
  } catch (error) {
    const { state } = engine();
    if (state.gradientDepth === 0) {
      for (const { saved } of state.activeTape ?? []) for (const tensor of saved ?? []) tensor.dispose();
    }
    throw error;
  }
}

function checkLoss(value: Scalar, grads: readonly (Tensor | undefined)[]): void {
  if (value.size !== 1 || value.rank !== 0) {
    throw new ConcordError(
      'invalid-option',
      `invalid loss: a tensor of shape [${(value as Tensor).shape.join(', ')}] (a scalar is required: take its mean or sum)`,
    );
  }
  if (grads.every((gradient) => gradient === undefined)) {
    throw new ConcordError(
      'invalid-option',
      'invalid loss: it depends on none of the parameters (compute it from the tensors that are passed, with tensor operations only)',
    );
  }
}
