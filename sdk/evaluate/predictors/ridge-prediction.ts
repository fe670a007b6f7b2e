import type { FeatureMatrix } from '../../data/feature-matrix';
import { takeRows } from '../../data/feature-matrix';
import type { Ridge, RidgePredictors } from '../../math/linear/ridge';
import { ridgePredictors, ridgeSolvers } from '../../math/linear/ridge';
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

/** Outcomes of the same training subjects, with all that their prediction takes. */
export interface PreparedRidge {
  readonly predictors: RidgePredictors;
  readonly outcomes: readonly Float64Array[];
  /** For each outcome the standardized features of its test subjects, row-major. */
  readonly tests: readonly Float64Array[];
  /** The position of each outcome among all tasks. */
  readonly positions: readonly number[];
}

/**
 * Predicts outcomes from features by ridge regression on features standardized on the training subjects (missing
 * cells filled with their medians), the penalty chosen by generalized cross-validation among them.
 */
export function predictByRidge(
  train: FeatureMatrix,
  tasks: readonly RidgeTask[],
): readonly RidgePrediction[] {
  return predictPrepared([prepareRidge(train, tasks)])[0];
}

/** Prepares {@link predictByRidge}, for {@link predictPrepared}: outcomes that the same subjects have share one table. */
export function prepareRidge(train: FeatureMatrix, tasks: readonly RidgeTask[]): readonly PreparedRidge[] {
  const tables = new Map<string, { scaling: Scaling; present: readonly number[]; positions: number[] }>();
  tasks.forEach(({ outcome }, position) => {
    const present = [...outcome.keys()].filter((row) => !Number.isNaN(outcome[row]));
    const key = present.length === outcome.length ? 'all' : present.join(' ');
    const known = tables.get(key);
    if (known !== undefined) known.positions.push(position);
    else {
      const scaling = fitScaling(key === 'all' ? train : takeRows(train, present));
      tables.set(key, { scaling, present, positions: [position] });
    }
  });
  return [...tables.values()].map(({ scaling, present, positions }) => {
    const matrix = present.length === train.subjects.length ? train : takeRows(train, present);
    return {
      predictors: ridgePredictors(applyScaling(scaling, matrix), train.features.length),
      outcomes: positions.map((at) => Float64Array.from(present, (row) => tasks[at].outcome[row])),
      tests: scaledTests(
        positions.map((at) => tasks[at].test),
        scaling,
      ),
      positions,
    };
  });
}

/** Test subjects on the scale of training: a table that several outcomes have is brought there once. */
function scaledTests(tests: readonly FeatureMatrix[], scaling: Scaling): readonly Float64Array[] {
  const made = new Map<FeatureMatrix, Float64Array>();
  return tests.map((test) => {
    const known = made.get(test) ?? applyScaling(scaling, test);
    made.set(test, known);
    return known;
  });
}

/** What is predicted of the tasks of each table, in their order. */
export function predictPrepared(
  tables: readonly (readonly PreparedRidge[])[],
): readonly (readonly RidgePrediction[])[] {
  const solvers = ridgeSolvers(tables.flat().map(({ predictors }) => predictors));
  let next = 0;
  return tables.map((prepared) => {
    const made: RidgePrediction[] = [];
    for (const { outcomes, tests, positions } of prepared) {
      solvers[next++].fitAll(outcomes).forEach((ridge, at) => {
        made[positions[at]] = { predicted: predictRidge(ridge, tests[at]), baseline: ridge.intercept };
      });
    }
    return made;
  });
}

function predictRidge({ weights, intercept }: Ridge, scaled: Float64Array): Float64Array {
  const predicted = new Float64Array(scaled.length / weights.length).fill(intercept);
  addWeighted(predicted, scaled, weights);
  return predicted;
}

/** Adds to each number the weighted sum of a row. */
function addWeighted(sums: Float64Array, rows: Float64Array, weights: Float64Array): void {
  for (let i = 0, at = 0; i < sums.length; i++) {
    let sum = sums[i];
    for (let k = 0; k < weights.length; k++) sum += weights[k] * rows[at++];
    sums[i] = sum;
  }
}
