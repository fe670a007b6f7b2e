import type { CombatModel } from '../combat/combat-model';
import type { JointPrior } from '../combat/frame/closed-form';
import { jointMoments } from '../combat/frame/closed-form';
import { expectRow, spreadRow } from '../combat/frame/expected-values';
import type { SiteInput } from '../combat/frame/shrink-sites';
import type { SiteCorrection } from '../combat/frame/site-correction';
import { medianAndMidvariance } from '../combat/scales/location-scale';
import { newSiteShrinker } from '../combat/shrink-new-site';
import { estimatedSiteIssue, newSiteCorrection } from '../combat/unseen-site';
import type { NewSiteEstimate } from '../combat/new-site-policy';
import type { Issue } from '../data/issue';
import type { RunOptions } from '../data/run-options';
import { breathe, progressReporter } from '../data/run-options';
import type { DoublesFile } from '../io/maps/doubles-file';
import type { MapValues } from '../io/maps/map-format';
import { pickDoubles } from '../math/pick-doubles';
import type { CorrectedScans } from './correct-rows';
import type { BlockCorrection } from './maps-model';

/** About so many vertices say how well the effects of a site are known. */
const sampledVertices = 400;

/** Scans of sites that a model does not know. */
export interface NewSiteScans {
  readonly frame: CombatModel;
  readonly arrays: DoublesFile;
  /** The whole surface, in runs of vertices. */
  readonly blocks: readonly BlockCorrection[];
  readonly coded: CorrectedScans;
  /** Whose each scan is, of all that a model is applied to. */
  readonly persons: readonly string[];
  /** The sites, each with the rows of its scans. */
  readonly sites: ReadonlyMap<string, readonly number[]>;
  readonly how: NewSiteEstimate;
  /** Reads the maps of a scan, all parts joined. */
  readonly read: (row: number) => Promise<MapValues>;
  readonly run: RunOptions;
}

/** What was estimated of sites. */
export interface EstimatedSites {
  /** By the name of the site: one number for each vertex of the whole surface. */
  readonly corrections: ReadonlyMap<string, SiteCorrection>;
  readonly issues: readonly Issue[];
}

/**
 * Estimates the effects of sites that a model of maps does not know, from their scans, as `applyCombat` does it for a table: scans are
 * read one after the other, and means and sums of squares of their standardized values are kept of each vertex (of a robust model
 * the values of one site).
 */
export async function estimateNewSites(of: NewSiteScans): Promise<EstimatedSites> {
  const { frame, arrays, blocks, sites, how, run } = of;
  const vertices = blocks.reduce((sum, { width }) => sum + width, 0);
  const pooledSd = await arrays.read('pooledSd', 0, vertices);
  const { joint, sample } = await knownSites(of, vertices);
  const shrink = newSiteShrinker(frame, { how, run, joint });
  const corrections = new Map<string, SiteCorrection>();
  const issues: Issue[] = [];
  const all = [...sites.values()].reduce((sum, rows) => sum + rows.length, 0);
  const report = progressReporter('estimating the effects of new sites', all, run);
  let done = 0;
  for (const [site, rows] of sites) {
    const input = await inputOf(of, { site, rows, vertices, read: () => report(++done) });
    const effects = await shrink(input);
    corrections.set(site, newSiteCorrection(effects, pooledSd));
    const persons = new Set(rows.map((row) => of.persons[row])).size;
    const given = { site, how, scans: rows.length, persons };
    issues.push(await estimatedSiteIssue(sample, given), ...effects.issues);
  }
  return { corrections, issues };
}

/**
 * What the effects of the model's sites say, of which one at a time is in memory: their joint prior where new ones are shrunk by it, and
 * the model at some vertices, evenly over those that are harmonized.
 */
