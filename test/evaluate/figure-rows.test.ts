import assert from 'node:assert/strict';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort } from '../../sdk/data/cohort';
import { makeParticipants } from '../../sdk/data/people/participants';
import type { TableAudit } from '../../sdk/evaluate/audit';
import { auditFindings } from '../../sdk/evaluate/findings/audit-findings';
import type { AuditRow } from '../../sdk/evaluate/rows/audit-row';
import { auditRows } from '../../sdk/evaluate/rows/audit-rows';
import { auditToJson } from '../../sdk/evaluate/rows/audit-json';
import { evaluateTable } from '../../sdk/evaluate/evaluate-table';
import { formatAudit } from '../../sdk/evaluate/rows/format-audit';
import { siteScaling } from '../../sdk/baselines/site-scaling';
import { makeRandom } from '../../sdk/math/random';
import { randomCohort } from './audit-cohorts';

const raw = randomCohort({
  seed: 3,
  subjects: 120,
  features: 5,
  sites: 3,
  siteEffect: 1,
  ageEffect: 0.5,
});

describe('rows on differences between sites', () => {
  let audit: TableAudit;
  let rows: readonly AuditRow[];
  before(async () => {
    const harmonizer = siteScaling();
    const after = await harmonizer.apply(await harmonizer.fit(raw), raw);
    audit = await evaluateTable(raw, after, { seeds: 1, covariates: ['age'] });
    rows = auditRows(audit);
  });
  const row = (id: string): AuditRow => {
    const found = rows.find((own) => own.id === id);
    assert.ok(found, id);
    return found;
  };
  const values = (id: string): number[] => Object.values(row(id).values).map(({ estimate }) => estimate);

  it('has Cohen’s d by its formula, before and after, per pair and in the median', () => {
    // d = |m₁ − m₂| / √(((n₁ − 1) s₁² + (n₂ − 1) s₂²) / (n₁ + n₂ − 2)), computed here on the raw values.
    const column = (site: string, k: number): number[] =>
      raw.participants.sites.flatMap((own, i) => (own === site ? [raw.features.values[i * 5 + k]] : []));
    const moments = (site: string, k: number): [number, number] => {
      const own = column(site, k);
      const center = own.reduce((sum, value) => sum + value, 0) / own.length;
      return [center, own.reduce((sum, value) => sum + (value - center) ** 2, 0)];
    };
    const pairs = [
      ['site0', 'site1'],
      ['site0', 'site2'],
      ['site1', 'site2'],
    ];
    const all = pairs.flatMap(([a, b]) =>
      Array.from({ length: 5 }, (_, k) => {
        const [[ma, sa], [mb, sb]] = [moments(a, k), moments(b, k)];
        return Math.abs(ma - mb) / Math.sqrt((sa + sb) / 78);
      }),
    );
    const [before, after] = values('site/cohen-d/median');
    assert.ok(Math.abs(before - [...all].sort((a, b) => a - b)[7]) < 1e-10);
    assert.ok(Math.abs(values('site/cohen-d/largest')[0] - Math.max(...all)) < 1e-10);
    // Every site was brought to one mean.
    assert.ok(after < 1e-10);
    assert.equal(rows.filter(({ id }) => id.startsWith('site/cohen-d/pair/')).length, 3);
  });

  it('has distances and components, adjusted too, smaller after', () => {
    for (const id of ['site/mahalanobis/median', 'site/components']) {
      for (const note of ['', '/adjusted']) {
        const [before, after] = values(id + note);
        assert.ok(after < before / 3, `${id}${note}: ${before} ${after}`);
      }
      assert.ok(Number.isFinite(row(id).chance?.value));
    }
    assert.equal(rows.filter(({ id }) => id.startsWith('site/mahalanobis/pair/')).length, 3);
    assert.equal(rows.filter(({ id }) => /^site\/component\/\d$/.test(id)).length, 2);
  });

  it('leaves details to the report and to JSON', () => {
    const text = formatAudit(audit);
    assert.ok(text.includes(row('site/cohen-d/median').name));
    assert.ok(!text.includes(row('site/mahalanobis/pair/site0/site1').name));
    const json = auditToJson(audit)['rows'] as { id: string }[];
    assert.deepEqual(
      json.map(({ id }) => id),
      rows.map(({ id }) => id),
    );
    assert.equal(rows.filter(({ id }) => id.startsWith('person/icc')).length, 0);
  });
});

describe('rows on differences between many sites', () => {
  it('sum up the pairs, and name those farthest apart', async () => {
    const many = randomCohort({ seed: 3, subjects: 84, features: 4, sites: 7, siteEffect: 1 });
    const rows = auditRows(await evaluateTable(many, many, { seeds: 1, covariates: [] }));
    const pairs = rows.filter(({ id }) => id.includes('/pair/'));
    assert.equal(pairs.length, 2);
    assert.match(
      pairs[1].name,
      /^distance between site\d and site\d, farthest apart of 21 pairs in raw data$/,
    );
    assert.ok(!rows.some(({ id }) => id.endsWith('/adjusted')));
  });
});

describe('rows on persons with several scans', () => {
  /** Forty persons, two scans each, one at each of two sites; a scan differs from the person by `noise`. */
  const travelers = (noise: number): FeatureCohort => {
    const random = makeRandom(11);
    const ids = Array.from({ length: 80 }, (_, i) => `s${i}`);
    const persons = ids.map((_, i) => `p${i >> 1}`);
    const values = new Float64Array(80 * 4);
    for (let person = 0; person < 40; person++) {
      for (let k = 0; k < 4; k++) {
        const own = 10 + random.normal();
        for (const scan of [0, 1]) values[(2 * person + scan) * 4 + k] = own + noise * random.normal();
      }
    }
    const sites = ids.map((_, i) => `site${i % 2}`);
    return makeFeatureCohort(makeParticipants(ids, sites, [], { persons }), {
      values,
      subjects: ids,
      features: ['a', 'b', 'c', 'd'],
    });
  };

  it('has ICC, order and variability, and does not call persons kept who became less alike', async () => {
    const audit = await evaluateTable(travelers(0.3), travelers(1), { seeds: 1 });
    const rows = auditRows(audit);
    const values = (id: string): number[] =>
      Object.values(rows.find((own) => own.id === id)?.values ?? {}).map(({ estimate }) => estimate);
    // Variance between persons over all variance: 1 / (1 + 0.09) = 0.92 and 1 / 2 = 0.5; with 40 persons the standard
    // error of the latter is about 0.12 in one feature (Fisher: (1 − ρ²) / √(n − 1)), and this is the median of four.
    const [before, after] = values('person/icc');
    assert.ok(Math.abs(before - 0.917) < 0.06, `${before}`);
    assert.ok(Math.abs(after - 0.5) < 0.25, `${after}`);
    const [orderBefore, orderAfter] = values('person/order');
    assert.ok(orderBefore > 0.8 && orderAfter < orderBefore);
    const [steady, shaky] = values('person/variability');
    // The within-person deviation over the mean: 0.3 / 10.
    assert.ok(Math.abs(steady - 0.03) < 0.01 && shaky > steady, `${steady}`);
    const [, , person] = auditFindings(audit);
    assert.notEqual(person.grade, 'yes');
    assert.ok(person.against.includes('person/icc'));
  });
});
