import type { JsonObject } from '../data/json';
import { counted } from '../data/counted';
import { listNames } from '../data/list-names';
import { orthonormalRows, pivotedQr } from '../math/linear/qr';
import { centerWithinSites, columnNorms } from '../combat/design/confounding';
import {
  matrixFromJson,
  nested,
  numbers,
  objects,
  strings,
  vectorFromJson,
} from '../combat/stored/json-parts';
import { ConcordError } from '../errors';
import { advise } from '../remedy';
import type { HospitalTable } from './hospital-table';
import { fittedValues } from './hospital-table';
import type { FederatedPlan } from './plan';
import { encodeRaw, rawLayout } from './raw-columns';
import { requireCells, requireDifferences } from './require-cells';
import type { FederatedStudy } from './study';

/**
 * The features of a hospital that have values in the same rows, and what their regression needs of these rows.
 *
 * In place of the cross-products XᵀX and Xᵀy it is the triangle R and Qᵀy of the QR factorization of the covariates, each
 * centered at its site: RᵀR = XᵀX and Rᵀ(Qᵀy) = Xᵀy, so that neither says more than the other. But the normal equations square the
 * condition of the covariates, and lose twice the digits; triangles are stacked and factored again, which loses none.
 */
export interface SumsOfRows {
  /** Columns of the plan. */
  readonly features: Int32Array;
  /** Scans at each of the hospital's sites. */
  readonly scans: Float64Array;
  /** The mean of each covariate column there: sites × columns; 0 where there are no scans. */
  readonly means: Float64Array;
  /** R: rank × columns. */
  readonly triangle: Float64Array;
  readonly rank: number;
  /** The mean of each feature there: sites × features; `NaN` where there are no scans. */
  readonly averages: Float64Array;
  /** Qᵀy: rank × features. */
  readonly products: Float64Array;
  /**
   * ‖y − QQᵀy‖², the square of what the columns leave of each feature, of all sites together: by it the penalties of curves are
   * chosen. None where there are no curves.
   */
  readonly rest: Float64Array;
}

/** The second answer of a hospital: the first of its sets of rows is all of them, with the features that lack no cell. */
export interface HospitalSums {
  readonly sites: readonly string[];
  readonly sets: readonly SumsOfRows[];
}

/** A column that is this short once those before it are taken away follows from them, in float64. */
const dependentHere = 1e-12;

/**
 * What a hospital sends in the second round.
 *
 * @param options.differences - whether a feature may lack the values of a few persons: their covariates are then the difference
 * of two sums
 * @throws ConcordError `too-little-data` for sums of too few persons.
 */
export function hospitalSums(
  table: HospitalTable,
  { study, plan }: { readonly study: FederatedStudy; readonly plan: FederatedPlan },
  options: { readonly minimum: number; readonly differences: 'refuse' | 'disclose' },
): HospitalSums {
  const { values, found } = requireRowSets(table, study, { ...options, features: plan.features });
  const design = encodeRaw(table.cohort.participants, plan);
  const curves = plan.smooths.length > 0;
  const sets = found.map((set) =>
    sumsOf({ table, values, width: plan.features.length, design, curves }, set),
  );
  return { sites: table.sites, sets };
}

/**
 * Makes sure that sums of some features are of enough persons, whichever rows have a value of each; and finds these rows.
 *
 * @throws ConcordError `too-little-data`.
 */
export function requireRowSets(
  table: HospitalTable,
  study: FederatedStudy,
  {
    features: names,
    minimum,
    differences,
  }: {
    readonly features: readonly string[];
    readonly minimum: number;
    readonly differences: 'refuse' | 'disclose';
  },
): { readonly values: Float64Array; readonly found: readonly RowSet[] } {
  const values = fittedValues(table, names, study);
  const found = rowSets(values, table.cohort.participants.ids.length, names.length);
  const named = found.map(({ features, rows }) => ({ rows, features: features.map((w) => names[w]) }));
  for (const { rows, features } of named) {
    const whose = features.length === 0 ? '' : ` with a value of ${features[0]}`;
    requireCells(table, study, { rows, minimum, whose });
  }
  if (study.preserve.length > 0 && differences === 'refuse')
    requireDifferences(table, study, { sets: named, minimum });
  return { values, found };
}

/** Some features, and the rows that they have values in. */
interface RowSet {
  readonly features: readonly number[];
  readonly rows: readonly number[];
}

