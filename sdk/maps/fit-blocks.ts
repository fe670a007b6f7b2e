import { standardize } from '../combat/frame/standardize';
import type { Standardized } from '../combat/frame/standardize-block';
import { breathe } from '../data/run-options';
import type { MapValues } from '../io/maps/map-format';
import type { MapCounts } from './journal';
import type { VertexRange } from './maps-model';
import { vertexStatus } from './maps-model';
import type { MapsRun } from './maps-run';

/**
 * The second pass: fits the mean and scale models of a block of vertices at a time, and keeps of each vertex what the model has
 * and what shrinking needs. Every vertex is fitted by itself, so that its numbers are those of `fitCombat`, whatever the block.
 */
export async function fitBlocks(run: MapsRun): Promise<void> {
  const { scratch, scans } = run;
  let values = new Float64Array(0);
  for (let block = run.state().fitted; block < scratch.blocks; block++) {
    await breathe(run.run.signal);
    const range = scratch.range(block);
    const table = await scratch.readBlock(block, { first: 0, count: scans.length });
    const { kept, met } = lookThrough(table, range.width);
    const cells = kept.length * scans.length;
    if (values.length < cells) values = new Float64Array(cells);
    const matrix = values.subarray(0, cells);
    takeColumns(table, kept, { width: range.width, to: matrix });
    const standardized = await fitTable(run, { matrix, range, kept });
    await store(run, { standardized, range, kept });
    const status = (name: string): number => standardized.status.filter((one) => one === name).length;
    const endless = standardized.endless.reduce((sum, one) => sum + one, 0);
    run.worked((scans.length * range.width) / run.layout.vertices);
    await run.advance(
      { fitted: block + 1 },
      { ...met, constant: status('constant'), notEstimable: status('not-estimable') - endless, endless },
    );
  }
}

/** Finds the vertices that hold something: others are 0 or missing in every scan, as those of the medial wall. */
function lookThrough(
  table: MapValues,
  width: number,
): { readonly kept: Int32Array; readonly met: Partial<MapCounts> } {
  const zeros = new Int32Array(width);
  const missing = new Int32Array(width);
  for (let at = 0, w = 0; at < table.length; at++) {
    const value = table[at];
    if (value === 0) zeros[w]++;
    else if (value !== value) missing[w]++;
    if (++w === width) w = 0;
  }
  const scans = table.length / width;
  const kept = Int32Array.from(Array.from(zeros.keys()).filter((w) => zeros[w] + missing[w] < scans));
  let [partlyZero, absent] = [0, 0];
  for (const w of kept) {
    if (zeros[w] > 0) partlyZero++;
    absent += missing[w];
  }
  return { kept, met: { empty: width - kept.length, partlyZero, missing: absent } };
}

function takeColumns(
  table: MapValues,
  kept: Int32Array,
  { width, to }: { readonly width: number; readonly to: Float64Array },
): void {
  if (kept.length === width) {
    to.set(table);
    return;
  }
  let at = 0;
  for (let from = 0; from < table.length; from += width) {
    for (let k = 0; k < kept.length; k++) to[at++] = table[from + kept[k]];
  }
}

interface BlockTable {
  readonly matrix: Float64Array;
  readonly range: VertexRange;
  readonly kept: Int32Array;
}

async function fitTable(run: MapsRun, { matrix, range, kept }: BlockTable): Promise<Standardized> {
  const { prepared, scale, nameOf } = run;
  const { settings, reference, mean, used } = prepared;
  const features = Array.from(kept, (w) => nameOf(range.first + w));
  return standardize(
    { values: matrix, subjects: used.participants.ids, features },
    { mean, scale },
    { settings, reference, run: { signal: run.run.signal }, report: () => undefined },
  );
}

/** Writes down what was fitted: NaN at vertices that hold nothing. */
async function store(
  run: MapsRun,
  {
    standardized,
    range: { first, width },
    kept,
  }: { readonly standardized: Standardized; readonly range: VertexRange; readonly kept: Int32Array },
): Promise<void> {
  const { arrays, sums, layout, prepared } = run;
  const { vertices } = layout;
  const own = kept.length;
  const spread = (numbers: Float64Array, row: number, otherwise = NaN): Float64Array => {
    if (own === width) return numbers.subarray(row * own, (row + 1) * own);
    const all = new Float64Array(width).fill(otherwise);
    for (let k = 0; k < own; k++) all[kept[k]] = numbers[row * own + k];
    return all;
  };
  const codes = Float64Array.from(standardized.status, (status) => vertexStatus[status]);
  await arrays.write('status', first, spread(codes, 0, vertexStatus.empty));
  for (const name of ['grandMean', 'pooledSd'] as const)
    await arrays.write(name, first, spread(standardized[name], 0));
  const rows = async (name: string, numbers: Float64Array, to = arrays): Promise<void> => {
    for (let row = 0; row * own < numbers.length; row++)
      await to.write(name, row * vertices + first, spread(numbers, row));
  };
  if (own === 0) return storeNothing(run, { first, width });
  const { coefficients, scaleCoefficients, penalties, freedom, location, squares, counts } = standardized;
  await rows('coefficients', coefficients);
  await rows('scaleCoefficients', scaleCoefficients);
  await rows('penalties', penalties);
  await rows('freedom', freedom);
  await rows('gammaHat', location);
  await rows('squares', squares, sums);
  await rows('counts', counts, sums);
  if (standardized.values === undefined) return;
  const sizes = prepared.mean.design.siteSizes;
  for (let site = 0; site < sizes.length; site++) {
    const size = sizes[site];
    const all = new Float64Array(width * size).fill(NaN);
    for (let k = 0; k < own; k++) {
      const values = standardized.values.get(site * own + k);
      if (values !== undefined) all.set(values, kept[k] * size);
    }
    await sums.write(`values.${site}`, first * size, all);
  }
}

/** A block without anything. */
async function storeNothing(
  { arrays, layout, prepared }: MapsRun,
  { first, width }: VertexRange,
): Promise<void> {
  const { design, scaleDesign, sites } = prepared;
  const nothing = new Float64Array(width).fill(NaN);
  for (const [name, rows] of [
    ['coefficients', design.columns.length],
    ['scaleCoefficients', scaleDesign.columns.length],
    ['penalties', design.smooths.length],
    ['freedom', design.smooths.length],
    ['gammaHat', sites.names.length],
  ] as const) {
    for (let row = 0; row < rows; row++) await arrays.write(name, row * layout.vertices + first, nothing);
  }
}
