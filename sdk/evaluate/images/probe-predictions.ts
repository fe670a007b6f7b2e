import type { Tensor2D } from '@tensorflow/tfjs-core';
import { softmax, tidy } from '@tensorflow/tfjs-core';
import { imageRanges } from '../../data/cohort';
import type { RunOptions } from '../../data/run-options';
import { probeAnswer } from '../probes/probe-network';
import { applyProbe, trainProbe } from '../probes/train-probe';
import type { ProbeData } from './probe-data';

/** What a probe says of scans. */
export interface ProbePredictions {
  /** For each scan the probability of each class, or the number alone: the mean over its slices. */
  readonly said: readonly Float64Array[];
  /** What is said without looking: the mean over the scans learnt from; of classes nothing, `NaN`. */
  readonly blind: number;
}

/** Trains a probe from new weights on some scans, and asks it about others. */
export async function trainAndPredict(
  learnt: ProbeData,
  judged: ProbeData,
  options: RunOptions & { readonly steps: number; readonly seed: number },
): Promise<ProbePredictions> {
  const { steps, seed, signal } = options;
  const { kind, values } = learnt.target;
  const scale = kind === 'number' ? numberScale(values) : undefined;
  const probe = await trainProbe(lesson(learnt, scale), { steps, seed, signal });
  const answers = await applyProbe(probe, judged.cohort.images, {
    compute: (network, images) =>
      tidy(() => {
        const raw = probeAnswer(network, images);
        return scale === undefined ? softmax<Tensor2D>(raw) : raw;
      }),
    signal,
  });
  const means = meanOverSlices(judged, answers, probe.outputs);
  if (scale === undefined) return { said: means, blind: NaN };
  const said = means.map((mean) => mean.map((value) => scale.center + scale.spread * value));
  return { said, blind: scale.center };
}

interface NumberScale {
  readonly center: number;
  readonly spread: number;
}

/** Mean and spread of the numbers learnt, so that the network answers on a scale of its own. */
function numberScale(values: Float64Array): NumberScale {
  const center = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / values.length);
  return { center, spread: spread > 0 ? spread : 1 };
}

function lesson(
  { cohort, target }: ProbeData,
  scale: NumberScale | undefined,
): Parameters<typeof trainProbe>[0] {
  const { images } = cohort;
  const { classes, values } = target;
  const outputs = scale === undefined ? classes.length : 1;
  const answers = new Float32Array(images.shape[0] * outputs);
  const labels: string[] = [];
  imageRanges(cohort).forEach(([from, to], row) => {
    for (let image = from; image < to; image++) {
      if (scale === undefined) {
        answers[image * outputs + values[row]] = 1;
        labels.push(classes[values[row]]);
      } else answers[image] = (values[row] - scale.center) / scale.spread;
    }
  });
  return { images, answers, ...(scale === undefined ? { labels } : {}) };
}

function meanOverSlices({ cohort }: ProbeData, answers: Float32Array, outputs: number): Float64Array[] {
  return imageRanges(cohort).map(([from, to]) => {
    const mean = new Float64Array(outputs);
    for (let at = from * outputs; at < to * outputs; at++) mean[at % outputs] += answers[at] / (to - from);
    return mean;
  });
}
