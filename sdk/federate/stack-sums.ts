import { columnNorms } from '../combat/design/confounding';
import type { SumsOfRows } from './sums';

/** Sets of rows of several hospitals, one of each, with their sites among those of the study. */
export type Parts = readonly { readonly set: SumsOfRows; readonly sites: Int32Array }[];

/** All rows together: what is centered within sites, row by row, and how far sites and hospitals are apart. */
export interface Stack {
  readonly scans: Float64Array;
  /** Sites × raw columns. */
  readonly means: Float64Array;
  /** Rows with the same cross-products as the columns centered within sites: rows × raw columns. */
  readonly within: Float64Array;
  readonly rows: number;
  /** Which part's site each of the last rows is about: that of a site which is in several hospitals. */
  readonly between: readonly { readonly part: number; readonly at: number; readonly site: number }[];
}

/** Stacks what hospitals have sent of some rows. */
export function stackOf(parts: Parts, siteCount: number): Stack {
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

/** The length of each raw column about some means: within sites, and between them. */
export function spreadsAbout({ scans, means, within }: Stack, about: Float64Array): Float64Array {
  const raw = about.length;
  const squares = columnNorms(within, raw).map((norm) => norm * norm);
  means.forEach(
    (mean, at) => (squares[at % raw] += scans[Math.floor(at / raw)] * (mean - about[at % raw]) ** 2),
  );
  return squares.map(Math.sqrt);
}

/** What makes columns of a design of raw columns: each is a sum of some of them. */
export interface Mixing {
  readonly width: number;
  /** A row of them, given one of raw columns. */
  readonly of: (raw: Float64Array) => ArrayLike<number>;
}

/** Columns of a design, in place of all scans. */
export interface MixedStack {
  /** Centered within sites: rows × columns. */
  readonly values: Float64Array;
  /** Their means at each site, minus their means over all: sites × columns. */
  readonly means: Float64Array;
  /** The length of each over all scans. */
  readonly spreads: Float64Array;
}

/**
 * The columns of a design.
 *
 * @param columnMeans - the means over all scans of the study, also where only some are stacked
 */
export function mixStack(stack: Stack, mixing: Mixing, columnMeans: Float64Array): MixedStack {
  const { width } = mixing;
  const values = mixRows(stack.within, stack.rows, mixing);
  const means = mixRows(stack.means, stack.scans.length, mixing).map(
    (mean, at) => mean - columnMeans[at % width],
  );
  const squares = columnNorms(values, width).map((norm) => norm * norm);
  means.forEach((mean, at) => (squares[at % width] += stack.scans[Math.floor(at / width)] * mean * mean));
  return { values, means, spreads: squares.map((sum) => Math.sqrt(sum) || 1) };
}

function mixRows(raw: Float64Array, rows: number, { width, of }: Mixing): Float64Array {
  const mixed = new Float64Array(rows * width);
  const own = rows === 0 ? 0 : raw.length / rows;
  for (let row = 0; row < rows; row++) mixed.set(of(raw.subarray(row * own, (row + 1) * own)), row * width);
  return mixed;
}

/** The mean of each raw column over all scans. */
export function overallMeans({ scans, means }: Stack): Float64Array {
  const raw = scans.length === 0 ? 0 : means.length / scans.length;
  const all = scans.reduce((sum, own) => sum + own, 0);
  const overall = new Float64Array(raw);
  means.forEach((mean, at) => (overall[at % raw] += (scans[Math.floor(at / raw)] / all) * mean));
  return overall;
}
