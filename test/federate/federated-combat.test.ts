import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { CombatOptions, FeatureCohort } from '../../sdk/index';
import * as concord from '../../sdk/index';
import { makeRandom } from '../../sdk/math/random';
import type { PlayedOptions } from '../support/federated-study';
import { largestDifference, playStudy } from '../support/federated-study';

/** What a table is made of: rows, each with the hospital that has it and the site it was scanned at. */
interface Rows {
  readonly hospitals: readonly string[];
  readonly sites: readonly string[];
  readonly features?: number;
  /** Cells that are missing. */
  readonly missing?: (row: number, feature: number) => boolean;
  /** The diagnosis of each row. */
  readonly diagnosis?: (row: number, hospital: string) => string;
}

/** A table of everybody, and the hospitals' parts of it. */
function study({
  hospitals,
  sites,
  features = 12,
  missing = () => false,
  diagnosis = (row) => ((row * 5) % 7 < 2 ? 'AD' : 'HC'),
}: Rows): {
  readonly joined: FeatureCohort;
  readonly tables: Readonly<Record<string, FeatureCohort>>;
} {
  const random = makeRandom(7);
  const ids = hospitals.map((_, row) => `s${row}`);
  const age = ids.map((_, row) => 20 + 60 * random.uniform() + (hospitals[row] === 'B' ? 5 : 0));
  const sex = ids.map((_, row) => ((row * 7) % 5 < 2 ? 'F' : 'M'));
  const dx = hospitals.map((hospital, row) => diagnosis(row, hospital));
  const values = new Float64Array(ids.length * features);
  ids.forEach((_, row) => {
    const shift = sites[row].charCodeAt(0) % 5;
    for (let w = 0; w < features; w++) {
      const noise = random.normal() * (1 + 0.2 * shift);
      values[row * features + w] = missing(row, w)
        ? NaN
        : 40 + (w % 20) + 0.3 * shift * (w % 3) - 0.02 * age[row] + (dx[row] === 'AD' ? -0.5 : 0) + noise;
    }
  });
  const covariates = [
    concord.continuous('age', age, 'years'),
    concord.categorical('sex', sex),
    concord.categorical('dx', dx),
  ];
  const people = concord.makeParticipants(ids, sites, covariates);
  const names = Array.from({ length: features }, (_, w) => `f${w}`);
  const joined = concord.makeFeatureCohort(people, concord.makeFeatureMatrix(values, ids, names));
  const tables = Object.fromEntries(
    [...new Set(hospitals)].map((name) => [
      name,
      concord.takeSubjects(
        joined,
        hospitals.flatMap((own, row) => (own === name ? [row] : [])),
      ),
    ]),
  );
  return { joined, tables };
}

const repeat = (count: number, ...names: readonly string[]): string[] =>
  Array.from({ length: count * names.length }, (_, row) => names[row % names.length]);

const three = { hospitals: repeat(40, 'A', 'B', 'C'), sites: repeat(40, 'a', 'b', 'c') };
// Site "b" is at both hospitals, with other ages at one; hospital A has two scanners of its own besides.
const split = {
  hospitals: repeat(50, 'A', 'B', 'A'),
  sites: repeat(25, 'a', 'b', 'b', 'c', 'b', 'a'),
};
const shared = { sharedSites: ['b'] };

/** Each case: its rows, the options of the fit, and those of the exchange. */
const cases: Readonly<Record<string, readonly [Rows, Partial<CombatOptions>, PlayedOptions?]>> = {
  'one scanner per hospital': [three, {}],
  'a site split over hospitals, several scanners at one': [split, {}, shared],
  'a split site as reference': [split, { reference: 'b' }, shared],
  'reference site': [three, { reference: 'a' }],
  'missing cells, other ones at each hospital': [
    { ...split, missing: (row, w) => w > 3 && row < 60 && (row + 2 * w) % 6 < 2 },
    {},
    { ...shared, differences: 'disclose' },
  ],
  'a feature that one site, and one that one hospital lacks': [
    {
      ...split,
      missing: (row, w) => (w === 2 && split.sites[row] === 'c') || (w === 5 && split.hospitals[row] === 'B'),
    },
    {},
    shared,
  ],
  'levels that a hospital lacks': [
    {
      ...three,
      diagnosis: (row, hospital) =>
        hospital === 'A' ? 'HC' : row % 2 === 0 ? 'MCI' : hospital === 'B' ? 'HC' : 'AD',
    },
    {},
  ],
  'no covariate': [split, { preserve: [] }, shared],
  'mean only, published': [split, { meanOnly: true }, shared],
  'mean only, shrunk by size': [split, { meanOnly: 'shrunk-by-size' }, shared],
  'no empirical Bayes': [split, { eb: 'none' }, shared],
  'non-parametric': [split, { eb: 'nonparametric' }, shared],
  logarithms: [split, { transform: 'log', varianceDivisor: 'n-1' }, shared],
  'many features': [{ ...split, features: 2000 }, {}, shared],
};

describe('federated ComBat', () => {
  for (const [name, [rows, fitting, exchange]] of Object.entries(cases)) {
    it(`has the model of all tables joined: ${name}`, async () => {
      const { joined, tables } = study(rows);
      const options = { preserve: ['age', 'sex', 'dx'], ...fitting };
      const pooled = await concord.fitCombat(joined, options);
      const { model } = await playStudy(tables, { ...options, ...exchange } as PlayedOptions);
      assert.deepEqual(model.columns, pooled.columns);
      assert.deepEqual(
        model.sites.map((site) => [site.name, site.subjects, site.adjusts]),
        pooled.sites.map((site) => [site.name, site.subjects, site.adjusts]),
      );
      const difference = await largestDifference(model, pooled, joined);
      if (process.env['SHOW'] !== undefined) console.log(name, difference);
      assert.ok(difference <= 1e-12, `${difference} pooled standard deviations`);
    });
  }
});
