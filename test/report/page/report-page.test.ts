import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Browser, Download, Page } from 'playwright-core';
import { applyCombat } from '../../../sdk/combat/apply-combat';
import { combatHarmonizer } from '../../../sdk/combat/combat-harmonizer';
import { fitCombat } from '../../../sdk/combat/fit-combat';
import type { TableAudit } from '../../../sdk/evaluate/audit';
import { auditTable } from '../../../sdk/evaluate/audit-table';
import { featureResults } from '../../../sdk/report/feature-results';
import { harmonizationReport } from '../../../sdk/report/harmonization-report';
import type { ReportContent } from '../../../sdk/report/report-content';
import { scansReport } from '../../../sdk/report/scans-report';
import { writeReport } from '../../../sdk/report/write-report';
import { preprocess } from '../../../sdk/preprocess/preprocess';
import { steps } from '../../../sdk/steps';
import { browserOrSkip } from '../../support/browser';
import { contractVolumes } from '../../support/contract-cohorts';
import {
  coveredTexts,
  lookAt,
  looks,
  openReport,
  startPageBrowser,
  tooWide,
  violations,
} from '../../support/report-page';
import { smallCohort } from '../../support/small-cohort';
import { temporaryFolder } from '../../support/temporary-folder';

describe('a report in a browser', () => {
  const folder = temporaryFolder();
  let browser: Browser | undefined;
  let page: Page;
  let errors: readonly string[];
  let content: ReportContent;
  let audit: TableAudit;
  let model: Awaited<ReturnType<typeof fitCombat>>;

  before(async function () {
    await browserOrSkip(this);
    const raw = smallCohort({ features: 18, sizes: { A: 14, B: 11 } });
    model = await fitCombat(raw, { preserve: ['age'] });
    const after = await applyCombat(model, raw);
    audit = await auditTable(raw, combatHarmonizer({ preserve: ['age'] }), { after, seeds: 1 });
    content = harmonizationReport({ before: raw, after, model, audit }, { unit: 'mm' });
    await writeReport(content, folder.path('table.html'));
    browser = await startPageBrowser();
    ({ page, errors } = await openReport(browser, folder.path('table.html')));
  });
  after(() => browser?.close());

  const click = (selector: string): Promise<void> => page.locator(selector).first().click();
  const ask = (expression: string): Promise<unknown> => page.evaluate(expression);
  const downloaded = async (selector: string): Promise<{ readonly name: string; readonly bytes: Buffer }> => {
    const [file]: [Download, void] = await Promise.all([page.waitForEvent('download'), click(selector)]);
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
  };

  it('has nothing that axe-core finds wrong, in light and dark, on a screen and on a telephone', async () => {
    for (const look of looks) {
      await lookAt(page, look);
      assert.deepEqual(await violations(page), [], JSON.stringify(look));
    }
  });

  it('is not wider than a telephone, and no text of a figure is covered or cut off there', async () => {
    await lookAt(page, looks[2]);
    assert.deepEqual(await tooWide(page), []);
    assert.deepEqual(await coveredTexts(page), []);
    await lookAt(page, looks[0]);
    assert.deepEqual(await coveredTexts(page), []);
  });

  it('sorts by keys, and says so', async () => {
    const header = page.locator('#table-features-rows thead th:nth-child(2) button');
    await header.focus();
    await page.keyboard.press('Enter');
    const shares = featureResults(audit, { model }).map((row) => Number(row['site_F_before']));
    const [least] = shares.sort((a, b) => a - b);
    const cell = '#table-features-rows tbody td';
    assert.ok(Math.abs(Number(await page.locator(cell).first().textContent()) - least) < 1e-3 * least);
    const sorted = `document.querySelector('#table-features-rows thead th:nth-child(2)').ariaSort`;
    assert.equal(await ask(sorted), 'ascending');
    await page.keyboard.press('Space');
    assert.equal(await ask(sorted), 'descending');
  });

  it('hands out every number of the features as a file, with every digit', async () => {
    const { name, bytes } = await downloaded('#table-features-rows button:text("Download CSV")');
    assert.equal(name, 'features.csv');
    const [columns, ...lines] = bytes
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    const results = featureResults(audit, { model });
    assert.deepEqual(columns, Object.keys(results[0]));
    assert.equal(lines.length, 18);
    for (const [feature, ...cells] of lines) {
      const own = results.find((row) => row.feature === feature) ?? assert.fail(feature);
      cells.forEach((cell, k) =>
        assert.equal(cell === '' ? NaN : Number(cell), own[columns[k + 1]], columns[k + 1]),
      );
    }
  });

  it('shows the feature that is picked in all figures of one feature, and marks it in the others', async () => {
    const { features = [] } = content.picker ?? {};
    const { name, figures } = features[features.length - 1];
    assert.equal(features.length, 18);
    await page.locator('.picker select').selectOption(name);
    await page.waitForFunction(
      `document.getElementById('picked-2').textContent.includes(${JSON.stringify(name)})`,
    );
    const shown = (await ask(
      `Array.from(document.querySelectorAll('#picked-1, #picked-2'), (title) => title.closest('figure').querySelector('.concord-figure').data)`,
    )) as readonly (readonly { readonly y: readonly number[] }[])[];
    assert.deepEqual(
      shown.map((traces) => traces.map(({ y }) => y)),
      figures.map(({ figure }) => figure.data.map((trace) => trace['y'])),
    );
    const marked = `Array.from(document.querySelectorAll('figure[data-name^="slopes"] .concord-figure'), (figure) => figure.data.find((trace) => trace.selectedpoints)).map((trace) => trace.text[trace.selectedpoints[0]])`;
    assert.deepEqual(await ask(marked), ['f', 's'].map(() => name).slice(0, audit.slopes.length));
    assert.equal(await ask(`document.querySelectorAll('.concord-plotly-source').length`), 1);
  });

  it('hands out figures as SVG and PNG, and the numbers that they show', async () => {
    const svg = await downloaded('figure[data-name="variance"] button:text("SVG")');
    assert.equal(svg.name, 'variance.svg');
    assert.match(svg.bytes.toString('utf8'), /^<svg[^]*How much does the site explain/);
    const png = await downloaded('figure[data-name="variance"] button:text("PNG")');
    assert.deepEqual([...png.bytes.subarray(1, 4)], [...Buffer.from('PNG')]);
    const numbers = await downloaded('figure[data-name="variance"] button:text("Numbers")');
    assert.match(
      numbers.bytes.toString('utf8'),
      /^series,x axis,y axis,y,lowerfence,q1,median,q3,upperfence\n/,
    );
    const target = await page.locator('figure[data-name="variance"] figcaption a').getAttribute('href');
    assert.equal(await ask(`document.querySelector('${String(target)}').tagName`), 'H2');
  });

  it('can be walked through by keys: past the contents, and to each part', async () => {
    await ask(`document.activeElement.blur(); scrollTo(0, 0)`);
    await page.locator('.skip').focus();
    await page.keyboard.press('Enter');
    assert.equal(await ask(`document.activeElement.id`), 'content');
    const ids = (await ask(
      `Array.from(document.querySelectorAll('.contents a'), (link) => link.hash.slice(1))`,
    )) as readonly string[];
    assert.equal(ids.length, new Set(ids).size);
    for (const id of ids) assert.ok(await ask(`document.getElementById('${id}') !== null`), id);
    const levels = (await ask(
      `Array.from(document.querySelectorAll('h1, h2, h3'), ({ tagName }) => Number(tagName[1]))`,
    )) as readonly number[];
    levels.slice(1).forEach((level, k) => assert.ok(level <= levels[k] + 1));
  });

  it('copies the methods with what they cite', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await click('.copy');
    await page.waitForFunction(`document.querySelector('.copied').textContent !== ''`);
    const text = String(await ask('navigator.clipboard.readText()'));
    assert.ok(text.includes('25 participants at 2 sites (A, n = 14; B, n = 11)'), text);
    assert.ok(text.includes('doi:10.1093/biostatistics/kxj037'));
  });

  it('loses nothing on paper: folded parts are open, tables whole, figures narrow and dark on white', async () => {
    await lookAt(page, looks[1]);
    await ask(`dispatchEvent(new Event('beforeprint'))`);
    assert.equal(await ask(`document.querySelectorAll('details:not([open])').length`), 0);
    assert.equal(await ask(`document.querySelectorAll('#table-features-rows tbody tr').length`), 18);
    const widths = `Array.from(document.querySelectorAll('.concord-figure'), (figure) => [figure.layout.width, figure.layout.font.color].join())`;
    assert.deepEqual(new Set((await ask(widths)) as string[]), new Set(['660,#1f2328']));
    await ask(`dispatchEvent(new Event('afterprint'))`);
    assert.equal(await ask(`document.querySelectorAll('#table-features-rows tbody tr').length`), 15);
  });

  it('is as good for scans', async () => {
    const scans = contractVolumes({ A: 2, B: 2 });
    const done = await scansReport({ before: scans, after: preprocess(scans, [steps.zScore()]) });
    await writeReport(done, folder.path('scans.html'));
    const opened = await openReport(browser ?? assert.fail(), folder.path('scans.html'));
    for (const look of looks) {
      await lookAt(opened.page, look);
      assert.deepEqual(await violations(opened.page), [], JSON.stringify(look));
    }
    assert.deepEqual(await tooWide(opened.page), []);
    assert.deepEqual(await coveredTexts(opened.page), []);
    assert.deepEqual(opened.errors, []);
  });

  it('had no error in the console', () => {
    assert.deepEqual(errors, []);
  });
});
