import assert from 'node:assert/strict';
import type { audits } from '../../../sdk/index';
import { findingsOfRows } from '../../../sdk/evaluate/findings/audit-findings';
import { plotAudit } from '../../../sdk/plot/plot-audit';
import { formatRows } from '../../../sdk/evaluate/rows/format-audit';
import { auditTableHtml } from '../../../sdk/plot/html/audit-html';

const interval = (estimate: number, half = 0.02): NonNullable<audits.AuditRow['values']['raw']> => ({
  estimate,
  interval: { estimate, low: estimate - half, high: estimate + half, level: 0.95 },
});

function probe(after: number, more: Partial<audits.AuditRow> = {}): audits.AuditRow {
  return {
    id: 'site/probe/cnn',
    question: 'site',
    name: 'site identified by a CNN',
    quantity: 'balanced accuracy',
    bounds: { low: 0, high: 1 },
    direction: 'lower',
    rule: 'identification',
    share: false,
    drawn: true,
    values: { raw: interval(0.95), 'held-out': interval(after) },
    chance: { label: 'by chance', value: 0.5 },
    ...more,
  };
}

function edges(after: number): audits.AuditRow {
  return {
    ...probe(0),
    id: 'person/edges',
    question: 'person',
    rule: 'edges',
    direction: 'higher',
    chance: undefined,
    values: { 'held-out': { estimate: after } },
  };
}

function distance(after: number, raw: number): audits.AuditRow {
  return {
    ...probe(0),
    id: 'distribution/kernel',
    question: 'distribution',
    rule: 'distance',
    chance: undefined,
    values: { raw: { estimate: raw }, 'held-out': { estimate: after } },
  };
}

function truth(change: number, id = 'truth/mae'): audits.AuditRow {
  const value = { ...interval(0.1), change: interval(change, 0.01).interval };
  return {
    ...probe(0),
    id,
    question: 'truth',
    rule: 'truth',
    chance: undefined,
    quantity: 'mean absolute error',
    values: { raw: interval(0.2), 'held-out': value },
    baselines: { Nyúl: { estimate: 0.09 } },
  };
}

describe('findings of images', () => {
  const siteGrade = (...rows: audits.AuditRow[]): string => findingsOfRows(rows)[0].grade;

  it('say yes on the site from persons held out, never from figures in-sample', () => {
    assert.equal(siteGrade(probe(0.51)), 'yes');
    assert.equal(
      siteGrade(probe(0.51, { values: { raw: interval(0.95), 'in-sample': interval(0.51) } })),
      'open',
    );
    assert.equal(siteGrade(probe(0.9)), 'no');
    assert.equal(siteGrade(probe(0.6)), 'partly');
  });

  it('are inconclusive where the mask alone identifies the site as well', () => {
    const confound = { label: 'from the mask alone', value: 0.89 };
    const [site] = findingsOfRows([probe(0.88, { confound })]);
    assert.equal(site.grade, 'open');
    assert.ok(site.sentences.some((text) => text.includes('no better than from the mask alone')));
    assert.equal(siteGrade(probe(0.95, { confound })), 'no');
  });

  it('say no yes where images are farther from those of the target than raw ones', () => {
    assert.equal(siteGrade(probe(0.51), distance(0.2, 0.4)), 'yes');
    const [site] = findingsOfRows([probe(0.51), distance(0.4, 0.2)]);
    assert.equal(site.grade, 'partly');
    assert.deepEqual(site.against, ['distribution/kernel']);
  });

  it('hold blurred or moved edges against a method', () => {
    const agreement: audits.AuditRow = { ...edges(0.95), id: 'person/distances', rule: 'agreement' };
    const personGrade = (value: number): string => findingsOfRows([agreement, edges(value)])[2].grade;
    assert.deepEqual([0.95, 0.8, 0.5].map(personGrade), ['yes', 'partly', 'no']);
  });

  it('answer on the truth by paired changes, and name simple methods that do as well', () => {
    const truthOf = (...rows: audits.AuditRow[]): ReturnType<typeof findingsOfRows>[number] =>
      findingsOfRows(rows)[3];
    assert.equal(findingsOfRows([probe(0.5)]).length, 3);
    assert.equal(truthOf(truth(-0.1)).grade, 'yes');
    assert.equal(truthOf(truth(-0.1), truth(0.005, 'truth/ssim')).grade, 'partly');
    assert.equal(truthOf(truth(-0.1), truth(0.1, 'truth/ssim')).grade, 'no');
    assert.equal(truthOf(truth(0.005)).grade, 'open');
    assert.ok(
      truthOf(truth(-0.1)).sentences.includes(
        'Nyúl alone comes at least as near: mean absolute error 0.090.',
      ),
    );
  });
});

describe('rows with simple methods', () => {
  it('have a column each in text and pages, and a marker each in figures', () => {
    const row = probe(0.6, { baselines: { 'z-score': interval(0.7), '<b>': interval(0.8) } });
    assert.match(
      formatRows([row]).join('\n'),
      /raw +after, held out +z-score +<b>\n.*0\.950.*0\.600.*0\.700.*0\.800/s,
    );
    const html = auditTableHtml([row]);
    assert.ok(html.includes('z-score') && html.includes('&lt;b&gt;') && !html.includes('<b>'));
    const figure = plotAudit({
      kind: 'image-audit',
      method: 'm',
      subjects: 4,
      persons: 4,
      images: 8,
      imageSize: [8, 8],
      sites: [],
      covariates: [],
      mask: 'each',
      seed: 1,
      seeds: 1,
      folds: 3,
      network: '',
      steps: 1,
      floors: {},
      states: [],
      rows: [row],
      notes: [],
      issues: [],
    });
    const drawn = figure.data.filter(
      ({ mode, x }) => mode === 'markers' && Array.isArray(x) && x[0] !== null,
    );
    assert.deepEqual(
      drawn.map(({ x }) => x),
      [[0.95], [0.6], [0.7], [0.8]],
    );
    assert.equal(new Set(drawn.map(({ y }) => JSON.stringify(y))).size, 4);
  });
});