/** Features by the rows that they have values in; first all rows, even where no feature has them all. */
function rowSets(values: Float64Array, rows: number, width: number): readonly RowSet[] {
  const sets = new Map<string, { features: number[]; rows: readonly number[] }>();
  sets.set('', { features: [], rows: Array.from({ length: rows }, (_, row) => row) });
  for (let w = 0; w < width; w++) {
    const missing: number[] = [];
    for (let row = 0; row < rows; row++) if (Number.isNaN(values[row * width + w])) missing.push(row);
    const key = missing.join();
    const known = sets.get(key);
    if (known !== undefined) known.features.push(w);
    else {
      const gone = new Set(missing);
      const present = Array.from({ length: rows }, (_, row) => row).filter((row) => !gone.has(row));
      sets.set(key, { features: [w], rows: present });
    }
  }
  return [...sets.values()];
}

/** The sums of some features over some rows. */
function sumsOf(
  of: {
    readonly table: HospitalTable;
    readonly values: Float64Array;
    readonly width: number;
    readonly design: Float64Array;
    readonly curves: boolean;
  },
  { features, rows }: RowSet,
): SumsOfRows {
  const { table, values, width } = of;
  const sites = table.sites.length;
  const columns = table.codes.length === 0 ? 0 : of.design.length / table.codes.length;
  const codes = Int32Array.from(rows, (row) => table.codes[row]);
  const scans = new Float64Array(sites);
  codes.forEach((site) => scans[site]++);
  const design = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => design.set(of.design.subarray(row * columns, (row + 1) * columns), i * columns));
  const own = new Float64Array(rows.length * features.length);
  rows.forEach((row, i) =>
    features.forEach((w, f) => (own[i * features.length + f] = values[row * width + w])),
  );
  const { rank, triangle, thin } = triangleOf(
    centerWithinSites(design, columns, codes, sites),
    rows.length,
    columns,
  );
  requireUnsolved(scans, { numbers: of.curves ? rank + 1 : rank, rows: rows.length });
  const within = centerWithinSites(own, features.length, codes, sites);
  const products = times(thin, within, { rank, rows: rows.length });
  return {
    features: Int32Array.from(features),
    scans,
    means: siteMeans(design, { columns, codes, scans }),
    triangle,
    rank,
    averages: siteMeans(own, { columns: features.length, codes, scans }).map((mean, at) =>
      scans[Math.floor(at / features.length)] === 0 ? NaN : mean,
    ),
    products,
    rest: of.curves ? leftOver(thin, { within, products, rank, width: features.length }) : none,
  };
}

/** The mean of each column at each site. */
function siteMeans(
  values: Float64Array,
  {
    columns,
    codes,
    scans,
  }: { readonly columns: number; readonly codes: Int32Array; readonly scans: Float64Array },
): Float64Array {
  const means = new Float64Array(scans.length * columns);
  codes.forEach((site, row) => {
    for (let k = 0; k < columns; k++) means[site * columns + k] += values[row * columns + k];
  });
  return means.map((sum, at) => sum / Math.max(1, scans[Math.floor(at / columns)]));
}

/** R of centered columns, in their own order, and the orthonormal rows of Qᵀ. */
function triangleOf(
  centered: Float64Array,
  rows: number,
  columns: number,
): { readonly rank: number; readonly triangle: Float64Array; readonly thin: Float64Array } {
  const norms = columnNorms(centered, columns).map((norm) => norm || 1);
  const scaled = centered.map((value, at) => value / norms[at % columns]);
  const qr = pivotedQr({ values: scaled, rows, columns }, dependentHere);
  const triangle = new Float64Array(qr.rank * columns);
  for (let r = 0; r < qr.rank; r++) {
    qr.order.forEach(
      (column, k) => (triangle[r * columns + column] = qr.upper[r * columns + k] * norms[column]),
    );
  }
  return { rank: qr.rank, triangle, thin: orthonormalRows(qr) };
}

const none = new Float64Array(0);

/** A sum for each value of a feature would be the values in other words: there are means, products and, later, squares. */
function requireUnsolved(
  scans: Float64Array,
  { numbers: many, rows }: { readonly numbers: number; readonly rows: number },
): void {
  const sites = scans.filter((count) => count > 0).length;
  const sums = 2 * sites + many;
  if (rows === 0 || rows > sums) return;
  throw new ConcordError(
    'too-little-data',
    `too few scans to send sums of them: ${rows}, of which ${sums} sums would be sent for each feature, which give the values away`,
    { remedy: advise`preserve fewer covariates, or leave the study to hospitals with more scans` },
  );
}

