import assert from 'node:assert/strict';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import { makeFeatureCohort, selectFeatures, takeSubjects } from '../../../sdk/data/cohort';
import { categorical, continuous } from '../../../sdk/data/people/covariate';
import { makeParticipants } from '../../../sdk/data/people/participants';
import { alignCohorts } from '../../../sdk/evaluate/matching/align-cohorts';
import { evaluateTable } from '../../../sdk/evaluate/evaluate-table';
import { auditFindings } from '../../../sdk/evaluate/findings/audit-findings';
import { matchScale } from '../../../sdk/evaluate/matching/match-scale';
import { applyCombat } from '../../../sdk/combat/apply-combat';
import { fitCombat } from '../../../sdk/combat/fit-combat';
import { randomCohort } from '../audit-cohorts';

const raw = randomCohort({
  seed: 5,
  subjects: 90,
  features: 6,
  sites: 3,
  siteEffect: 1,
  ageEffect: 0.6,
});

/** The cohort with other values. */
function mapped(cohort: FeatureCohort, change: (value: number, feature: number) => number): FeatureCohort {
  const { values, features } = cohort.features;
  const next = values.map((value, at) => change(value, at % features.length));
  return { ...cohort, features: { ...cohort.features, values: next } };
}

/** The cohort with other ids. */
function renamed(cohort: FeatureCohort, name: (id: string) => string): FeatureCohort {
  const ids = cohort.participants.ids.map(name);
  const { sites, covariates } = cohort.participants;
  return makeFeatureCohort(makeParticipants(ids, sites, covariates), { ...cohort.features, subjects: ids });
}

const codesOf = (issues: readonly { readonly code: string }[]): string[] => issues.map(({ code }) => code);

