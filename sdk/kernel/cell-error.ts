import { inspect } from 'node:util';
import type { CellSource } from './cell-source';
import { lineAt } from './cell-source';
import type { RunCell } from './cell-lines';
import { cellName } from './cell-lines';
import type { Diagnostic } from './upstream';
import { currentFolder } from '../own-folders';

/** An error as Jupyter knows it. */
export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** The error of a cell that was interrupted; notebooks know it by the name that it has in Python. */
export const interrupted: CellError = {
  ename: 'KeyboardInterrupt',
  evalue: 'interrupted',
  traceback: ['KeyboardInterrupt: interrupted'],
};

/** Files of which a reader of a notebook knows nothing: Node.js, tslab, the kernel. */
const ownFile = /^node:|[\\/]tslab[\\/]dist[\\/]|[\\/](?:sdk|concord-mri)[\\/]dist[\\/]kernel[\\/]/;

/** So many calls inside packages are named, the innermost. */
const mostInPackages = 3;

/** What a cell threw, in terms of cells. */
export function thrownError(thrown: unknown, cells: ReadonlyMap<string, RunCell>): CellError {
  if (!isError(thrown)) {
    const evalue = typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 2 });
    return { ename: 'Thrown', evalue, traceback: [`Thrown: ${evalue}`] };
  }
  const ename = thrown.name;
  const evalue = thrown.message;
  const traceback = [`${ename}: ${evalue}`, ...callsOf(thrown, cells), ...causesOf(thrown)];
  return { ename, evalue, traceback };
}

/** Errors of cells are of this realm; those of others, for example of vm contexts, are recognized by their stack. */
function isError(value: unknown): value is Error {
  return (
    value instanceof Error ||
    (typeof value === 'object' && value !== null && 'stack' in value && 'message' in value && 'name' in value)
  );
}

function causesOf(error: Error): string[] {
  const causes: string[] = [];
  const seen = new Set<unknown>([error]);
  let { cause } = error;
  while (cause !== undefined && !seen.has(cause) && causes.length < 5) {
    seen.add(cause);
    const words = isError(cause) ? `${cause.name}: ${cause.message}` : inspect(cause, { depth: 1 });
    causes.push(`caused by ${words}`);
    cause = isError(cause) ? cause.cause : undefined;
  }
  if (error instanceof AggregateError) {
    for (const one of (error.errors as unknown[]).slice(0, 5)) {
      causes.push(
        `one of them: ${isError(one) ? `${one.name}: ${one.message}` : inspect(one, { depth: 1 })}`,
      );
    }
  }
  return causes;
}

/** A call in a stack. */
interface Call {
  readonly text: string;
  readonly inCell: boolean;
  /** Whether the line of the cell is known; the frame of a whole cell may have none. */
  readonly lined: boolean;
}

/** The calls that led to an error: all those in cells, and the innermost of those before them in packages. */
function callsOf(error: Error, cells: ReadonlyMap<string, RunCell>): string[] {
  const calls: Call[] = [];
  for (const line of String(error.stack).split('\n')) {
    const frame = /^\s+at (?:async )?(?:(.*?) \()?((?:file:\/\/)?[^()]*?):(\d+):(\d+)\)?$/.exec(line);
    if (frame === null) continue;
    const [, called = '', file, row, column] = frame;
    const cell = cells.get(file);
    if (cell !== undefined) calls.push(cellCall(cell, called, cell.lineOf(Number(row), Number(column))));
    else if (!ownFile.test(file)) {
      const text = `    at ${called === '' ? '' : `${called} `}(${shortened(file)}:${row})`;
      calls.push({ text, inCell: false, lined: true });
    }
  }
  const first = calls.findIndex(({ inCell }) => inCell);
  // An error of Concord says by itself what it is about.
  const before = error.name === 'ConcordError' ? [] : calls.slice(0, first < 0 ? undefined : first);
  const inCells = calls.slice(first < 0 ? calls.length : first).filter(({ inCell }) => inCell);
  const known = inCells.some(({ lined }) => lined) ? inCells.filter(({ lined }) => lined) : inCells;
  const texts = [...before.slice(0, mostInPackages), ...known].map(({ text }) => text);
  // The code of a cell is a function that the cell calls.
  return texts.filter((text, at) => text !== texts[at - 1]);
}

function cellCall(cell: RunCell, called: string, line: number | undefined): Call {
  const place = `    at ${cellName(cell.count)}${line === undefined ? '' : `, line ${line}`}`;
  const inside = /^(?:Object\.|Proxy\.|Timeout\.|Immediate\.)*(\w[\w.]*)$/.exec(called)?.[1];
  const source = line === undefined ? '' : cell.source.split('\n')[line - 1].trim();
  const where = inside === undefined || inside.startsWith('_') ? place : `${place}, in ${inside}`;
  return { text: source === '' ? where : `${where}:  ${source}`, inCell: true, lined: line !== undefined };
}

/** A file by its package, or by where it is from here. */
function shortened(file: string): string {
  const parts = file.split(/[\\/]node_modules[\\/]/);
  if (parts.length > 1) return parts[parts.length - 1];
  const concord = /[\\/](?:sdk|concord-mri)[\\/]dist[\\/](.*)$/.exec(file);
  if (concord !== null) return `concord-mri/dist/${concord[1]}`;
  const folder = `${currentFolder()}/`;
  return file.startsWith(folder) ? file.slice(folder.length) : file;
}

/** What the compiler says of a cell, each with its line. */
export function typeError(
  diagnostics: readonly Diagnostic[],
  { source, cell, count }: { readonly source: string; readonly cell: CellSource; readonly count: number },
): CellError {
  const lines = source.split('\n');
  const said = diagnostics.map(({ start, messageText, code, fileName }) => {
    if (fileName !== undefined) {
      const place = `${fileName}, line ${start.line + 1}`;
      return { first: `${place}: ${messageText}`, whole: [`${place}:`, `${messageText} (TS${code})`] };
    }
    const { line, character } = lineAt(source, cell.original(start.offset));
    const text = lines[line] ?? '';
    const mark = `${text.slice(0, character).replaceAll(/[^\t]/g, ' ')}^`;
    const words = `${messageText} (TS${code})${remedyOf(code, messageText)}`;
    return {
      first: `line ${line + 1}: ${messageText}`,
      whole: [`${cellName(count)}, line ${line + 1}:`, `    ${text}`, `    ${mark}`, words],
    };
  });
  const shown = said.slice(0, 5).flatMap(({ whole }) => whole);
  const more = said.length > 5 ? [`and ${said.length - 5} more`] : [];
  return { ename: 'TypeScriptError', evalue: said[0].first, traceback: [...shown, ...more] };
}

/** What to do about a package that is not there, or about what no cell can declare. */
function remedyOf(code: number, message: string): string {
  if (message.includes("'__global'")) {
    return '\nremedy: `declare global` goes into a .ts file beside the notebook, which the cell imports';
  }
  const missing = /^Cannot find module '([^'./][^']*)'/.exec(message)?.[1];
  if ((code !== 2307 && code !== 7016) || missing === undefined || missing.startsWith('node:')) return '';
  const name = missing
    .split('/')
    .slice(0, missing.startsWith('@') ? 2 : 1)
    .join('/');
  return `\nremedy: npm install ${name}, in the folder of the notebook or in one above it`;
}
