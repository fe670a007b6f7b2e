import { advise, option } from '../../remedy';
import type { Catalog } from './catalog';

/** Codes of issues: what an audit or a comparison could not do, or found beside its figures. */
export type AuditIssueCode =
  | 'too-few-subjects'
  | 'subsampled'
  | 'fewer-folds'
  | 'not-comparable'
  | 'reordered'
  | 'shuffled-rows'
  | 'shuffled-features'
  | 'changed-scale'
  | 'nothing-changed'
  | 'covariate-removed'
  | 'extrapolated-in-folds'
  | 'curve-counts-as-site'
  | 'no-target'
  | 'method-failed'
  | 'figure-not-available';

/** What an audit or a comparison could not do, or found beside its figures. */
export const auditIssues: Catalog<AuditIssueCode> = {
  'too-few-subjects': {
    severity: 'warning',
    suggestion: 'the figure cannot be estimated on so few subjects and is left out',
  },
  subsampled: { severity: 'info', suggestion: advise`raise ${option('maxSubjects')} to use every subject` },
  'fewer-folds': {
    severity: 'info',
    suggestion: 'leave very small sites out of the cohort to keep the folds asked for',
  },
  'not-comparable': {
    severity: 'warning',
    suggestion: 'bring both to one grid (resample, register) before they are compared',
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
  'shuffled-features': {
    severity: 'warning',
    suggestion:
      'names and values do not belong together: write the table again with the names of features in the order of its columns',
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
  'extrapolated-in-folds': {
    severity: 'info',
    suggestion:
      'nothing to do where they are few, as the oldest and youngest always are; where they are many, sites differ in range, and figures rest on the shape assumed beyond it',
  },
  'curve-counts-as-site': {
    severity: 'info',
    suggestion:
      'for these methods read the site probes in folds instead, beside what covariates alone give away: they assume no line',
  },
  'no-target': {
    severity: 'warning',
    suggestion: 'harmonize to another target; check the scans of the site, or give it another name',
  },
  'method-failed': {
    severity: 'warning',
    suggestion:
      'the others are compared without it; remove the cause, fit or train the method on such data, or leave it out',
  },
  'figure-not-available': {
    severity: 'info',
    suggestion: 'the other figures do not depend on it; where there are too few subjects, add some',
  },
};
