import type { Where } from '../errors';
import type { Advice } from '../remedy';
import { advise, adviceText, option } from '../remedy';
import type { JsonValue } from './json';

/** How much an {@link Issue} matters: `warning` should be read before results are trusted, `info` is for the record. */
export type Severity = 'warning' | 'info';

/** A problem with one data item that did not stop the work: what, where, and what to do about it. */
export interface Issue {
  readonly code: IssueCode;
  readonly severity: Severity;
  /** What was found, naming the item. */
  readonly message: string;
  readonly where: Where;
  /** What the user can do about it, in the words of the SDK. */
  readonly suggestion: string;
  /** The same as data, where it names an option or a function: {@link Advice} for whoever words it for another place. */
  readonly remedy?: Advice;
}

/** The literal codes an {@link Issue} can carry. */
export type IssueCode =
  | 'inferred-covariate'
  | 'inferred-features'
  | 'unused-column'
  | 'overruled-column'
  | 'missing-cells'
  | 'dropped-subject'
  | 'unmatched-subject'
  | 'foreign-mark'
  | 'joined-loosely'
  | 'near-equal-labels'
  | 'merged-labels'
  | 'converted-ages'
  | 'capped-ages'
  | 'inferred-id'
  | 'inferred-person'
  | 'possible-repeats'
  | 'skipped-rows'
  | 'inferred-layout'
  | 'constant-feature'
  | 'single-feature'
  | 'constant-covariate'
  | 'single-subject-site'
  | 'small-site'
  | 'zero-variance-at-site'
  | 'degenerate-prior'
  | 'not-converged'
  | 'feature-not-estimable'
  | 'site-not-estimable'
  | 'negative-values'
  | 'unseen-site'
  | 'outside-training-range'
  | 'nearly-confounded'
  | 'too-few-subjects'
  | 'subsampled'
  | 'fewer-folds'
  | 'figure-not-available'
  | 'unusable-scan'
  | 'unreadable-sidecar'
  | 'replaced-voxels'
  | 'lost-precision'
  | 'doubtful-mask'
  | 'doubtful-peak'
  | 'scan-not-normalized'
  | 'incomplete-quality'
  | 'outlying-scan'
  | 'not-comparable'
  | 'doubtful-registration'
  | 'damaged-checkpoint'
  | 'other-backend'
  | 'resampled'
  | 'collapsed'
  | 'single-style'
  | 'unbalanced-training'
  | 'unlike-training';

interface CatalogueEntry {
  readonly severity: Severity;
  readonly suggestion: string | Advice;
}

