import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { ChannelAffine } from './adaptive-group-norm';

/** What steers a normalization, and how: values·kernel + bias is a factor less 1, `[N, C]`, or that and a shift, `[N, 2C]`. */
export interface SteeringMap {
  /** `[N, size]` */
  readonly values: Tensor2D;
  /** `[size, C]` or `[size, 2C]` */
  readonly kernel: Tensor2D;
  readonly bias?: Tensor;
}

/** What the channels are scaled and shifted by. */
export interface Steering {
  /** `[C]` each. @defaultValue 1 and 0 */
  readonly learned?: ChannelAffine;
  /** Each takes the scale and shift before it times its factor, and adds its shift. */
  readonly maps: readonly SteeringMap[];
}
