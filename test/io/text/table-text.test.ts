import assert from 'node:assert/strict';
import { dialects, tableLine } from '../../../sdk/io/text/table-text';

describe('a line of a text table', () => {
  const numbers = [0.1, -2.5e-7, 1e21, 5e-324, -0, 0, 123456789, 1 / 3, Number.MAX_VALUE];

  it('holds numbers that read back to the bit, minus zero included, between texts', () => {
    for (const dialect of [dialects['.csv'], dialects['.tsv']]) {
      const line = tableLine(['a', ...numbers, 'b', 'c', 7], dialect);
      assert.ok(line.endsWith('\n'));
      const cells = line.slice(0, -1).split(dialect.delimiter);
      assert.deepEqual([cells[0], ...cells.slice(-3)], ['a', 'b', 'c', '7']);
      const back = cells.slice(1, -3).map(Number);
      assert.equal(back.length, numbers.length);
      for (const [i, value] of numbers.entries()) assert.ok(Object.is(back[i], value), cells[i + 1]);
    }
  });

  it('is the same as of the texts of its numbers', () => {
    for (const dialect of [dialects['.csv'], dialects['.tsv']]) {
      for (const text of ['plain', 'with, comma', 'with "quotes"', '"quoted"', ' blank', 'tab\tin it', '']) {
        const cells = [text, 1.5, -0.25, text, 3];
        assert.equal(tableLine(cells, dialect), tableLine(cells.map(String), dialect));
      }
    }
    assert.equal(tableLine([1.5], dialects['.csv']), '1.5\n');
  });
});