describe('alignCohorts', () => {
  const backwards = [...raw.participants.ids.keys()].reverse();

  it('matches participants and features whatever their order', () => {
    const names = [...raw.features.features].reverse();
    const { before, after, issues } = alignCohorts(raw, selectFeatures(takeSubjects(raw, backwards), names));
    assert.deepEqual(after.features, before.features);
    assert.deepEqual(before.features.values, raw.features.values);
    assert.deepEqual(
      issues.map(({ code, severity, message }) => [code, severity, message]),
      [
        [
          'reordered',
          'info',
          'rows of the table after are in another order than before, and are matched by their ids',
        ],
        [
          'reordered',
          'info',
          'features of the table after are in another order than before, and are matched by their names',
        ],
      ],
    );
  });

  it('leaves out and names what is in one of them only', () => {
    const fewer = selectFeatures(takeSubjects(raw, backwards.slice(2)), ['f5', 'f0', 'f1', 'f3']);
    const { before, after, issues } = alignCohorts(takeSubjects(raw, backwards.slice(0, -1)), fewer);
    assert.equal(before.participants.ids.length, 87);
    assert.deepEqual(after.features.features, ['f0', 'f1', 'f3', 'f5']);
    assert.deepEqual(
      issues.filter(({ code }) => code !== 'reordered').map(({ message }) => message),
      [
        '2 participants only in the table before, left out: "s89", "s88"',
        '1 participant only in the table after, left out: "s0"',
        '2 features only in the table before, left out: "f2", "f4"',
      ],
    );
  });

  it('takes ids that differ by the prefix of BIDS for the same', () => {
    const { after, issues } = alignCohorts(
      raw,
      renamed(raw, (id) => `sub-${id}`),
    );
    assert.deepEqual(after.participants.ids, raw.participants.ids);
    assert.deepEqual(after.features, raw.features);
    assert.deepEqual(issues, []);
  });

  it('says where the same ids have other covariates or another site, and what is only written otherwise does not count', () => {
    const { ids, sites, covariates } = raw.participants;
    const [age, sex] = covariates;
    assert.ok(age.kind === 'continuous' && sex.kind === 'categorical');
    const other = (changed: { ages?: Float64Array; labels?: string[]; sites?: string[] }): FeatureCohort => ({
      ...raw,
      participants: makeParticipants(ids, changed.sites ?? sites, [
        continuous('age', changed.ages ?? age.values),
        categorical('sex', changed.labels ?? Array.from(sex.codes, (code) => sex.levels[code])),
      ]),
    });
    const said = (changed: Parameters<typeof other>[0]): readonly string[] => {
      const after = other(changed);
      const { issues } = alignCohorts(raw, after);
      assert.deepEqual(alignCohorts(raw, takeSubjects(after, backwards)).issues.slice(0, -1), issues);
      return issues.map(({ code, severity, message }) => `${code} ${severity}: ${message}`);
    };
    // Whole years, and other names for all of a level.
    const years = age.values.map((value) => Math.floor(value));
    assert.deepEqual(said({ ages: years, labels: Array.from(sex.codes, (code) => String(code + 1)) }), []);
    assert.deepEqual(said({ sites: sites.map((site) => site.toLowerCase()) }), []);
    const later = age.values.map((value, row) => (row < 2 ? value + 1.5 : value));
    assert.deepEqual(said({ ages: later }), [
      `contradicting-tables warning: covariate "age" differs between the table before and the table after for 2 of 90 participants with the same id: ` +
        `"s0" (${age.values[0]}, ${later[0]}), "s1" (${age.values[1]}, ${later[1]}); those before are used`,
    ]);
    const turned = <T>(values: ArrayLike<T>): T[] => Array.from(values).reverse();
    const shuffled = said({
      ages: Float64Array.from(turned(age.values)),
      labels: turned(sex.codes).map((code) => String(code + 1)),
      sites: turned(sites),
    });
    assert.match(
      shuffled.join('\n'),
      /: site differs .* for \d\d of 90 .*\n.*"age" differs .* for 90 of 90 .*\n.*"sex" differs/,
    );
  });

  it('refuses tables that have nobody, or no feature, in common', () => {
    assert.throws(
      () =>
        alignCohorts(
          raw,
          renamed(raw, (id) => `x${id}`),
        ),
      {
        code: 'invalid-option',
        message: /no participant is in both tables: ids before are "s0", "s1", "s2" and 87 more, after "xs0"/,
      },
    );
    for (const [name, message] of [
      [(_: string, row: number) => String(row + 1), /those of the table after are its row numbers/],
      [
        (id: string) => `X${id.slice(1)}.a`,
        /R has turned the ids of the table after into names: .*check\.names = FALSE/,
      ],
    ] as const) {
      const ids = raw.participants.ids.map(name);
      const plain = renamed(raw, (id) => `${id.slice(1)}-a`);
      const other = makeFeatureCohort(makeParticipants(ids, raw.participants.sites), {
        ...raw.features,
        subjects: ids,
      });
      assert.throws(() => alignCohorts(plain, other), { code: 'invalid-option', message });
    }
    const other = { ...raw, features: { ...raw.features, features: ['a', 'b', 'c', 'd', 'e', 'f'] } };
    assert.throws(() => alignCohorts(raw, other), {
      code: 'invalid-option',
      message: /no feature is in both/,
    });
  });
});

