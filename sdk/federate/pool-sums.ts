import { issuesToJson } from '../data/issue';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import type { JsonObject } from '../data/json';
import { leastSquaresOperator, pivotedQr } from '../math/linear/qr';
import type { CombatCovariate, CombatModel } from '../combat/combat-model';
import { designColumns } from '../combat/design/covariate-design';
import { columnNames } from '../combat/design/term-columns';
import { columnNorms, dependentOnSites, requireSeparable } from '../combat/design/confounding';
import {
  issuesInModel,
  matrixFromJson,
  nested,
  numbers,
  objects,
  strings,
  vectorFromJson,
} from '../combat/stored/json-parts';
import { ConcordError } from '../errors';
import type { FederatedPlan } from './plan';
import type { HospitalSums, SumsOfRows } from './sums';

/** What one hospital sent in the second round. */
export interface NamedSums {
  readonly name: string;
  readonly sums: HospitalSums;
}

/** The regression of all features on sites and covariates: the content of the third request. */
export interface FederatedFit {
  /** The hospitals whose sums it is made of. */
  readonly hospitals: readonly string[];
  readonly sites: readonly string[];
  readonly covariates: readonly CombatCovariate[];
  readonly columns: readonly string[];
  readonly columnMeans: Float64Array;
  /** Sites × features; `NaN` where a site has no value. */
  readonly intercepts: Float64Array;
  /** Columns × features; `NaN` where a feature cannot be fitted. */
  readonly coefficients: Float64Array;
  readonly issues: readonly Issue[];
}

/** Each covariate has an effect by itself: interactions are refused. */
export function ownEffects(covariates: readonly CombatCovariate[]): CombatModel['terms'] {
  return covariates.map(({ name }) => [name]);
}

/** Sets of rows of several hospitals, one of each, with their sites among those of the study. */
type Parts = readonly { readonly set: SumsOfRows; readonly sites: Int32Array }[];

/** All rows together: what is centered within sites, row by row, and how far sites and hospitals are apart. */
interface Stack {
  readonly scans: Float64Array;
  /** Sites × raw columns. */
  readonly means: Float64Array;
  /** Rows with the same cross-products as the columns centered within sites: rows × raw columns. */
  readonly within: Float64Array;
  readonly rows: number;
  /** Which part's site each of the last rows is about: that of a site which is in several hospitals. */
  readonly between: readonly { readonly part: number; readonly at: number; readonly site: number }[];
}

/**
 * Fits the regression of the joined table. A site in several hospitals has a mean in each: how far these are from the mean of the
 * site is a row more for each of them, of the weight of its scans.
 *
 * @throws ConcordError `confounded`, `too-little-data`.
 */
export function poolSums(plan: FederatedPlan, answers: readonly NamedSums[]): FederatedFit {
  const siteNames = plan.sites
    .map(({ name }) => name)
    .filter((name) => answers.some(({ sums }) => sums.sites.includes(name)));
  if (siteNames.length < 2) {
    throw new ConcordError(
      'too-little-data',
      `too few sites: ${siteNames.join(', ')} (ComBat requires at least two)`,
    );
  }
  const partsOf = (which: readonly number[]): Parts =>
    answers.map(({ sums }, h) => ({
      set: sums.sets[which[h]],
      sites: Int32Array.from(sums.sites, (name) => siteNames.indexOf(name)),
    }));
  const whole = stackOf(partsOf(answers.map(() => 0)), siteNames.length);
  const coding = chooseColumns(plan, whole);
  const separated = separate(whole, coding, siteNames);
  const width = plan.features.length;
  const fit = {
    hospitals: answers.map(({ name }) => name),
    sites: siteNames,
    covariates: coding.covariates,
    columns: coding.columns,
    columnMeans: coding.columnMeans,
    intercepts: new Float64Array(siteNames.length * width).fill(NaN),
    coefficients: new Float64Array(coding.columns.length * width).fill(NaN),
    issues: [...coding.issues, ...separated],
  };
  for (const { which, features } of jointSets(answers, width))
    fitFeatures(fit, partsOf(which), { coding, features, width });
  return fit;
}

