import { counted } from '../data/counted';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import type { MapCounts } from './journal';

const vertices = (count: number): string => counted(count, 'vertex', 'vertices');

/** What was met in the maps, in issues. */
export function mapIssues(counts: MapCounts, total: number): readonly Issue[] {
  const { empty, partlyZero, constant, notEstimable, endless, missing, negative, unmodelled } = counts;
  const { alikeWithinPersons: alike, noPersonEffect: boundary } = counts;
  const said: (Issue | undefined)[] = [
    empty === 0
      ? undefined
      : makeIssue(
          'empty-vertices',
          `${vertices(empty)} of ${total.toLocaleString('en-US')}, 0 or missing in every scan, left as before`,
        ),
    partlyZero === 0
      ? undefined
      : makeIssue(
          'partly-zero-vertices',
          `${vertices(partlyZero)} with values of exactly 0 in some scans and not in others; the zeros are taken for values`,
        ),
    missing === 0
      ? undefined
      : makeIssue('missing-cells', `${counted(missing, 'vertex value')} missing; missing they stay`),
    constant === 0
      ? undefined
      : makeIssue('constant-feature', `${vertices(constant)} without any spread beyond sites and covariates`),
    notEstimable === 0
      ? undefined
      : makeIssue(
          'feature-not-estimable',
          `${vertices(notEstimable)} cannot be fitted on the values present`,
        ),
    endless === 0
      ? undefined
      : makeIssue(
          'not-converged',
          `the spread of ${vertices(endless)} did not settle on any covariates of scale; passed through unchanged`,
        ),
    boundary === 0
      ? undefined
      : makeIssue(
          'no-person-effect',
          `at ${vertices(boundary)} the scans of one person are no more alike than those of several: what sets persons apart is estimated as 0 there`,
        ),
    alike === 0
      ? undefined
      : makeIssue(
          'alike-within-persons',
          `at ${vertices(alike)} all scans of a person have the same value, left as before: there is no spread within persons to measure sites by`,
        ),
    negative === 0
      ? undefined
      : makeIssue('negative-values', `${counted(negative, 'value')} fell below zero that were not`),
    unmodelled === 0
      ? undefined
      : makeIssue(
          'site-not-estimable',
          `${counted(unmodelled, 'value')} became missing: their sites had no values of the vertex when the model was fitted`,
        ),
  ];
  return said.filter((issue) => issue !== undefined);
}
