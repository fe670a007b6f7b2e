import type { FeatureCohort } from '../../data/cohort';
import { takeSubjects } from '../../data/cohort';
import type { FeatureMatrix } from '../../data/feature-matrix';
import { takeRows } from '../../data/feature-matrix';
import { fitAndApply } from '../../data/fit-and-apply';
import type { Harmonizer, HarmonizeToOptions } from '../../data/harmonizer';
import type { Issue } from '../../data/issue';
import type { RunOptions } from '../../data/run-options';
import { ConcordError } from '../../errors';
import type { Protocol } from '../audit';
import type { FoldTrouble } from './fold-covariates';
import { foldTrouble, withKnownLevels, withoutTrouble } from './fold-covariates';
import { FoldRecord } from './fold-record';
import { withholdCovariate } from './withhold-covariate';

/** Gives the features of training and test subjects as one protocol sees them. */
export interface FoldSource {
  readonly protocol: Protocol;
  split(trainRows: Int32Array, testRows: Int32Array, run: RunOptions): Promise<FoldFeatures>;
  /** The features of rows, where these do not depend on the split. */
  readonly given?: (rows: Int32Array) => FeatureMatrix;
  /** What the splits so far had to do without. */
  issues(): readonly Issue[];
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
    issues: () => [],
    given: (rows) => takeRows(cohort.features, rows),
    split: (trainRows, testRows) => {
      // Whatever is withheld, test subjects have the same features.
      const test = takeRows(cohort.features, testRows);
      return Promise.resolve({
        train: takeRows(cohort.features, trainRows),
        test: () => Promise.resolve(test),
      });
    },
  };
}

/**
 * Features harmonized inside each split: fitted on the training subjects alone, applied to both sides. The test side
 * is harmonized anew for each covariate to be predicted, with that covariate withheld (see {@link withholdCovariate}).
 *
 * No split fails for the sake of a rare level. Where the effect of a level, or of a covariate, cannot be separated from
 * the sites in a training part, the harmonizer is fitted without it there: the level counts as the most frequent other
 * one. Test subjects of a level that no training subject has are harmonized as if they had the most frequent one. Both
 * are reported by `issues`, and so are test subjects beyond the range that a curve was fitted on.
 */
export function harmonizedInFolds<Model>(
  cohort: FeatureCohort,
  harmonizer: Harmonizer<Model>,
  target?: string,
): FoldSource {
  const record = new FoldRecord();
  return {
    protocol: 'in-folds',
    issues: () => record.issues(),
    split: async (trainRows, testRows, { signal }) => {
      const how = { target, signal };
      const fitted = await fitOnTraining(takeSubjects(cohort, trainRows), harmonizer, how);
      record.fitted(fitted.without);
      const { train, model } = fitted;
      const test = fitted.simplify(takeSubjects(cohort, testRows));
      const apply = async (given: FeatureCohort, retries: number): Promise<FeatureCohort> => {
        try {
          return await harmonizer.apply(model, given, how);
        } catch (error) {
          const trouble = foldTrouble(error, given);
          if (trouble === undefined || retries === 0) throw error;
          const { cohort: known, replaced } = withKnownLevels(given, trouble.covariate, train);
          if (replaced.size === 0) throw error;
          record.replaced(trouble.covariate, replaced);
          return apply(known, retries - 1);
        }
      };
      const retries = test.participants.covariates.length;
      return {
        train: sameShape(train, fitted.after, harmonizer.name),
        test: async (withheld) => {
          const given = withheld === undefined ? test : withholdCovariate(test, withheld, train);
          for (const name of harmonizer.curves ?? []) record.extrapolated(given, name, train);
          return sameShape(test, await apply(given, retries), harmonizer.name);
        },
      };
    },
  };
}

/** A harmonizer fitted on one training part, and what it had to do without. */
interface FittedOnTraining<Model> {
  readonly model: Model;
  readonly train: FeatureCohort;
  /** The training part, harmonized. */
  readonly after: FeatureCohort;
  readonly without: readonly FoldTrouble[];
  /** Does without the same in another cohort. */
  readonly simplify: (cohort: FeatureCohort) => FeatureCohort;
}

async function fitOnTraining<Model>(
  whole: FeatureCohort,
  harmonizer: Harmonizer<Model>,
  how: HarmonizeToOptions,
): Promise<FittedOnTraining<Model>> {
  const without: FoldTrouble[] = [];
  const simplify = (cohort: FeatureCohort): FeatureCohort =>
    without.reduce((given, trouble) => withoutTrouble(given, trouble, whole), cohort);
  for (;;) {
    const train = simplify(whole);
    try {
      return { ...(await fitAndApply(harmonizer, train, how)), train, without, simplify };
    } catch (error) {
      const trouble = foldTrouble(error, train);
      // What was done without already cannot be the trouble again, unless doing without does not help.
      const again = without.some(
        ({ covariate, level }) => covariate === trouble?.covariate && level === trouble.level,
      );
      if (trouble === undefined || again) throw error;
      without.push(trouble);
    }
  }
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
