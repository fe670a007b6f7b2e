import type { FeatureCohort } from '../../data/cohort';
import { columnAt } from '../../data/feature-matrix';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { siteCodes, siteNames } from '../../data/people/participants';

/** Harmonized features on the scale of the raw ones, and what was noticed of their scale. */
export interface MatchedScale {
  readonly after: FeatureCohort;
  readonly issues: readonly Issue[];
}

/** A feature's spread within sites may change by this factor before its scale counts as another one. */
const otherScale = 3;
/** Changes below this share of the spread are rounding. */
const rounding = 0.02;

/** A feature counts as rounded when this share of its distinct values is left. */
const coarser = 0.5;

/** Where a feature is and how wide. */
interface Spread {
  readonly mean: number;
  /** Standard deviation within sites, pooled. */
  readonly within: number;
}

/**
 * Puts harmonized features that are on another scale than the raw ones (other units, z-scores, residuals) back on the
 * scale of the raw ones, each by one factor and one shift for all participants, with an Issue that says so. Site
 * differences, tests and predictions do not depend on it; distances, slopes and variation do.
 */
export function matchScale(before: FeatureCohort, after: FeatureCohort): MatchedScale {
  const names = siteNames(before.participants);
  const codes = siteCodes(before.participants, names);
  const { features } = before.features;
  const columns = features.map((_, k) => [columnAt(before.features, k), columnAt(after.features, k)]);
  const spreads = columns.map((both) => both.map((column) => spreadOf(column, codes, names.length)));
  const changed = spreads.map(([raw, now]) => isOtherScale(raw, now));
  const issues = [
    ...scaleIssues(features, spreads, changed),
    ...constantIssues(features, spreads),
    ...coarseIssues(features, columns),
    ...cellIssues(columns),
  ];
  const count = changed.filter(Boolean).length;
  const matched =
    count === 0 ? after : rescaled(after, spreads, count > features.length / 2 ? null : changed);
  return { after: matched, issues: [...issues, ...sameIssues(before, matched, spreads)] };
}

function spreadOf(column: Float64Array, codes: Int32Array, sites: number): Spread {
  const sums = new Float64Array(sites);
  const counts = new Float64Array(sites);
  column.forEach((value, row) => {
    if (Number.isNaN(value)) return;
    sums[codes[row]] += value;
    counts[codes[row]]++;
  });
  let squares = 0;
  column.forEach((value, row) => {
    if (!Number.isNaN(value)) squares += (value - sums[codes[row]] / counts[codes[row]]) ** 2;
  });
  const total = counts.reduce((sum, count) => sum + count, 0);
  const degrees = total - counts.filter((count) => count > 0).length;
  return {
    mean: sums.reduce((sum, value) => sum + value, 0) / total,
    within: degrees > 0 ? Math.sqrt(squares / degrees) : NaN,
  };
}

function isConstant({ mean, within }: Spread): boolean {
  return !(within > 1e-12 * Math.abs(mean));
}

/** Whether the spread is another one, or values were centered on zero. */
function isOtherScale(raw: Spread, now: Spread): boolean {
  if (isConstant(raw) || isConstant(now)) return false;
  const ratio = now.within / raw.within;
  const centered = Math.abs(now.mean) < 0.1 * now.within && Math.abs(raw.mean) > 2 * raw.within;
  return ratio > otherScale || ratio < 1 / otherScale || centered;
}

/** @param changed - which features to move; `null` for all */
function rescaled(
  after: FeatureCohort,
  spreads: readonly (readonly Spread[])[],
  changed: readonly boolean[] | null,
): FeatureCohort {
  const width = spreads.length;
  const values = after.features.values.map((value, at) => {
    const k = at % width;
    const [raw, now] = spreads[k];
    if (isConstant(raw) || isConstant(now) || changed?.[k] === false) return value;
    return raw.mean + ((value - now.mean) * raw.within) / now.within;
  });
  return { ...after, features: { ...after.features, values } };
}

