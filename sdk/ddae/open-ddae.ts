import type { Tensor } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../data/networks/weights';
import type { NoiseSchedule } from '../diffusion/noise-schedule';
import { makeNoiseSchedule } from '../diffusion/noise-schedule';
import type { Denoiser } from '../diffusion/denoising-loss';
import type { Features } from '../nn/blocks/convolution';
import { rowsTensor, withWeights } from '../nn/images/image-model';
import type { DdaeModel } from './ddae-model';
import type { CodeTensors, DdaeLayout, DdaeWeights } from './network/ddae-network';
import { denoise, layOut } from './network/ddae-network';

/** A model on the backend. */
export interface OpenDdae {
  readonly model: DdaeModel;
  readonly layout: DdaeLayout;
  readonly schedule: NoiseSchedule;
  readonly weights: DdaeWeights<Tensor>;
}

/** Puts a model on the backend for as long as `use` takes. */
export async function withOpenDdae<Result>(
  model: DdaeModel,
  use: (open: OpenDdae) => Promise<Result>,
): Promise<Result> {
  const layout = layOut(model.architecture);
  const { schedule: kind, times: steps } = model.diffusion;
  return withWeights(model.weights as DdaeWeights<WeightArray>, (weights) =>
    use({ model, layout, schedule: makeNoiseSchedule({ kind, steps }), weights }),
  );
}

/** The network as the samplers see it, steered by codes. */
export function denoiserWith({ weights, layout }: OpenDdae, codes: CodeTensors): Denoiser<Features> {
  return (noisy, times) => denoise(weights, { noisy, times }, { codes, layout });
}

/** Samples as a tensor: `[N, H, W, C]` or `[N, length, C]`. */
export function samplesTensor({ model }: OpenDdae, values: Float32Array): Features {
  return rowsTensor<Features>(values, model.architecture.sampleShape);
}
