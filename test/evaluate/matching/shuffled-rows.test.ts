import assert from 'node:assert/strict';
import { applyCombat } from '../../../sdk/combat/apply-combat';
import { combatHarmonizer } from '../../../sdk/combat/combat-harmonizer';
import { fitCombat } from '../../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import { selectFeatures, takeSubjects } from '../../../sdk/data/cohort';
import { auditTable } from '../../../sdk/evaluate/audit-table';
import { evaluateTable } from '../../../sdk/evaluate/evaluate-table';
import { shuffledFeaturesIssue } from '../../../sdk/evaluate/matching/shuffled-features';
import { shuffledRowsIssue } from '../../../sdk/evaluate/matching/shuffled-rows';
import { makeRandom } from '../../../sdk/math/random';
import { randomCohort } from '../audit-cohorts';

const cohortOf = (seed: number, features = 10): FeatureCohort =>
  randomCohort({ seed, subjects: 90, features, sites: 3, siteEffect: 1, ageEffect: 0.6, sexEffect: 1 });

const harmonized = async (raw: FeatureCohort): Promise<FeatureCohort> =>
  applyCombat(await fitCombat(raw, { preserve: ['age'] }), raw);

/** The cohort whose row `row` holds the values of `from(row)`, with noise of this standard deviation. */
function filled(cohort: FeatureCohort, from: (row: number) => number, noise = 0): FeatureCohort {
  const random = makeRandom(1);
  const { values, features } = cohort.features;
  const width = features.length;
  const moved = values.map(
    (_, at) => values[from(Math.floor(at / width)) * width + (at % width)] + noise * random.normal(),
  );
  return { ...cohort, features: { ...cohort.features, values: moved } };
}

describe('shuffledRowsIssue', () => {
  it('finds rows that were shuffled, turned or sorted while their ids were not', async () => {
    for (let seed = 1; seed <= 4; seed++) {
      const raw = cohortOf(seed);
      const after = await harmonized(raw);
      for (const from of [
        (row: number) => 89 - row,
        (row: number) => (row * 37) % 90,
        (row: number) => (row + 1) % 90,
      ]) {
        const [issue] = shuffledRowsIssue(raw, filled(after, from));
        const [, count] =
          /^(\d+) of 90 participants have the values of others after harmonization: /.exec(issue.message) ??
          [];
        assert.ok(Number(count) >= 60, issue.message);
        assert.equal(issue.severity, 'warning');
      }
    }
  });

  it('names who has whose values, of ten that were moved and of two that changed places', async () => {
    const raw = cohortOf(2, 30);
    const after = await harmonized(raw);
    const [ten] = shuffledRowsIssue(
      raw,
      filled(after, (row) => (row < 10 ? (row + 1) % 10 : row)),
    );
    assert.match(ten.message, /^10 of 90 .*those of "s0" are like those of "s1" before$/);
    const [two] = shuffledRowsIssue(
      raw,
      filled(after, (row) => (row === 4 ? 7 : row === 7 ? 4 : row)),
    );
    assert.match(two.message, /^2 of 90 .*: "s4", "s7"; those of "s4" are like those of "s7" before$/);
    assert.equal(two.where.subject, 's4');
  });

  it('finds nothing in what was harmonized, however noisily, nor where features are too few to say', async () => {
    for (let seed = 1; seed <= 6; seed++) {
      for (const features of [5, 10, 40]) {
        const raw = cohortOf(seed, features);
        const after = await harmonized(raw);
        for (const noise of [0, 0.5, 3, 100])
          assert.deepEqual(
            shuffledRowsIssue(
              raw,
              filled(after, (row) => row, noise),
            ),
            [],
            `${seed} ${features} ${noise}`,
          );
      }
      const few = cohortOf(seed, 4);
      assert.deepEqual(
        shuffledRowsIssue(
          few,
          filled(few, (row) => 89 - row),
        ),
        [],
      );
    }
  });

  it('does not mind missing values and constant features', async () => {
    const raw = cohortOf(3);
    const after = filled(await harmonized(raw), (row) => 89 - row);
    const holes = (cohort: FeatureCohort): FeatureCohort => ({
      ...cohort,
      features: {
        ...cohort.features,
        values: cohort.features.values.map((value, at) => (at % 10 === 3 ? 5 : at % 17 === 0 ? NaN : value)),
      },
    });
    assert.match(shuffledRowsIssue(holes(raw), holes(after))[0].message, /^\d\d of 90/);
    assert.deepEqual(shuffledRowsIssue(holes(raw), holes(await harmonized(raw))), []);
  });
});

describe('audits of a table harmonized elsewhere', () => {
  const raw = cohortOf(5, 8);
  const order = [...raw.participants.ids.keys()].reverse();
  const names = [...raw.features.features].reverse();
  const options = { seeds: 1, covariates: ['age'] };

  it('match rows and features by their ids and names, and say so', async () => {
    const after = await harmonized(raw);
    const turned = selectFeatures(takeSubjects(after, order), names);
    const plain = await evaluateTable(raw, after, options);
    const matched = await evaluateTable(raw, turned, options);
    assert.deepEqual(matched.distances, plain.distances);
    assert.deepEqual(matched.tests, plain.tests);
    const reordered = matched.issues.filter(({ code }) => code === 'reordered');
    assert.equal(reordered.length, 2);
    const audits = [after, turned].map((one) =>
      auditTable(raw, combatHarmonizer({ preserve: ['age'], unseen: 'estimate' }), {
        ...options,
        after: one,
      }),
    );
    const [first, second] = await Promise.all(audits);
    assert.deepEqual(second.tests, first.tests);
    assert.equal(second.issues.filter(({ code }) => code === 'reordered').length, 2);
    assert.ok(!first.issues.some(({ code }) => code === 'reordered' || code === 'shuffled-rows'));
  });

  it('say first that values are those of others', async () => {
    const shuffled = filled(await harmonized(raw), (row) => 89 - row);
    const { issues } = await evaluateTable(raw, shuffled, options);
    assert.equal(issues[0].code, 'shuffled-rows');
    const audit = await auditTable(raw, combatHarmonizer({ preserve: ['age'], unseen: 'estimate' }), {
      ...options,
      after: shuffled,
    });
    assert.equal(audit.issues[0].code, 'shuffled-rows');
  });
});

describe('shuffledFeaturesIssue', () => {
  it('names features that have the values of others, all of them or two', async () => {
    const raw = cohortOf(1);
    const after = await harmonized(raw);
    const { features, values } = after.features;
    const width = features.length;
    const moved = (from: (w: number) => number): FeatureCohort => ({
      ...after,
      features: {
        ...after.features,
        values: values.map((_, at) => values[at - (at % width) + from(at % width)]),
      },
    });
    const [all] = shuffledFeaturesIssue(
      raw,
      moved((w) => (w + 3) % width),
    );
    assert.match(all.message, /^10 of 10 features have the values of others after harmonization: /);
    const like = `those of "${features[0]}" are like those of "${features[3]}" before`;
    assert.ok(all.message.endsWith(like), all.message);
    const [two] = shuffledFeaturesIssue(
      raw,
      moved((w) => (w === 1 ? 2 : w === 2 ? 1 : w)),
    );
    assert.match(two.message, /^2 of 10 /);
    for (const same of [after, raw]) assert.deepEqual(shuffledFeaturesIssue(raw, same), []);
    // Rows that were shuffled, and noise, are nothing of features.
    const noise = filled(after, (row) => 89 - row, 3);
    assert.deepEqual(shuffledFeaturesIssue(raw, noise), []);
  });
});
