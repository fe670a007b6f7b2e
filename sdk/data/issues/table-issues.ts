import { advise, either, option } from '../../remedy';
import type { Catalog } from './catalog';

/** Codes of issues: how a table was read: its columns, cells, labels and rows. */
export type TableIssueCode =
  | 'inferred-covariate'
  | 'inferred-features'
  | 'overruled-column'
  | 'contradicting-tables'
  | 'unread-covariate'
  | 'unused-column'
  | 'set-aside-column'
  | 'mixed-features'
  | 'other-visit'
  | 'other-version'
  | 'same-features'
  | 'total-of-features'
  | 'count-feature'
  | 'adjusted-before'
  | 'indicator-site'
  | 'doubtful-value'
  | 'doubtful-unit'
  | 'doubtful-kind'
  | 'many-levels'
  | 'other-reading'
  | 'missing-cells'
  | 'no-values'
  | 'lacking-at-site'
  | 'constant-at-site'
  | 'foreign-mark'
  | 'rewritten-id'
  | 'near-equal-labels'
  | 'merged-labels'
  | 'converted-ages'
  | 'capped-ages'
  | 'inferred-id'
  | 'skipped-rows'
  | 'inferred-layout';

/** How a table was read: its columns, cells, labels and rows. */
export const tableIssues: Catalog<TableIssueCode> = {
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
  'contradicting-tables': {
    severity: 'warning',
    suggestion:
      'make sure that ids are those of their rows and that both tables are of the same visit, or correct one of them',
  },
  'unread-covariate': {
    severity: 'warning',
    suggestion: 'correct the values, or leave the column out of the table',
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
  'other-visit': {
    severity: 'warning',
    suggestion: 'use the site and the age of the day of the scan',
  },
  'other-version': {
    severity: 'warning',
    suggestion: advise`name the columns that are to be harmonized with ${option('features')}`,
  },
  'same-features': {
    severity: 'info',
    suggestion: advise`leave one of each out: name the columns that are to be harmonized with ${option('features')}`,
  },
  'total-of-features': {
    severity: 'info',
    suggestion: advise`nothing to do where each is looked at by itself; for shares or sums leave the totals out of ${option('features')}, and add up the harmonized parts`,
  },
  'count-feature': {
    severity: 'info',
    suggestion: advise`leave them out of ${option('features')}, and give the site to a model of counts`,
  },
  'adjusted-before': {
    severity: 'warning',
    suggestion:
      'nothing to do where these are harmonized values; else harmonize the measures as they were before',
  },
  'indicator-site': {
    severity: 'warning',
    suggestion: 'make one column of them that names the site of every row',
  },
  'doubtful-value': {
    severity: 'warning',
    suggestion: advise`if it marks a missing value, name it with ${option('missing')}; if not, check the rows`,
  },
  'constant-at-site': {
    severity: 'warning',
    suggestion: advise`if nothing was measured there, leave the cells empty, or name the value with ${option('missing')}`,
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
    suggestion: [
      either('make few groups of its levels', advise`leave the covariate out of ${option('preserve')}`),
    ],
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
  'foreign-mark': {
    severity: 'warning',
    suggestion: 'nothing to do where they mark missing values; else say which marks the column has',
  },
  'rewritten-id': {
    severity: 'warning',
    suggestion: 'export the table again with the column of ids formatted as text',
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
  'skipped-rows': { severity: 'info', suggestion: 'nothing to do if these rows are not subjects' },
  'inferred-layout': {
    severity: 'info',
    suggestion: 'check that the columns have the right names if this is not what you meant',
  },
};
