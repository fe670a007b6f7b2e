import type { Issue } from '../data/issue';
import { leastSquaresOperator, pivotedQr } from '../math/linear/qr';
import { timesVector } from '../math/linear/times-vector';
import type { CombatModel } from '../combat/combat-model';
import { dependentOnSites, requireSeparable } from '../combat/design/confounding';
import { columnsOfSmooths, straightColumns } from '../combat/design/smooth-basis';
import { smoothLabel } from '../combat/design/smooth-terms';
import { inseparableSmooths, smoothPenalties } from '../combat/means/fit-mean-model';
import { solvePenalized } from '../combat/means/penalized-block';
import { preparePenalties } from '../combat/means/penalized-squares';
import { ConcordError } from '../errors';
import type { Coding } from './choose-columns';
import { chooseColumns } from './choose-columns';
import type { FederatedPlan } from './plan';
import type { Parts, Stack } from './stack-sums';
import { mixStack, stackOf } from './stack-sums';
import type { FederatedStudy } from './study';
import { choiceOf } from './study';
import type { HospitalSums } from './sums';

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
  readonly covariates: CombatModel['covariates'];
  readonly terms: CombatModel['terms'];
  readonly smooths: CombatModel['smooths'];
  readonly columns: readonly string[];
  readonly columnMeans: Float64Array;
  /** Sites × features; `NaN` where a site has no value. */
  readonly intercepts: Float64Array;
  /** Columns × features; `NaN` where a feature cannot be fitted. */
  readonly coefficients: Float64Array;
  /** λ of each curve: smooths × features. */
  readonly penalties: Float64Array;
  /** Effective degrees of freedom of each curve. */
  readonly freedom: Float64Array;
  readonly issues: readonly Issue[];
}

/**
 * Fits the regression of the joined table. A site in several hospitals has a mean in each: how far these are from the mean of the
 * site is a row more for each of them, of the weight of its scans.
 *
 * @throws ConcordError `confounded`, `too-little-data`.
 */
export function poolSums(
  study: FederatedStudy,
  plan: FederatedPlan,
  answers: readonly NamedSums[],
): FederatedFit {
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
    answers.map(({ sums }, h) => partOf(sums, siteNames, which[h]));
  const whole = stackOf(partsOf(answers.map(() => 0)), siteNames.length);
  const coding = chooseColumns(plan, whole);
  const separated = separate(whole, coding, siteNames);
  const width = plan.features.length;
  const { covariates, terms, smooths, columns, columnMeans } = coding;
  const missing = (rows: number): Float64Array => new Float64Array(rows * width).fill(NaN);
  const fit = {
    hospitals: answers.map(({ name }) => name),
    sites: siteNames,
    ...{ covariates, terms, smooths, columns, columnMeans },
    intercepts: missing(siteNames.length),
    coefficients: missing(columns.length),
    penalties: missing(smooths.length),
    freedom: missing(smooths.length),
    issues: [...coding.issues, ...separated],
  };
  if (smooths.length > 0 && solver(study, whole, coding) === undefined) throw inseparableSmooths(smooths);
  for (const { which, features } of jointSets(answers, width))
    fitFeatures(fit, partsOf(which), { study, coding, features, width });
  return fit;
}

/** A set of the sums of a hospital, and where its sites are among all. */
function partOf(sums: HospitalSums, sites: readonly string[], set: number): Parts[number] {
  return { set: sums.sets[set], sites: Int32Array.from(sums.sites, (name) => sites.indexOf(name)) };
}

/**
 * The mean of every column of the design at every site, all scans together, as `siteDesign` has it of a table: sites × columns.
 */
export function pooledSiteDesign(
  plan: FederatedPlan,
  { sites }: Pick<FederatedFit, 'sites'>,
  answers: readonly Pick<NamedSums, 'sums'>[],
): Float64Array {
  const whole = stackOf(
    answers.map(({ sums }) => partOf(sums, sites, 0)),
    sites.length,
  );
  const { design, columnMeans } = chooseColumns(plan, whole);
  return mixStack(whole, design, columnMeans).means;
}

