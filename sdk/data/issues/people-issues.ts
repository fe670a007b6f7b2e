import { advise, either, option } from '../../remedy';
import type { Catalog } from './catalog';

/** Codes of issues: who is in a cohort: persons with several scans, participants joined, dropped and counted. */
export type PeopleIssueCode =
  | 'repeated-persons'
  | 'counted-by-person'
  | 'rare-level'
  | 'lost-site'
  | 'not-preserved'
  | 'dropped-subject'
  | 'unmatched-subject'
  | 'unmatched-label'
  | 'joined-loosely'
  | 'inferred-person'
  | 'inferred-family'
  | 'possible-families'
  | 'missing-family'
  | 'doubtful-family'
  | 'counted-by-family'
  | 'repeated-participants'
  | 'possible-repeats'
  | 'contradicting-scans'
  | 'same-values'
  | 'template-scan'
  | 'other-stream';

/** Who is in a cohort: persons with several scans, participants joined, dropped and counted. */
export const peopleIssues: Catalog<PeopleIssueCode> = {
  'repeated-persons': {
    severity: 'warning',
    suggestion:
      'the audit goes by person, the model does not: read its figures in folds, or fit on one scan of each person and apply the model to all; of tables, longitudinal ComBat goes by person too',
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
  'joined-loosely': {
    severity: 'warning',
    suggestion: 'check that they are the same persons, and write their ids alike',
  },
  'same-values': {
    severity: 'warning',
    suggestion:
      'find out whose they are: leave one of them out where it is one scan under several ids, and correct the table where rows were copied over others',
  },
  'template-scan': {
    severity: 'warning',
    suggestion: 'leave the rows of templates out of the table',
  },
  'other-stream': {
    severity: 'warning',
    suggestion: 'choose one stream of FreeSurfer for all scans',
  },
  'inferred-person': {
    severity: 'info',
    suggestion: advise`name the columns with ${option('person')} and ${option('visit')} if this is not what you meant`,
  },
  'inferred-family': {
    severity: 'info',
    suggestion: advise`name the column with ${option('family')} if this is not what you meant`,
  },
  'possible-families': {
    severity: 'warning',
    suggestion: advise`if they are related, name the column that says so with ${option('family')}`,
  },
  'missing-family': {
    severity: 'info',
    suggestion: 'nothing to do where they have no relatives among the others; else supply the ids',
  },
  'doubtful-family': {
    severity: 'warning',
    suggestion: advise`check that it is the column of families, and name another with ${option('family')}`,
  },
  'counted-by-family': {
    severity: 'info',
    suggestion: 'nothing to do where the families named in the table are right',
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
};
