import assert from 'node:assert/strict';
import { applyCombat } from '../../sdk/combat/apply-combat';
import type { CombatOptions } from '../../sdk/combat/combat-options';
import { combatModelFromJson, combatModelToJson } from '../../sdk/combat/combat-model-json';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort, takeSubjects } from '../../sdk/data/cohort';
import type { JsonObject } from '../../sdk/data/json';
import type { Covariate } from '../../sdk/data/people/covariate';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { makeParticipants } from '../../sdk/data/people/participants';
import { smallCohort } from '../support/small-cohort';

// What other programs of the family return in silence (FAMILY.md of the shared references), and what cannot be done.

/** Three sites of 16; ages and sexes that differ within each. */

function cohortWith(...more: readonly Covariate[]): FeatureCohort {
  const { features, participants } = smallCohort({ sizes: { A: 16, B: 16, C: 16 }, features: 5 });
  const { ids, sites } = participants;
  const amount = (name: string, of: (row: number) => number): Covariate =>
    continuous(
      name,
      ids.map((_, row) => of(row)),
    );
  const covariates = [
    amount('age', (row) => 20 + ((row * 37) % 61)),
    amount('weight', (row) => 50 + ((row * 53) % 41)),
    categorical(
      'sex',
      ids.map((_, row) => (row % 3 === 0 ? 'F' : 'M')),
    ),
    categorical(
      'dx',
      ids.map((_, row) => (row % 5 < 2 ? 'AD' : 'CN')),
    ),
    ...more,
  ];
  return makeFeatureCohort(makeParticipants(ids, sites, covariates), features);
}

const rows = Array.from({ length: 48 }, (_, row) => row);
const sites = cohortWith().participants.sites;

describe('what ComBatLS refuses, and what it says', () => {
  it('a covariate of scale that is the same for every subject of a site', async () => {
    const field = continuous(
      'field',
      sites.map((site) => ({ A: 1.5, B: 3, C: 7 })[site] ?? 0),
    );
    // In the mean it is refused first; only what is not linear in the sites is left to be refused in the scale.
    await assert.rejects(fitCombat(cohortWith(field), { scaleCovariates: ['field'] }), {
      code: 'confounded',
      where: { column: 'field' },
      message: /confounded with site: field/,
    });
  });

  it('two covariates of scale that follow from each other', async () => {
    const months = continuous(
      'months',
      rows.map((row) => 12 * (20 + ((row * 37) % 61))),
    );
    await assert.rejects(fitCombat(cohortWith(months), { scaleCovariates: ['age', 'months'] }), {
      code: 'confounded',
      message: /(age|months) follows from (age|months)/,
    });
  });

  it('one that is a smooth of the mean, nearly a function of the sites: an issue that says that it is about scale', async () => {
    const near = continuous(
      'near',
      sites.map((site, row) => 10 * sites.indexOf(site) + (row % 4)),
    );
    const { issues } = await fitCombat(cohortWith(near), { scaleCovariates: ['near'] });
    const about = issues.filter(({ code }) => code === 'nearly-confounded').map(({ message }) => message);
    assert.equal(about.length, 2);
    assert.match(about[1], /variance of covariate near, which is to have an effect on scale/);
  });

  it('medians, and the divisor of a variance that there is not', async () => {
    for (const other of [{ robust: true }, { varianceDivisor: 'n-1' }] as const) {
      const [name] = Object.keys(other);
      await assert.rejects(fitCombat(cohortWith(), { scaleCovariates: ['age'], ...other }), {
        code: 'invalid-option',
        message: new RegExp(`invalid ${name}: .*cannot be combined with covariates of scale`),
      });
    }
  });

  it('one that is the same for all: an issue, and ComBat', async () => {
    const constant = continuous(
      'scanner',
      rows.map(() => 3),
    );
    const { scaleColumns, pooledSd, issues } = await fitCombat(cohortWith(constant), {
      scaleCovariates: ['scanner'],
    });
    assert.deepEqual(scaleColumns, []);
    assert.deepEqual(pooledSd, (await fitCombat(cohortWith(), {})).pooledSd);
    assert.ok(issues.some(({ code, where }) => code === 'constant-covariate' && where.column === 'scanner'));
  });

  it('a level with one scan, which the mean fits without residual: features pass unchanged, with an issue', async () => {
    const rare = categorical(
      'group',
      rows.map((row) => (row === 7 ? 'patient' : 'control')),
    );
    const cohort = cohortWith(rare);
    const model = await fitCombat(cohort, { scaleCovariates: ['group'] });
    assert.deepEqual([...new Set(model.status)], ['not-estimable']);
    const issue = model.issues.find(({ code }) => code === 'not-converged');
    assert.match(issue?.message ?? '', /^the spread of features f0, f1, f2, f3, f4 did not settle/);
    assert.deepEqual((await applyCombat(model, cohort)).features.values, cohort.features.values);
  });

  it('reports progress, and can be canceled', async () => {
    const done: number[] = [];
    await fitCombat(cohortWith(), {
      scaleCovariates: ['age'],
      onProgress: (progress) => done.push(progress.done),
    });
    assert.equal(done.at(-1), 5);
    await assert.rejects(fitCombat(cohortWith(), { scaleCovariates: ['age'], signal: AbortSignal.abort() }), {
      code: 'aborted',
    });
  });

  // ComBatFamily's predict moves rows of the reference site by 0.011 mm, and differs silently unless sigma.formula is repeated.
  it('needs nothing repeated when it is applied, and leaves the reference site bit for bit', async () => {
    const cohort = cohortWith();
    const model = await fitCombat(cohort, {
      preserve: ['age'],
      scaleCovariates: ['age', 'sex'],
      reference: 'B',
    });
    const { values } = (await applyCombat(model, cohort)).features;
    assert.deepEqual(values.slice(16 * 5, 32 * 5), cohort.features.values.slice(16 * 5, 32 * 5));
    const one = await applyCombat(model, takeSubjects(cohort, [3]));
    assert.deepEqual(one.features.values, values.slice(3 * 5, 4 * 5));
  });
});

