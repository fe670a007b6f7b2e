import type { BlockEstimates, FeatureBlock, FittedBlock, MeanDesign } from './mean-model';
import { groupBy } from '../../data/group-by';

/** A way to fit features that have a value in every row of a design. */
export interface CompleteFit {
  readonly design: MeanDesign;
  /** Fits every feature of a block; what comes of one with a missing cell is `NaN`. */
  fit(block: FeatureBlock): FittedBlock;
}

/**
 * Fits every feature of a block. Those with missing cells are then fitted one by one on the rows that they have.
 *
 * @param onRows - the same fit on some rows; `undefined` where covariates or residuals cannot be estimated there
 */
export function fitBlock(
  block: FeatureBlock,
  complete: CompleteFit,
  onRows: (present: readonly number[]) => CompleteFit | undefined,
): BlockEstimates {
  const { width } = block;
  const { siteCount, siteSizes } = complete.design;
  const counts = new Float64Array(siteCount * width);
  for (let site = 0; site < siteCount; site++) counts.fill(siteSizes[site], site * width, (site + 1) * width);
  const estimates = { ...complete.fit(block), counts, failed: new Uint8Array(width) };
  const { design } = complete;
  refitIncomplete(block, { design, onRows, incomplete: withoutSums(estimates.intercepts, width) }, estimates);
  return estimates;
}

/** The features that have a missing cell: their sums came out as NaN. */
function withoutSums(intercepts: Float64Array, width: number): readonly number[] {
  const found: number[] = [];
  for (let w = 0; w < width; w++) {
    let sum = 0;
    for (let at = w; at < intercepts.length; at += width) sum += intercepts[at];
    if (Number.isNaN(sum)) found.push(w);
  }
  return found;
}

/** Fits some features of a block again, each on the rows that it has. */
export function refitIncomplete(
  block: FeatureBlock,
  {
    design,
    onRows,
    incomplete,
  }: {
    readonly design: MeanDesign;
    readonly onRows: (present: readonly number[]) => CompleteFit | undefined;
    readonly incomplete: readonly number[];
  },
  estimates: BlockEstimates,
): void {
  // Features often miss the same subjects: each set of rows is factored once, for all features of the block that have it, and
  // then dropped, so that memory does not grow with the number of sets.
  const rows = design.codes.length;
  for (const alike of byMissingRows(block, incomplete, rows)) {
    const present = presentRows(block, alike[0], rows);
    const own = onRows(present);
    if (own === undefined) for (const w of alike) estimates.failed[w] = 1;
    storeIncomplete(block, { own, present, alike }, estimates);
  }
}

/** Features that have no values in the same rows, together. */
function byMissingRows(
  block: FeatureBlock,
  incomplete: readonly number[],
  count: number,
): readonly (readonly number[])[] {
  const groups = groupBy(incomplete, (w) => {
    const rows: number[] = [];
    for (let row = 0; row < count; row++) {
      if (Number.isNaN(block.data[row * block.stride + block.offset + w])) rows.push(row);
    }
    return rows.join();
  });
  return [...groups.values()];
}

function presentRows(block: FeatureBlock, w: number, rows: number): readonly number[] {
  const present: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (!Number.isNaN(block.data[row * block.stride + block.offset + w])) present.push(row);
  }
  return present;
}

/** Fits features that have values in the same rows, side by side, and puts what comes of each where it belongs. */
function storeIncomplete(
  block: FeatureBlock,
  {
    own,
    present,
    alike,
  }: {
    readonly own: CompleteFit | undefined;
    readonly present: readonly number[];
    readonly alike: readonly number[];
  },
  estimates: BlockEstimates,
): void {
  const fitted = own?.fit(valuesOn(block, present, alike));
  const sizes = own?.design.siteSizes;
  const { width } = block;
  const count = alike.length;
  const sites = estimates.intercepts.length / width;
  alike.forEach((w, at) => {
    for (let site = 0; site < sites; site++) {
      const counted = sizes?.[site] ?? 0;
      estimates.counts[site * width + w] = counted;
      estimates.intercepts[site * width + w] =
        counted > 0 && fitted !== undefined ? fitted.intercepts[site * count + at] : NaN;
      estimates.squares[site * width + w] = fitted?.squares[site * count + at] ?? NaN;
    }
    for (const name of ['coefficients', 'penalties', 'freedom'] as const) {
      const rows = estimates[name].length / width;
      for (let k = 0; k < rows; k++) estimates[name][k * width + w] = fitted?.[name][k * count + at] ?? NaN;
    }
  });
}

/** Some rows of some features of a block, as a block. */
function valuesOn(
  { data, stride, offset, first, columns }: FeatureBlock,
  rows: readonly number[],
  features: readonly number[],
): FeatureBlock {
  const width = features.length;
  const values = new Float64Array(rows.length * width);
  rows.forEach((row, r) => {
    for (let at = 0; at < width; at++) values[r * width + at] = data[row * stride + offset + features[at]];
  });
  const own = features.map((w) => columns?.[w] ?? first + w);
  return { data: values, stride: width, offset: 0, width, first: own[0], columns: own };
}
