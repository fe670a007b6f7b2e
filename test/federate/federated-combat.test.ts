import assert from 'node:assert/strict';
import type { CombatOptions, FeatureCohort } from '../../sdk/index';
import * as concord from '../../sdk/index';
import { makeRandom } from '../../sdk/math/random';
import type { PlayedOptions } from '../support/federated-study';
import { ixiOracles, quantity } from '../support/family-oracles';
import { largestDifference, playStudy } from '../support/federated-study';

/** What a table is made of: rows, each with the hospital that has it and the site it was scanned at. */
interface Rows {
  readonly hospitals: readonly string[];
  readonly sites: readonly string[];
  readonly features?: number;
  /** Cells that are missing. */
  readonly missing?: (row: number, feature: number) => boolean;
  /** Features that are nothing but a line of age and their sites, around 0. */
  readonly exact?: readonly number[];
  /** The diagnosis of each row. */
  readonly diagnosis?: (row: number, hospital: string) => string;
}

/** A table of everybody, and the hospitals' parts of it. */
function study({
  hospitals,
  sites,
  features = 12,
  missing = () => false,
  exact = [],
  diagnosis = (row) => ((row * 5) % 11 < 4 ? 'AD' : 'HC'),
}: Rows): {
  readonly joined: FeatureCohort;
  readonly tables: Readonly<Record<string, FeatureCohort>>;
} {
  const random = makeRandom(7);
  const ids = hospitals.map((_, row) => `s${row}`);
  const age = ids.map((_, row) => 20 + 60 * random.uniform() + (hospitals[row] === 'B' ? 5 : 0));
  const doses = ids.map((_, row) => ((row * 37) % 101) / 10);
  const sex = ids.map((_, row) => ((row * 7) % 5 < 2 ? 'F' : 'M'));
  const dx = hospitals.map((hospital, row) => diagnosis(row, hospital));
  const values = new Float64Array(ids.length * features);
  ids.forEach((_, row) => {
    const shift = sites[row].charCodeAt(0) % 5;
    for (let w = 0; w < features; w++) {
      const noise = random.normal() * (1 + 0.2 * shift);
      if (exact.includes(w)) {
        values[row * features + w] = 1e-3 * shift + 0.7 * (age[row] - 50);
        continue;
      }
      values[row * features + w] = missing(row, w)
        ? NaN
        : 40 +
          (w % 20) +
          0.3 * shift * (w % 3) -
          0.02 * age[row] +
          (dx[row] === 'AD' ? -0.5 : 0) +
          (w % 4 === 1 ? Math.sin(age[row] / 9) : 0) +
          noise;
    }
  });
  const covariates = [
    concord.continuous('age', age, 'years'),
    concord.categorical('sex', sex),
    concord.categorical('dx', dx),
    concord.continuous('dose', doses),
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

const three = { hospitals: repeat(70, 'A', 'B', 'C'), sites: repeat(70, 'a', 'b', 'c') };
// Site "b" is at both hospitals, with other ages at one; hospital A has two scanners of its own besides.
const split = {
  hospitals: repeat(50, 'A', 'B', 'A'),
  sites: repeat(25, 'a', 'b', 'b', 'c', 'b', 'a'),
};
const shared = { sharedSites: ['b'] };
// Curves need persons enough between any two knots.
const large = { hospitals: repeat(150, 'A', 'B', 'A'), sites: repeat(75, 'a', 'b', 'b', 'c', 'b', 'a') };
const penalties = Array.from({ length: 121 }, (_, k) => 10 ** (k / 10 - 4));

/** What both `fitCombat` and a study take. */
type Fitting = Partial<Omit<CombatOptions, 'smoothing'>> & { readonly smoothing?: 'reml' | 'gcv' | number };

/** Each case: its rows, the options of the fit, and those of the exchange. */
const cases: Readonly<Record<string, readonly [Rows, Fitting, PlayedOptions?]>> = {
  'one scanner per hospital': [three, {}],
  'a site split over hospitals, several scanners at one': [split, {}, shared],
  'a split site as reference': [split, { reference: 'b' }, shared],
  'reference site': [three, { reference: 'a' }],
  'missing cells, other ones at each hospital': [
    { ...split, missing: (row, w) => w > 3 && row < 60 && (row + 2 * w) % 6 < 2 },
    {},
    { ...shared, differences: 'disclose', minimum: 3 },
  ],
  'features that one site, one hospital, or everybody lacks': [
    {
      ...split,
      missing: (row, w) =>
        (w === 2 && split.sites[row] === 'c') || (w === 5 && split.hospitals[row] === 'B') || w === 7,
    },
    {},
    { ...shared, minimum: 3 },
  ],
  'levels that a hospital lacks': [
    {
      ...three,
      diagnosis: (row, hospital) =>
        hospital === 'A' ? 'HC' : row % 2 === 0 ? 'MCI' : hospital === 'B' ? 'HC' : 'AD',
    },
    {},
  ],
  'features without anything beside age': [{ ...split, exact: [1, 4] }, {}, shared],
  'no covariate': [split, { preserve: [] }, shared],
  'mean only, published': [split, { meanOnly: true }, shared],
  'mean only, shrunk by size': [split, { meanOnly: 'shrunk-by-size' }, shared],
  'no empirical Bayes': [split, { eb: 'none' }, shared],
  'non-parametric': [split, { eb: 'nonparametric' }, shared],
  logarithms: [split, { transform: 'log', varianceDivisor: 'n-1' }, shared],
  'how covariates interact': [split, { preserve: ['age*sex', 'dx', 'sex:dx'] }, { ...shared, minimum: 3 }],
  'a curve': [large, { smooth: [{ name: 'age', knots: [30, 70] }], penalties }, shared],
  'a curve for each level, by cross-validation': [
    large,
    { smooth: [{ name: 'age', by: 'sex', knots: [32, 75] }], smoothing: 'gcv', penalties },
    { ...shared, minimum: 3 },
  ],
  'a curve of one penalty, of six B-splines': [
    large,
    { smooth: [{ name: 'age', knots: [30, 70], splines: 6 }], smoothing: 30 },
    shared,
  ],
  'two curves, each with its penalty': [
    large,
    {
      preserve: ['dx'],
      smooth: [
        { name: 'age', by: 'sex', knots: [32, 75], splines: 6, penalty: 30 },
        { name: 'dose', knots: [3, 7], splines: 5, penalty: 0.2 },
      ],
    },
    { ...shared, minimum: 3 },
  ],
  'a curve where cells are missing': [
    { ...large, missing: (row, w) => w > 8 && row % 3 === 0 && (row + w) % 4 < 2 },
    { smooth: [{ name: 'age', knots: [35, 65] }], preserve: ['sex'], reference: 'b', penalties },
    { ...shared, differences: 'disclose', minimum: 3 },
  ],
  'many features': [{ ...split, features: 500 }, {}, shared],
};

describe('federated ComBat', () => {
  for (const [name, [rows, fitting, exchange]] of Object.entries(cases)) {
    it(`has the model of all tables joined: ${name}`, async () => {
      const { joined, tables } = study(rows);
      const options = { preserve: ['age', 'sex', 'dx'], ...fitting };
      const pooled = await concord.fitCombat(joined, options);
      const { model } = await playStudy(tables, { ...options, ...exchange });
      assert.deepEqual(model.columns, pooled.columns);
      assert.deepEqual(
        model.sites.map((site) => [site.name, site.subjects, site.adjusts]),
        pooled.sites.map((site) => [site.name, site.subjects, site.adjusts]),
      );
      const difference = await largestDifference(model, pooled, joined);
      if (process.env['SHOW'] !== undefined) process.stdout.write(`${name} ${difference}\n`);
      assert.ok(apart(model.penalties, pooled.penalties) <= 1e-12);
      assert.ok(apart(model.freedom, pooled.freedom) <= 1e-9);
      assert.ok(difference <= 1e-12, `${difference} pooled standard deviations`);
    });
  }
});

describe('another unit at one site of a federated study', () => {
  it('is named as in the tables joined, by means of values and not at the mean covariates', async () => {
    for (const [rows, fitting] of [
      [split, { preserve: ['age', 'sex', 'dx'] }],
      [large, { preserve: ['sex'], smooth: [{ name: 'age', knots: [35, 65] }], smoothing: 30 }],
    ] as const) {
      const { joined } = study(rows);
      const width = joined.features.features.length;
      const values = joined.features.values.map((value, at) =>
        at % width < 3 && rows.sites[Math.floor(at / width)] === 'c' ? value / 1000 : value,
      );
      const cohort = { ...joined, features: { ...joined.features, values } };
      const tables = Object.fromEntries(
        ['A', 'B'].map((name) => [
          name,
          concord.takeSubjects(
            cohort,
            rows.hospitals.flatMap((own, row) => (own === name ? [row] : [])),
          ),
        ]),
      );
      const said = ({ issues }: concord.CombatModel): readonly string[] =>
        issues.filter(({ code }) => code === 'doubtful-unit').map(({ message }) => message);
      const pooled = said(await concord.fitCombat(cohort, fitting));
      assert.match(
        pooled.join(),
        /^values at site "c" are on another scale than elsewhere: 3 features: f0 \(about 0.0/,
      );
      assert.deepEqual(said((await playStudy(tables, { ...fitting, ...shared, minimum: 3 })).model), pooled);
    }
  });
});

/** The largest difference of two lists of numbers, as a share of the second. */
function apart(numbers: Float64Array, others: Float64Array): number {
  assert.equal(numbers.length, others.length);
  return numbers.reduce((most, value, at) => Math.max(most, Math.abs(value / others[at] - 1)), 0);
}

/** What is left of each value once its site and covariates are taken away: rows × features. */
function residualsOf(
  model: concord.CombatModel,
  { participants, features }: FeatureCohort,
): readonly (readonly number[])[] {
  const width = model.features.length;
  return participants.ids.map((_, row) => {
    const site = model.sites.findIndex(({ name }) => name === participants.sites[row]);
    const people = model.columns.map((name, k) => {
      const covariate = concord.covariateNamed(participants, name);
      return covariate.kind === 'continuous' ? covariate.values[row] - model.columnMeans[k] : NaN;
    });
    return model.features.map((__, w) =>
      people.reduce(
        (rest, x, k) => rest - x * model.coefficients[k * width + w],
        features.values[row * width + w] -
          model.grandMean[w] -
          model.gammaHat[site * width + w] * model.pooledSd[w],
      ),
    );
  });
}

// Written by andy1764/Distributed-ComBat 45b5a25 with R 4.2.2: the three sites of the table at a hospital each.
describe('federated ComBat and d-ComBat', () => {
  const oracles = ixiOracles();
  const preserve = ['age', 'male'];
  const bySite = (): Readonly<Record<string, FeatureCohort>> =>
    Object.fromEntries(
      concord
        .siteNames(oracles.cohort.participants)
        .map((name) => [name, concord.takeSubjects(oracles.cohort, ({ site }) => site === name)]),
    );

  it('agree where each site is in one hospital: coefficients, variances and harmonized values', async () => {
    const { model } = await playStudy(bySite(), { preserve, minimum: 3 });
    const harmonized = await concord.applyCombat(model, oracles.cohort);
    const values = oracles.differenceFrom(harmonized, 'dcombat/ixi120x62_dcombat_bysite_harmonized');
    const width = model.features.length;
    const variances = new Map(
      oracles.table('dcombat/ixi120x62_varpooled').rows.map(([name, pooled]) => [name, Number(pooled)]),
    );
    const slopes = quantity(oracles.table('dcombat/ixi120x62_central_Bhat'), 'age');
    const found = model.features.map((name, w) => [
      Math.abs(model.pooledSd[w] ** 2 / (variances.get(name) ?? NaN) - 1),
      Math.abs((model.coefficients[model.columns.indexOf('age') * width + w] - slopes[name]) * 60) /
        model.pooledSd[w],
    ]);
    const largest = [values, ...[0, 1].map((k) => Math.max(...found.map((both) => both[k])))];
    if (process.env['SHOW'] !== undefined) process.stdout.write(`${largest.join(' ')}\n`);
    assert.ok(
      largest.every((difference) => difference <= 1e-12),
      largest.join(' '),
    );
  });

  it('differ where a site is split over hospitals: d-ComBat measures it about the mean of each', async () => {
    const { cohort } = oracles;
    const { ids, sites } = cohort.participants;
    // Guys, sixty scans, is at two hospitals: the older half at one.
    const age = cohort.participants.covariates[0];
    assert.ok(age.kind === 'continuous');
    const at = (row: number): string =>
      sites[row] === 'Guys' && age.values[row] > 50 ? 'North' : sites[row] === 'Guys' ? 'South' : sites[row];
    const part = (name: string): FeatureCohort =>
      concord.takeSubjects(
        cohort,
        ids.flatMap((_, row) => (at(row) === name ? [row] : [])),
      );
    const tables = Object.fromEntries(['North', 'South', 'HH', 'IOP'].map((name) => [name, part(name)]));
    const pooled = await concord.fitCombat(cohort, { preserve });
    const { model } = await playStudy(tables, { preserve, minimum: 3, sharedSites: ['Guys'] });
    assert.ok((await largestDifference(model, pooled, cohort)) <= 1e-12);
    // Its σ̂² about each hospital's own mean: residuals sum to 0 at a site, but not at its parts.
    const rests = residualsOf(model, cohort);
    const width = model.features.length;
    const apart = Math.max(
      ...model.features.map((_, w) => {
        const sum = Object.keys(tables).reduce((total, name) => {
          const own = rests.filter((__, row) => at(row) === name).map((row) => row[w]);
          const mean = own.reduce((most, value) => most + value, 0) / own.length;
          return total + own.reduce((most, value) => most + (value - mean) ** 2, 0);
        }, 0);
        return 1 - sum / ids.length / model.pooledSd[w] ** 2;
      }),
    );
    assert.equal(rests[0].length, width);
    assert.ok(apart > 0.005, `${apart}`);
  });
});
