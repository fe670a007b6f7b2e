import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRandom } from '../../../sdk/math/random';
import { simulateFeatureCohort } from '../../../sdk/simulate/simulate-feature-cohort';

/** A member of the family, and the table that it is measured on. */
export interface FamilyCase {
  readonly member: 'gam' | 'longitudinal' | 'covbat';
  readonly scans: number;
  readonly features: number;
  readonly sites: number;
  /** Factors that features share, and the part of their variance that these carry. @defaultValue 5 and 0.4, as of regions */
  readonly common?: { readonly factors: number; readonly variance: number };
  /** Whom it is measured against: none where memory is measured. */
  readonly peers: readonly Peer[];
}

/** Another program, and what the ratio to it is called. */
export interface Peer {
  readonly tool: 'neuroharmonize' | 'covbat' | 'mgcv' | 'lmer';
  readonly title: string;
  readonly ratio: string;
}

/** One scan per person, or four of each person. */
export interface FamilyTable {
  readonly member: FamilyCase['member'];
  readonly scans: number;
  readonly features: number;
  readonly site: readonly string[];
  readonly person: readonly string[];
  readonly age: readonly number[];
  readonly sex: readonly string[];
  readonly time: readonly number[];
}

export const familyCases: readonly FamilyCase[] = [
  {
    member: 'gam',
    scans: 559,
    features: 62,
    sites: 3,
    peers: [
      {
        tool: 'neuroharmonize',
        title: 'neuroHarmonize with a smooth of age',
        ratio: 'family-gam-neuroharmonize',
      },
      { tool: 'mgcv', title: 'one mgcv::gam by REML for each feature', ratio: 'family-gam-mgcv' },
    ],
  },
  {
    member: 'longitudinal',
    scans: 2000,
    features: 500,
    sites: 5,
    peers: [{ tool: 'lmer', title: 'one lme4::lmer for each feature', ratio: 'family-longitudinal-lmer' }],
  },
  {
    member: 'covbat',
    scans: 500,
    features: 5000,
    sites: 5,
    peers: [
      {
        tool: 'covbat',
        title: "neuroCombat twice around scikit-learn's PCA",
        ratio: 'family-covbat-neurocombat',
      },
    ],
  },
  { member: 'gam', scans: 1000, features: 20000, sites: 5, peers: [] },
  {
    member: 'covbat',
    scans: 1000,
    features: 20000,
    sites: 5,
    // As alike as vertices of a smoothed surface, which so many features are: without that there is nothing to find by components.
    common: { factors: 60, variance: 0.9 },
    peers: [],
  },
];

/** Writes the table of a case to `folder`: `values.f64` (scans × features), `rows.csv` and the same as `table.json`. */
export function writeFamilyTable(
  { member, scans, features, sites, common }: FamilyCase,
  folder: string,
): void {
  const { cohort, truth } = simulateFeatureCohort({
    seed: 2026,
    subjects: scans,
    features,
    sites,
    ...(common && { factors: common.factors, commonVariance: common.variance, hemisphericVariance: 0.05 }),
  });
  const [ages, sexes] = cohort.participants.covariates;
  if (ages.kind !== 'continuous' || sexes.kind !== 'categorical') throw new Error('unexpected covariates');
  const values = cohort.features.values.slice();
  const site = [...cohort.participants.sites];
  const repeated = member === 'longitudinal';
  // Scan r is of person r % persons: sites come in runs, so that a person visits several.
  const persons = repeated ? scans / 4 : scans;
  const who = (row: number): number => row % persons;
  const time = site.map((_, row) => (repeated ? Math.floor(row / persons) * 1.5 : 0));
  const age = site.map((_, row) => ages.values[who(row)] + time[row]);
  const sex = site.map((_, row) => sexes.levels[sexes.codes[who(row)]]);
  const random = makeRandom(7);
  const levels = Float64Array.from({ length: persons * features }, () =>
    repeated ? 2 * random.normal() : 0,
  );
  for (let row = 0; row < scans; row++) {
    const bend = Math.sin((age[row] - 20) / 12);
    for (let w = 0; w < features; w++) {
      // Every fifth feature is a straight line over age.
      const curve = member === 'gam' && w % 5 > 0 ? 0.2 * (w % 5) * bend : 0;
      values[row * features + w] += truth.sd[w] * (curve + levels[who(row) * features + w]);
    }
  }
  const person = site.map((_, row) => `p${who(row)}`);
  const table: FamilyTable = { member, scans, features, site, person, age, sex, time };
  writeFileSync(join(folder, 'values.f64'), new Uint8Array(values.buffer));
  writeFileSync(join(folder, 'table.json'), JSON.stringify(table));
  const lines = site.map((name, row) => [name, person[row], age[row], sex[row], time[row]].join());
  writeFileSync(join(folder, 'rows.csv'), ['site,person,age,sex,time', ...lines, ''].join('\n'));
}
