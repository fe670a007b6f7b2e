import assert from 'node:assert/strict';
import { combatHarmonizer } from '../../../sdk/combat/combat-harmonizer';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import { makeParticipants } from '../../../sdk/data/people/participants';
import type { Interval, TableAudit } from '../../../sdk/evaluate/audit';
import { auditTable } from '../../../sdk/evaluate/audit-table';
import { findingLines } from '../../../sdk/evaluate/findings/audit-finding';
import { auditFindings } from '../../../sdk/evaluate/findings/audit-findings';
import { auditRows } from '../../../sdk/evaluate/rows/audit-rows';
import { distanceRows } from '../../../sdk/evaluate/rows/distance-rows';
import { simulateFeatureCohort } from '../../../sdk/simulate/simulate-feature-cohort';
import { randomCohort } from '../audit-cohorts';
import { sampleAudit } from '../sample-audit';

describe('a covariate that differs between sites and is not preserved', () => {
  const { cohort } = simulateFeatureCohort({
    seed: 4,
    sites: [30, 45, 60].map((ageMean, at) => ({
      name: `S${at}`,
      subjects: 80,
      ageMean,
      ageSd: 16,
      femaleShare: 0.5,
    })),
  });
  const biologyOf = async (preserve: readonly string[]): Promise<TableAudit> =>
    auditTable(cohort, combatHarmonizer({ preserve }), { seeds: 1, covariates: ['age'] });
  it('keeps the answer on biology from being "Yes", though predictions within sites are as good as before', async () => {
    const audit = await biologyOf([]);
    const [, biology] = auditFindings(audit);
    assert.equal(biology.grade, 'partly');
    assert.deepEqual(biology.against, ['biology/age/between-sites']);
    assert.ok(
      biology.sentences.some((text) =>
        /Age between sites, not preserved: sites explain \d\d % of it/.test(text),
      ),
    );
    // Means of 30, 45 and 60 years, each with a deviation of 16: 150 / (150 + 256) of the variance is between sites.
    const share = auditRows(audit).find(({ id }) => id === biology.against[0])?.values.raw?.estimate ?? NaN;
    assert.ok(Math.abs(share - 150 / 406) < 0.1, `${share}`);
  });
  it('is not mentioned where it is preserved', async () => {
    const audit = await biologyOf(['age']);
    assert.equal(audit.removedWithSite?.some(({ covariate }) => covariate === 'age') ?? false, false);
    assert.ok(auditRows(audit).every(({ rule }) => rule !== 'removal'));
  });
});

describe('a loss of biology that may be chance', () => {
  const withChange = (change: Interval): TableAudit => {
    const audit = sampleAudit();
    return {
      ...audit,
      classifications: [],
      regressions: audit.regressions.flatMap((entry) => {
        if (entry.scheme !== 'within-site') return [];
        if (entry.protocol !== 'in-folds') {
          return [
            { ...entry, mae: { ...entry.mae, low: entry.mae.estimate - 1, high: entry.mae.estimate + 1 } },
          ];
        }
        return [{ ...entry, mae: { estimate: 7.5, low: 6.4, high: 8.6, level: 0.95 }, change }];
      }),
    };
  };
  const change = { estimate: 0.9, low: -0.2, high: 1.6, level: 0.95 };
  it('is inconclusive, neither kept nor lost, and says so', () => {
    const [, biology] = auditFindings(withChange(change));
    assert.equal(biology.grade, 'open');
    assert.deepEqual(biology.against, []);
    assert.match(
      findingLines([biology])[0],
      /inconclusive, since it may have lost more than a tenth of what it is better by/,
    );
  });
  it('is lost where the change is beyond chance', () => {
    const [, biology] = auditFindings(withChange({ ...change, low: 0.1 }));
    assert.equal(biology.grade, 'no');
    assert.deepEqual(biology.against, ['biology/age/within-site/error']);
  });
});

/** A cohort whose last scans are each of a site of their own. */
function withSingles(singles: number): FeatureCohort {
  const cohort = randomCohort({ seed: 8, subjects: 90, features: 6, sites: 2, siteEffect: 1 });
  const { ids, sites, covariates } = cohort.participants;
  const own = sites.map((site, row) => (row < ids.length - singles ? site : `alone${row}`));
  return { ...cohort, participants: makeParticipants(ids, own, covariates) };
}

describe('sites that are too small for folds', () => {
  it('are counted beside the answer: nobody tested whether they are gone', async () => {
    const audit = await auditTable(withSingles(20), combatHarmonizer({ unseen: 'estimate' }), { seeds: 1 });
    const [line] = findingLines(auditFindings(audit));
    assert.match(
      line,
      /Not tested by the probes: 20 of 22 sites, with 20 of 90 subjects, which are too small for folds\./,
    );
    const all = await auditTable(withSingles(0), combatHarmonizer(), { seeds: 1 });
    assert.doesNotMatch(findingLines(auditFindings(all))[0], /Not tested/);
  });
});

describe('who is like whom at small sites', () => {
  const sites = (small: number, count: number): { site: string; subjects: number; correlation: number }[] => [
    { site: 'large', subjects: 60, correlation: 0.98 },
    ...Array.from({ length: count }, (_, at) => ({ site: `small${at}`, subjects: 5, correlation: small })),
  ];
  const rulesOf = (count: number): (string | undefined)[] =>
    distanceRows({ perSite: sites(0.5, count), mean: 0.97 }).map(({ rule }) => rule);
  it('is shown, but ten distances of five persons are not held against a method', () => {
    assert.deepEqual(rulesOf(2), ['agreement', 'agreement', undefined, undefined]);
    const [, lowest] = distanceRows({ perSite: sites(0.5, 12), mean: 0.97 });
    assert.equal(lowest.name, 'distances within large, the lowest of 1 sites with 10 subjects or more');
    const [, none] = distanceRows({ perSite: sites(0.5, 12).slice(1), mean: 0.5 });
    assert.equal(none.rule, undefined);
    assert.equal(none.values['in-sample']?.estimate, 0.5);
  });
});
