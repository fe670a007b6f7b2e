import { makeIssue } from '../data/issue';
import type { Issue } from '../data/issue';
import type { CombatCovariate, CombatSmooth } from '../combat/combat-model';
import { designColumns } from '../combat/design/covariate-design';
import type { CombatTerm } from '../combat/design/formula';
import { basisOf, columnsOfSmooths, smoothColumns, splinesOn } from '../combat/design/smooth-basis';
import { requireBendable, smoothLabel } from '../combat/design/smooth-terms';
import { columnNames, requireVarying, termColumnNames } from '../combat/design/term-columns';
import { pivotedQr } from '../math/linear/qr';
import type { FederatedPlan, PlannedSmooth } from './plan';
import type { RawLayout, RawTerm } from './raw-columns';
import { rawLayout } from './raw-columns';
import type { Mixing, Stack } from './stack-sums';
import { mixStack, overallMeans, spreadsAbout } from './stack-sums';

/** How raw columns become those of a design: without reference levels and what is the same for all, smooths with mean 0. */
export interface Coding {
  readonly covariates: readonly CombatCovariate[];
  readonly terms: readonly CombatTerm[];
  readonly smooths: readonly CombatSmooth[];
  readonly columns: readonly string[];
  readonly columnMeans: Float64Array;
  /** Columns of linear effects, which come first. */
  readonly linear: number;
  readonly design: Mixing;
  /** The same with a straight line in place of each smooth: what a penalty does not see. */
  readonly lines: Mixing;
  readonly issues: readonly Issue[];
}

/** A column that varies by less than this share of its mean is the same for all, but for rounding. */
const constant = 1e-12;

/** What is known of raw columns over all scans. */
interface Overall {
  readonly layout: RawLayout;
  readonly scans: number;
  readonly means: Float64Array;
  /** The length of each about its mean. */
  readonly spreads: Float64Array;
}

/**
 * Codes covariates as `fitCombat` does.
 *
 * @throws ConcordError `confounded` for an interaction that no subject has, or every one alike; `too-little-data` for a curve of
 * too few values.
 */
export function chooseColumns(plan: FederatedPlan, whole: Stack): Coding {
  const means = overallMeans(whole);
  const scans = whole.scans.reduce((sum, own) => sum + own, 0);
  const all: Overall = { layout: rawLayout(plan), scans, means, spreads: spreadsAbout(whole, means) };
  const covariates = plan.covariates.map((_, k) => describe(plan, k, all));
  const terms = plan.terms.map((term) => choose(term, covariates, all));
  const curves = plan.smooths
    .map((smooth, k) => ({ first: all.layout.smooths[k], smooth: centered(smooth, k, all) }))
    .filter(({ smooth }) => smooth.centers.length > 0);
  curves.forEach((curve) => requireBending(whole, curve, all));
  const smooths = curves.map(({ smooth }) => smooth);
  const chosen = terms.flat();
  const design: Mixing = {
    width: chosen.length + columnsOfSmooths(smooths),
    of: (raw) => [
      ...chosen.map((k) => raw[k]),
      ...curves.flatMap((curve) => [...basisOf(curve.smooth, splinesIn(raw, curve))]),
    ],
  };
  const straight = curves.map(({ smooth }) => lineThrough(smooth));
  const lines: Mixing = {
    width: chosen.length + curves.length,
    of: (raw) => [
      ...chosen.map((k) => raw[k]),
      ...curves.map((curve, c) =>
        splinesIn(raw, curve).reduce((sum, value, i) => sum + straight[c][i] * value, 0),
      ),
    ],
  };
  return {
    ...{ covariates, terms: plan.terms, smooths, linear: chosen.length, design, lines },
    columns: designColumns({ covariates, terms: plan.terms, smooths }),
    columnMeans: Float64Array.from(design.of(means)),
    issues: constantIssues(covariates),
  };
}

function describe(
  plan: FederatedPlan,
  k: number,
  { layout, scans, means, spreads }: Overall,
): CombatCovariate {
  const planned = plan.covariates[k];
  const { first } = layout.terms[k];
  if (planned.kind === 'continuous') {
    const { name, unit, low, high } = planned;
    const same = spreads[first] <= constant * Math.abs(means[first]) * Math.sqrt(scans);
    return {
      kind: 'continuous',
      name,
      ...(unit === undefined ? {} : { unit }),
      ...(same ? { min: means[first], max: means[first] } : { min: low, max: high }),
      ...(plan.smooths.some((smooth) => smooth.name === name) ? { smooth: true } : {}),
    };
  }
  // Shares of the same number of scans may differ in their last digit.
  const counts = planned.levels.map((_, level) => Math.round(means[first + level] * scans));
  return {
    kind: 'categorical',
    name: planned.name,
    levels: planned.levels.filter((_, level) => counts[level] > 0),
    reference: planned.levels[counts.indexOf(Math.max(...counts))],
  };
}

