import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { columns, shownNumber } from '../../scripts/study/methods/study-table';

/** What the guide calls a figure, and its id in the stored results. */
const ids = new Map(Object.entries(columns).map(([id, name]) => [name, id]));

/** The estimates of the stored results by ground, method, seed and figure. */
function estimates(): ReadonlyMap<string, number> {
  const [head, ...lines] = readFileSync(resolve('fixtures/study/methods.csv'), 'utf8').trim().split('\n');
  const names = head.split(',');
  const at = (name: string): number => names.indexOf(name);
  return new Map(
    lines.map((line) => {
      // A quantity may have commas, in quotes.
      const cells = [...line.matchAll(/(?:"([^"]*)"|([^",]*))(?:,|$)/g)].map(
        ([, quoted, plain]) => quoted ?? plain,
      );
      const key = ['ground', 'method', 'seed', 'figure'].map((name) => cells[at(name)]).join(' ');
      return [key, Number(cells[at('estimate')])];
    }),
  );
}

describe('the page of methods compared', () => {
  const stored = estimates();
  const parts = readFileSync('guide/methods-compared.md', 'utf8').split('\n## ').slice(1);

  it('has tables of the study of methods, every figure of which is in the stored results', () => {
    let checked = 0;
    for (const part of parts) {
      const ground = /`([a-z-]+)`$/m.exec(part.split('\n')[0])?.[1];
      if (ground === undefined) continue;
      const lines = part.split('\n').filter((line) => line.startsWith('| '));
      const [head, , ...rows] = lines.map((line) =>
        line
          .slice(2, -2)
          .split('|')
          .map((cell) => cell.trim()),
      );
      for (const [method, ...cells] of rows) {
        cells.forEach((cell, i) => {
          if (cell === '') return;
          const figure = ids.get(head[i + 1]);
          assert.ok(figure !== undefined, `unknown column: ${head[i + 1]}`);
          const found = stored.get(`${ground} ${method} 1 ${figure}`);
          assert.equal(cell, shownNumber(found ?? NaN), `${ground}, ${method}, ${figure}`);
          checked++;
        });
      }
    }
    assert.ok(checked > 20, `${checked} figures`);
  });
});
