import type { FeatureCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import type { FeatureMatrix } from '../data/feature-matrix';
import type { Harmonizer } from '../data/harmonizer';
import type { RunOptions } from '../data/run-options';
import { ConcordError } from '../errors';
import type { Protocol } from './audit';
import { withholdCovariate } from './withhold-covariate';

/** Gives the features of training and test subjects as one protocol sees them. */
export interface FoldSource {
  readonly protocol: Protocol;
  split(trainRows: Int32Array, testRows: Int32Array, run: RunOptions): Promise<FoldFeatures>;
}

/** The features of the two sides of a split, rows as asked for. */
export interface FoldFeatures {
  readonly train: FeatureMatrix;
  /**
   * The features of the test subjects.
   *
   * @param withheld - the covariate about to be predicted: if the features are harmonized in the split, they are so
   * without the test subjects' own values of it, which a harmonizer that preserves it would pass on into them
   */
  test(withheld?: string): Promise<FeatureMatrix>;
}

/** The features as they are: raw, or harmonized beforehand. */
export function givenFeatures(cohort: FeatureCohort, protocol: 'raw' | 'in-sample'): FoldSource {
  return {
    protocol,
    split: (trainRows, testRows) =>
      Promise.resolve({
        train: takeSubjects(cohort, trainRows).features,
        test: () => Promise.resolve(takeSubjects(cohort, testRows).features),
      }),
  };
}

/**
 * Features harmonized inside each split: fitted on the training subjects alone, applied to both sides. The test side
 * is harmonized anew for each covariate to be predicted, with that covariate withheld (see {@link withholdCovariate}).
 */
export function harmonizedInFolds<Model>(cohort: FeatureCohort, harmonizer: Harmonizer<Model>): FoldSource {
  return {
    protocol: 'in-folds',
    split: async (trainRows, testRows, { signal }) => {
      const train = takeSubjects(cohort, trainRows);
      const test = takeSubjects(cohort, testRows);
      const model = await harmonizer.fit(train, { signal });
      return {
        train: sameShape(train, await harmonizer.apply(model, train, { signal }), harmonizer.name),
        test: async (withheld) => {
          const given = withheld === undefined ? test : withholdCovariate(test, withheld, train);
          return sameShape(test, await harmonizer.apply(model, given, { signal }), harmonizer.name);
        },
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
  requireSame('subject', { given: before.features.subjects, returned: after.features.subjects, method });
  requireSame('feature', { given: before.features.features, returned: after.features.features, method });
  return after.features;
}

function requireSame(
  what: 'subject' | 'feature',
  {
    given,
    returned,
    method,
  }: { readonly given: readonly string[]; readonly returned: readonly string[]; readonly method: string },
): void {
  const length = Math.max(given.length, returned.length);
  const shown = (name: string | undefined): string => (name === undefined ? 'none' : `"${name}"`);
  for (let at = 0; at < length; at++) {
    if (given[at] === returned[at]) continue;
    throw new ConcordError(
      'invalid-option',
      `invalid ${what} ${at + 1} after ${method}: ${shown(returned[at])} (${shown(given[at])} is expected; ` +
        `harmonized data must have the ${what}s of the data given, all of them and in their order)`,
    );
  }
}
