import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { buildSdkWhenStale } from '../../scripts/build-sdk';
import { checkout, notebooks } from '../../scripts/checkout';
import type { PythonEnvironment } from '../../scripts/python-environment';
import type { Execution } from '../../scripts/notebooks/execute-notebook';
import { executeNotebook, twoAtATime } from '../../scripts/notebooks/execute-notebook';
import type { Notebook } from '../../scripts/notebooks/notebook-file';
import {
  contentsOf,
  notebooksIn,
  objectDump,
  outputsOf,
  readNotebook,
  textOf,
  visibleText,
} from '../../scripts/notebooks/notebook-file';
import { outputKinds, storeCommand } from '../../scripts/notebooks/stored-outputs';
import { jupyterOrSkip } from '../support/jupyter';

/** Places of this machine that no reader of a notebook has. */
const machinePlaces = [checkout, resolve(checkout, '..'), homedir(), tmpdir(), resolve(tmpdir())]
  .filter((place) => place.length > 1)
  .flatMap((place) => [`${place}/`, `${place}\\`]);

/** What nbformat needs of a notebook of these code cells. */
function notebookOf(cells: readonly string[]): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: 'concord', display_name: 'Concord', language: 'typescript' } },
    cells: cells.map((source, index) => ({
      id: `cell-${index}`,
      cell_type: 'code',
      source,
      metadata: {},
      execution_count: null,
      outputs: [],
    })),
  });
}

/** Fails when an output shows what is no reader's business. */
function assertReadable(notebook: Notebook): void {
  for (const text of visibleText(notebook)) {
    assert.doesNotMatch(text, objectDump);
    for (const place of machinePlaces) {
      const at = text.indexOf(place);
      assert.equal(at, -1, `an output names a place on this machine: ${text.slice(at, at + 100)}`);
    }
  }
}

describe('notebooks', function () {
  this.timeout(3_600_000);
  let environment: PythonEnvironment;
  let scratch: string;
  let execution: (path: string) => Promise<Execution>;

  before(function () {
    environment = jupyterOrSkip(this);
    buildSdkWhenStale();
    scratch = mkdtempSync(join(tmpdir(), 'concord notebooks '));
    execution = twoAtATime(notebooksIn(notebooks), (path) =>
      executeNotebook(path, { environment, output: join(scratch, basename(path)), answers: true }),
    );
  });

  after(() => {
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  });

  it('are there', () => {
    assert.ok(notebooksIn(notebooks).length > 0, 'there is no notebook in notebooks/');
  });

  for (const path of notebooksIn(notebooks)) {
    it(`${basename(path)} runs top to bottom, its answers too, and shows figures and tables`, async () => {
      const { notebook, failure } = await execution(path);
      assert.equal(failure, undefined, failure);
      const figures = contentsOf(notebook, 'application/vnd.plotly.v1+json');
      assert.ok(figures.length > 0, 'no output is a Plotly figure');
      const tables = contentsOf(notebook, 'text/html').filter((html) => /<table\b/i.test(String(html)));
      assert.ok(tables.length > 0, 'no output is an HTML table');
      assertReadable(notebook);
      const remedy = `the stored outputs of ${basename(path)} are not what its code gives: ${storeCommand(path)}`;
      const cells = notebook.cells.filter(({ metadata }) => metadata?.tags?.includes('answer') !== true);
      assert.deepEqual(outputKinds(readNotebook(path)), outputKinds({ ...notebook, cells }), remedy);
    });
  }

  describe('the kernel and the runner', () => {
    let folder: string;
    let executed: Notebook;

    /** Executes a throw-away notebook in a checkout-like folder with a blank in its name. */
    function executeCells(cells: readonly string[]): ReturnType<typeof executeNotebook> {
      const path = join(folder, 'notebooks', 'throw-away.ipynb');
      writeFileSync(path, notebookOf(cells));
      return executeNotebook(path, {
        environment,
        output: join(scratch, 'throw-away.ipynb'),
        kernels: join(folder, 'kernels-config'),
      });
    }

    before(() => {
      folder = join(scratch, 'a checkout');
      mkdirSync(join(folder, 'notebooks'), { recursive: true });
      cpSync(join(checkout, 'kernels-config'), join(folder, 'kernels-config'), { recursive: true });
      symlinkSync(join(checkout, 'node_modules'), join(folder, 'node_modules'), 'junction');
    });

    /** What is printed by cells that do not fail, and one that does not compile: one kernel for all of them. */
    const cells = {
      types: [
        "import { continuous, phantoms, version } from 'concord-mri';",
        "const age = continuous('age', [30, 40], 'years');\nconst values: Float64Array = age.values;",
        'console.log(version, values[1]);',
      ].join('\n'),
      room: "import { getHeapStatistics } from 'node:v8';\nconsole.log(getHeapStatistics().heap_size_limit);",
      dump: 'console.log(new Float64Array(2));',
      place: 'console.log(process.cwd() + "/x");',
      words: [
        "const preset: phantoms.ScannerPreset = 'seven-site';",
        "console.log(phantoms.scannerPreset(preset).length, 'scanners, 68 features');",
      ].join('\n'),
      broken: 'const broken: number = version;',
    };

    /** The notebook of one of these cells alone, as it was executed. */
    function only(name: keyof typeof cells): Notebook {
      const cell = executed.cells[Object.keys(cells).indexOf(name)];
      return { ...executed, cells: [cell] };
    }

    it('let a cell import concord-mri with its types, in any folder, and repeat what the type checker says', async () => {
      const { notebook, failure } = await executeCells(Object.values(cells));
      assert.match(
        failure ?? '',
        /^cell 6:\nconst broken[\s\S]*Type 'string' is not assignable to type 'number'/,
      );
      executed = notebook;
      assert.match(textOf(outputsOf(only('types'))[0].text), /^\d+\.\d+\.\d+ 40\n$/);
    });

    it('give Node the room that the kernelspec asks for', () => {
      assert.ok(Number(textOf(outputsOf(only('room'))[0].text)) >= 8192 * 1024 * 1024);
    });

    it('name the failing cell and repeat what it threw', async () => {
      const { notebook, failure } = await executeCells([
        "console.log('before');",
        "throw new Error('the scanner is on fire');",
        "console.log('after');",
      ]);
      assert.match(failure ?? '', /^cell 2:\nthrow new Error[\s\S]*Error: the scanner is on fire/);
      assert.equal(textOf(outputsOf(notebook)[0].text), 'before\n');
      assert.equal(notebook.cells[2].outputs?.length, 0);
    });

    it('tell an object dump and a machine path from words', () => {
      assert.throws(() => assertReadable(only('dump')), /Float64Array/);
      assert.throws(() => assertReadable(only('place')), /a place on this machine/);
      assertReadable(only('words'));
    });
  });
});
