import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { checkout, notebooks } from '../../scripts/checkout';
import { answersIn, notebooksIn, readNotebook, textOf } from '../../scripts/notebooks/notebook-file';
import {
  largestNotebook,
  staleCell,
  storeCommand,
  strayOutputs,
} from '../../scripts/notebooks/stored-outputs';

describe('committed notebooks', () => {
  for (const path of notebooksIn(notebooks)) {
    describe(basename(path), () => {
      const notebook = readNotebook(path);

      it('has the outputs of its own code', () => {
        const stale = staleCell(notebook);
        assert.equal(stale, undefined, `${stale}\nremedy: ${storeCommand(path)}`);
      });

      it('has outputs that are seen where nothing is run, and no more than GitHub shows', () => {
        assert.deepEqual(strayOutputs(notebook), [], `remedy: ${storeCommand(path)}`);
        const { size } = statSync(path);
        assert.ok(size <= largestNotebook, `${size} bytes are more than ${largestNotebook}`);
        for (const cell of notebook.cells) assert.equal(cell.execution_count ?? null, null);
      });

      it('names the kernel of this checkout', () => {
        assert.equal(notebook.metadata.kernelspec?.name, 'concord');
      });

      it('begins with a heading and explains in words', () => {
        assert.equal(notebook.cells[0].cell_type, 'markdown');
        assert.match(textOf(notebook.cells[0].source), /^# \S/);
        assert.ok(notebook.cells.filter((cell) => cell.cell_type === 'markdown').length > 1);
      });

      it('opens with what one can do afterwards, and ends with exercises whose answers can be unfolded', () => {
        assert.match(textOf(notebook.cells[0].source), /Afterwards you will be\s+able\s+to/);
        const words = notebook.cells.filter(({ cell_type }) => cell_type === 'markdown');
        const answers = words.flatMap(({ source }) => answersIn(textOf(source)));
        assert.ok(answers.length >= 2, `${answers.length} answers`);
      });

      it('has short cells', () => {
        const lines = notebook.cells
          .filter(({ cell_type }) => cell_type === 'code')
          .map(({ source }) => textOf(source).split('\n').length);
        assert.ok(Math.max(...lines) <= 20, `a cell has ${Math.max(...lines)} lines`);
      });
    });
  }
});

describe('the kernelspecs', () => {
  for (const name of ['concord', 'concord-gpu']) {
    it(`${name} starts the kernel of this checkout through its own place`, () => startsOurKernel(name));
  }

  function startsOurKernel(name: string): void {
    const folder = join(checkout, 'kernels-config', 'kernels', name);
    const spec = JSON.parse(readFileSync(join(folder, 'kernel.json'), 'utf8')) as {
      argv: string[];
      language: string;
      interrupt_mode: string;
    };
    const program = spec.argv.find((argument) => argument.includes('concord-kernel'));
    assert.ok(program !== undefined && program.startsWith('{resource_dir}/'));
    assert.ok(readFileSync(program.replace('{resource_dir}', folder), 'utf8').includes('main'));
    assert.equal(spec.argv[0], 'node');
    assert.ok(spec.argv.includes('{connection_file}'));
    assert.equal(spec.language, 'typescript');
    assert.equal(spec.interrupt_mode, 'message');
  }
});
