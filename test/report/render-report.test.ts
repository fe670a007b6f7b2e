import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import vm from 'node:vm';
import { gunzipSync } from 'node:zlib';
import { applyCombat } from '../../sdk/combat/apply-combat';
import { fitCombat } from '../../sdk/combat/fit-combat';
import { makeIssue } from '../../sdk/data/issue';
import { ConcordError } from '../../sdk/errors';
import { harmonizationReport } from '../../sdk/report/harmonization-report';
import { renderReport } from '../../sdk/report/page/render-report';
import type { ReportContent } from '../../sdk/report/report-content';
import { writeReport } from '../../sdk/report/write-report';
import { sampleAudit } from '../evaluate/sample-audit';
import { smallCohort } from '../support/small-cohort';

const nasty = '</script><script>alert(1)</script>';

async function content(): Promise<ReportContent> {
  const before = smallCohort({ sizes: { [nasty]: 12, B: 11, C: 13 } });
  const model = await fitCombat(before, { preserve: ['age'] });
  const after = await applyCombat(model, before);
  const audit = sampleAudit({ sites: [nasty, 'B', 'C'] });
  return harmonizationReport({ before, after, model, audit }, { source: `${nasty}.csv`, unit: '<mm>' });
}

describe('harmonizationReport', () => {
  it('lists an issue once that the model, the cohort and the audit all carry', async () => {
    const before = smallCohort();
    const model = await fitCombat(before);
    const shared = makeIssue('small-site', 'site "A" has 2 subjects', { site: 'A' });
    const after = { ...(await applyCombat(model, before)), issues: [shared] };
    const audit = { ...sampleAudit(), issues: [shared] };
    const report = harmonizationReport({ before, after, model: { ...model, issues: [shared] }, audit });
    assert.deepEqual(report.issues, [shared]);
  });
});

describe('report', () => {
  let report: ReportContent;
  let html: string;

  before(async () => {
    report = await content();
    html = renderReport(report, 'window.fake = 1;');
  });

  it('escapes every text of the user, in markup and in scripts', () => {
    assert.ok(!html.includes(nasty));
    assert.ok(html.includes('&lt;/script&gt;&lt;script&gt;alert(1)'));
    // As many scripts as the page itself puts there: source and loader of Plotly, what runs in the page, one for each figure and
    // table, and for the feature that is picked its figures and what those of others have.
    const closed = html.match(/<\/script>/g)?.length;
    const picked = report.picker?.features[0].figures.length ?? 0;
    assert.equal(closed, 3 + report.figures.length + (report.tables?.length ?? 0) + picked + 1);
  });

  it('holds all it needs: nothing is fetched', () => {
    assert.ok(!/(src|href)\s*=\s*"(?!#)/.test(html));
    assert.match(html, /default-src 'none'/);
    assert.ok(!/https?:\/\//.test(html));
  });

  it('carries plotly once, as it came', () => {
    const packed = [...html.matchAll(/class="concord-plotly-source">([^<]*)</g)];
    assert.equal(packed.length, 1);
    assert.equal(gunzipSync(Buffer.from(packed[0][1], 'base64')).toString(), 'window.fake = 1;');
  });

  it('has scripts that parse and figures that survive the trip', () => {
    const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((match) => match[1]);
    for (const script of scripts) assert.doesNotThrow(() => new vm.Script(script));
    const texts = [...html.matchAll(/<script type="application\/json">(.*?)<\/script>/g)].map(
      ([, text]) => text,
    );
    assert.deepEqual(
      texts.map((text) => (JSON.parse(text) as { figure: unknown }).figure),
      [...(report.picker?.features[0].figures ?? []), ...report.figures].map(({ figure }) => figure),
    );
  });

  it('says what was done, what came of it, and which column to read', () => {
    for (const part of [
      '36',
      '<dt>Preserves</dt><dd>age</dd>',
      'Is the site gone?',
      'Partly',
      'in folds',
      'read this column',
    ]) {
      assert.ok(html.includes(part), part);
    }
    assert.match(html, /In-sample figures flatter the method/);
    assert.ok(html.includes('applyCombat'));
    assert.match(html, /<noscript>/);
    assert.match(html, /prefers-color-scheme:\s*dark/);
  });

  it('lists issues, warnings first, and counts those it leaves out', () => {
    const issues = [
      ...Array.from({ length: 150 }, (_, i) => makeIssue('missing-cells', `cell ${i}`)),
      makeIssue('constant-feature', 'feature f7 is constant', { feature: 'f7', file: '/home/x/table.csv' }),
    ];
    const page = renderReport({ ...report, issues }, '');
    assert.ok(page.indexOf('feature f7 is constant') < page.indexOf('cell 0'));
    assert.match(page, /51 more not listed: 51 × missing-cells/);
    assert.match(page, /feature f7, file table\.csv/);
  });

  it('is the same bytes for the same content, and does without an audit', async () => {
    assert.equal(renderReport(await content(), 'window.fake = 1;'), html);
    assert.equal(renderReport(await content(), Buffer.from('window.fake = 1;')), html);
    assert.ok(!renderReport({ ...report, audit: undefined }, '').includes('Verdict'));
  });
});

describe('writeReport', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'concord-report-'));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('writes one file with plotly in it, and overwrites only when asked', async () => {
    const path = join(folder, 'report.html');
    const report = await content();
    await writeReport(report, path);
    assert.ok((await stat(path)).size > 1e6);
    const packed = /class="concord-plotly-source">([^<]*)</.exec(await readFile(path, 'utf8'))?.[1] ?? '';
    assert.match(gunzipSync(Buffer.from(packed, 'base64')).toString().slice(0, 100), /plotly\.js v\d/);
    await assert.rejects(
      writeReport(report, path),
      (error) => error instanceof ConcordError && error.code === 'file-exists',
    );
    await writeReport(report, path, { overwrite: true });
  });
});