/** Stacks what hospitals have sent of some rows. */
function stackOf(parts: Parts, siteCount: number): Stack {
  const columns = parts.length === 0 ? 0 : parts[0].set.means.length / parts[0].set.scans.length;
  const scans = new Float64Array(siteCount);
  const means = new Float64Array(siteCount * columns);
  const holders = new Float64Array(siteCount);
  for (const { set, sites } of parts) {
    sites.forEach((site, at) => {
      scans[site] += set.scans[at];
      if (set.scans[at] > 0) holders[site]++;
      for (let k = 0; k < columns; k++)
        means[site * columns + k] += set.scans[at] * set.means[at * columns + k];
    });
  }
  for (let at = 0; at < means.length; at++) means[at] /= Math.max(1, scans[Math.floor(at / columns)]);
  const between = parts.flatMap(({ set, sites }, part) =>
    [...sites].flatMap((site, at) => (holders[site] > 1 && set.scans[at] > 0 ? [{ part, at, site }] : [])),
  );
  const within = [
    ...parts.flatMap(({ set }) => [...set.triangle]),
    ...between.flatMap(({ part, at, site }) => {
      const { set } = parts[part];
      const own = [...set.means.subarray(at * columns, (at + 1) * columns)];
      return own.map((mean, k) => Math.sqrt(set.scans[at]) * (mean - means[site * columns + k]));
    }),
  ];
  const rows = parts.reduce((sum, { set }) => sum + set.rank, between.length);
  return { scans, means, within: Float64Array.from(within), rows, between };
}

/** Which raw columns are in the design: all but those of reference levels and of what is the same for all. */
interface Coding {
  readonly covariates: readonly CombatCovariate[];
  readonly columns: readonly string[];
  /** Their places among the raw columns. */
  readonly chosen: readonly number[];
  readonly columnMeans: Float64Array;
  readonly issues: readonly Issue[];
}

/** A column that varies by less than this share of its mean is the same for all, but for rounding. */
const constant = 1e-12;

function chooseColumns(plan: FederatedPlan, whole: Stack): Coding {
  const raw = whole.scans.length === 0 ? 0 : whole.means.length / whole.scans.length;
  const all = whole.scans.reduce((sum, scans) => sum + scans, 0);
  const means = new Float64Array(raw);
  whole.means.forEach((mean, at) => (means[at % raw] += (whole.scans[Math.floor(at / raw)] / all) * mean));
  const spreads = spreadsAbout(whole, means);
  const covariates: CombatCovariate[] = [];
  const chosen: number[] = [];
  let first = 0;
  for (const planned of plan.covariates) {
    if (planned.kind === 'continuous') {
      const { name, unit, low, high } = planned;
      const same = spreads[first] <= constant * Math.abs(means[first]) * Math.sqrt(all);
      const range = same ? { min: means[first], max: means[first] } : { min: low, max: high };
      covariates.push(
        unit === undefined
          ? { kind: 'continuous', name, ...range }
          : { kind: 'continuous', name, unit, ...range },
      );
      if (!same) chosen.push(first);
      first++;
      continue;
    }
    const shares = [...means.subarray(first, first + planned.levels.length)];
    // Shares of the same number of scans may differ in their last digit.
    const counts = shares.map((share) => Math.round(share * all));
    const reference = counts.indexOf(Math.max(...counts));
    covariates.push({
      kind: 'categorical',
      name: planned.name,
      levels: planned.levels.filter((_, k) => counts[k] > 0),
      reference: planned.levels[reference],
    });
    counts.forEach((count, k) => {
      if (count > 0 && k !== reference) chosen.push(first + k);
    });
    first += shares.length;
  }
  const issues = covariates
    .filter((covariate) => columnNames(covariate).length === 0)
    .map(({ name }) =>
      makeIssue('constant-covariate', `covariate ${name} has the same value for every subject`, {
        column: name,
      }),
    );
  return {
    covariates,
    columns: designColumns({ covariates, terms: ownEffects(covariates), smooths: [] }),
    chosen,
    columnMeans: Float64Array.from(chosen, (k) => means[k]),
    issues,
  };
}

