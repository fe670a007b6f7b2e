import type { Tree, WeightArray } from '../../data/networks/weights';
import type { IntensityScale } from '../../nn/autoencoder/intensity-scale';

/** A probe that has been trained: plain values. */
export interface TrainedProbe {
  readonly weights: Tree<WeightArray>;
  readonly intensity: IntensityScale;
  readonly outputs: number;
}
