import type { BlockEstimates, FeatureBlock, FittedBlock, MeanDesign } from './mean-model';

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
  // Features often miss the same subjects: those are together after sorting, and each set of rows is factored
  // once and then dropped, so that memory does not grow with the number of sets.
  const rows = design.codes.length;
  let last = '';
  let own: CompleteFit | undefined;
  let present: readonly number[] = [];
  for (const { w, missing } of byMissingRows(block, incomplete, rows)) {
    if (missing !== last) {
      present = presentRows(block, w, rows);
      own = onRows(present);
      last = missing;
    }
    if (own === undefined) estimates.failed[w] = 1;
    storeIncomplete(block, { own, present, w }, estimates);
  }
}

/** Which rows the features have no values in, equal ones together. */
function byMissingRows(
  block: FeatureBlock,
  incomplete: readonly number[],
  count: number,
): readonly { readonly w: number; readonly missing: string }[] {
  const found = incomplete.map((w) => {
    const rows: number[] = [];
    for (let row = 0; row < count; row++) {
      if (Number.isNaN(block.data[row * block.stride + block.offset + w])) rows.push(row);
    }
    return { w, missing: rows.join() };
  });
  return found.sort((a, b) => (a.missing < b.missing ? -1 : a.missing > b.missing ? 1 : a.w - b.w));
}

function presentRows(block: FeatureBlock, w: number, rows: number): readonly number[] {
  const present: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (!Number.isNaN(block.data[row * block.stride + block.offset + w])) present.push(row);
  }
  return present;
}

function storeIncomplete(
  block: FeatureBlock,
  { own, present, w }: { own: CompleteFit | undefined; present: readonly number[]; w: number },
  estimates: BlockEstimates,
): void {
  const data = Float64Array.from(present, (row) => block.data[row * block.stride + block.offset + w]);
  const fitted = own?.fit({ data, stride: 1, offset: 0, width: 1, first: block.first + w });
  const sizes = own?.design.siteSizes;
  const { width } = block;
  const sites = estimates.intercepts.length / width;
  for (let site = 0; site < sites; site++) {
    const counted = sizes?.[site] ?? 0;
    estimates.counts[site * width + w] = counted;
    estimates.intercepts[site * width + w] =
      counted > 0 && fitted !== undefined ? fitted.intercepts[site] : NaN;
    estimates.squares[site * width + w] = fitted?.squares[site] ?? NaN;
  }
  for (const name of ['coefficients', 'penalties', 'freedom'] as const) {
    const rows = estimates[name].length / width;
    for (let k = 0; k < rows; k++) estimates[name][k * width + w] = fitted?.[name][k] ?? NaN;
  }
}
