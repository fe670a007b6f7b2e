import assert from 'node:assert/strict';
import { thousandsPointIssues } from '../../../sdk/io/columns/thousands-points';
import { makeRandom } from '../../../sdk/math/random';

/** A table of columns, one after the other. */
const tableOf = (
  columns: Readonly<Record<string, readonly number[]>>,
): Parameters<typeof thousandsPointIssues>[0] => {
  const all = Object.values(columns);
  return {
    names: Object.keys(columns),
    values: Float64Array.from(all[0].flatMap((_, row) => all.map((own) => own[row]))),
  };
};

const rows = 200;

/** Volumes in mm³ around 1,000, as a spreadsheet with points between thousands writes them, and a reader takes them. */
function volumes(seed: number): readonly number[] {
  const random = makeRandom(seed);
  return Array.from({ length: rows }, () => {
    const text = String(Math.round(900 + 200 * random.normal())).replace(/(\d)(\d{3})$/, '$1.$2');
    return Number(text);
  });
}

describe('points between thousands', () => {
  it('are suspected where 987 is beside 1.012, once for all columns', () => {
    const table = tableOf({ lh: volumes(1), rh: volumes(2), thickness: volumes(3).map((v) => v / 7) });
    const issues = thousandsPointIssues(table, {}, 't.csv');
    assert.equal(issues.length, 1);
    assert.match(issues[0].message, /in 2 columns, "lh", "rh": points may separate thousands there/);
    assert.match(issues[0].suggestion, /"1\.012" is 1012/);
    assert.deepEqual(thousandsPointIssues(table, { decimal: '.' }, 't.csv'), []);
  });

  it('are not suspected of measures of three decimals, whole ones among them, rounded at one site, or with marks', () => {
    const random = makeRandom(4);
    const thickness = Array.from({ length: rows }, () => Number((2.5 + 0.3 * random.normal()).toFixed(3)));
    const issues = thousandsPointIssues(
      tableOf({
        thickness,
        fewWhole: thickness.map((v, row) => (row % 60 === 0 ? Math.round(v) : v)),
        roundedAtOneSite: thickness.map((v, row) => (row < 80 ? Math.round(10 * v) : 10 * v)),
        marks: thickness.map((v, row) => (row % 20 === 0 ? [77, 88, 99, 999][(row / 20) % 4] : v)),
        whole: thickness.map((v) => Math.round(100 * v)),
      }),
      {},
      't.csv',
    );
    assert.deepEqual(issues, []);
  });
});
