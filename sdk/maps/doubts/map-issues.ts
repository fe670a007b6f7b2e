import { counted } from '../../data/counted';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { MapCounts } from '../journal';
import type { MapLayout } from '../map-layout';

const vertices = (count: number): string => counted(count, 'vertex', 'vertices');

/** What was met in the maps, in issues. */
export function mapIssues(counts: MapCounts, total: number): readonly Issue[] {
  const { empty, outside, partlyZero, constant, notEstimable, endless, missing, negative, unmodelled } =
    counts;
  const { alikeWithinPersons: alike, noPersonEffect: boundary } = counts;
  const said: (Issue | undefined)[] = [
    empty === 0
      ? undefined
      : makeIssue(
          'empty-vertices',
          `${vertices(empty)} of ${total.toLocaleString('en-US')}, 0 or missing in every scan, left as before`,
        ),
    outside === 0
      ? undefined
      : makeIssue(
          'outside-cortex',
          `${vertices(outside)} of ${total.toLocaleString('en-US')} with values outside of the cortex that was given, left as before`,
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

/**
 * The share of vertices of a hemisphere that are medial wall: 888 and 881 of the 10,242 of fsaverage5 (outside of its label of
 * the cortex, as runs of fMRI have it that BrainSpace 0.1.20 ships; `findings/fsaverage5-thickness-wall.sh`).
 */
const wallShare = 0.086;

/** How many vertices the hemispheres of fsaverage have, from fsaverage4 to fsaverage, and those of the Human Connectome Project. */
const templates: ReadonlySet<number> = new Set([2_562, 10_242, 40_962, 163_842, 32_492]);

/**
 * Says so where maps are on a surface whose medial wall is known to be larger than what was set apart.
 *
 * @param apart - how many vertices hold nothing or are not cortex
 */
export function wallIssues(
  apart: number,
  { parts, vertices }: Pick<MapLayout, 'parts' | 'vertices'>,
): readonly Issue[] {
  if (parts.some((part) => !templates.has(part.vertices)) || apart >= (wallShare / 2) * vertices) return [];
  const share = Math.round(100 * wallShare);
  const message =
    `${apart.toLocaleString('en-US')} of ${vertices.toLocaleString('en-US')} vertices are 0 or missing in every scan, and about ${share} % of such ` +
    'a surface are medial wall: the rest of it was harmonized as if it were cortex';
  return [makeIssue('wall-in-maps', message)];
}
