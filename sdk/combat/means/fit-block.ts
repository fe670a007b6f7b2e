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
  refitIncomplete(block, { complete, onRows }, estimates);
  return estimates;
}

/** Fits again, on the rows present, every feature that has a missing cell: their sums came out as NaN. */
function refitIncomplete(
  block: FeatureBlock,
  {
    complete,
    onRows,
  }: { complete: CompleteFit; onRows: (present: readonly number[]) => CompleteFit | undefined },
  estimates: BlockEstimates,
): void {
  // Features often miss the same subjects: those are together after sorting, and each set of rows is factored
  // once and then dropped, so that memory does not grow with the number of sets.
  const incomplete = incompleteFeatures(block, complete.design, estimates);
  let last = '';
  let own: CompleteFit | undefined;
  let present: readonly number[] = [];
  for (const { w, missing } of incomplete) {
    if (missing !== last) {
      present = presentRows(block, w, complete.design.codes.length);
      own = onRows(present);
      last = missing;
    }
    if (own === undefined) estimates.failed[w] = 1;
    storeIncomplete(block, { own, present, w }, estimates);
  }
}

/** The features with missing cells and which rows those are, equal ones together. */
function incompleteFeatures(
  block: FeatureBlock,
  { codes, siteCount }: MeanDesign,
  { intercepts }: BlockEstimates,
): readonly { readonly w: number; readonly missing: string }[] {
  const found: { w: number; missing: string }[] = [];
  for (let w = 0; w < block.width; w++) {
    let sum = 0;
    for (let site = 0; site < siteCount; site++) sum += intercepts[site * block.width + w];
    if (!Number.isNaN(sum)) continue;
    const rows: number[] = [];
    for (let row = 0; row < codes.length; row++) {
      if (Number.isNaN(block.data[row * block.stride + block.offset + w])) rows.push(row);
    }
    found.push({ w, missing: rows.join() });
  }
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
