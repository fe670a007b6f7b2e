import { sampleCorrelation } from 'simple-statistics';
import { areaWithinGroups, balancedAccuracy } from '../predictors/classification-scores';
import type { ImageProbeResult } from './image-probe';
import type { ProbeTarget } from './probe-target';

/** What probes said of each scan while it was held out, in one seed. */
export interface JudgedScans {
  /** The fold of each scan, which one probe judged. */
  readonly folds: Int32Array;
  /** Per scan, a number for each class, or one. */
  readonly answers: readonly Float64Array[];
  /** Per scan, the mean of the number in the training scans of its fold. */
  readonly means: Float64Array;
}

interface Score {
  readonly name: ImageProbeResult['score'];
  readonly of: (judged: JudgedScans, truth: Float64Array, rows: readonly number[]) => number;
}

/** How the answers to a target are scored. */
export function probeScore({ kind, classes }: ProbeTarget): Score {
  if (kind === 'number') {
    return {
      name: 'mean-absolute-error',
      of: ({ answers }, truth, rows) => averageOf(rows, (row) => Math.abs(answers[row][0] - truth[row])),
    };
  }
  if (classes.length === 2) {
    return {
      name: 'area-under-curve',
      of: ({ answers, folds }, truth, rows) =>
        areaWithinGroups(
          rows.map((row) => answers[row][1] - answers[row][0]),
          rows.map((row) => truth[row] === 1),
          rows.map((row) => folds[row]),
        ),
    };
  }
  return {
    name: 'balanced-accuracy',
    of: ({ answers }, truth, rows) =>
      balancedAccuracy(
        Int32Array.from(rows, (row) => truth[row]),
        Int32Array.from(rows, (row) => answers[row].indexOf(Math.max(...answers[row]))),
        classes.length,
      ),
  };
}

/** The mean absolute error of saying of each scan the mean of those that its probe was trained on. */
export function errorOfTheMean(said: readonly JudgedScans[], truth: Float64Array): number {
  const rows = [...truth.keys()];
  return averageOf(said, ({ means }) => averageOf(rows, (row) => Math.abs(means[row] - truth[row])));
}

/**
 * The correlation of answers with the truth, both as differences from the mean of their fold: the mean of the scans that
 * a probe was trained on is the lower the higher those held out are, so that answers pooled over folds correlate with
 * the truth below 0 where a probe learned nothing (as the area under the curve, see {@link areaWithinGroups}).
 */
export function meanCorrelation(said: readonly JudgedScans[], truth: Float64Array): number {
  return averageOf(said, ({ answers, folds }) =>
    sampleCorrelation(
      withinFolds(
        answers.map(([first]) => first),
        folds,
      ),
      withinFolds([...truth], folds),
    ),
  );
}

/** Each value as the difference from the mean of its fold. */
function withinFolds(values: readonly number[], folds: Int32Array): number[] {
  const sums = new Map<number, { sum: number; count: number }>();
  values.forEach((value, row) => {
    const { sum, count } = sums.get(folds[row]) ?? { sum: 0, count: 0 };
    sums.set(folds[row], { sum: sum + value, count: count + 1 });
  });
  return values.map((value, row) => {
    const { sum, count } = sums.get(folds[row]) ?? { sum: NaN, count: 1 };
    return value - sum / count;
  });
}

function averageOf<Item>(items: readonly Item[], figure: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + figure(item), 0) / items.length;
}
