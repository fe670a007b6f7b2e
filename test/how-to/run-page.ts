import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import * as concordMri from '../../sdk/index';
import { concord } from '../support/run-command';

/** A block of code in a page. */
export interface CodeBlock {
  /** What is behind the opening fence. */
  readonly language: string;
  readonly code: string;
}

/** The blocks of code of a page in Markdown, in their order. */
export function codeBlocks(path: string): readonly CodeBlock[] {
  const blocks = readFileSync(path, 'utf8').matchAll(/^```(\w*)\n([\s\S]*?)^```/gm);
  return [...blocks].map(([, language, code]) => ({ language, code }));
}

/**
 * Does what a page says, block by block, in the current folder: commands and TypeScript. What other languages say is for
 * others to run.
 *
 * @returns what was printed
 */
export async function runPage(path: string): Promise<string> {
  const printed: string[] = [];
  for (const { language, code } of codeBlocks(path)) {
    if (language === 'sh') printed.push(await runCommands(code));
    else if (language === 'ts') printed.push(await runScript(code));
    else assert.equal(language, 'python', `a block of "${language}" that nothing runs`);
  }
  return printed.join('\n');
}

async function runCommands(code: string): Promise<string> {
  const printed: string[] = [];
  for (const line of code.trim().split('\n')) {
    const [program, name, ...words] = line.split(' ');
    assert.deepEqual([program, name], ['npx', 'concord'], `a command that nothing runs: ${line}`);
    const { status, out, err } = await concord(...words);
    assert.equal(status, 0, `${line}\n${out}${err}`);
    printed.push(out);
  }
  return printed.join('\n');
}

type Script = (require: (name: string) => unknown, exports: object, console: object) => Promise<void>;

/** Runs a script on the sources of the package, and gives what it logged. */
async function runScript(code: string): Promise<string> {
  const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  const { outputText } = ts.transpileModule(code, { compilerOptions: options });
  const printed: string[] = [];
  const log = (...words: unknown[]): void => void printed.push(words.map(String).join(' '));
  const load = (name: string): unknown => {
    assert.equal(name, 'concord-mri', 'a page needs nothing else');
    return concordMri;
  };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const script = new Function(
    'require',
    'exports',
    'console',
    `return (async () => {${outputText}})()`,
  ) as Script;
  await script(load, {}, { log, table: (rows: unknown) => log(JSON.stringify(rows)) });
  return printed.join('\n');
}
