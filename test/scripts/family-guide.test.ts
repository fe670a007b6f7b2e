import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { familyColumns } from '../../scripts/study/family-table';
import { shownNumber } from '../../scripts/study/methods/study-table';

/** What the guide calls a figure, and its id in the stored results. */
const ids = new Map(Object.entries(familyColumns).map(([id, name]) => [name, id]));
const marks: Readonly<Record<string, string>> = { better: ' +', worse: ' −', inconclusive: ' ?' };

/** What the stored results have in a cell of the table, by figure and method: of a figure in folds, that one. */
function shownCells(): ReadonlyMap<string, string> {
  const [head, ...lines] = readFileSync(resolve('fixtures/study/family.csv'), 'utf8').trim().split('\n');
  const names = head.split(',');
  const shown = new Map<string, string>();
  for (const line of lines) {
    // A name may have commas, in quotes.
    const cells = [...line.matchAll(/(?:"([^"]*)"|([^",]*))(?:,|$)/g)].map(
      ([, quoted, plain]) => quoted ?? plain,
    );
    const at = (name: string): string => cells[names.indexOf(name)];
    const key = `${at('figure')} ${at('method')}`;
    if (shown.has(key)) continue;
    shown.set(key, `${shownNumber(Number(at('estimate')))}${marks[at('standing')] ?? ''}`);
  }
  return shown;
}

describe("the page of ComBat's family", () => {
  it('has the table of the study, every figure of which is in the stored results', () => {
    const stored = shownCells();
    const [, part] = readFileSync('guide/combat.md', 'utf8').split(
      '\n## Every member on the same real table\n',
    );
    const [head, , ...rows] = part
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .map((line) =>
        line
          .slice(2, -2)
          .split('|')
          .map((cell) => cell.trim()),
      );
    let checked = 0;
    for (const [method, ...cells] of rows) {
      cells.forEach((cell, i) => {
        if (cell === '') return;
        const id = ids.get(head[i + 1]);
        assert.ok(id !== undefined, `unknown column: ${head[i + 1]}`);
        assert.equal(cell, stored.get(`${id} ${method}`), `${method}, ${id}`);
        checked++;
      });
    }
    assert.equal(checked, 8 + 9 * (rows.length - 1));
    for (const [figure, label] of [
      ['site/probe/linear', 'from age, sex alone'],
      ['site/probe/rbf', 'from age, sex alone'],
      ['biology/age/within-site/error', 'by the mean'],
      ['biology/age/leave-one-site-out/error', 'by the mean'],
    ])
      assert.ok(part.includes(stored.get(`${figure} ${label}`) ?? 'nothing'), `${figure} ${label}`);
  });
});