/** The length of each raw column about some means: within sites, and between them. */
function spreadsAbout({ scans, means, within }: Stack, about: Float64Array): Float64Array {
  const raw = about.length;
  const squares = columnNorms(within, raw).map((norm) => norm * norm);
  means.forEach(
    (mean, at) => (squares[at % raw] += scans[Math.floor(at / raw)] * (mean - about[at % raw]) ** 2),
  );
  return squares.map(Math.sqrt);
}

/** The chosen columns of a stack, each divided by its length: what is factored. */
function scaledDesign(
  stack: Stack,
  { chosen, columnMeans }: Coding,
): { readonly values: Float64Array; readonly spreads: Float64Array; readonly means: Float64Array } {
  const raw = stack.means.length / stack.scans.length;
  const width = chosen.length;
  const pick = (from: Float64Array, rows: number): Float64Array =>
    Float64Array.from(
      { length: rows * width },
      (_, at) => from[Math.floor(at / width) * raw + chosen[at % width]],
    );
  const values = pick(stack.within, stack.rows);
  const means = pick(stack.means, stack.scans.length).map((mean, at) => mean - columnMeans[at % width]);
  const squares = columnNorms(values, width).map((norm) => norm * norm);
  means.forEach((mean, at) => (squares[at % width] += stack.scans[Math.floor(at / width)] * mean * mean));
  const spreads = squares.map((sum) => Math.sqrt(sum) || 1);
  return { values: values.map((value, at) => value / spreads[at % width]), spreads, means };
}

/** Makes sure that covariates can be separated from the sites, on all rows. */
function separate(whole: Stack, coding: Coding, names: readonly string[]): readonly Issue[] {
  const all = whole.scans.reduce((sum, scans) => sum + scans, 0);
  const parameters = names.length + coding.columns.length;
  if (all <= parameters) {
    throw new ConcordError(
      'too-little-data',
      `too few subjects: ${all} for ${parameters} sites and covariate columns (at least ${parameters + 1} are required)`,
    );
  }
  const { values, spreads, means } = scaledDesign(whole, coding);
  const within = { values, rows: whole.rows, columns: coding.columns.length };
  const sites = { names, codes: Int32Array.from(names.keys()) };
  return requireSeparable(within, { design: { columns: coding.columns, values: means }, sites, spreads })
    .issues;
}

/** Features that have values in the same rows in every hospital, and which of its sets these are. */
function jointSets(
  answers: readonly NamedSums[],
  width: number,
): readonly { readonly which: readonly number[]; readonly features: readonly number[] }[] {
  const setOf = answers.map(({ sums }) => {
    const own = new Int32Array(width);
    sums.sets.forEach(({ features }, at) => features.forEach((w) => (own[w] = at)));
    return own;
  });
  const joint = new Map<string, { which: readonly number[]; features: number[] }>();
  for (let w = 0; w < width; w++) {
    const which = setOf.map((own) => own[w]);
    const known = joint.get(which.join());
    if (known === undefined) joint.set(which.join(), { which, features: [w] });
    else known.features.push(w);
  }
  return [...joint.values()];
}

