import assert from 'node:assert/strict';
import { combatHarmonizer } from '../../../sdk/combat/combat-harmonizer';
import type { Harmonizer } from '../../../sdk/data/harmonizer';
import { evaluateInFolds } from '../../../sdk/evaluate/evaluate-in-folds';
import { ConcordError } from '../../../sdk/errors';
import { smallCohort } from '../../support/small-cohort';

const cohort = smallCohort();
const settings = { covariates: ['age'], seeds: 1, folds: 2 } as const;
const outside = { scheme: 'leave-one-site-out' } as const;

/** ComBat that cannot be fitted where some sites are not there. */
function without(missing: readonly string[]): Harmonizer<unknown> {
  const combat = combatHarmonizer({ unseen: 'estimate' }) as Harmonizer<unknown>;
  return {
    ...combat,
    fit: async (given, options) => {
      const left = missing.find((site) => !given.participants.sites.includes(site));
      if (left !== undefined) throw new ConcordError('too-little-data', `too few without ${left}`);
      return combat.fit(given, options);
    },
  };
}

describe('predictions at sites left out', () => {
  it('are those at the other sites where one cannot be left out, which is named', async () => {
    const { regressions, issues } = await evaluateInFolds(cohort, without(['B']), settings);
    const [found] = regressions.filter(({ scheme }) => scheme === outside.scheme);
    // 14 at A and 11 at C.
    assert.equal(found.subjects, 25);
    const [noticed] = issues.filter(({ code }) => code === 'figure-not-available');
    assert.equal(noticed.where.site, 'B');
    assert.match(noticed.message, /nothing is predicted at site "?B"? left out .*too few without B/);
    const whole = await evaluateInFolds(cohort, without([]), settings);
    assert.equal(whole.regressions.find(({ scheme }) => scheme === outside.scheme)?.subjects, 34);
  });

  it('are none where no site can be left out, with one issue', async () => {
    const { regressions, issues } = await evaluateInFolds(cohort, without(['A', 'B', 'C']), settings);
    assert.deepEqual(
      regressions.filter(({ scheme }) => scheme === outside.scheme),
      [],
    );
    const found = issues.filter(({ code }) => code === 'figure-not-available');
    assert.equal(found.length, 1);
    assert.match(found[0].message, /not available in folds: too few without A/);
  });
});
