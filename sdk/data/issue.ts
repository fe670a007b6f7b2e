import type { Where } from '../errors';
import type { Advice } from '../remedy';
import { advise, adviceText, call, either, isAdvice, option } from '../remedy';
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
  /** The same as data, where it names an option or a function, so that it can be worded for another place than the SDK. */
  readonly remedy?: Advice;
}

/** The literal codes an {@link Issue} can carry. */
export type IssueCode =
  | 'unsealed-model'
  | 'inferred-covariate'
  | 'inferred-features'
  | 'unused-column'
  | 'set-aside-column'
  | 'mixed-features'
  | 'doubtful-value'
  | 'doubtful-unit'
  | 'doubtful-kind'
  | 'many-levels'
  | 'other-reading'
  | 'overruled-column'
  | 'missing-cells'
  | 'no-values'
  | 'lacking-at-site'
  | 'repeated-persons'
  | 'counted-by-person'
  | 'rare-level'
  | 'lost-site'
  | 'not-preserved'
  | 'dropped-subject'
  | 'unmatched-subject'
  | 'unmatched-label'
  | 'foreign-mark'
  | 'joined-loosely'
  | 'near-equal-labels'
  | 'merged-labels'
  | 'converted-ages'
  | 'capped-ages'
  | 'inferred-id'
  | 'inferred-person'
  | 'repeated-participants'
  | 'possible-repeats'
  | 'contradicting-scans'
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
  | 'site-effect-left'
  | 'negative-values'
  | 'unseen-site'
  | 'outside-training-range'
  | 'nearly-confounded'
  | 'too-few-subjects'
  | 'subsampled'
  | 'fewer-folds'
  | 'figure-not-available'
  | 'method-failed'
  | 'unusable-scan'
  | 'skipped-scan'
  | 'several-frames'
  | 'several-images'
  | 'missing-site'
  | 'partial-sidecars'
  | 'unmatched-session'
  | 'unfit-mask'
  | 'unreadable-sidecar'
  | 'replaced-voxels'
  | 'lost-precision'
  | 'first-map'
  | 'doubtful-mask'
  | 'doubtful-peak'
  | 'scan-not-normalized'
  | 'no-target'
  | 'incomplete-quality'
  | 'outlying-scan'
  | 'several-scales'
  | 'not-comparable'
  | 'unmatched-feature'
  | 'reordered'
  | 'shuffled-rows'
  | 'changed-scale'
  | 'nothing-changed'
  | 'covariate-removed'
  | 'doubtful-registration'
  | 'damaged-checkpoint'
  | 'other-backend'
  | 'resampled'
  | 'collapsed'
  | 'single-style'
  | 'unbalanced-training'
  | 'unlike-training'
  | 'unknown-training'
  | 'no-real-people'
  | 'brought-to-training'
  | 'beyond-training'
  | 'border-left'
  | 'pixels-left'
  | 'pixel-holes'
  | 'cut-brain';

interface CatalogEntry {
  readonly severity: Severity;
  readonly suggestion: string | Advice;
}

