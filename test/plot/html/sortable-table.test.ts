import assert from 'node:assert/strict';
import { columnDecimals, columnNumber } from '../../../sdk/plot/html/number-column';
import { sortableTable } from '../../../sdk/plot/html/sortable-table';
import { browserOrSkip } from '../../support/browser';
import type { BrowserPage } from '../../support/browser-page';
import { openBrowserPage } from '../../support/browser-page';

const columns = ['id', 'age', 'p'];
const rows = [
  ['x10', 35.8, 1e-12],
  ['x9', 43, NaN],
  ['<b>x</b>', 51.125, 0.05],
  [null, 20, 0.5],
] as const;
const table = { columns, rows, shown: 2, more: 0, hiddenColumns: '', note: '2 more rows not shown' };

describe('columnDecimals', () => {
  it('puts decimal points below each other where numbers are of one size', () => {
    const decimals = columnDecimals([35.8, 43, 51.125, NaN]);
    assert.equal(decimals, 3);
    assert.deepEqual(
      [35.8, 43, NaN].map((value) => columnNumber(value, decimals)),
      ['35.800', '43.000', 'NaN'],
    );
    assert.equal(columnDecimals([1, 20, -3]), 0);
    assert.equal(columnDecimals([]), 0);
  });

  it('leaves numbers of many sizes as they are', () => {
    assert.equal(columnDecimals([1e-12, 0.05]), null);
    assert.equal(columnDecimals([0.0000123, 5]), null);
    assert.equal(columnNumber(1e-12, null), '1e-12');
    assert.equal(columnNumber(1 / 3, null), '0.33333');
  });
});

describe('sortableTable', () => {
  let page: BrowserPage;
  before(async function () {
    await browserOrSkip(this);
    this.timeout(60_000);
    page = await openBrowserPage();
  });
  after(() => page?.end());

  const ids = (): Promise<unknown> =>
    page.ask(`Array.from(document.querySelectorAll('tbody tr'), (row) => row.cells[0].textContent)`);
  const click = (what: string): Promise<unknown> => page.ask(`document.querySelector('${what}').click()`);
  const header = (k: number): string => `thead th:nth-child(${k}) button`;

  it('has its first rows where no script runs, with what is hidden counted', () => {
    const html = sortableTable(table).replace(/<script>.*<\/script>/s, '');
    assert.equal(html.match(/<tr>/g)?.length, 3);
    assert.match(html, /<td class="concord-number">35\.800<\/td>/);
    assert.match(html, /2 more rows not shown/);
  });

  it('turns pages and sorts by numbers, names with numbers, and back; missing cells come last both ways', async () => {
    await page.show(sortableTable(table));
    assert.deepEqual(await ids(), ['x10', 'x9']);
    assert.equal(await page.ask(`document.querySelector('.concord-pager span').textContent`), '1–2 of 4');
    await click('[aria-label="Later rows"]');
    assert.deepEqual(await ids(), ['<b>x</b>', 'missing']);
    await click(header(2));
    assert.deepEqual(await ids(), ['missing', 'x10']);
    assert.equal(await page.ask(`document.querySelector('thead th:nth-child(2)').ariaSort`), 'ascending');
    await click(header(2));
    assert.deepEqual(await ids(), ['<b>x</b>', 'x9']);
    await click(header(2));
    assert.deepEqual(await ids(), ['x10', 'x9']);
    await click(header(1));
    await click('[aria-label="Later rows"]');
    assert.deepEqual(await ids(), ['x10', 'missing']);
    await click(header(3));
    await click(header(3));
    await click('[aria-label="Later rows"]');
    assert.deepEqual(await ids(), ['x10', 'x9']);
    assert.equal(await page.ask(`document.querySelectorAll('tbody b').length`), 0);
  });

  it('shows numbers as the page had them before scripts ran', async () => {
    await page.show(sortableTable({ ...table, shown: 4, note: '' }).replace(/<script>.*<\/script>/s, ''));
    const plain = await page.ask(`document.querySelector('tbody').textContent`);
    await page.show(sortableTable({ ...table, shown: 4, note: '' }));
    assert.equal(await page.ask(`document.querySelector('tbody').textContent`), plain);
  });

  it('does not sort what it has a part of only', async () => {
    await page.show(sortableTable({ ...table, more: 96 }));
    assert.equal(await page.ask(`document.querySelectorAll('thead button').length`), 0);
    assert.match(
      String(await page.ask(`document.querySelector('.concord-pager span').textContent`)),
      /1–2 of 4 rows carried here, of 100 in their order/,
    );
  });
});
