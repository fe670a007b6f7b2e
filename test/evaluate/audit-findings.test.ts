import assert from 'node:assert/strict';
import type { Interval, TableAudit } from '../../sdk/evaluate/audit';
import { findingLines } from '../../sdk/evaluate/findings/audit-finding';
import { whyInconclusive } from '../../sdk/evaluate/rows/inconclusive';
import { auditFindings } from '../../sdk/evaluate/findings/audit-findings';
import { auditNumber, shownNumber } from '../../sdk/evaluate/rows/audit-numbers';
import { quantityText } from '../../sdk/evaluate/rows/audit-row';
import { auditRows } from '../../sdk/evaluate/rows/audit-rows';
import { auditToJson } from '../../sdk/evaluate/rows/audit-json';
import { formatAudit } from '../../sdk/evaluate/rows/format-audit';
import { auditTableHtml } from '../../sdk/plot/html/audit-html';
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

  it('is inconclusive where no probe finds the site in raw data, or each names one site for everybody', () => {
    const audit = sampleAudit({ probe: 0.34 });
    const blind = audit.probes.map((entry) =>
      entry.protocol === 'raw' ? { ...entry, overSubjects: { ...entry.overSubjects, low: 0.3 } } : entry,
    );
    const [site] = auditFindings({ ...audit, probes: blind });
    assert.equal(site.grade, 'open');
    assert.ok(site.sentences.some((text) => text.includes('does not identify the site in raw data')));
    const lazy = audit.probes.map((entry) => ({ ...entry, oneAnswer: entry.protocol === 'raw' ? 0 : 1 }));
    assert.equal(grades({ ...audit, probes: lazy })[0], 'open');
    // One probe that sees is enough.
    const half = lazy.map((entry) => (entry.probe === 'linear' ? { ...entry, oneAnswer: 0 } : entry));
    assert.equal(grades({ ...audit, probes: half })[0], 'yes');
  });

  it('does not call the site gone while a test finds a feature that differs between sites', () => {
    const [site] = auditFindings(withQ({ levene: 0.01 }));
    assert.equal(site.grade, 'partly');
    assert.deepEqual(site.against, ['site/test/levene']);
    assert.match(site.sentences.at(-1) ?? '', /What speaks against a yes: features that differ in spread/);
  });

  /** Probes at chance, and tests of which each finds one feature with a q or none. */
  function withQ(least: Partial<Record<'anova' | 'kruskal' | 'levene', number>>): TableAudit {
    const audit = sampleAudit({ probe: 0.34 });
    const tests = audit.tests
      .filter(({ protocol }) => protocol !== 'in-folds')
      .map((entry): TableAudit['tests'][number] => {
        if (entry.protocol !== 'in-sample') return entry;
        const [first, ...rest] = entry.features;
        const found = { ...first };
        const significant = { ...entry.significant };
        for (const test of ['anova', 'kruskal', 'levene'] as const) {
          const q = least[test];
          if (q === undefined) continue;
          found[test] = { ...first[test], q };
          significant[test] = Number(q < entry.alpha);
        }
        return { ...entry, features: [found, ...rest], significant };
      });
    return { ...audit, tests };
  }

  it('does not hold against a harmonizer what one of three tests finds by chance, and says so', () => {
    const [alone] = auditFindings(withQ({ levene: 0.03 }));
    assert.equal(alone.grade, 'yes');
    assert.deepEqual(alone.against, []);
    assert.equal(
      alone.sentences.find((text) => text.includes('not counted')),
      'Beside the answer: features that differ in spread (Brown–Forsythe): 1 of 62, which is not counted, since with 3 kinds of figures ' +
        'one of them is as far from none by chance in up to 9.0 % of tables whose sites do not differ.',
    );
    assert.match(findingLines([alone])[0], /Yes\. .*not counted/);
    // Two tests of means count as one, which is below 0.05 / 3; alone the smaller would be twice as much.
    assert.deepEqual(auditFindings(withQ({ anova: 0.016, kruskal: 0.01 }))[0].against, [
      'site/test/anova',
      'site/test/kruskal',
    ]);
    assert.deepEqual(auditFindings(withQ({ anova: 0.01 }))[0].against, []);
    assert.deepEqual(auditFindings(withQ({ anova: 0.008 }))[0].against, ['site/test/anova']);
    // Means and spread, each below 0.05 / 2.
    assert.equal(auditFindings(withQ({ anova: 0.024, kruskal: 0.02, levene: 0.02 }))[0].grade, 'partly');
  });

  it('weighs what probes find with what tests find', () => {
    const near = (probe: number): TableAudit => ({ ...withQ({}), probes: sampleAudit({ probe }).probes });
    // The RBF probe, one of two, is 0.0215 above chance, half-width 0.02: 2.107 deviations, p 0.0176, and twice that is above 0.05 / 3.
    const [site] = auditFindings(near(1 / 3 + 0.0115));
    assert.equal(site.grade, 'yes');
    const beside = site.sentences.filter((text) => text.includes('not counted'));
    assert.equal(beside.length, 1);
    assert.match(beside[0], /RBF probe: 0.355 \(0.335 to 0.375\), .* in up to 11 % of tables/);
    // 0.026 is 2.55 deviations, p 0.0054.
    assert.deepEqual(auditFindings(near(1 / 3 + 0.016))[0].against, ['site/probe/rbf']);
  });

  it('does not hold against a harmonizer how well the covariates alone identify the site', () => {
    const [site] = auditFindings(sampleAudit({ probe: 0.48, floor: 0.5 }));
    assert.equal(site.grade, 'yes');
    assert.match(
      site.sentences[0],
      /balanced accuracy: 0\.480 \(0\.460 to 0\.500\), in folds; 0\.930 raw, 0\.333 by chance, 0\.500 from age, sex alone/,
    );
    assert.ok(
      site.sentences.includes(
        'That is above chance, but no better than from age, sex alone, and these covariates are meant to stay.',
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

  const changed = (
    audit: TableAudit,
    scheme: string,
    protocol: string,
    mae: Partial<Interval>,
    change?: Interval,
  ): TableAudit => ({
    ...audit,
    regressions: audit.regressions.map((entry) =>
      entry.scheme === scheme && entry.protocol === protocol
        ? { ...entry, mae: { ...entry.mae, ...mae }, ...(change === undefined ? {} : { change }) }
        : entry,
    ),
  });
  const ageError = 'biology/age/leave-one-site-out/error';

  it('does not say yes while a figure in folds is worse than raw beyond its interval, and names it', () => {
    // IXI, age at sites left out: 7.82 (7.37 to 8.34) raw, 8.51 (8.07 to 8.99) in folds, the mean 14.7.
    const raw = changed(sampleAudit(), 'leave-one-site-out', 'raw', {
      estimate: 7.82,
      low: 7.37,
      high: 8.34,
    });
    const ixi = changed(raw, 'leave-one-site-out', 'in-folds', { estimate: 8.51, low: 8.07, high: 8.99 });
    const [, biology] = auditFindings(ixi);
    assert.equal(biology.grade, 'partly');
    assert.deepEqual(biology.against, [ageError]);
    assert.match(biology.sentences.at(-1) ?? '', /against a yes: age predicted at sites left out/);
  });

  it('compares on the same participants where it can: a small change that is sure speaks against a yes', () => {
    const sure = { estimate: 0.15, low: 0.05, high: 0.25, level: 0.95 };
    const unsure = { ...sure, low: -0.05 };
    const mae = { estimate: 7.55, low: 7.1, high: 8 };
    const raw = changed(sampleAudit(), 'leave-one-site-out', 'raw', { estimate: 7.4, low: 6.9, high: 7.9 });
    const audit = (change: Interval): TableAudit =>
      changed(raw, 'leave-one-site-out', 'in-folds', mae, change);
    assert.deepEqual(auditFindings(audit(sure))[1].against, [ageError]);
    assert.ok(
      auditFindings(audit(sure))[1].sentences.some((text) => /by \+0\.15 years \(\+0\.05 to/.test(text)),
    );
    assert.equal(grades(audit(unsure))[1], 'yes');
  });

  it('minds the direction: of a classification less is worse, and better is never held against it', () => {
    const audit = sampleAudit();
    const sex = (estimate: number): TableAudit => ({
      ...audit,
      classifications: audit.classifications.map((entry) =>
        entry.protocol === 'in-folds' && entry.scheme === 'within-site'
          ? { ...entry, auc: { ...entry.auc, estimate, low: estimate - 0.03, high: estimate + 0.03 } }
          : entry,
      ),
    });
    assert.deepEqual(auditFindings(sex(0.74))[1].against, ['biology/sex/within-site/auc']);
    assert.equal(grades(sex(0.9))[1], 'yes');
    assert.equal(
      grades(changed(audit, 'within-site', 'in-folds', { estimate: 5, low: 4.8, high: 5.2 }))[1],
      'yes',
    );
  });

  it('is inconclusive on biology where in-sample figures are all there is, unless they are worse', () => {
    const audit = sampleAudit();
    const only = {
      ...audit,
      regressions: audit.regressions.filter(({ protocol }) => protocol !== 'in-folds'),
      classifications: audit.classifications.filter(({ protocol }) => protocol !== 'in-folds'),
    };
    const [, biology] = auditFindings(only);
    assert.equal(biology.grade, 'open');
    assert.match(biology.sentences.at(-1) ?? '', /In-sample figures alone cannot answer this/);
    assert.equal(
      grades(changed(only, 'within-site', 'in-sample', { estimate: 13, low: 12, high: 14 }))[1],
      'partly',
    );
  });

  it('says what it rests on where only some predictions are there in folds', () => {
    const audit = sampleAudit();
    const some = {
      ...audit,
      regressions: audit.regressions.filter(
        ({ protocol, scheme }) => protocol !== 'in-folds' || scheme === 'within-site',
      ),
    };
    const [, biology] = auditFindings(some);
    assert.equal(biology.grade, 'yes');
    assert.ok(
      biology.sentences.some((text) => /Not available in folds: age predicted at sites left out/.test(text)),
    );
  });

  it('does not say yes while the share of variance of a covariate fell', () => {
    const audit = sampleAudit();
    const fallen = audit.variance.map((entry) =>
      entry.source === 'age' && entry.protocol !== 'raw' ? { ...entry, median: 0.1 } : entry,
    );
    const [, biology] = auditFindings({ ...audit, variance: fallen });
    assert.deepEqual([biology.grade, biology.against], ['partly', ['biology/age/variance']]);
  });

  it('does not say that persons are kept while those of one site are not', () => {
    const { distances, ...rest } = sampleAudit();
    const perSite = distances.perSite.map((entry, i) => (i === 1 ? { ...entry, correlation: 0.5 } : entry));
    const [, , person] = auditFindings({ ...rest, distances: { perSite, mean: 0.93 } });
    assert.deepEqual([person.grade, person.against], ['partly', ['person/distances/HH']]);
  });

  it('says which prediction is inconclusive beside a yes that rests on others, as comparisons do', () => {
    const audit = sampleAudit();
    // Sex at chance before and after, age predicted as well as before.
    const guessed = audit.classifications.map((entry) => ({
      ...entry,
      auc: { ...entry.auc, estimate: 0.51, low: 0.44, high: 0.58 },
    }));
    const mixed = { ...audit, classifications: guessed };
    const [, biology] = auditFindings(mixed);
    assert.equal(biology.grade, 'yes');
    const line = findingLines([biology])[0];
    assert.match(
      line,
      /sex.*: inconclusive, since it is predicted no better than by guessing, on raw data and/i,
    );
    // The same reason as in a comparison, whose rule it is.
    const row = auditRows(mixed).find(({ id }) => id === 'biology/sex/within-site/auc');
    assert.ok(row?.values.raw !== undefined && row.values['in-folds'] !== undefined);
    assert.match(whyInconclusive(row, row.values.raw, row.values['in-folds']) ?? '', /by guessing/);
    assert.doesNotMatch(findingLines(auditFindings(audit))[1], /inconclusive/);
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
    const linear = rows.find((row) => row.id === 'site/probe/linear');
    assert.deepEqual(Object.keys(linear?.values ?? {}), ['raw', 'in-sample', 'in-folds']);
    assert.equal(linear?.chance?.value, 1 / 3);
    assert.equal(rows.filter((row) => row.question === 'person').length, 4);
  });

  it('has what the covariates alone achieve, as a row and as a mark', () => {
    const audit = sampleAudit({ floor: 0.41 });
    const [linear, floor] = auditRows(audit);
    assert.deepEqual(linear.floor, { label: 'from age, sex alone', value: 0.41 });
    assert.equal(linear.values['in-folds']?.interval?.low, 0.48 - 0.02);
    assert.equal(floor.name, 'site identified by a linear probe from age, sex alone');
    assert.deepEqual(Object.keys(floor.values), ['raw']);
    assert.ok(auditTableHtml(auditRows(audit)).includes(floor.name));
    const { data } = plotAudit(audit);
    const mark = data.find(({ name }) => name === 'from age, sex alone');
    assert.deepEqual(mark?.['x'], [0.41, 0.41, null, 0.41, 0.41, null]);
    assert.ok(data.some(({ name }) => name === 'from covariates alone'));
    const bare = plotAudit({ ...audit, floor: [] });
    assert.ok(!bare.data.some(({ name }) => name === 'from covariates alone'));
  });

  it('has ids that are its own, and names, quantities, bounds and directions for all', () => {
    const rows = auditRows(sampleAudit({ sites: ['a/b', 'a', 'lowest'] }));
    assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
    for (const { name, quantity, bounds, direction, values } of rows) {
      assert.ok(name !== '' && quantity !== '' && ['lower', 'higher', 'unchanged'].includes(direction));
      for (const { estimate } of Object.values(values)) {
        assert.ok(estimate >= (bounds.low ?? -Infinity) && estimate <= (bounds.high ?? Infinity), name);
      }
    }
  });

  it('gives the same numbers to text, table, figure, view and JSON', () => {
    const audit = sampleAudit({ floor: 0.41 });
    const rows = auditRows(audit);
    const text = formatAudit(audit).split('\n');
    const html = auditTableHtml(rows);
    const hovers = plotAudit(audit).data.flatMap(({ text: hover }) => (hover ?? []) as string[]);
    const json = auditToJson(audit)['rows'] as { id: string; values: Record<string, { estimate: number }> }[];
    assert.equal(json.length, rows.length);
    rows.forEach((row, at) => {
      assert.equal(json[at].id, row.id);
      const shown = Object.values(row.values).map((value) => auditNumber(row, value));
      const line = text.find((own) => own.startsWith(`  ${row.name}, ${quantityText(row)}`)) ?? '';
      const cells = html.split('<tr').find((own) => own.includes(`data-figure="${row.id}"`)) ?? '';
      assert.deepEqual(line.slice(4).split(/ {2,}/).slice(1), shown, row.id);
      for (const number of shown) {
        assert.ok(cells.includes(`>${number}</td>`), `${row.id}: ${number}`);
        if (row.drawn)
          assert.ok(hovers.some((hover) => hover.startsWith(row.name) && hover.endsWith(number)));
      }
      for (const [protocol, value] of Object.entries(row.values)) {
        assert.equal(json[at].values[protocol].estimate, value.estimate);
      }
    });
  });

  it('sums up the sites where there are many', () => {
    const sites = Array.from({ length: 20 }, (_, i) => `s${i}`);
    const person = auditRows(sampleAudit({ sites })).filter((row) => row.question === 'person');
    assert.equal(person.length, 2);
    assert.match(person[1].name, /s19, the lowest of 20 sites/);
  });

  it('writes numbers short, with intervals, and escapes names', () => {
    const share = { ...auditRows(sampleAudit())[0], share: true };
    const interval = { estimate: 0.48, low: 0.45, high: 0.51, level: 0.95 };
    assert.equal(auditNumber(share, { estimate: 0.48, interval }), '48 % (45 to 51 %)');
    assert.equal(auditNumber(share, undefined), '–');
    assert.equal(shownNumber(6.6512), '6.65');
    assert.equal(shownNumber(NaN), 'n/a');
    const html = auditTableHtml(auditRows(sampleAudit({ sites: ['<script>', 'B'] })));
    assert.ok(html.includes('&lt;script&gt;') && !html.includes('<script>'));
  });
});