/** Fits some features, and writes down their coefficients and intercepts; `NaN` where they cannot be fitted. */
function fitFeatures(
  fit: Pick<FederatedFit, 'coefficients' | 'intercepts'>,
  parts: Parts,
  {
    coding,
    features,
    width,
  }: { readonly coding: Coding; readonly features: readonly number[]; readonly width: number },
): void {
  const stack = stackOf(parts, fit.intercepts.length / width);
  const { values, spreads, means } = scaledDesign(stack, coding);
  const columns = coding.columns.length;
  const present = stack.scans.reduce((sum, scans) => sum + scans, 0);
  const sites = stack.scans.filter((scans) => scans > 0).length;
  const qr = pivotedQr({ values, rows: stack.rows, columns }, dependentOnSites);
  if (qr.rank < columns || present - sites - columns < 1) return;
  const operator = leastSquaresOperator(qr, spreads);
  const places = parts.map(({ set }) => new Map([...set.features].map((w, at) => [w, at])));
  for (const w of features) {
    const average = siteAverages(parts, { w, places, scans: stack.scans });
    const right = rightSide(parts, stack, { w, places, average });
    const beta = Array.from({ length: columns }, (_, k) =>
      right.reduce((sum, value, row) => sum + operator[k * stack.rows + row] * value, 0),
    );
    beta.forEach((slope, k) => (fit.coefficients[k * width + w] = slope));
    average.forEach((mean, site) => {
      fit.intercepts[site * width + w] = beta.reduce(
        (rest, slope, k) => rest - slope * means[site * columns + k],
        mean,
      );
    });
  }
}

/** One feature in the sets of all hospitals. */
interface PlacedFeature {
  readonly w: number;
  /** Of each hospital, where in its set a feature is. */
  readonly places: readonly ReadonlyMap<number, number>[];
}

/** The mean of a feature at each site; `NaN` where it has no values. */
function siteAverages(
  parts: Parts,
  { w, places, scans }: PlacedFeature & { readonly scans: Float64Array },
): Float64Array {
  const sums = new Float64Array(scans.length);
  parts.forEach(({ set, sites }, h) => {
    const f = places[h].get(w) ?? 0;
    sites.forEach((site, at) => {
      if (set.scans[at] > 0) sums[site] += set.scans[at] * set.averages[at * set.features.length + f];
    });
  });
  return sums.map((sum, site) => (scans[site] > 0 ? sum / scans[site] : NaN));
}

/** The right side of the stacked equations for one feature. */
function rightSide(
  parts: Parts,
  { between }: Stack,
  { w, places, average }: PlacedFeature & { readonly average: Float64Array },
): readonly number[] {
  const products = parts.flatMap(({ set }, h) => {
    const f = places[h].get(w) ?? 0;
    return Array.from({ length: set.rank }, (_, r) => set.products[r * set.features.length + f]);
  });
  const apart = between.map(({ part, at, site }) => {
    const { set } = parts[part];
    const own = set.averages[at * set.features.length + (places[part].get(w) ?? 0)];
    return Math.sqrt(set.scans[at]) * (own - average[site]);
  });
  return [...products, ...apart];
}

/** The fit as JSON. */
export function fitToJson(fit: FederatedFit, features: number): JsonObject {
  return {
    hospitals: fit.hospitals,
    sites: fit.sites,
    covariates: fit.covariates.map((covariate) => ({ ...covariate })),
    columns: fit.columns,
    columnMeans: numbers(fit.columnMeans),
    intercepts: nested(fit.intercepts, fit.sites.length, features),
    coefficients: nested(fit.coefficients, fit.columns.length, features),
    issues: issuesToJson(fit.issues),
  };
}

/**
 * The fit that a message has.
 *
 * @throws ConcordError `malformed-model`.
 */
export function fitFromJson(json: JsonObject, features: number): FederatedFit {
  const sites = strings(json, 'sites');
  const columns = strings(json, 'columns');
  return {
    hospitals: strings(json, 'hospitals'),
    sites,
    covariates: objects(json, 'covariates') as unknown as readonly CombatCovariate[],
    columns,
    columnMeans: vectorFromJson(json, 'columnMeans', columns.length),
    intercepts: matrixFromJson(json, 'intercepts', [sites.length, features]),
    coefficients: matrixFromJson(json, 'coefficients', [columns.length, features]),
    issues: issuesInModel(json),
  };
}
