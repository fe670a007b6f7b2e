import assert from 'node:assert/strict';
import { applyCombat } from '../../sdk/combat/apply-combat';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import type { Issue } from '../../sdk/data/issue';
import { makeParticipants } from '../../sdk/data/people/participants';
import { randomCohort } from '../evaluate/audit-cohorts';

describe('participants dropped for want of a covariate', () => {
  const base = randomCohort({ seed: 1, subjects: 90, features: 4, sites: 3, siteEffect: 1 });
  const { ids, sites } = base.participants;
  const options = { preserve: ['age', 'sex'], missingCovariates: 'drop' as const };
  /** The cohort without the ages and sexes picked. */
  function lacking(
    age: (row: number) => boolean,
    sex: (row: number) => boolean = () => false,
  ): FeatureCohort {
    const covariates = [
      continuous(
        'age',
        ids.map((_, row) => (age(row) ? NaN : 20 + ((row * 37) % 50))),
      ),
      categorical(
        'sex',
        ids.map((_, row) => (sex(row) ? null : 'FM'[(row >> 2) % 2])),
      ),
    ];
    return { ...base, participants: makeParticipants(ids, sites, covariates) };
  }
  const lost = (issues: readonly Issue[]): readonly string[] =>
    issues.filter(({ code }) => code === 'lost-site').map(({ message }) => message);
  const at = (row: number, site: number): boolean => sites[row] === `site${site}`;

  it('a site lost is warned of before its participants are named', async () => {
    const cohort = lacking((row) => at(row, 1));
    const model = await fitCombat(cohort, options);
    assert.deepEqual(lost(model.issues), [
      'site "site1": 30 of 30 participants dropped: age missing; the site is lost',
    ]);
    assert.equal(model.issues[0].code, 'lost-site');
    assert.equal(model.issues.filter(({ code }) => code === 'dropped-subject').length, 30);
    const { missingCovariates } = options;
    const applied = await applyCombat(model, cohort, { missingCovariates });
    assert.deepEqual(lost(applied.issues), lost(model.issues));
  });
  it('so is one that keeps half, and what each covariate costs; one that keeps more is not', async () => {
    const cohort = lacking(
      (row) => (at(row, 0) && row % 2 === 0) || (at(row, 2) && row < 40),
      (row) => at(row, 2) && row >= 40 && row < 50,
    );
    const { issues } = await fitCombat(cohort, options);
    assert.deepEqual(lost(issues), [
      'site "site0": 15 of 30 participants dropped: age missing; 15 left',
      'site "site2": 16 of 30 participants dropped: age missing for 13, sex missing for 3; 14 left',
    ]);
    const few = await fitCombat(
      lacking((row) => at(row, 0) && row < 40),
      options,
    );
    assert.deepEqual(lost(few.issues), []);
  });
  it('the reason is given when too few sites, or nobody, is left', async () => {
    await assert.rejects(
      fitCombat(
        lacking((row) => !at(row, 0)),
        options,
      ),
      {
        code: 'too-little-data',
        message:
          /^too few sites: only "site0" .*; site "site1": 30 of 30 participants dropped: age missing; the site is lost; site "site2"/,
      },
    );
    await assert.rejects(
      fitCombat(
        lacking(() => true),
        options,
      ),
      {
        code: 'too-little-data',
        message: /^too few sites: none .*site "site0": 30 of 30 participants dropped: age missing/,
      },
    );
  });
});
