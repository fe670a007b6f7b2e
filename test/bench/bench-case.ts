import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRandom } from '../../sdk/math/random';
import { simulateFeatureCohort } from '../../sdk/simulate/simulate-feature-cohort';

/** One size of table to measure on. */
export interface BenchCase {
  readonly name: string;
  readonly subjects: number;
  readonly features: number;
  readonly sites: number;
  readonly eb: 'parametric' | 'nonparametric';
  readonly tools: readonly BenchTool[];
  /** The share of cells of a second table that are missing. */
  readonly missing?: number;
  /** The ratios that are printed last: medians of Concord over those of a tool. */
  readonly ratios: readonly BenchRatio[];
}

/**
 * What is measured: Concord, on the table, in its place (`into`) or on the one with missing cells, or a peer, with one thread or as
 * many as it takes.
 */
export type BenchTool =
  | ('concord' | 'concord-in-place' | 'concord-missing')
  | ('neuroCombat' | 'neuroHarmonize' | 'neuroHarmonize-threads');

/** A figure that is to stay below a limit. */
export interface BenchRatio {
  readonly name: string;
  /** Seconds on the clock, seconds of all processors, the operating system's work included, or memory in tables. */
  readonly of: 'wall' | 'cpu' | 'memory';
  readonly ours: BenchTool;
  /** The fastest of these counts; none for memory, which is measured in tables. */
  readonly peers: readonly BenchTool[];
}

/** What goes with the raw numbers of a case, as `meta.json` in its folder. */
export interface BenchTable {
  readonly eb: 'parametric' | 'nonparametric';
  readonly subjects: number;
  readonly features: number;
  readonly site: readonly string[];
  readonly age: readonly number[];
  readonly sex: readonly string[];
  /** True standard deviation of each feature. */
  readonly sd: readonly number[];
}

const harmonizers = ['neuroHarmonize', 'neuroHarmonize-threads'] as const;

/** The sizes of the field: vertex-wise, a consortium's regional table, and the quadratic estimator. */
export const benchCases: readonly BenchCase[] = [
  {
    name: 'vertices',
    subjects: 500,
    features: 20484,
    sites: 10,
    eb: 'parametric',
    tools: ['concord', 'concord-in-place', 'neuroCombat', 'neuroHarmonize', 'neuroHarmonize-threads'],
    ratios: [
      { name: 'combat-vertices-cpu', of: 'cpu', ours: 'concord', peers: ['neuroHarmonize'] },
      { name: 'combat-vertices-wall', of: 'wall', ours: 'concord', peers: harmonizers },
      // A result beside its table is 2 by itself: who has no memory for that asks for the place of the table.
      { name: 'combat-memory', of: 'memory', ours: 'concord-in-place', peers: [] },
      { name: 'combat-memory-two-tables', of: 'memory', ours: 'concord', peers: [] },
    ],
  },
  {
    name: 'regions',
    subjects: 10000,
    features: 215,
    sites: 40,
    eb: 'parametric',
    tools: ['concord', 'neuroCombat', 'neuroHarmonize', 'neuroHarmonize-threads'],
    ratios: [{ name: 'combat-regions-wall', of: 'wall', ours: 'concord', peers: harmonizers }],
  },
  {
    name: 'missing',
    subjects: 1000,
    features: 4000,
    sites: 10,
    eb: 'parametric',
    tools: ['concord', 'concord-missing'],
    missing: 0.01,
    ratios: [{ name: 'combat-missing', of: 'wall', ours: 'concord-missing', peers: ['concord'] }],
  },
  {
    // neuroHarmonize has no non-parametric prior.
    name: 'nonparametric',
    subjects: 500,
    features: 1000,
    sites: 5,
    eb: 'nonparametric',
    tools: ['concord', 'neuroCombat'],
    ratios: [],
  },
];

/**
 * Simulates the table of a case and writes it to `folder`: `values.f64` (subjects × features), the same with missing cells as
 * `missing.f64` where the case has some, and `meta.json`.
 */
export function writeBenchTable(
  { subjects, features, sites, eb, missing }: BenchCase,
  folder: string,
): BenchTable {
  const { cohort, truth } = simulateFeatureCohort({ seed: 2024, subjects, features, sites });
  const [age, sex] = cohort.participants.covariates;
  if (age.kind !== 'continuous' || sex.kind !== 'categorical') throw new Error('unexpected covariates');
  const table: BenchTable = {
    eb,
    subjects,
    features,
    site: cohort.participants.sites,
    age: Array.from(age.values),
    sex: Array.from(sex.codes, (code) => sex.levels[code]),
    sd: Array.from(truth.sd),
  };
  const { buffer } = cohort.features.values;
  writeFileSync(join(folder, 'values.f64'), new Uint8Array(buffer));
  writeFileSync(join(folder, 'meta.json'), JSON.stringify(table));
  if (missing === undefined) return table;
  const random = makeRandom(7);
  const holed = cohort.features.values.map((value) => (random.uniform() < missing ? NaN : value));
  writeFileSync(join(folder, 'missing.f64'), new Uint8Array(holed.buffer));
  return table;
}