/** Every issue that Concord can raise, with its severity and the remedy it suggests. */
const catalog: Record<IssueCode, CatalogEntry> = {
  'unsealed-model': {
    severity: 'warning',
    suggestion: 'make sure that it is the file you were given, then save the model again, which seals it',
  },
  'inferred-covariate': {
    severity: 'info',
    suggestion: advise`state the kind of the covariate with ${option('covariates.kind')} if this is not what you meant`,
  },
  'inferred-features': {
    severity: 'info',
    suggestion: advise`name the features with ${option('features')} to choose them yourself`,
  },
  'overruled-column': {
    severity: 'warning',
    suggestion: 'check that both tables agree, or take the column out of one of them',
  },
  'unused-column': {
    severity: 'info',
    suggestion: advise`to use the column, name it with ${either(option('features'), option('covariates'))}`,
  },
  'set-aside-column': {
    severity: 'warning',
    suggestion: advise`name the columns you want harmonized with ${option('features')}`,
  },
  'mixed-features': {
    severity: 'warning',
    suggestion: advise`choose the features of one kind with ${option('features')} and harmonize each kind by itself`,
  },
  'doubtful-value': {
    severity: 'warning',
    suggestion: advise`if it marks a missing value, name it with ${option('missing')}; if not, check the rows`,
  },
  'doubtful-unit': {
    severity: 'warning',
    suggestion: 'check that the unit is the same at every site; all sites are moved to a mean between them',
  },
  'doubtful-kind': {
    severity: 'warning',
    suggestion: advise`say which with ${option('categorical')} or ${option('continuous')}`,
  },
  'many-levels': {
    severity: 'warning',
    suggestion: advise`leave the covariate out of ${option('preserve')}, or make few groups of its levels`,
  },
  'other-reading': {
    severity: 'warning',
    suggestion: 'fit the model again, so that it remembers how its table was read',
  },
  'missing-cells': {
    severity: 'info',
    suggestion:
      'every feature is fitted on the cells it has, and missing cells stay missing; the audit fills them with the medians of its training participants, which matters where many are missing, or more at one site than at others',
  },
  'no-values': {
    severity: 'warning',
    suggestion: 'leave participants without any value out, or supply their values',
  },
  'lacking-at-site': {
    severity: 'warning',
    suggestion: 'leave these features out to see whether anything else identifies the site',
  },
  'repeated-persons': {
    severity: 'warning',
    suggestion:
      'the audit goes by person, the model does not: read its figures in folds, or fit on one scan of each person and apply the model to all',
  },
  'counted-by-person': {
    severity: 'info',
    suggestion: 'nothing to do where the persons named in the table are right',
  },
  'rare-level': {
    severity: 'warning',
    suggestion: 'pool the level with another, or leave it out, if its effect should not rest on so few',
  },
  'lost-site': {
    severity: 'warning',
    suggestion: 'supply the missing values, or do without the covariate, to keep the site',
  },
  'not-preserved': {
    severity: 'warning',
    suggestion:
      'use a method that keeps its effect: what differs between sites and is not preserved is removed with the site',
  },
  'dropped-subject': { severity: 'warning', suggestion: 'supply the missing value to keep the subject' },
  'unmatched-subject': {
    severity: 'warning',
    suggestion: 'check that the ids of both tables are written alike',
  },
  'unmatched-label': {
    severity: 'warning',
    suggestion: 'check how the labels are written in the names of the files',
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
  'repeated-participants': {
    severity: 'info',
    suggestion: 'nothing to do if each row is that of a session, or of all scans, of the participant',
  },
  'possible-repeats': {
    severity: 'warning',
    suggestion: advise`if they are, say who is who with ${option('person')}, the name of a column; if not, there is nothing to do`,
  },
  'contradicting-scans': {
    severity: 'warning',
    suggestion: [
      either('correct the table', advise`name the column that says who was scanned with ${option('person')}`),
    ],
  },
  'skipped-rows': { severity: 'info', suggestion: 'nothing to do if these rows are not subjects' },
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
    suggestion: advise`empirical Bayes needs several features to learn from; add features or choose ${option('eb', 'none')}`,
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
    suggestion: [
      either(
        'look at the features named',
        advise`raise ${option('maxIterations')}`,
        advise`loosen ${option('tolerance')}`,
      ),
    ],
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
  'site-effect-left': {
    severity: 'warning',
    suggestion: advise`choose ${option('meanOnly', 'shrunk-by-size')}, which weighs a site by its scans, or adjust the scale as well; keep the published form only to reproduce the numbers of R's sva and its ports`,
  },
  'negative-values': {
    severity: 'warning',
    suggestion: advise`if the quantity cannot be negative, fit with ${option('transform', 'log')} or clip with that in mind`,
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
      'the covariate is almost a function of the site; its effect and the site effect are hard to separate',
  },
  'too-few-subjects': {
    severity: 'warning',
    suggestion: 'the figure cannot be estimated on so few subjects and is left out',
  },
  subsampled: { severity: 'info', suggestion: advise`raise ${option('maxSubjects')} to use every subject` },
  'fewer-folds': {
    severity: 'info',
    suggestion: 'leave very small sites out of the cohort to keep the folds asked for',
  },
  'unusable-scan': {
    severity: 'warning',
    suggestion:
      'the scan is left out and the others are processed; replace the file, or take it out of the dataset',
  },
  'skipped-scan': {
    severity: 'warning',
    suggestion: advise`nothing to do if these images are not wanted; else choose them with ${option('entities')}`,
  },
  'several-frames': {
    severity: 'warning',
    suggestion: advise`choose another with ${option('frame')}, counted from 0; nothing to do if the first is meant`,
  },
  'several-images': {
    severity: 'warning',
    suggestion: advise`choose one kind with ${option('entities')}; nothing to do if each is meant to be a scan of its own`,
  },
  'missing-site': {
    severity: 'warning',
    suggestion: advise`preprocessing needs no site; for what does, choose it with ${option('site')}`,
  },
  'partial-sidecars': {
    severity: 'warning',
    suggestion: 'complete the sidecars if the field distinguishes scanners',
  },
  'unmatched-session': {
    severity: 'warning',
    suggestion: 'write the sessions alike in the tables and in the names of the folders',
  },
  'unfit-mask': {
    severity: 'warning',
    suggestion: 'the scan is used without it; bring the mask to the grid of the scan if it is meant for it',
  },
  'unreadable-sidecar': {
    severity: 'warning',
    suggestion: 'what the file would say is treated as unknown; repair or replace it',
  },
  'replaced-voxels': {
    severity: 'warning',
    suggestion: 'check where these voxels are before trusting the scan',
  },
  'lost-precision': {
    severity: 'info',
    suggestion: 'intensities are kept with 24 bits; nothing to do unless the last digits matter to you',
  },
  'first-map': {
    severity: 'warning',
    suggestion:
      'check that the first map is the one you mean, or write the one you mean into a file of its own',
  },
  'doubtful-mask': {
    severity: 'warning',
    suggestion: advise`look at the mask, and supply your own with ${call('volumes.withMask')} where it is wrong`,
  },
  'doubtful-registration': {
    severity: 'warning',
    suggestion: 'look at both volumes; nothing to do where they were aligned already',
  },
  'not-comparable': {
    severity: 'warning',
    suggestion: 'bring both to one grid (resample, register) before they are compared',
  },
  'unmatched-feature': {
    severity: 'warning',
    suggestion: 'check that the names of features are written alike in both tables',
  },
  reordered: {
    severity: 'info',
    suggestion: 'nothing to do where ids and names are right',
  },
  'shuffled-rows': {
    severity: 'warning',
    suggestion:
      'ids and values do not belong together, so no figure means anything: write the table again with the ids in the order of its rows',
  },
  'changed-scale': {
    severity: 'warning',
    suggestion:
      'they were put back on the scale before for distances, slopes and variation; nothing to do if the change was meant',
  },
  'nothing-changed': {
    severity: 'warning',
    suggestion: 'check that the second table is the harmonized one',
  },
  'covariate-removed': {
    severity: 'warning',
    suggestion:
      'the table after has no biology of that covariate left, as residuals have; keep its effect when harmonizing',
  },
  'other-backend': {
    severity: 'info',
    suggestion:
      'nothing to do, unless the run must be repeatable to the bit: that requires one backend throughout',
  },
  resampled: {
    severity: 'info',
    suggestion:
      'nothing to do where that resolution is enough; else use a model that was trained at the resolution of the scans',
  },
  collapsed: {
    severity: 'warning',
    suggestion: advise`do not use the model; train ${either(
      advise`longer, with ${option('steps')}`,
      advise`with a lower ${option('learningRate')}`,
      advise`with ${option('weights')} of the paper`,
    )}`,
  },
  'single-style': {
    severity: 'info',
    suggestion: advise`nothing to do where each site is one scanner; else train ${either(
      advise`longer, with ${option('steps')}`,
      advise`with a larger ${option('weights.diversity')}`,
    )}`,
  },
  'unbalanced-training': {
    severity: 'warning',
    suggestion: [
      either(
        'look at the images that the model makes before you use it',
        advise`train with a larger ${option('weights.r1')}`,
        advise`shorten ${option('architecture.criticWidths')}`,
      ),
    ],
  },
  'unlike-training': {
    severity: 'warning',
    suggestion:
      'check that the scan is of the contrast, and prepared as those, that the model was trained on',
  },
  'unknown-training': {
    severity: 'warning',
    suggestion:
      'look at what the model makes before it is used, or train it again: models now say what they learned from',
  },
  'no-real-people': {
    severity: 'warning',
    suggestion: 'look at what it makes before it is used; for scans of real persons, train a model on such',
  },
  'brought-to-training': {
    severity: 'info',
    suggestion:
      'nothing to do; to leave nothing to an estimate, give the scan without intensity normalization',
  },
  'beyond-training': {
    severity: 'warning',
    suggestion: 'use what is between them, or train a model on slices of the whole brain',
  },
  'border-left': {
    severity: 'info',
    suggestion: 'nothing to do for a few voxels; look at the mask if they are no brain',
  },
  'pixels-left': {
    severity: 'warning',
    suggestion: advise`look for a seam at the rim, lower ${option('share')}, or register the scans better`,
  },
  'pixel-holes': {
    severity: 'warning',
    suggestion:
      'look at the scans named: ComBat by pixels takes folds for site effects where brains are not over each other; register them with more freedom, or use a method that knows images',
  },
  'cut-brain': {
    severity: 'warning',
    suggestion: 'look at the scan and its mask; what was cut off is missing in the result too',
  },
  'damaged-checkpoint': {
    severity: 'warning',
    suggestion: 'training continues from the one before; check the disk if this happens again',
  },
  'doubtful-peak': {
    severity: 'warning',
    suggestion: [
      either('look at the histogram', 'check the contrast and the mask', advise`set ${option('bandwidth')}`),
    ],
  },
  'scan-not-normalized': {
    severity: 'warning',
    suggestion: 'its images are passed through unchanged; check their mask, or take the scan out',
  },
  'no-target': {
    severity: 'warning',
    suggestion: 'harmonize to another target; check the scans of the site, or give it another name',
  },
  'incomplete-quality': {
    severity: 'info',
    suggestion: advise`give the scan a brain mask with ${call('volumes.brainMask')} or ${call('volumes.withMask')}, and the suffix T1w or T2w, to have every figure`,
  },
  'several-scales': {
    severity: 'warning',
    suggestion: [
      either(
        'normalize intensities scan by scan before scans are pooled',
        'give the scans of each scale a site of their own',
      ),
    ],
  },
  'outlying-scan': { severity: 'warning', suggestion: 'look at the scan before you use it' },
  'method-failed': {
    severity: 'warning',
    suggestion: 'the others are compared without it; remove the cause, or leave the method out',
  },
  'figure-not-available': {
    severity: 'info',
    suggestion: [
      either(
        'add subjects, or use a covariate with two levels',
        advise`allow sites that the harmonizer has not seen, with ${option('unseen', 'estimate')}`,
      ),
    ],
  },
};

/**
 * Makes an {@link Issue} from the catalog.
 *
 * @param advice - what to do in this very case, where it is known better than in the catalog; empty advice is none
 */
export function makeIssue(code: IssueCode, message: string, where: Where = {}, advice?: Advice): Issue {
  const { severity, suggestion } = catalog[code];
  const remedy = advice === undefined || advice.length === 0 ? suggestion : advice;
  return typeof remedy === 'string'
    ? { code, severity, message, where, suggestion: remedy }
    : { code, severity, message, where, suggestion: adviceText(remedy), remedy };
}

/**
 * Whether a value that came from a file is an {@link Issue}: a code of the catalog, a severity, texts, and a place made
 * of texts and a row.
 */
export function isIssue(value: unknown): value is Issue {
  if (typeof value !== 'object' || value === null) return false;
  const { code, severity, message, where, suggestion, remedy } = value as Readonly<Record<string, unknown>>;
  if (typeof code !== 'string' || !Object.hasOwn(catalog, code)) return false;
  if (severity !== 'warning' && severity !== 'info') return false;
  if (remedy !== undefined && !isAdvice(remedy)) return false;
  return typeof message === 'string' && typeof suggestion === 'string' && isWhere(where);
}

function isWhere(where: unknown): boolean {
  if (typeof where !== 'object' || where === null || Array.isArray(where)) return false;
  const kinds = ['file', 'column', 'subject', 'site', 'feature'];
  return Object.entries(where).every(([kind, place]: [string, unknown]) =>
    kind === 'row' ? typeof place === 'number' : kinds.includes(kind) && typeof place === 'string',
  );
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
