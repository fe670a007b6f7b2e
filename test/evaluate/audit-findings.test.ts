import assert from 'node:assert/strict';
import type { TableAudit } from '../../sdk/evaluate/audit';
import { auditFindings } from '../../sdk/evaluate/audit-findings';
import { auditNumber, shownNumber } from '../../sdk/evaluate/audit-numbers';
import { auditRows } from '../../sdk/evaluate/audit-rows';
import { auditTableHtml } from '../../sdk/plot/audit-html';
import { plotAudit } from '../../sdk/plot/plot-audit';
import { sampleAudit } from './sample-audit';

const grades = (audit: TableAudit): string[] => auditFindings(audit).map(({ grade }) => grade);

describe('auditFindings', () => {
  it('answers from the figures in folds, not from the flattering ones', () => {
    // In-sample both probes are below chance; in folds they are above it.
    assert.deepEqual(grades(sampleAudit({ probe: 0.48 })), ['partly', 'yes', 'yes']);
    assert.equal(grades(sampleAudit({ probe: 0.34 }))[0], 'yes');
    assert.equal(grades(sampleAudit({ probe: 0.85 }))[0], 'no');
  });

  it('rests on the interval over subjects, not on the one over splits', () => {
    // 0.35 ± 0.005 over splits is above chance, 0.35 ± 0.02 over subjects is not.
    assert.equal(grades(sampleAudit({ probe: 0.34 }))[0], 'yes');
    const audit = sampleAudit({ probe: 0.34 });
    const narrow = audit.probes.map((entry) => ({ ...entry, overSubjects: entry.balancedAccuracy }));
    assert.equal(grades({ ...audit, probes: narrow })[0], 'partly');
  });

  it('does not hold against a harmonizer what the covariates alone tell of the site', () => {
    const [site] = auditFindings(sampleAudit({ probe: 0.48, floor: 0.5 }));
    assert.equal(site.grade, 'yes');
    assert.match(
      site.sentences[0],
      /0\.480 \(0\.460 to 0\.500 over subjects; chance 0\.333; 0\.500 from age, sex alone\), in-folds, from 0\.930/,
    );
    assert.ok(
      site.sentences.includes(
        'That is above chance, but no more than age, sex alone tell of the site, and these are to stay.',
      ),
    );
    assert.equal(grades(sampleAudit({ probe: 0.8, floor: 0.7 }))[0], 'partly');
  });

  it('says that a probe below chance is no success', () => {
    const [site] = auditFindings(sampleAudit());
    assert.ok(site.sentences.some((sentence) => sentence.includes('below chance')));
  });

  it('says so when in-sample figures are all there is', () => {
    const audit = sampleAudit();
    const probes = audit.probes.filter(({ protocol }) => protocol !== 'in-folds');
    const [site] = auditFindings({ ...audit, probes });
    assert.match(site.sentences[0], /in-sample/);
    assert.equal(auditFindings({ ...audit, probes: [] })[0].grade, 'open');
  });

  it('calls biology lost when predictions lose more than a tenth of their gain over guessing', () => {
    const audit = sampleAudit();
    const worse = audit.regressions.map((entry) =>
      entry.protocol === 'raw' ? entry : { ...entry, mae: { ...entry.mae, estimate: 8.6 } },
    );
    assert.equal(grades({ ...audit, regressions: worse })[1], 'partly');
    assert.equal(grades({ ...audit, regressions: worse, classifications: [] })[1], 'no');
  });

  it('gives no answer where raw data predicted nothing', () => {
    const audit = sampleAudit();
    const blind = audit.regressions.map((entry) => ({ ...entry, baselineMae: 6 }));
    assert.equal(grades({ ...audit, regressions: blind, classifications: [] })[1], 'open');
  });

  it('gives no answer on persons without enough subjects', () => {
    const distances = { perSite: [{ site: 'HH', subjects: 2, correlation: NaN }], mean: NaN };
    assert.equal(grades({ ...sampleAudit(), distances })[2], 'open');
  });
});

describe('auditRows', () => {
  it('has each figure once per state, with what guessing achieves', () => {
    const rows = auditRows(sampleAudit());
    const linear = rows.find((row) => row.measure.includes('linear probe'));
    assert.deepEqual(Object.keys(linear?.values ?? {}), ['raw', 'in-sample', 'in-folds']);
    assert.equal(linear?.chance?.value, 1 / 3);
    assert.equal(rows.filter((row) => row.question === 'person').length, 4);
  });

  it('has what the covariates alone achieve, as a row and as a mark', () => {
    const audit = sampleAudit({ floor: 0.41 });
    const [linear, floor] = auditRows(audit);
    assert.deepEqual(linear.floor, { label: 'from age, sex alone', value: 0.41 });
    assert.equal(linear.values['in-folds']?.interval?.low, 0.48 - 0.02);
    assert.equal(floor.measure, 'site named from age, sex alone, by a linear probe');
    assert.deepEqual(Object.keys(floor.values), ['raw']);
    assert.ok(auditTableHtml(audit).includes('site named from age, sex alone, by a linear probe'));
    const { data } = plotAudit(audit);
    const mark = data.find(({ name }) => name === 'from age, sex alone');
    assert.deepEqual(mark?.['x'], [0.41, 0.41, null, 0.41, 0.41, null]);
    assert.ok(data.some(({ name }) => name === 'from covariates alone'));
    const bare = plotAudit({ ...audit, floor: [] });
    assert.ok(!bare.data.some(({ name }) => name === 'from covariates alone'));
  });

  it('sums up the sites where there are many', () => {
    const sites = Array.from({ length: 20 }, (_, i) => `s${i}`);
    const person = auditRows(sampleAudit({ sites })).filter((row) => row.question === 'person');
    assert.equal(person.length, 2);
    assert.match(person[1].measure, /s19, the lowest of 20 sites/);
  });

  it('writes numbers short, with intervals, and escapes names', () => {
    const share = { ...auditRows(sampleAudit())[0], share: true };
    const interval = { estimate: 0.48, low: 0.45, high: 0.51, level: 0.95 };
    assert.equal(auditNumber(share, { estimate: 0.48, interval }), '48 % (45 to 51 %)');
    assert.equal(auditNumber(share, undefined), '–');
    assert.equal(shownNumber(6.6512), '6.65');
    assert.equal(shownNumber(NaN), 'n/a');
    const html = auditTableHtml(sampleAudit({ sites: ['<script>', 'B'] }));
    assert.ok(html.includes('&lt;script&gt;') && !html.includes('<script>'));
  });
});