async function knownSites(
  { frame, arrays, blocks, how }: NewSiteScans,
  vertices: number,
): Promise<{ readonly joint: JointPrior | undefined; readonly sample: CombatModel }> {
  const kept = blocks.flatMap(({ first, harmonized }) =>
    Array.from(harmonized.keys())
      .filter((w) => harmonized[w] === 1)
      .map((w) => first + w),
  );
  const step = Math.max(1, Math.floor(kept.length / sampledVertices));
  const some = Int32Array.from(kept.filter((_, at) => at % step === 0));
  const picked = (): Float64Array => new Float64Array(frame.sites.length * some.length);
  const sample = { ...frame, features: Array.from(some, String), gammaHat: picked(), deltaHat: picked() };
  const moments = how === 'creb' ? jointMoments() : undefined;
  for (const [row, site] of frame.sites.entries()) {
    const read = (name: string): Promise<Float64Array> => arrays.read(name, row * vertices, vertices);
    const gammaHat = await read('gammaHat');
    const deltaHat = await read('deltaHat');
    sample.gammaHat.set(pickDoubles(gammaHat, some), row * some.length);
    sample.deltaHat.set(pickDoubles(deltaHat, some), row * some.length);
    moments?.add(site, gammaHat, deltaHat);
  }
  return { joint: moments?.prior(), sample };
}

/** What is measured of the standardized values of one site. */
interface MeasuredValues {
  readonly counts: Float64Array;
  readonly location: Float64Array;
  readonly squares: Float64Array;
  /** Of a robust model: the values of each vertex, one after the other. */
  readonly values?: Float64Array;
}

async function inputOf(
  of: NewSiteScans,
  {
    site,
    rows,
    vertices,
    read,
  }: {
    readonly site: string;
    readonly rows: readonly number[];
    readonly vertices: number;
    readonly read: () => void;
  },
): Promise<SiteInput> {
  const { frame, run } = of;
  const room = (): Float64Array => new Float64Array(vertices);
  const measured: MeasuredValues = {
    counts: room(),
    location: room(),
    squares: room(),
    values: frame.settings.robust ? new Float64Array(vertices * rows.length) : undefined,
  };
  for (const row of rows) {
    await breathe(run.signal);
    addScan(of, measured, { row, values: await of.read(row), scans: rows.length });
    read();
  }
  const { counts, location, squares, values } = measured;
  const features = Int32Array.from(counts.keys()).filter((vertex) => counts[vertex] > 0);
  const own =
    values &&
    Array.from(features, (vertex) =>
      values.subarray(vertex * rows.length, vertex * rows.length + counts[vertex]),
    );
  own?.forEach((some, i) => {
    const robust = medianAndMidvariance(some);
    location[features[i]] = robust.location;
    squares[features[i]] = robust.squares;
  });
  const picked = (numbers: Float64Array): Float64Array => pickDoubles(numbers, features);
  return {
    name: site,
    subjects: rows.length,
    features,
    location: picked(location),
    squares: picked(squares),
    counts: picked(counts),
    values: own,
  };
}

/** Adds the standardized values of a scan, where it has some, to running means and sums of squares (Welford 1962). */
function addScan(
  { frame, blocks, coded: { design, scale, log } }: NewSiteScans,
  { counts, location, squares, values: kept }: MeasuredValues,
  { row, values, scans }: { readonly row: number; readonly values: MapValues; readonly scans: number },
): void {
  for (const { first, width, harmonized, model, pooledSd } of blocks) {
    const fit = new Float64Array(width);
    const spread = new Float64Array(width).fill(1);
    expectRow(model, { design, row }, fit);
    if (frame.scaleColumns.length > 0) spreadRow(model.scaleCoefficients, { design: scale, row }, spread);
    for (let w = 0; w < width; w++) {
      if (harmonized[w] === 0) continue;
      const value = values[first + w];
      const z = ((log ? Math.log(value) : value) - fit[w]) / pooledSd[w] / spread[w];
      if (!Number.isFinite(z)) continue;
      const vertex = first + w;
      const count = ++counts[vertex];
      if (kept !== undefined) kept[vertex * scans + count - 1] = z;
      const off = z - location[vertex];
      location[vertex] += off / count;
      squares[vertex] += off * (z - location[vertex]);
    }
  }
}
