import { standardize } from '../combat/frame/standardize';
import type { PersonEffects } from '../combat/longitudinal/person-effects';
import { setPersonsApart } from '../combat/longitudinal/set-persons-apart';
import type { Standardized } from '../combat/frame/standardize-block';
import { breathe } from '../data/run-options';
import type { DoublesFile } from '../io/maps/doubles-file';
import type { MapValues } from '../io/maps/map-format';
import type { MapCounts } from './journal';
import type { VertexRange } from './maps-model';
import { vertexStatus } from './maps-model';
import type { MapsRun } from './maps-run';
import { personArrays } from './persons/persons-apart';

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
    const inside = run.cortex?.subarray(range.first, range.first + range.width);
    const { kept, met } = lookThrough(table, range.width, inside);
    const cells = kept.length * scans.length;
    if (values.length < cells) values = new Float64Array(cells);
    const matrix = values.subarray(0, cells);
    takeColumns(table, kept, { width: range.width, to: matrix });
    const { standardized, found } = await fitTable(run, { matrix, range, kept });
    await store(run, { standardized, found, range, kept });
    const alike = countOf(found, 'constant-within-persons');
    const status = (name: string): number => standardized.status.filter((one) => one === name).length;
    const endless = standardized.endless.reduce((sum, one) => sum + one, 0);
    run.worked((scans.length * range.width) / run.layout.vertices);
    await run.advance(
      { fitted: block + 1 },
      {
        ...met,
        constant: status('constant'),
        notEstimable: status('not-estimable') - endless - alike,
        endless,
        alikeWithinPersons: alike,
        noPersonEffect: countOf(found, 'boundary'),
      },
    );
  }
}

/** At how many vertices the mixed model ended so. */
function countOf(found: PersonEffects | undefined, status: PersonEffects['status'][number]): number {
  return found?.status.filter((one) => one === status).length ?? 0;
}

/**
 * Finds the vertices that hold something: others are 0 or missing in every scan, as those of the medial wall. Where it is said
 * what is cortex, others that hold something are distinguished.
 */
function lookThrough(
  table: MapValues,
  width: number,
  inside: Uint8Array | undefined,
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
  const full = Array.from(zeros.keys()).filter((w) => zeros[w] + missing[w] < scans);
  const kept = Int32Array.from(inside === undefined ? full : full.filter((w) => inside[w] === 1));
  let [partlyZero, absent] = [0, 0];
  for (const w of kept) {
    if (zeros[w] > 0) partlyZero++;
    absent += missing[w];
  }
  return {
    kept,
    met: { empty: width - full.length, outside: full.length - kept.length, partlyZero, missing: absent },
  };
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

/** What was fitted of a block. */
interface FittedTable {
  readonly standardized: Standardized;
  /** What sets persons apart, where that is looked for. */
  readonly found?: PersonEffects;
}

async function fitTable(run: MapsRun, { matrix, range, kept }: BlockTable): Promise<FittedTable> {
  const { prepared, scale, persons, nameOf } = run;
  const { settings, reference, mean, used } = prepared;
  const features = Array.from(kept, (w) => nameOf(range.first + w));
  const table = { values: matrix, subjects: used.participants.ids, features };
  const own = { signal: run.run.signal };
  const by = { settings, reference, run: own, report: () => undefined };
  if (persons === undefined) return { standardized: await standardize(table, { mean, scale }, by) };
  const given = { ...prepared, used: { ...used, features: table } };
  const { found, reduced, mean: beside } = await setPersonsApart(given, { ...persons, run: own });
  const standardized = await standardize(
    reduced.features,
    { mean: beside, scale },
    { ...by, inflation: found.inflation },
  );
  // Those of curves are the mixed model's.
  const freedom = standardized.freedom.map((one, at) => (Number.isNaN(one) ? one : found.freedom[at]));
  return { standardized: { ...standardized, freedom }, found };
}

/** Writes down what was fitted: NaN at vertices that hold nothing. */
async function store(
  run: MapsRun,
  {
    standardized,
    found,
    range: { first, width },
    kept,
  }: FittedTable & { readonly range: VertexRange; readonly kept: Int32Array },
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
  const rows = async (
    name: string,
    numbers: Float64Array,
    { to = arrays, otherwise = NaN }: { readonly to?: DoublesFile; readonly otherwise?: number } = {},
  ): Promise<void> => {
    for (let row = 0; row * own < numbers.length; row++)
      await to.write(name, row * vertices + first, spread(numbers, row, otherwise));
  };
  if (own === 0) return storeNothing(run, { first, width });
  const { coefficients, scaleCoefficients, penalties, freedom, location, squares, counts } = standardized;
  await rows('coefficients', coefficients);
  await rows('scaleCoefficients', scaleCoefficients);
  await rows('penalties', penalties);
  await rows('freedom', freedom);
  await rows('gammaHat', location);
  await rows('squares', squares, { to: sums });
  await rows('counts', counts, { to: sums });
  if (found !== undefined) {
    // Persons are not set apart where nothing is.
    await rows('effects', found.effects, { otherwise: 0 });
    for (const name of ['covariance', 'residualVariance', 'criterion'] as const)
      await rows(name, found[name]);
  }
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

/** The arrays of variances of the mixed model, by their rows. */
function variances(slopes: boolean): readonly (readonly [name: string, rows: number])[] {
  const { effects: _effects, ...rows } = personArrays(0, slopes);
  return Object.entries(rows);
}

/** A block without anything. */
async function storeNothing(
  { arrays, layout, prepared, persons }: MapsRun,
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
    // Effects of persons are 0 as the file is made.
    ...(persons === undefined ? [] : variances(persons.time !== undefined)),
  ] as const) {
    for (let row = 0; row < rows; row++) await arrays.write(name, row * layout.vertices + first, nothing);
  }
}
