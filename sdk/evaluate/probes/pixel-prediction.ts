import type { ImageCohort } from '../../data/cohort';
import { imageRanges } from '../../data/cohort';
import { innerProducts } from '../../math/linear/inner-products';
import { ridgeSolvers } from '../../math/linear/ridge';
import { mean } from '../../math/statistics/moments';

/** Inner products between all scans of a cohort. */
export interface ScanProducts {
  /** Scans × scans. */
  readonly values: Float64Array;
  readonly scans: number;
}

/** Pixels that are multiplied at a time, so that of large scans no second copy is made. */
const pixelsAtOnce = 4096;

/** Whether all scans have as many slices, so that their pixels can be compared one by one. */
export function equalSlices({ images }: ImageCohort): boolean {
  const counts = new Map<string, number>();
  for (const { scan } of images.slices) counts.set(scan, (counts.get(scan) ?? 0) + 1);
  return new Set(counts.values()).size === 1;
}

/**
 * Inner products between scans.
 *
 * @param cohort - scans of as many slices each, 0 outside their masks
 */
export function scanProducts(cohort: ImageCohort): ScanProducts {
  const { images } = cohort;
  const scans = cohort.participants.ids.length;
  const perScan = images.data.length / scans;
  const starts = imageRanges(cohort).map(([from]) => (from * images.data.length) / images.shape[0]);
  const values = new Float64Array(scans * scans);
  for (let from = 0; from < perScan; from += pixelsAtOnce) {
    const width = Math.min(pixelsAtOnce, perScan - from);
    const block = new Float64Array(scans * width);
    starts.forEach((start, scan) => {
      block.set(images.data.subarray(start + from, start + from + width), scan * width);
    });
    innerProducts(block, block, width).forEach((product, at) => (values[at] += product));
  }
  return { values, scans };
}

/** Who teaches, and who is asked: rows of the products. */
export interface ScanSplit {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/**
 * Predicts a number from all pixels of a scan by ridge regression, its penalty chosen by generalized cross-validation
 * among the training scans. With more pixels than scans it is solved in terms of the products between scans (Saunders,
 * Gammerman & Vovk 1998, ICML: ridge regression in dual variables).
 *
 * @param outcome - of each training scan
 * @returns of each test scan
 */
export function predictFromPixels(
  products: ScanProducts,
  { train, test }: ScanSplit,
  outcome: Float64Array,
): Float64Array {
  const { among, toward } = centered(products, { train, test });
  const size = train.length;
  const same = (vector: Float64Array): Float64Array => vector;
  const solver = ridgeSolvers([
    { side: 'rows', products: { values: among, size }, right: same, weights: same },
  ])[0];
  // Where all scans are alike, for example flat, nothing can be learned from them.
  const alike = among.every((value) => value === 0);
  const { weights, intercept } = alike
    ? { weights: new Float64Array(size), intercept: mean(outcome) }
    : solver.fit(outcome);
  return Float64Array.from(test, (_, at) =>
    weights.reduce((sum, weight, k) => sum + weight * toward[at * size + k], intercept),
  );
}

/** The products as if the mean of the training scans had been taken from every scan: among these, and of test scans with them. */
function centered(
  { values, scans }: ScanProducts,
  { train, test }: ScanSplit,
): { readonly among: Float64Array; readonly toward: Float64Array } {
  const size = train.length;
  const meanWith = (row: number): number =>
    train.reduce((sum, other) => sum + values[row * scans + other], 0) / size;
  const ofTraining = Float64Array.from(train, meanWith);
  const overall = mean(ofTraining);
  const products = (rows: readonly number[]): Float64Array => {
    const made = new Float64Array(rows.length * size);
    rows.forEach((row, at) => {
      const own = meanWith(row);
      train.forEach((other, k) => {
        made[at * size + k] = values[row * scans + other] - own - ofTraining[k] + overall;
      });
    });
    return made;
  };
  return { among: products(train), toward: products(test) };
}
