import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { applyCombat } from '../../sdk/combat/apply-combat';
import type { CombatOptions } from '../../sdk/combat/combat-options';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { UnseenSitePolicy } from '../../sdk/combat/new-site-policy';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { selectFeatures, takeSubjects } from '../../sdk/data/cohort';
import { readMapFile } from '../../sdk/io/maps/map-file';
import { applyToMaps } from '../../sdk/maps/apply-to-maps';
import { harmonizeMaps } from '../../sdk/maps/harmonize-maps';
import { temporaryFolder } from '../support/temporary-folder';
import type { MapStudy } from './map-study';
import { mapStudy, npyBytes, withPersonsOfThree } from './map-study';

/** About the standard deviation of a vertex within sites. */
const spread = 0.15;

describe('maps of 64-bit floats, against the same values as a table,', () => {
  const folder = temporaryFolder();
  let study: MapStudy;
  let made = 0;
  /** Scans of two sites, with one site more at the end. */
  let [seen, others]: [readonly number[], readonly number[]] = [[], []];
  before(() => {
    study = mapStudy(folder.path('in'), {
      scans: 36,
      vertices: [31, 22],
      ending: '.npy',
      write: (path, values) => writeFileSync(path, npyBytes(Float64Array.from(values))),
    });
    const rows = [...study.entries.keys()];
    seen = rows.filter((row) => row % 3 < 2);
    others = rows.filter((row) => row % 3 === 2 || row < 2);
  });
  const place = (): string => folder.path(`out-${made++}`);

  /** Walls have no logarithms: in a table they are left out. */
  function comparable({ transform }: CombatOptions, cohort: FeatureCohort): readonly number[] {
    return [...cohort.features.features.keys()].filter((v) => transform !== 'log' || v % 10 !== 3);
  }

  /** A model of maps of two sites, and one of the same table, applied to scans with another site among them. */
  async function compare(
    options: Omit<CombatOptions, 'smoothing'>,
    policies: readonly UnseenSitePolicy[],
  ): Promise<void> {
    const { entries, cohort } = study;
    const some = comparable(options, cohort);
    const table = selectFeatures(
      cohort,
      some.map((v) => cohort.features.features[v]),
    );
    const [fitted, applied] = [seen, others].map((rows) => takeSubjects(table, rows));
    const model = await fitCombat(fitted, options);
    const out = place();
    const { covariates } = fitted.participants;
    // A few vertices and scans at a time.
    await harmonizeMaps(
      seen.map((row) => entries[row]),
      { ...options, covariates, out, memory: 0.02 },
    );
    for (const unseen of policies) {
      const expected = await applyCombat(model, applied, { unseen });
      const found = await applyToMaps(
        others.map((row) => entries[row]),
        { model: out, out: place(), covariates: applied.participants.covariates, unseen, memory: 0.01 },
      );
      const values: number[] = [];
      for (const file of found.files) values.push(...(await readMapFile(file)));
      const width = values.length / others.length;
      for (const row of others.keys()) {
        some.forEach((v, w) => {
          const [value, own] = [values[row * width + v], expected.features.values[row * some.length + w]];
          const isNear = Object.is(value, own) || Math.abs(value - own) <= 1e-12 * spread;
          assert.ok(isNear, `${unseen}, ${row}, ${v}: ${value}, ${own}`);
        });
      }
      // By how much the effects are likely to be missed is drawn at some vertices of all.
      const said = ({ issues }: Pick<FeatureCohort, 'issues'>): readonly string[] =>
        issues
          .filter(({ code }) => code === 'unseen-site')
          .map(({ message }) => message.replace(/about .*/, ''));
      assert.equal(said(found).length, 1);
      assert.deepEqual(said(found), said(expected));
    }
  }

  for (const [options, policies] of [
    [{ preserve: ['age', 'sex'] }, ['covariates', 'estimate', 'own-priors', 'creb']],
    [{ preserve: ['age'], robust: true }, ['estimate']],
    [{ preserve: ['age'], scaleCovariates: ['age'] }, ['estimate']],
    [{ preserve: ['sex'], smooth: ['age'], reference: 'HH' }, ['creb']],
    [{ preserve: ['age'], transform: 'log' }, ['own-priors']],
    [{ eb: 'nonparametric', meanOnly: 'shrunk-by-size' }, ['estimate']],
    [{ eb: 'none' }, ['estimate']],
  ] as const satisfies readonly (readonly [CombatOptions, readonly UnseenSitePolicy[]])[]) {
    it(`a site that the model does not know is treated alike: ${JSON.stringify(options)}, ${policies.join(', ')}`, () =>
      compare(options, policies));
  }

  it('a site that the model does not know is left as it is beside effects of persons, and not estimated', async () => {
    const persons = withPersonsOfThree(study);
    const { covariates } = persons.cohort.participants;
    const entries = persons.entries.slice(0, 34).map((entry) => ({ ...entry, site: entry.site.slice(0, 1) }));
    const rows = [...entries.keys()];
    const out = place();
    await harmonizeMaps(entries, {
      covariates: takeSubjects(study.cohort, rows).participants.covariates,
      preserve: ['age'],
      personEffects: true,
      out,
    });
    assert.equal(covariates.length, 2);
    const stranger = [{ ...persons.entries[35], site: 'Oslo' }];
    const own = takeSubjects(study.cohort, [35]).participants.covariates;
    await assert.rejects(
      applyToMaps(stranger, { model: out, out: place(), covariates: own, unseen: 'estimate' }),
      { code: 'unknown-site' },
    );
    const left = await applyToMaps(stranger, {
      model: out,
      out: place(),
      covariates: own,
      unseen: 'covariates',
    });
    assert.equal(left.files.length, 2);
  });
});
