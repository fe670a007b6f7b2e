import { counted } from '../../data/counted';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import type { MixedStatus, PersonEffects } from './person-effects';

/** Says which features have no effects of persons, and why. */
export function personIssues({ status }: PersonEffects, features: readonly string[]): readonly Issue[] {
  const named = (wanted: MixedStatus): readonly string[] => features.filter((_, w) => status[w] === wanted);
  const boundary = named('boundary');
  const alike = named('constant-within-persons');
  const issues: Issue[] = [];
  if (boundary.length > 0) {
    const message = `in ${counted(boundary.length, 'feature')} of ${features.length} the scans of one person are no more alike than those of several (${listNames(boundary, 5)}): what sets persons apart is estimated as 0 there`;
    issues.push(makeIssue('no-person-effect', message, { feature: boundary[0] }));
  }
  if (alike.length > 0) {
    const message = `in ${counted(alike.length, 'feature')} of ${features.length} all scans of a person have the same value (${listNames(alike, 5)}): there is no spread within persons to measure sites by`;
    issues.push(makeIssue('alike-within-persons', message, { feature: alike[0] }));
  }
  return issues;
}