/** Makes sure that covariates, and the straight lines of curves, can be separated from the sites, on all rows. */
function separate(whole: Stack, coding: Coding, names: readonly string[]): readonly Issue[] {
  const all = whole.scans.reduce((sum, scans) => sum + scans, 0);
  const bending = columnsOfSmooths(coding.smooths) - straightColumns * coding.smooths.length;
  const parameters = names.length + coding.columns.length - bending;
  if (all <= parameters) {
    throw new ConcordError(
      'too-little-data',
      `too few subjects: ${all} for ${parameters} sites and covariate columns (at least ${parameters + 1} are required)`,
    );
  }
  const { lines, linear, columnMeans, smooths } = coding;
  const columns = [...coding.columns.slice(0, linear), ...smooths.map(smoothLabel)];
  // The lines of curves have mean 0.
  const overall = Float64Array.from(columns, (_, k) => (k < linear ? columnMeans[k] : 0));
  const { values, spreads, means } = mixStack(whole, lines, overall);
  const scaled = values.map((value, at) => value / spreads[at % columns.length]);
  const within = { values: scaled, rows: whole.rows, columns: columns.length };
  const sites = { names, codes: Int32Array.from(names.keys()) };
  return requireSeparable(within, { design: { columns, values: means }, sites, spreads }).issues;
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

/** What is known of a feature's effects. */
interface Solved {
  readonly coefficients: ArrayLike<number>;
  readonly penalties: readonly number[];
  readonly freedom: readonly number[];
}

/** The right side of the stacked equations for one feature, and the squares that they leave. */
interface RightSide {
  readonly values: Float64Array;
  readonly rest: number;
  readonly feature: number;
}

/** Solves the stacked equations, for one feature after the other; `undefined` where its effects cannot be estimated. */
function solver(
  study: FederatedStudy,
  stack: Stack,
  { design, linear, columnMeans, smooths }: Coding,
): ((right: RightSide) => Solved) | undefined {
  const { values, spreads } = mixStack(stack, design, columnMeans);
  const columns = design.width;
  const scans = stack.scans.reduce((sum, own) => sum + own, 0);
  const sites = stack.scans.filter((own) => own > 0).length;
  const free = smooths.length * straightColumns;
  if (scans - sites - linear - free < 1) return undefined;
  if (smooths.length === 0) {
    const scaled = values.map((value, at) => value / spreads[at % columns]);
    const qr = pivotedQr({ values: scaled, rows: stack.rows, columns }, dependentOnSites);
    if (qr.rank < columns) return undefined;
    const operator = leastSquaresOperator(qr, spreads);
    return (right) => ({ coefficients: timesVector(operator, right.values), penalties: [], freedom: [] });
  }
  const size = { rows: stack.rows, scans, sites, spreads };
  const penalized = { linear, smooths: smoothPenalties(smooths), choice: choiceOf(study, smooths) };
  const prepared = preparePenalties(values, size, penalized);
  if (prepared === undefined) return undefined;
  return ({ values: y, rest, feature }) => {
    const squares = y.reduce((sum, value) => sum + value * value, rest);
    return solvePenalized({ applied: timesVector(prepared.operator, y), squares, feature }, prepared);
  };
}

/** Fits some features, and writes down what was found; `NaN` where they cannot be fitted. */
function fitFeatures(
  fit: Pick<FederatedFit, 'coefficients' | 'intercepts' | 'penalties' | 'freedom'>,
  parts: Parts,
  {
    study,
    coding,
    features,
    width,
  }: {
    readonly study: FederatedStudy;
    readonly coding: Coding;
    readonly features: readonly number[];
    readonly width: number;
  },
): void {
  const stack = stackOf(parts, fit.intercepts.length / width);
  const solve = solver(study, stack, coding);
  if (solve === undefined) return;
  const { means } = mixStack(stack, coding.design, coding.columnMeans);
  const columns = coding.columns.length;
  const places = parts.map(({ set }) => new Map([...set.features].map((w, at) => [w, at])));
  for (const w of features) {
    const average = siteAverages(parts, { w, places, scans: stack.scans });
    const values = rightSide(parts, stack, { w, places, average });
    const rest = parts.reduce((sum, { set }, h) => sum + (set.rest[places[h].get(w) ?? 0] ?? 0), 0);
    const solved = solve({ values: Float64Array.from(values), rest, feature: w });
    const beta = Array.from(solved.coefficients);
    beta.forEach((slope, k) => (fit.coefficients[k * width + w] = slope));
    for (const name of ['penalties', 'freedom'] as const)
      solved[name].forEach((value, k) => (fit[name][k * width + w] = value));
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
