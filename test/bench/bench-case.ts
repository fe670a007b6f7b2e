import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulateFeatureCohort } from '../../sdk/simulate/simulate-feature-cohort';

/** One size of table to measure on. */
export interface BenchCase {
  readonly name: string;
  readonly subjects: number;
  readonly features: number;
  readonly sites: number;
  readonly eb: 'parametric' | 'nonparametric';
  readonly tools: readonly string[];
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

/** The sizes of the field: vertex-wise, a consortium's regional table, and the quadratic estimator. */
export const benchCases: readonly BenchCase[] = [
  {
    name: 'vertices',
    subjects: 500,
    features: 20484,
    sites: 10,
    eb: 'parametric',
    tools: ['concord', 'neuroCombat', 'neuroHarmonize'],
  },
  {
    name: 'regions',
    subjects: 10000,
    features: 215,
    sites: 40,
    eb: 'parametric',
    tools: ['concord', 'neuroCombat', 'neuroHarmonize'],
  },
  {
    // neuroHarmonize has no non-parametric prior.
    name: 'nonparametric',
    subjects: 500,
    features: 1000,
    sites: 5,
    eb: 'nonparametric',
    tools: ['concord', 'neuroCombat'],
  },
];

/** Simulates the table of a case and writes it to `folder`: `values.f64` (subjects × features) and `meta.json`. */
export function writeBenchTable({ subjects, features, sites, eb }: BenchCase, folder: string): BenchTable {
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
  return table;
}