/** The raw columns of a linear effect that are in the design, in its order. */
function choose(
  term: CombatTerm,
  covariates: readonly CombatCovariate[],
  { layout, scans, means, spreads }: Overall,
): readonly number[] {
  const raw = layout.terms.find((one) => one.term.join() === term.join());
  if (raw === undefined) throw new RangeError(`no columns of ${term.join(':')}`);
  const own = raw.levels.flatMap((levels, k) => (isIn(raw, levels, covariates) ? [raw.first + k] : []));
  // Two rows in place of all: what a column is for the first scan, and whether it is so for each.
  const columns = own.map((k) => {
    const varies = spreads[k] > constant * Math.abs(means[k]) * Math.sqrt(scans);
    return Float64Array.of(means[k], varies ? NaN : means[k]);
  });
  requireVarying(term, columns, termColumnNames(term, covariates));
  return own;
}

/** Whether none of the levels of a column is a reference or met by nobody, and none of its amounts the same for all. */
function isIn(
  { term }: RawTerm,
  levels: readonly (string | null)[],
  covariates: readonly CombatCovariate[],
): boolean {
  return levels.every((level, at) => {
    const covariate = covariates.find(({ name }) => name === term[at]);
    if (covariate === undefined) return false;
    const own = covariate.kind === 'continuous' ? covariate.name : `${covariate.name}=${level}`;
    return columnNames(covariate).includes(own);
  });
}

/** The B-splines of a curve, among raw columns. */
function splinesIn(
  raw: Float64Array,
  { first, smooth }: { readonly first: number; readonly smooth: PlannedSmooth },
): Float64Array {
  return raw.subarray(first, first + splinesOn(smooth.knots));
}

/** A curve with the means of its B-splines over the scans that it is of; without any where nobody is. */
function centered(smooth: PlannedSmooth, k: number, { layout, means }: Overall): CombatSmooth {
  const { name, by, knots } = smooth;
  const first = layout.smooths[k];
  const own = [...splinesIn(means, { first, smooth })];
  // B-splines add up to 1 wherever a scan is, so that their sum is the share of scans.
  const share = own.reduce((sum, mean) => sum + mean, 0);
  const centers = share > 0 ? own.map((mean) => mean / share) : [];
  const whole = { name, basis: 'p-spline', knots, centers } as const;
  return by === undefined ? whole : { ...whole, by };
}

/** A straight line as a sum of B-splines: each times the mean of its inner knots (Greville); minus its own mean. */
function lineThrough({ knots, centers }: CombatSmooth): readonly number[] {
  const places = centers.map((_, i) => (knots[i + 1] + knots[i + 2] + knots[i + 3]) / 3);
  const mean = places.reduce((sum, place, i) => sum + place * centers[i], 0);
  return places.map((place) => place - mean);
}

/** As many values as a curve is of, its columns and their sum point in so many directions. */
function requireBending(
  whole: Stack,
  curve: { readonly first: number; readonly smooth: CombatSmooth },
  { means }: Overall,
): void {
  const { smooth } = curve;
  const width = smoothColumns(smooth);
  const mixing: Mixing = {
    width,
    of: (raw) => basisOf(smooth, splinesIn(raw, curve)),
  };
  const { values, means: between, spreads } = mixStack(whole, mixing, Float64Array.from(mixing.of(means)));
  const apart = between.map((mean, at) => mean * Math.sqrt(whole.scans[Math.floor(at / width)]));
  const rows = whole.rows + whole.scans.length;
  const scaled = [...values, ...apart].map((value, at) => value / spreads[at % width]);
  const { rank } = pivotedQr({ values: Float64Array.from(scaled), rows, columns: width }, 1e-9);
  requireBendable(rank + 1, smoothLabel(smooth));
}

function constantIssues(covariates: readonly CombatCovariate[]): readonly Issue[] {
  return covariates
    .filter((covariate) => columnNames(covariate).length === 0)
    .map(({ name }) =>
      makeIssue('constant-covariate', `covariate ${name} has the same value for every subject`, {
        column: name,
      }),
    );
}