/** A times B: (rank × rows) (rows × width). */
function times(
  thin: Float64Array,
  values: Float64Array,
  { rank, rows }: { readonly rank: number; readonly rows: number },
): Float64Array {
  const width = rows === 0 ? 0 : values.length / rows;
  const products = new Float64Array(rank * width);
  for (let row = 0; row < rows; row++) {
    for (let r = 0; r < rank; r++) {
      const weight = thin[r * rows + row];
      for (let w = 0; w < width; w++) products[r * width + w] += weight * values[row * width + w];
    }
  }
  return products;
}

/** The sum of squares of each feature that the rows of Qᵀ leave. */
function leftOver(
  thin: Float64Array,
  {
    within,
    products,
    rank,
    width,
  }: {
    readonly within: Float64Array;
    readonly products: Float64Array;
    readonly rank: number;
    readonly width: number;
  },
): Float64Array {
  const squares = new Float64Array(width);
  const rows = width === 0 ? 0 : within.length / width;
  for (let row = 0; row < rows; row++) {
    for (let w = 0; w < width; w++) {
      let left = within[row * width + w];
      for (let r = 0; r < rank; r++) left -= thin[r * rows + row] * products[r * width + w];
      squares[w] += left * left;
    }
  }
  return squares;
}

/** Sums as JSON: what is not a number is null. */
export function sumsToJson({ sites, sets }: HospitalSums): JsonObject {
  return {
    sites,
    sets: sets.map(({ features, scans, means, triangle, rank, averages, products, rest }) => ({
      features: [...features],
      scans: numbers(scans),
      means: nested(means, scans.length, means.length / scans.length),
      triangle: nested(triangle, rank, rank === 0 ? 0 : triangle.length / rank),
      averages: nested(averages, scans.length, features.length),
      products: nested(products, rank, features.length),
      rest: numbers(rest),
    })),
  };
}

/**
 * Sums of a message, held to the plan.
 *
 * @throws ConcordError `malformed-model`.
 */
export function sumsFromJson(json: JsonObject, plan: FederatedPlan): HospitalSums {
  const sites = strings(json, 'sites');
  const columns = rawLayout(plan).width;
  const sets = objects(json, 'sets').map((set): SumsOfRows => {
    const count = Array.isArray(set['features']) ? set['features'].length : 0;
    const rank = Array.isArray(set['triangle']) ? set['triangle'].length : 0;
    return {
      features: Int32Array.from(vectorFromJson(set, 'features', count)),
      scans: vectorFromJson(set, 'scans', sites.length),
      means: matrixFromJson(set, 'means', [sites.length, columns]),
      triangle: matrixFromJson(set, 'triangle', [rank, columns]),
      rank,
      averages: matrixFromJson(set, 'averages', [sites.length, count]),
      products: matrixFromJson(set, 'products', [rank, count]),
      rest: vectorFromJson(set, 'rest', plan.smooths.length > 0 ? count : 0),
    };
  });
  return { sites, sets };
}

/** What the second answer discloses, in words. */
export function sumsDisclose(
  { sites, sets }: HospitalSums,
  options: { readonly differences: string; readonly plan: FederatedPlan },
): readonly string[] {
  const [all, ...others] = sets;
  const columns = all.means.length / sites.length;
  const features = sets.reduce((sum, set) => sum + set.features.length, 0);
  return [
    `the mean of each of ${counted(features, 'feature')} at ${counted(sites.length, 'site')}`,
    ...(columns === 0
      ? []
      : [
          `the means of ${counted(columns, 'column')} of covariates at each site, and their cross-products`,
          `the cross-products of covariates and features: ${counted(all.rank, 'number')} for each feature`,
        ]),
    ...(options.plan.smooths.length === 0
      ? []
      : [
          `with these, how ${listNames([...new Set(options.plan.smooths.map(({ name }) => name))])} is distributed at each site: how many persons are near each knot`,
          `how much each feature varies beyond all of it: a sum of squares, of all sites together`,
        ]),
    ...(others.length === 0
      ? []
      : [
          `the same for ${counted(others.length, 'set')} of persons who have values of some features only, and how many these are`,
        ]),
    ...(others.length > 0 && columns > 0 && options.differences === 'disclose'
      ? ['by difference, the covariates of the few persons who lack a value: this was allowed']
      : []),
  ];
}
