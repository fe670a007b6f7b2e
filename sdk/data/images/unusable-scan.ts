import type { ConcordError } from '../../errors';
import type { Advice } from '../../remedy';
import { advise } from '../../remedy';
import type { Issue } from '../issue';
import { makeIssue } from '../issue';
import type { Scan } from './scan';

/** The issue that says why a scan is left out. */
export function unusableScan(scan: Pick<Scan, 'id' | 'file'>, error: ConcordError): Issue {
  const where = { ...(scan.file === undefined ? {} : { file: scan.file }), ...error.where, subject: scan.id };
  return makeIssue('unusable-scan', `${scan.id}: ${error.problem}`, where, leftOutAdvice(error));
}

/** What can be done for a scan that an error left out; empty where the error does not say. */
export function leftOutAdvice({ remedy }: ConcordError): Advice {
  return remedy.length === 0 ? [] : advise`${remedy}; until then the scan is left out`;
}
