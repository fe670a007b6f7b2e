import type { FeatureMatrix } from '../../data/feature-matrix';
import { takeRows } from '../../data/feature-matrix';
import type { Ridge, RidgeSolver } from '../../math/linear/ridge';
import { ridgeSolver } from '../../math/linear/ridge';
import type { Scaling } from '../splits/scaling';
import { applyScaling, fitScaling } from '../splits/scaling';

/** One outcome to be predicted. */
export interface RidgeTask {
  /** One value per training subject; `NaN` leaves the subject out of training. */
  readonly outcome: Float64Array;
  /** The features of the test subjects. */
  readonly test: FeatureMatrix;
}

/** Predictions of one outcome for the test subjects. */
export interface RidgePrediction {
  readonly predicted: Float64Array;
  /** What is predicted without looking at the features: the training mean. */
  readonly baseline: number;
}

/**
 * Predicts outcomes from features by ridge regression on features standardized on the training subjects (missing
 * cells filled with their medians), the penalty chosen by generalized cross-validation among them.
 */
export function predictByRidge(
  train: FeatureMatrix,
  tasks: readonly RidgeTask[],
): readonly RidgePrediction[] {
  const width = train.features.length;
  const solvers = new Map<string, { scaling: Scaling; solver: RidgeSolver }>();
  return tasks.map(({ outcome, test }) => {
    const present = [...outcome.keys()].filter((row) => !Number.isNaN(outcome[row]));
    // Outcomes that the same subjects have share one decomposition.
    const key = present.length === outcome.length ? 'all' : present.join(' ');
    let prepared = solvers.get(key);
    if (prepared === undefined) {
      const matrix = key === 'all' ? train : takeRows(train, present);
      const scaling = fitScaling(matrix);
      prepared = { scaling, solver: ridgeSolver(applyScaling(scaling, matrix), width) };
      solvers.set(key, prepared);
    }
    const ridge = prepared.solver.fit(Float64Array.from(present, (row) => outcome[row]));
    const predicted = predictRidge(ridge, applyScaling(prepared.scaling, test), width);
    return { predicted, baseline: ridge.intercept };
  });
}

function predictRidge({ weights, intercept }: Ridge, scaled: Float64Array, width: number): Float64Array {
  return Float64Array.from({ length: scaled.length / width }, (_, item) => {
    let value = intercept;
    for (let k = 0, at = item * width; k < width; k++) value += weights[k] * scaled[at++];
    return value;
  });
}
