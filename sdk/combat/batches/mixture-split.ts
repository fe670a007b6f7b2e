import { counted } from '../../data/counted';
import type { FeatureCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { quoteName } from '../../data/list-names';
import type { CategoricalCovariate } from '../../data/people/covariate';
import type { RunOptions } from '../../data/run-options';
import { breathe } from '../../data/run-options';
import type { NormalPart } from '../../math/statistics/two-normals';
import { likelierPart, oneNormalLogLikelihood, twoNormals } from '../../math/statistics/two-normals';

/** A split of scans into two groups that no one had named, by the feature that shows it most. */
export interface MixtureSplit {
  readonly feature: string;
  /** The two normal distributions of its values, the lower first: each scan is of the likelier. */
  readonly parts: readonly [NormalPart, NormalPart];
}

/** What the groups of a split are called. */
export const mixtureLevels = ['lower', 'upper'] as const;

/** Each group must have more than this share of the scans. */
const leastShare = 0.25;
/** Parameters that a mixture has beside those of one normal distribution. */
const extraParameters = 3;
/** By how much the BIC of a mixture must be below that of one normal distribution: "very strong" for Kass & Raftery 1995. */
const veryStrong = 10;

/**
 * Looks for a batch that no one has named (Horng et al. 2022, Scientific Reports 12:4493): a mixture of two normal distributions
 * is fitted to each feature without missing cells; those that leave 25 % of the scans or fewer in one group are out, and of the
 * others the one with the lowest AIC is taken. Otherwise than in the published code, features are in units of their standard
 * deviation, so that their units do not decide; and the evidence of two groups must be very strong by the BIC, since of many
 * features without groups one is always a little better with two.
 *
 * @returns the split, where there is one, and an issue that says which, or that there is none
 */
export async function mixtureSplit(
  { features: { features, values, subjects } }: FeatureCohort,
  run: RunOptions,
): Promise<{ readonly split?: MixtureSplit; readonly issues: readonly Issue[] }> {
  let best: { readonly feature: string; readonly values: Float64Array; readonly aic: number } | undefined;
  for (const [w, feature] of features.entries()) {
    if (w % 20 === 0) await breathe(run.signal);
    const own = Float64Array.from(subjects, (_, row) => values[row * features.length + w]);
    const aic = gainOfSplit(own);
    if (aic !== undefined && (best === undefined || aic < best.aic)) best = { feature, values: own, aic };
  }
  const found = best === undefined ? undefined : twoNormals(best.values);
  if (best === undefined || found === undefined) {
    const message =
      'no feature is of two groups: each with more than 25 % of the scans, and likelier than one normal distribution';
    return { issues: [makeIssue('mixture-groups', message)] };
  }
  const { feature } = best;
  const { parts } = found;
  const sizes = groupSizes(found, best.values);
  const groups = parts.map((part, i) => `about ${shown(part.mean)} (${counted(sizes[i], 'scan')})`);
  const message = `the values of ${feature} are of two groups, ${groups.join(' and ')}`;
  return { split: { feature, parts }, issues: [makeIssue('mixture-groups', message, { feature })] };
}

/** How many values are likelier of each part. */
function groupSizes(mixture: Pick<MixtureSplit, 'parts'>, values: Float64Array): readonly [number, number] {
  const upper = values.reduce((sum, value) => sum + likelierPart(mixture, value), 0);
  return [values.length - upper, upper];
}

/**
 * The AIC of two groups less that of one, which does not depend on the unit of a feature; `undefined` where there are no two
 * groups.
 */
function gainOfSplit(values: Float64Array): number | undefined {
  if (values.some(Number.isNaN)) return undefined;
  const mixture = twoNormals(values, 'screening');
  if (mixture === undefined) return undefined;
  if (Math.min(...groupSizes(mixture, values)) <= leastShare * values.length) return undefined;
  const deviance = -2 * (mixture.logLikelihood - oneNormalLogLikelihood(values));
  if (deviance + extraParameters * Math.log(values.length) > -veryStrong) return undefined;
  return deviance + 2 * extraParameters;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** What the groups are called among the covariates of scans: no column of a table is named so. */
export function mixtureName({ feature }: Pick<MixtureSplit, 'feature'>): string {
  return `groups of ${quoteName(feature)}`;
}

/** A cohort with the group of each scan as a covariate: missing where the value is. */
export function withGroups(cohort: FeatureCohort, split: MixtureSplit): FeatureCohort {
  const { features, values } = cohort.features;
  const w = features.indexOf(split.feature);
  const codes = Int32Array.from(cohort.participants.ids, (_, row) => {
    const part = likelierPart(split, values[row * features.length + w]);
    return part === part ? part : -1;
  });
  const groups: CategoricalCovariate = {
    kind: 'categorical',
    name: mixtureName(split),
    levels: mixtureLevels,
    codes,
  };
  const { participants } = cohort;
  return { ...cohort, participants: { ...participants, covariates: [...participants.covariates, groups] } };
}