describe('the search of neuroHarmonize', () => {
  const search: CombatOptions = { smooth: ['age'], basis: 'neuroharmonize', smoothing: 'kfold' };
  const refused: readonly [CombatOptions, RegExp][] = [
    [
      { ...search, basis: 'p-spline' },
      /invalid smoothing by cross-validation: it is the search of neuroHarmonize/,
    ],
    [{ ...search, smoothingSeed: -1 }, /invalid smoothingSeed: -1 \(a whole number from 0/],
    [{ smooth: ['age'], smoothingSeed: 3 }, /invalid smoothingSeed: 3, where nothing is drawn/],
  ];
  for (const [options, message] of refused) {
    it(`refuses ${message.source}`, async () => {
      await assert.rejects(fitCombat(cohortWith(), options), { code: 'invalid-option', message });
    });
  }

  it('refuses missing cells, by name', async () => {
    const { participants, features } = cohortWith();
    const values = features.values.slice();
    values[7] = NaN;
    const cohort = makeFeatureCohort(participants, { ...features, values });
    await assert.rejects(fitCombat(cohort, search), {
      code: 'invalid-option',
      where: { subject: participants.ids[1], feature: 'f2' },
      message: /cross-validation requires every cell, and "f2" of subject "A1" is missing/,
    });
  });

  it('says its seed, and another seed may choose otherwise', async () => {
    const [one, two] = await Promise.all(
      [1, 2].map((seed) => fitCombat(cohortWith(), { ...search, smoothingSeed: seed })),
    );
    assert.equal(one.provenance.at(-1)?.options['smoothingSeed'], 1);
    assert.deepEqual((await fitCombat(cohortWith(), search)).penalties, one.penalties);
    assert.notDeepEqual(two.penalties, one.penalties);
  });
});

describe('what an interaction keeps', () => {
  it('is no main effect of two amounts: that they differ between sites is said', async () => {
    const older = continuous(
      'years',
      sites.map((site, row) => (site === 'C' ? 60 : 30) + ((row * 7) % 13)),
    );
    const cohort = cohortWith(older);
    const said = async (preserve: readonly string[]): Promise<boolean> =>
      (await fitCombat(cohort, { preserve })).issues.some(
        ({ code, where }) => code === 'not-preserved' && where.column === 'years',
      );
    assert.deepEqual(
      [await said(['years:weight']), await said(['years*weight']), await said(['years:sex'])],
      [true, false, false],
    );
  });

  it('a site of one subject moves by its location only, also where σ depends on covariates', async () => {
    const whole = cohortWith();
    const cohort = takeSubjects(whole, [...rows.slice(0, 33)]);
    const model = await fitCombat(cohort, { scaleCovariates: ['age'] });
    assert.equal(model.sites[2].adjusts, 'location');
    assert.ok((await applyCombat(model, cohort)).features.values.every(Number.isFinite));
  });
});

describe('interactions that are refused, and what is said', () => {
  const refused: readonly [string, RegExp][] = [
    ['age:', /invalid preserve: "age:" \(a name is missing\)/],
    [':age', /a name is missing/],
    ['age**sex', /invalid preserve: "age\*\*sex" \(a name is missing\)/],
    ['age* *sex', /a name is missing/],
    ['*', /a name is missing/],
    ['age:age', /invalid preserve: "age:age" \(it multiplies something by itself\)/],
    ['sex*sex', /it multiplies something by itself/],
    ['`age', /backticks go around a whole name/],
    ['a`g`e:sex', /backticks go around a whole name/],
  ];
  for (const [text, message] of refused) {
    it(text, async () => {
      const wrong = { code: 'invalid-option', message };
      await assert.rejects(fitCombat(cohortWith(), { preserve: [text] }), wrong);
      await assert.rejects(fitCombat(cohortWith(), { preserve: [text] }), /write age:sex for an interaction/);
    });
  }

  it('an unknown name, with the nearest one', async () => {
    await assert.rejects(fitCombat(cohortWith(), { preserve: ['age:sxe'] }), {
      code: 'unknown-column',
      message: /unknown covariate: "sxe" .*"sex"/,
    });
  });

  it('the same twice', async () => {
    await assert.rejects(
      fitCombat(cohortWith(), { preserve: ['age:sex', 'age:sex'] }),
      /"age:sex" is listed twice/,
    );
  });

  it('levels that nobody has together, by name', async () => {
    const only = categorical(
      'group',
      rows.map((row) => (row % 3 === 0 || row % 2 === 0 ? 'old' : 'new')),
    );
    await assert.rejects(fitCombat(cohortWith(only), { preserve: ['sex*group'] }), {
      code: 'confounded',
      message: /the effect of sex=F:group=new cannot be estimated \(no subject has it\)/,
    });
  });

  it('an interaction that follows from the sites, by the name of its column', async () => {
    const dose = continuous(
      'dose',
      sites.map((site, row) => (site === 'B' ? 2 : 1) / (1 + (row % 2))),
    );
    const parts = continuous(
      'parts',
      rows.map((row) => 1 + (row % 2)),
    );
    await assert.rejects(fitCombat(cohortWith(dose, parts), { preserve: ['dose:parts'] }), {
      code: 'confounded',
      where: { column: 'dose:parts' },
      message: /confounded with site: dose:parts is the same for every subject of a site/,
    });
  });

  it('a name with a colon or a star is written in backticks, or given as an object', async () => {
    const strange = continuous(
      'w*h:2',
      rows.map((row) => (row * 29) % 31),
    );
    const cohort = cohortWith(strange);
    const written = await fitCombat(cohort, { preserve: ['sex', '`w*h:2`', '`w*h:2`:sex'] });
    assert.deepEqual(written.columns, ['sex=F', 'w*h:2', 'w*h:2:sex=F']);
    const object = await fitCombat(cohort, { preserve: [{ name: 'w*h:2' }] });
    assert.deepEqual(object.columns, ['w*h:2']);
    await assert.rejects(
      fitCombat(cohort, { preserve: ['w*h:2'] }),
      /ambiguous covariate: "w\*h:2" is a column of its own/,
    );
  });

  it('a level or a value that is missing when the model is applied, as of main effects', async () => {
    const cohort = cohortWith();
    const model = await fitCombat(cohort, { preserve: ['age*dx'] });
    const { ids } = cohort.participants;
    const other = (dx: (string | null)[], age: number[]): FeatureCohort =>
      makeFeatureCohort(
        makeParticipants(ids, sites, [continuous('age', age), categorical('dx', dx)]),
        cohort.features,
      );
    const ages = rows.map((row) => 20 + row);
    await assert.rejects(
      applyCombat(
        model,
        other(
          rows.map(() => 'MCI'),
          ages,
        ),
      ),
      { code: 'unknown-level' },
    );
    await assert.rejects(
      applyCombat(
        model,
        other(
          rows.map(() => null),
          ages,
        ),
      ),
      { code: 'missing-value' },
    );
    const some = await applyCombat(
      model,
      other(
        rows.map((row) => (row < 3 ? null : 'AD')),
        ages,
      ),
      {
        missingCovariates: 'drop',
      },
    );
    assert.equal(some.participants.ids.length, 45);
  });

  it('a stored model whose terms, columns or covariates of scale were edited', async () => {
    const model = await fitCombat(cohortWith(), { preserve: ['age*sex'], scaleCovariates: ['age'] });
    const json = combatModelToJson(model);
    assert.deepEqual(combatModelFromJson(json), model);
    const edits: readonly JsonObject[] = [
      { terms: [['age'], ['sex']] },
      { terms: [['age'], ['sex'], ['age', 'dx']] },
      { terms: [['age'], ['age'], ['sex'], ['age', 'sex']] },
      { terms: 'age' },
      { terms: [['age'], []] },
      { scaleTerms: [] },
      { scaleColumns: [] },
      { scaleMeans: [null] },
      { scaleCoefficients: [[1, 2, 3, 4, null]] },
    ];
    for (const edit of edits) {
      assert.throws(
        () => combatModelFromJson({ ...json, ...edit }),
        { code: 'malformed-model' },
        JSON.stringify(edit),
      );
    }
  });
});

describe('what of ComBat stays', () => {
  it('a list of names gives the same columns in the same order as before there were formulas', async () => {
    const options: CombatOptions = { preserve: ['sex', { name: 'dx', reference: 'AD' }, 'age'] };
    const { columns, terms } = await fitCombat(cohortWith(), options);
    assert.deepEqual(columns, ['sex=F', 'dx=CN', 'age']);
    assert.deepEqual(terms, [['sex'], ['dx'], ['age']]);
  });
});