/** Every issue that Concord can raise, with its severity and the remedy it suggests. */
const catalogue: Record<IssueCode, CatalogueEntry> = {
  'inferred-covariate': {
    severity: 'info',
    suggestion: 'state the kind of the covariate if this is not what you meant',
  },
  'inferred-features': { severity: 'info', suggestion: 'name the features to choose them yourself' },
  'overruled-column': {
    severity: 'warning',
    suggestion: 'check that both tables agree, or take the column out of one of them',
  },
  'unused-column': { severity: 'info', suggestion: 'name the column as a feature or a covariate to use it' },
  'missing-cells': {
    severity: 'info',
    suggestion: 'nothing to do: every feature is fitted on the cells it has, and missing cells stay missing',
  },
  'dropped-subject': { severity: 'warning', suggestion: 'supply the missing value to keep the subject' },
  'unmatched-subject': {
    severity: 'warning',
    suggestion: 'check that the ids of both tables are written alike',
  },
  'foreign-mark': {
    severity: 'warning',
    suggestion: 'nothing to do where they mark missing values; else say which marks the column has',
  },
  'joined-loosely': {
    severity: 'warning',
    suggestion: 'check that they are the same persons, and write their ids alike',
  },
  'near-equal-labels': {
    severity: 'warning',
    suggestion: 'correct the table, or say which labels are the same',
  },
  'merged-labels': { severity: 'info', suggestion: 'nothing to do if this is what you meant' },
  'converted-ages': {
    severity: 'info',
    suggestion: advise`nothing to do where they are ages; else state the kind with ${option('covariates.kind', 'categorical')}`,
  },
  'capped-ages': {
    severity: 'warning',
    suggestion: 'these participants may be older than that: read what is said about age with care',
  },
  'inferred-id': {
    severity: 'info',
    suggestion: advise`name the column of subject ids with ${option('id')} if this is not it`,
  },
  'inferred-person': {
    severity: 'info',
    suggestion: advise`name the columns with ${option('person')} and ${option('visit')} if this is not what you meant`,
  },
  'possible-repeats': {
    severity: 'warning',
    suggestion: advise`if they are, say who is who with ${option('person')}, the name of a column; if not, nothing is to be done`,
  },
  'skipped-rows': { severity: 'info', suggestion: 'nothing to do if these rows are no subjects' },
  'inferred-layout': {
    severity: 'info',
    suggestion: 'check that the columns have the right names if this is not what you meant',
  },
  'constant-feature': {
    severity: 'warning',
    suggestion: 'the feature is passed through unchanged; remove it if it carries nothing',
  },
  'constant-covariate': {
    severity: 'warning',
    suggestion: 'it has the same value for every subject, so there is no effect to preserve; leave it out',
  },
  'single-feature': {
    severity: 'warning',
    suggestion: 'empirical Bayes needs several features to learn from; add features or choose eb: "none"',
  },
  'single-subject-site': {
    severity: 'warning',
    suggestion:
      'only the location of this site is adjusted, and on one subject; pool it or leave it out if you can',
  },
  'small-site': {
    severity: 'info',
    suggestion: 'estimates rest on little data here; read the results with care',
  },
  'zero-variance-at-site': {
    severity: 'warning',
    suggestion: 'only the location of this feature is adjusted at this site',
  },
  'degenerate-prior': {
    severity: 'warning',
    suggestion: 'the features of this site do not differ enough to fit a prior; its limit was used',
  },
  'not-converged': {
    severity: 'warning',
    suggestion: 'raise maxIterations or loosen tolerance, and look at the features named',
  },
  'feature-not-estimable': {
    severity: 'warning',
    suggestion: 'the feature is passed through unchanged; supply more of its values, or leave it out',
  },
  'site-not-estimable': {
    severity: 'warning',
    suggestion:
      'the feature has no value at this site, so later values there cannot be harmonized and become missing',
  },
  'negative-values': {
    severity: 'warning',
    suggestion: 'if the quantity cannot be negative, fit with transform: "log" or clip with that in mind',
  },
  'unseen-site': {
    severity: 'warning',
    suggestion: 'the model was not fitted on this site; refit with it included when you have enough subjects',
  },
  'outside-training-range': {
    severity: 'warning',
    suggestion:
      'the covariate effect is extrapolated for these subjects; refit with them included if you can',
  },
  'nearly-confounded': {
    severity: 'warning',
    suggestion:
      'the covariate is almost a function of the site; its effect and the site effect cannot be told apart well',
  },
  'too-few-subjects': {
    severity: 'warning',
    suggestion: 'the figure cannot be estimated on so few subjects and is left out',
  },
  subsampled: { severity: 'info', suggestion: 'raise maxSubjects to use every subject' },
  'fewer-folds': {
    severity: 'info',
    suggestion: 'leave very small sites out of the cohort to keep the folds asked for',
  },
  'unusable-scan': {
    severity: 'warning',
    suggestion: 'the scan is left out and the others go on; replace the file, or take it out of the dataset',
  },
  'unreadable-sidecar': {
    severity: 'warning',
    suggestion: 'what the file would say is taken as not known; repair or replace it',
  },
  'replaced-voxels': {
    severity: 'warning',
    suggestion: 'check where these voxels are before trusting the scan',
  },
  'lost-precision': {
    severity: 'info',
    suggestion: 'intensities are kept with 24 bits; nothing to do unless the last digits matter to you',
  },
  'doubtful-mask': {
    severity: 'warning',
    suggestion: 'look at the mask with show(), and supply your own where it is wrong',
  },
  'doubtful-registration': {
    severity: 'warning',
    suggestion:
      'look at both volumes with beforeAfter(); nothing to do where they lay over each other already',
  },
  'not-comparable': {
    severity: 'warning',
    suggestion: 'bring both to one grid (resample, register) before they are compared',
  },
  'other-backend': {
    severity: 'info',
    suggestion:
      'nothing to do, unless the run is to be repeated to the bit: that takes one backend all along',
  },
  resampled: {
    severity: 'info',
    suggestion:
      'nothing to do where that resolution is enough; else use a model that was trained at the resolution of the scans',
  },
  collapsed: {
    severity: 'warning',
    suggestion:
      'do not use the model; train longer, at a lower learning rate, or with the weights of the paper',
  },
  'single-style': {
    severity: 'info',
    suggestion:
      'nothing to do where each site is one scanner; else train with a larger weight of diversity, or for longer',
  },
  'unbalanced-training': {
    severity: 'warning',
    suggestion: 'look at what the model makes; a larger weight of r1 or a smaller discriminator hold it back',
  },
  'unlike-training': {
    severity: 'warning',
    suggestion:
      'check that the scan is of the contrast, and prepared as those, that the model was trained on',
  },
  'damaged-checkpoint': {
    severity: 'warning',
    suggestion: 'training goes on from the one before; check the disk if this happens again',
  },
  'doubtful-peak': {
    severity: 'warning',
    suggestion: 'look at the histogram, check the contrast and the mask, or set the bandwidth',
  },
  'scan-not-normalized': {
    severity: 'warning',
    suggestion: 'its images are passed through unchanged; check their mask, or take the scan out',
  },
  'incomplete-quality': {
    severity: 'info',
    suggestion:
      'give the scan a brain mask (brainMask, withMask) and the suffix T1w or T2w to have every figure',
  },
  'outlying-scan': { severity: 'warning', suggestion: 'look at the scan before you use it' },
  'figure-not-available': {
    severity: 'info',
    suggestion:
      'use a harmonizer that serves sites it has not seen (a policy for unseen sites), more subjects, or two levels',
  },
};

/**
 * Makes an {@link Issue} from the catalogue.
 *
 * @param advice - what to do in this very case, where more can be said than the catalogue does
 */
export function makeIssue(code: IssueCode, message: string, where: Where = {}, advice?: Advice): Issue {
  const { severity, suggestion } = catalogue[code];
  const remedy = advice ?? suggestion;
  return typeof remedy === 'string'
    ? { code, severity, message, where, suggestion: remedy }
    : { code, severity, message, where, suggestion: adviceText(remedy), remedy };
}

/** Issues once each, warnings first. */
export function distinctIssues(issues: readonly Issue[]): readonly Issue[] {
  const byText = new Map(issues.map((issue) => [JSON.stringify(issue), issue]));
  const distinct = [...byText.values()];
  return [
    ...distinct.filter((issue) => issue.severity === 'warning'),
    ...distinct.filter((issue) => issue.severity === 'info'),
  ];
}

/** Issues as plain JSON. */
export function issuesToJson(issues: readonly Issue[]): JsonValue {
  return JSON.parse(JSON.stringify(issues)) as JsonValue;
}