describe('matchScale', () => {
  it('leaves alone what ComBat returns', async () => {
    const after = await applyCombat(await fitCombat(raw, { preserve: ['age'] }), raw);
    const matched = matchScale(raw, after);
    assert.equal(matched.after, after);
    assert.deepEqual(matched.issues, []);
  });

  it('puts other units and standardized values back, and says so', () => {
    const thick = mapped(raw, (value) => 2500 + 100 * value);
    const scaled = matchScale(
      thick,
      mapped(thick, (value) => value / 1000),
    );
    assert.deepEqual(codesOf(scaled.issues), ['changed-scale', 'nothing-changed']);
    assert.match(scaled.issues[0].message, /^6 of 6 features .* changed by 0\.001 \(/);
    scaled.after.features.values.forEach((value, at) => {
      assert.ok(Math.abs(value - thick.features.values[at]) < 1e-6);
    });
    // Means 0 and standard deviations 1 (divisor n) over all participants, per feature.
    const width = 6;
    const columns = Array.from({ length: width }, (_, k) =>
      thick.features.values.filter((_, at) => at % width === k),
    );
    const means = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / column.length);
    const sds = columns.map((column, k) =>
      Math.sqrt(column.reduce((sum, value) => sum + (value - means[k]) ** 2, 0) / column.length),
    );
    const [issue] = matchScale(
      thick,
      mapped(thick, (value, k) => (value - means[k]) / sds[k]),
    ).issues;
    assert.match(issue.message, /as standardized values are/);
  });

  it('names the only feature on another scale, and the one that no longer varies', () => {
    const { after, issues } = matchScale(
      raw,
      mapped(raw, (value, k) => (k === 2 ? 1000 * value : k === 4 ? 7 : value)),
    );
    assert.deepEqual(codesOf(issues), ['changed-scale', 'constant-feature', 'lost-precision']);
    assert.match(issues[0].message, /^1 of 6 features .*"f2"/);
    assert.match(issues[1].message, /"f4"/);
    assert.ok(Math.abs(after.features.values[2] - raw.features.values[2]) < 1e-9);
  });

  it('says which cells are missing in one table only, and that values are rounded', () => {
    const holes = mapped(raw, (value) => Math.round(value * 2) / 2);
    holes.features.values[0] = NaN;
    const { issues } = matchScale(raw, holes);
    assert.deepEqual(codesOf(issues), ['lost-precision', 'missing-cells']);
    assert.match(issues[1].message, /1 that have a value before are missing after/);
  });
});

describe('evaluateTable of a table on another scale', () => {
  it('gives the figures of the same table on the scale before', async () => {
    const after = await applyCombat(await fitCombat(raw, { preserve: ['age'] }), raw);
    const options = { seeds: 1, covariates: ['age'] };
    const same = await evaluateTable(raw, after, options);
    const scaled = await evaluateTable(
      raw,
      mapped(after, (value, k) => 50 + (k + 1) * 1000 * value),
      options,
    );
    assert.ok(Math.abs(scaled.distances.mean - same.distances.mean) < 0.01);
    assert.deepEqual(scaled.tests[1].significant, same.tests[1].significant);
    assert.ok(codesOf(scaled.issues).includes('changed-scale'));
    assert.deepEqual(
      auditFindings(scaled).map(({ grade }) => grade),
      auditFindings(same).map(({ grade }) => grade),
    );
  });

  it('says that a covariate was taken out, and does not call biology kept', async () => {
    const age = raw.participants.covariates[0];
    assert.ok(age.kind === 'continuous');
    // Residuals of a regression on age, the slope by its formula.
    const mean = age.values.reduce((sum, value) => sum + value, 0) / age.values.length;
    const spread = age.values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const width = raw.features.features.length;
    const slopes = Array.from({ length: width }, (_, k) =>
      age.values.reduce((sum, value, row) => sum + (value - mean) * raw.features.values[row * width + k], 0),
    ).map((product) => product / spread);
    const values = raw.features.values.map(
      (value, at) => value - slopes[at % width] * (age.values[Math.floor(at / width)] - mean),
    );
    const audit = await evaluateTable(
      raw,
      { ...raw, features: { ...raw.features, values } },
      { seeds: 1, covariates: ['age'] },
    );
    assert.ok(audit.issues.some(({ code, where }) => code === 'covariate-removed' && where.column === 'age'));
    const [, biology] = auditFindings(audit);
    assert.equal(biology.grade, 'no');
    assert.ok(biology.against.includes('biology/age/variance'));
  });
});
