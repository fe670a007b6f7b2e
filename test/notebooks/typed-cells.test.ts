import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
// The compiler inside tslab, which is what reads the cells of a notebook.
import ts from '@tslab/typescript-for-tslab';
import { buildSdkWhenStale } from '../../scripts/build-sdk';
import { checkout, notebooks } from '../../scripts/checkout';
import type { Notebook } from '../../scripts/notebooks/notebook-file';
import { answersIn, notebooksIn, readNotebook, textOf } from '../../scripts/notebooks/notebook-file';

const imports = /^import [^;]*;$/gm;

/**
 * The code of a notebook as one module: each cell, and each answer to an exercise, in a block inside of that of the cell before, where it sees what was
 * declared before it and may declare it anew, as it may in a notebook.
 */
function moduleOf(notebook: Notebook): string {
  const cells = notebook.cells.flatMap(({ cell_type, source }) =>
    cell_type === 'code' ? [textOf(source)] : answersIn(textOf(source)),
  );
  const imported = cells.flatMap((source) => source.match(imports) ?? []);
  const blocks = cells.map((source) => `{\n${source.replace(imports, '')}\n`);
  return [...imported, ...blocks, ...cells.map(() => '}'), 'export {};\n'].join('\n');
}

/** What the compiler says of some sources, with the line it says it of. */
function complaints(sources: ReadonlyMap<string, string>): readonly string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: 2,
    esModuleInterop: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
  };
  const host = ts.createCompilerHost(options);
  const readFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const source = sources.get(name);
    return source === undefined
      ? readFile(name, languageVersion, ...rest)
      : ts.createSourceFile(name, source, languageVersion, true);
  };
  host.fileExists = (name) => sources.has(name) || ts.sys.fileExists(name);
  const program = ts.createProgram([...sources.keys()], options, host);
  return [...sources.keys()].flatMap((name) => {
    const file = program.getSourceFile(name);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(({ messageText, start = 0 }) => {
      const line = file?.text.slice(start).split('\n', 1)[0] ?? '';
      return `${basename(name)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}, at ${line}`;
    });
  });
}

/** The examples in a page of Markdown that begin with what they import. */
function examplesOf(page: string): readonly string[] {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)];
  return blocks.map(([, code]) => code).filter((code) => code.startsWith('import '));
}

/** Cells that use names where they are not. */
const broken: Notebook = {
  cells: [
    "import { metrics, scanPhantom } from 'concord-mri';\nimport type { Cohort } from 'concord-mri';",
    'const one = metrics.scanPhantom;',
    'const two: metrics.Cohort | undefined = undefined;\nconst one = 2;\nconst three: number = one;',
  ].map((source) => ({ cell_type: 'code', source })),
  metadata: {},
};

describe('the cells of the notebooks, and the examples of the README, the guide and the how-to pages', () => {
  const paths = notebooksIn(notebooks);
  const more = ['guide', 'how-to'].flatMap((folder) =>
    readdirSync(join(checkout, folder)).map((page) => join(checkout, folder, page)),
  );
  const pages = [join(checkout, 'README.md'), join(checkout, 'sdk', 'README.md'), ...more];
  const examples = pages.flatMap(examplesOf);
  let found: readonly string[];

  before(() => {
    buildSdkWhenStale();
    const cells = paths.map((path) => [`${path}.ts`, moduleOf(readNotebook(path))] as const);
    const code = examples.map((text, at) => [join(checkout, `example-${at}.ts`), text] as const);
    found = complaints(new Map([...cells, ...code, [join(notebooks, 'broken.ipynb.ts'), moduleOf(broken)]]));
  });

  it('use only what concord-mri has, by the types that it has', () => {
    assert.ok(paths.length >= 5 && examples.length >= 8);
    assert.deepEqual(
      found.filter((complaint) => !complaint.startsWith('broken')),
      [],
    );
  });

  it('would be refused where a name is not there any more, on top, in a namespace, or as a type', () => {
    const [first, second, third, ...more] = found.filter((complaint) => complaint.startsWith('broken'));
    assert.deepEqual(more, []);
    assert.match(first, /no exported member '?scanPhantom/);
    assert.match(second, /'scanPhantom' does not exist/);
    assert.match(third, /no exported member 'Cohort'/);
  });
});
