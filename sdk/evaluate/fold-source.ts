import type { FeatureCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import type { FeatureMatrix } from '../data/feature-matrix';
import type { Harmonizer } from '../data/harmonizer';
import type { RunOptions } from '../data/run-options';
import { ConcordError } from '../errors';
import type { Protocol } from './audit';

/** Gives the features of training and test subjects as one protocol sees them. */
export interface FoldSource {
  readonly protocol: Protocol;
  split(trainRows: Int32Array, testRows: Int32Array, run: RunOptions): Promise<FoldFeatures>;
}

/** The features of the two sides of a split, rows as asked for. */
export interface FoldFeatures {
  readonly train: FeatureMatrix;
  readonly test: FeatureMatrix;
}

/** The features as they are: raw, or harmonized beforehand. */
export function givenFeatures(cohort: FeatureCohort, protocol: 'raw' | 'in-sample'): FoldSource {
  return {
    protocol,
    split: (trainRows, testRows) =>
      Promise.resolve({
        train: takeSubjects(cohort, trainRows).features,
        test: takeSubjects(cohort, testRows).features,
      }),
  };
}

/** Features harmonized inside each split: fitted on the training subjects alone, applied to both sides. */
export function harmonizedInFolds<Model>(cohort: FeatureCohort, harmonizer: Harmonizer<Model>): FoldSource {
  return {
    protocol: 'in-folds',
    split: async (trainRows, testRows, { signal }) => {
      const train = takeSubjects(cohort, trainRows);
      const test = takeSubjects(cohort, testRows);
      const model = await harmonizer.fit(train, { signal });
      return {
        train: sameShape(train, await harmonizer.apply(model, train, { signal }), harmonizer.name),
        test: sameShape(test, await harmonizer.apply(model, test, { signal }), harmonizer.name),
      };
    },
  };
}

/**
 * The features of `after`, when it has the subjects and features of `before` in the same order.
 *
 * @throws ConcordError `invalid-option` when it has not.
 */
export function sameShape(before: FeatureCohort, after: FeatureCohort, method: string): FeatureMatrix {
  const agrees = (a: readonly string[], b: readonly string[]): boolean =>
    a.length === b.length && a.every((name, at) => name === b[at]);
  if (!agrees(before.features.subjects, after.features.subjects)) {
    throw new ConcordError(
      'invalid-option',
      `${method} did not return the subjects it was given, in their order`,
    );
  }
  if (!agrees(before.features.features, after.features.features)) {
    throw new ConcordError(
      'invalid-option',
      `${method} did not return the features it was given, in their order`,
    );
  }
  return after.features;
}
