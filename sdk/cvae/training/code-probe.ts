import type { Rank, Tensor4D } from '@tensorflow/tfjs-core';
import { mean, reshape, tidy } from '@tensorflow/tfjs-core';
import { kinOf } from '../../data/people/families';
import { makeRandom, permutation } from '../../math/random';
import { ridgeSolver } from '../../math/linear/ridge';
import { rowsTensor, throughBatches } from '../../nn/images/image-model';
import type { ImageSamples } from '../../nn/images/image-samples';
import type { CodeProbe, CvaeArchitecture } from '../cvae-model';
import { codeEncoder } from '../network/code-encoder';
import type { CvaeTensors } from '../network/cvae-network';

/** Parts that persons are divided into: each is named by what was learned of the others. */
const folds = 5;
/** The sides of the grid of places over which a code is averaged: a probe has few persons to learn from. */
const grid = 4;

/** Codes of scans, a row each. */
export interface ScanCodes {
  readonly values: Float64Array;
  readonly width: number;
  /** The site of each scan by number. */
  readonly sites: readonly number[];
  /** Whose each is: the person, or where families are known the family. */
  readonly units: readonly string[];
}

/** The mean code of each scan, averaged over a grid of 4 × 4 places. */
export async function scanCodes(
  networks: CvaeTensors,
  samples: ImageSamples,
  { imageShape }: CvaeArchitecture,
): Promise<ScanCodes> {
  const { source, rows, cohort, sites } = samples;
  const batches = { label: 'reading codes', count: source.count, batchSize: 32 };
  const { values: codes, shape } = await throughBatches(
    batches,
    async (positions) => {
      const images = await source.read(positions);
      return tidy(() =>
        pooled(codeEncoder(networks.encoder, rowsTensor<Tensor4D>(images, imageShape)).means),
      );
    },
    {},
  );
  const width = shape.slice(1).reduce((product, side) => product * side, 1);
  const scans = cohort.participants.ids.length;
  const values = new Float64Array(scans * width);
  const counts = new Float64Array(scans);
  rows.forEach((row, image) => {
    counts[row]++;
    for (let k = 0; k < width; k++) values[row * width + k] += codes[image * width + k];
  });
  for (let i = 0; i < values.length; i++) values[i] /= Math.max(1, counts[Math.floor(i / width)]);
  const siteOf = cohort.participants.sites.map((site) => sites.indexOf(site));
  const units = kinOf({ persons: cohort.subjects, families: cohort.participants.families });
  return { values, width, sites: siteOf, units };
}

/** Averages codes over a grid of places: `[N, h, w, C]` → `[N, 4, 4, C]`, or as they are where they are smaller. */
function pooled(codes: Tensor4D): Tensor4D {
  const [count, height, width, channels] = codes.shape;
  if (height % grid !== 0 || width % grid !== 0) return mean(codes, [1, 2], true);
  const apart = reshape<Rank.R6>(codes, [count, grid, height / grid, grid, width / grid, channels]);
  return mean<Tensor4D>(apart, [2, 4]);
}

/**
 * How well the site can be read from codes afterwards, by a classifier that had no part in the training: ridge regressions
 * of the sites, penalty by generalized cross-validation, the largest names the site; every person by those of the other
 * four fifths, families being together. Moyer et al. report the same of theirs (.41 where chance is .25): an invariant code is a goal, not a fact.
 */
export function probeCodes({ values, width, sites, units }: ScanCodes, count: number): CodeProbe {
  const names = [...new Set(units)];
  const order = permutation(names.length, makeRandom(1));
  const foldOf = new Map(Array.from(order, (at, i) => [names[at], i % Math.min(folds, names.length)]));
  const right = new Float64Array(count);
  const all = new Float64Array(count);
  for (let fold = 0; fold < Math.min(folds, names.length); fold++) {
    const isTest = (row: number): boolean => foldOf.get(units[row]) === fold;
    const rows = Array.from(sites.keys());
    const learned = rows.filter((row) => !isTest(row));
    const named = nameSites({ values, width, sites }, learned, count);
    for (const row of rows.filter(isTest)) {
      all[sites[row]]++;
      if (named(row) === sites[row]) right[sites[row]]++;
    }
  }
  const shares = Array.from(all.keys()).flatMap((site) => (all[site] > 0 ? [right[site] / all[site]] : []));
  const balancedAccuracy = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
  return { balancedAccuracy, chance: 1 / count, scans: sites.length };
}

/** Learns from some rows to name the site of any. */
function nameSites(
  { values, width, sites }: Omit<ScanCodes, 'units'>,
  learned: readonly number[],
  count: number,
): (row: number) => number {
  const { center, scale } = spreadOf(values, width, learned);
  const standard = (row: number, k: number): number => (values[row * width + k] - center[k]) / scale[k];
  const x = new Float64Array(learned.length * width);
  learned.forEach((row, i) => {
    for (let k = 0; k < width; k++) x[i * width + k] = standard(row, k);
  });
  const solver = ridgeSolver(x, width);
  // Sites of few scans count as much as others: each is told from the rest about its own share.
  const scores = Array.from({ length: count }, (_, site) => {
    const its = learned.filter((row) => sites[row] === site).length;
    const { weights, intercept } = solver.fit(
      Float64Array.from(learned, (row) => (sites[row] === site ? learned.length / Math.max(1, its) : 0)),
    );
    return (row: number) => weights.reduce((sum, weight, k) => sum + weight * standard(row, k), intercept);
  });
  return (row) => {
    const found = scores.map((score) => score(row));
    return found.indexOf(Math.max(...found));
  };
}

function spreadOf(
  values: Float64Array,
  width: number,
  rows: readonly number[],
): { readonly center: Float64Array; readonly scale: Float64Array } {
  const center = new Float64Array(width);
  const scale = new Float64Array(width);
  for (let k = 0; k < width; k++) {
    const column = rows.map((row) => values[row * width + k]);
    center[k] = column.reduce((sum, value) => sum + value, 0) / rows.length;
    const variance = column.reduce((sum, value) => sum + (value - center[k]) ** 2, 0) / rows.length;
    scale[k] = variance > 0 ? Math.sqrt(variance) : 1;
  }
  return { center, scale };
}
