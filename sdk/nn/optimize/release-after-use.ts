import type { Tensor } from '@tensorflow/tfjs-core';
import { clone, dispose, engine, scalar, tidy } from '@tensorflow/tfjs-core';

/**
 * Lets the backward pass that follows free what it has used: a gradient once it has been taken back through its
 * operation, and what that operation had saved for it. tfjs keeps all of them to the end, which takes nearly twice the
 * memory. To be called at the end of the forward pass of the outermost differentiation; inside another one nothing is
 * changed, because what is saved may be needed again.
 */
export function releaseAfterUse(): void {
  const { activeTape, gradientDepth } = engine().state;
  if (gradientDepth !== 1) return;
  // A gradient may be a tensor that was there before, of the caller's perhaps; ids grow.
  const { id: now } = tidy(() => scalar(0));
  const isOwn = (dy: Tensor | null | undefined): dy is Tensor =>
    dy !== null && dy !== undefined && dy.id > now;
  let used: readonly Tensor[] = [];
  for (const operation of activeTape ?? []) {
    const { gradient, saved = [] } = operation;
    if (gradient === undefined) continue;
    operation.gradient = (dys: (Tensor | null)[]) => {
      // The pass comes here when it is done with the operation before.
      dispose([...used]);
      const own = (used = [...dys.filter(isOwn), ...saved]);
      const gradients = Object.entries(gradient(dys as Tensor[]));
      return Object.fromEntries(
        gradients.map(([input, compute]) => [input, () => unlessAmong(own, compute())]),
      );
    };
  }
}

/** What is passed on must outlive what is freed. */
function unlessAmong(freed: readonly Tensor[], gradient: Tensor): Tensor {
  return freed.includes(gradient) ? clone(gradient) : gradient;
}
