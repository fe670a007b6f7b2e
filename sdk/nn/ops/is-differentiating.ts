import { engine } from '@tensorflow/tfjs-core';

/**
 * Whether tfjs records operations to differentiate them. In the gradient of an operation it is true when that gradient
 * will be differentiated itself, and then has to be made of operations that have gradients.
 */
export function isDifferentiating(): boolean {
  return engine().state.gradientDepth > 0;
}