function scaleIssues(
  features: readonly string[],
  spreads: readonly (readonly Spread[])[],
  changed: readonly boolean[],
): readonly Issue[] {
  const at = [...features.keys()].filter((k) => changed[k]);
  if (at.length === 0) return [];
  const ratios = at.map((k) => spreads[k][1].within / spreads[k][0].within).sort((a, b) => a - b);
  const [least, most] = [ratios[0], ratios[ratios.length - 1]].map((ratio) => ratio.toPrecision(3));
  const factor = least === most ? `by ${Number(least)}` : `by ${Number(least)} to ${Number(most)}`;
  const zero = at.every((k) => Math.abs(spreads[k][1].mean) < 0.1 * spreads[k][1].within);
  const unit = zero && at.every((k) => Math.abs(spreads[k][1].within - 1) < 0.35);
  const look = unit ? ', as standardized values are' : zero ? ', and are centered on zero' : '';
  const named = listNames(
    at.map((k) => features[k]),
    3,
  );
  const message =
    `${at.length} of ${features.length} features are on another scale after harmonization: their spread within ` +
    `sites changed ${factor}${look} (${named})`;
  return [makeIssue('changed-scale', message)];
}

function constantIssues(
  features: readonly string[],
  spreads: readonly (readonly Spread[])[],
): readonly Issue[] {
  const lost = features.filter((_, k) => !isConstant(spreads[k][0]) && isConstant(spreads[k][1]));
  if (lost.length === 0) return [];
  const message = `${lost.length} of ${features.length} features no longer vary within sites after harmonization: ${listNames(lost)}`;
  return [
    makeIssue('constant-feature', message, {}, [
      'check how the table was written: rounding, or residuals of too many covariates, can do this',
    ]),
  ];
}

/** Features that were written with so few digits that many participants share a value. */
function coarseIssues(
  features: readonly string[],
  columns: readonly (readonly Float64Array[])[],
): readonly Issue[] {
  const distinct = (column: Float64Array): number => new Set(column).size;
  const coarse = features.filter((_, k) => distinct(columns[k][1]) < coarser * distinct(columns[k][0]));
  if (coarse.length === 0) return [];
  const message = `${coarse.length} of ${features.length} features are rounded after harmonization: many participants share a value (${listNames(coarse, 3)})`;
  return [makeIssue('lost-precision', message, {}, ['write the table with all digits if they are at hand'])];
}

/** Cells that are missing in one of the tables only. */
function cellIssues(columns: readonly (readonly Float64Array[])[]): readonly Issue[] {
  let lost = 0;
  let filled = 0;
  for (const [raw, now] of columns) {
    raw.forEach((value, row) => {
      if (Number.isNaN(value) === Number.isNaN(now[row])) return;
      if (Number.isNaN(value)) filled++;
      else lost++;
    });
  }
  if (lost + filled === 0) return [];
  const parts = [
    ...(lost > 0 ? [`${lost} that have a value before are missing after`] : []),
    ...(filled > 0 ? [`${filled} that are missing before have a value after`] : []),
  ];
  return [
    makeIssue('missing-cells', `cells of features: ${parts.join('; ')}`, {}, [
      'imputed values make participants alike: read the figures of persons with care',
    ]),
  ];
}

/** Says so where nothing was harmonized: the values are those before, but for scale and rounding. */
function sameIssues(
  before: FeatureCohort,
  after: FeatureCohort,
  spreads: readonly (readonly Spread[])[],
): readonly Issue[] {
  const width = spreads.length;
  const same = before.features.values.every((value, at) => {
    const now = after.features.values[at];
    const { mean, within } = spreads[at % width][0];
    return (
      Number.isNaN(value) ||
      Number.isNaN(now) ||
      Math.abs(now - value) <= Math.max(rounding * within, 1e-9 * Math.abs(mean))
    );
  });
  return same
    ? [makeIssue('nothing-changed', 'the values after are those before, except for scale and rounding')]
    : [];
}
