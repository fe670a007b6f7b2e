import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { applyCombat } from '../../sdk/combat/apply-combat';
import type { CombatModel } from '../../sdk/combat/combat-model';
import { fitCovbat } from '../../sdk/combat/covbat/fit-covbat';
import { fitCombat, prepareCombat } from '../../sdk/combat/fit-combat';
import { fitLongitudinal } from '../../sdk/combat/longitudinal/fit-longitudinal';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort, selectFeatures } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import type { Issue } from '../../sdk/data/issue';
import { continuous } from '../../sdk/data/people/covariate';
import { makeParticipants } from '../../sdk/data/people/participants';
import { harmonizeMaps } from '../../sdk/maps/harmonize-maps';
import { makeRandom } from '../../sdk/math/random';
import { npyBytes } from '../maps/map-study';
import { temporaryFolder } from '../support/temporary-folder';

const scans = 90;
const sites = Array.from({ length: scans }, (_, row) => 'ABC'[row % 3]);
const persons = sites.map((_, row) => `person-${row % 30}`);
const ids = sites.map((_, row) => `scan-${row}`);
const age = sites.map((_, row) => 20 + ((row * 37) % 500) / 10);
const shift = (row: number): number => [0.3, -0.4, 0.1][row % 3];

/** A spread that is a thousand millionth of what age explains, 1 of it: as little as no measure has. */
const least = 1e-9;

/** Features, of which some are exactly of age and site, around 0 and far from it. */
async function madeCohort(): Promise<FeatureCohort> {
  const random = makeRandom(5);
  const people = makeParticipants(ids, sites, [continuous('age', age, 'years')], { persons });
  const noise = Array.from({ length: 4 }, () => ids.map(() => random.normal()));
  const measured = (k: number) => (row: number) => 3 + shift(row) + 0.01 * age[row] + 0.2 * noise[k][row];
  const any = makeFeatureCohort(people, makeFeatureMatrix(Float64Array.from(noise[0]), ids, ['any']));
  // A curve that is in the model: some numbers times its columns.
  const { design } = await prepareCombat(any, { smooth: ['age'] });
  const curve = (row: number): number =>
    design.columns.reduce(
      (sum, _, k) => sum + Math.sin(3 * k + 1) * design.values[row * design.columns.length + k],
      0,
    );
  const features: Readonly<Record<string, (row: number) => number>> = {
    first: measured(0),
    second: measured(1),
    third: measured(2),
    'line-around-0': (row) => 0.01 * shift(row) + 0.7 * (age[row] - 45),
    'line-around-100': (row) => 100 + shift(row) + 0.7 * (age[row] - 45),
    curve: (row) => shift(row) + 5 * curve(row),
    'hardly-any-noise': (row) => (age[row] - 45) / 14.4 + least * noise[3][row],
  };
  const makers = Object.values(features);
  const values = Float64Array.from({ length: scans * makers.length }, (_, at) =>
    makers[at % makers.length](Math.floor(at / makers.length)),
  );
  return makeFeatureCohort(people, makeFeatureMatrix(values, ids, Object.keys(features)));
}

const lines = ['line-around-0', 'line-around-100'];
const measures = ['first', 'second', 'third'];

describe('features without anything beside sites and covariates', () => {
  const folder = temporaryFolder();
  let cohort: FeatureCohort;
  before(async () => (cohort = await madeCohort()));
  const straight = { preserve: ['age'] };
  const curved = { smooth: ['age'] };
  const longitudinal = async (of: FeatureCohort, options: object): Promise<CombatModel> => {
    const { combat, issues } = await fitLongitudinal(of, options);
    return { ...combat, issues };
  };
  const members: Readonly<
    Record<string, readonly [fit: (of: FeatureCohort) => Promise<CombatModel>, exact: readonly string[]]>
  > = {
    ComBat: [(of) => fitCombat(of, straight), lines],
    'a reference site': [(of) => fitCombat(of, { ...straight, reference: 'A' }), lines],
    'robust ComBat': [(of) => fitCombat(of, { ...straight, robust: true }), lines],
    ComBatLS: [(of) => fitCombat(of, { ...straight, scaleCovariates: ['age'] }), lines],
    'GAM, REML': [(of) => fitCombat(of, curved), [...lines, 'curve']],
    'GAM, cross-validation': [(of) => fitCombat(of, { ...curved, smoothing: 'gcv' }), [...lines, 'curve']],
    'longitudinal ComBat': [(of) => longitudinal(of, straight), lines],
    'longitudinal ComBat with curves': [(of) => longitudinal(of, curved), [...lines, 'curve']],
    CovBat: [async (of) => (await fitCovbat(of, { ...straight, components: 3 })).combat, lines],
  };
  for (const [name, [fit, exact]] of Object.entries(members)) {
    it(`are passed through, and named, and others are fitted as without them: ${name}`, async () => {
      const model = await fit(selectFeatures(cohort, [...measures, ...exact]));
      assert.deepEqual(model.status, [...measures.map(() => 'harmonized'), ...exact.map(() => 'constant')]);
      const said = model.issues.find(({ code }) => code === 'constant-feature')?.message ?? '';
      for (const one of exact) assert.ok(said.includes(one), said);
      // In theory σ is 0 and they have no part in the priors.
      const alone = await fit(selectFeatures(cohort, measures));
      for (let site = 0; site < 3; site++)
        assert.deepEqual(
          model.gammaStar.slice(site * model.features.length, site * model.features.length + 3),
          alone.gammaStar.slice(site * 3, site * 3 + 3),
        );
    });
  }

  it('are passed through in whole maps', async () => {
    const names = [...measures, ...lines];
    const own = selectFeatures(cohort, names).features.values;
    const entries = ids.map((id, row) => {
      const path = folder.path(`${id}.npy`);
      writeFileSync(path, npyBytes(own.slice(row * names.length, (row + 1) * names.length)));
      return { id, site: sites[row], files: { lh: path } };
    });
    const { covariates } = cohort.participants;
    const { counts, issues } = await harmonizeMaps(entries, {
      ...straight,
      covariates,
      out: folder.path('out'),
    });
    assert.equal(counts.constant, 2);
    assert.ok(issues.some(({ code, message }: Issue) => code === 'constant-feature' && /^2 v/.test(message)));
  });

  it('are not those with a thousand millionth of spread, whose σ is found', async () => {
    for (const options of [straight, curved]) {
      const own = selectFeatures(cohort, [...measures, 'hardly-any-noise']);
      const model = await fitCombat(own, options);
      assert.equal(model.status[3], 'harmonized');
      // Of 90 independent draws, of which 4 are fitted: the root of χ² with 86 degrees, over 90, within four of its deviations.
      const expected = Math.sqrt(86 / 90);
      assert.ok(Math.abs(model.pooledSd[3] / least - expected) < 4 * Math.sqrt(1 / (2 * 90)));
      await applyCombat(model, own);
    }
  });

  it('are not those of few scans that as many columns explain', async () => {
    const rows = Array.from({ length: 12 }, (_, row) => row);
    const few = {
      ...cohort,
      participants: makeParticipants(ids.slice(0, 12), sites.slice(0, 12), [
        continuous('age', age.slice(0, 12), 'years'),
      ]),
      features: makeFeatureMatrix(
        Float64Array.from(rows.flatMap((row) => [0, 1].map((w) => cohort.features.values[row * 7 + w]))),
        ids.slice(0, 12),
        ['first', 'second'],
      ),
    };
    const { status } = await fitCombat(few, { ...curved, smoothing: 1e-12 });
    assert.deepEqual(status, ['harmonized', 'harmonized']);
  });
});
