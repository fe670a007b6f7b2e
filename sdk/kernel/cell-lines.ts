import { SourceMap } from 'node:module';
import type { CellSource } from './cell-source';
import { lineAt } from './cell-source';

/** A cell that ran or runs, as far as errors need it. */
export interface RunCell {
  /** Its number, as the notebook shows it; 0 where it shows none. */
  readonly count: number;
  readonly source: string;
  /** The line of the source, from 1, of a place in the JavaScript; `undefined` where it has none. */
  lineOf(line: number, column: number): number | undefined;
}

const comment = /^\/\/# sourceMappingURL=(?:data:[^,]*;base64,(\S+)|\S*)$/gm;

/** The JavaScript of a cell without its comments on source maps, and the first of these maps. */
export function splitMap(output: string): { readonly code: string; readonly map: string | undefined } {
  let map: string | undefined;
  const code = output.replaceAll(comment, (_, data?: string) => {
    if (data !== undefined) map = Buffer.from(data, 'base64').toString();
    return '';
  });
  return { code, map };
}

/** The name by which stacks of errors know a cell: no two cells of a kernel have the same. */
export function cellFile(serial: number): string {
  return `concord-cell-${serial}.ts`;
}

/** The maps of a conversion, from TypeScript to a module, and from the module to CommonJS. */
export interface CellMaps {
  readonly toModule: string | undefined;
  readonly toCommonJs: string | undefined;
}

/** A cell in words. */
export function cellName(count: number): string {
  return count === 0 ? 'the cell' : `cell ${count}`;
}

/** A cell with the way back from its JavaScript to its lines. */
export function runCell(count: number, source: string, cell: CellSource, maps: CellMaps): RunCell {
  const second = parsed(maps.toCommonJs);
  const first = parsed(maps.toModule);
  return {
    count,
    source,
    lineOf: (line, column) => {
      const inModule = second?.findEntry(line - 1, column - 1);
      if (inModule === undefined || !('originalLine' in inModule)) return undefined;
      const entry = first?.findEntry(inModule.originalLine, inModule.originalColumn);
      if (entry === undefined || !('originalLine' in entry)) return undefined;
      // tslab puts one line before each cell.
      const at = offsetOf(cell.text, entry.originalLine - 1, entry.originalColumn);
      return at === undefined ? undefined : lineAt(source, cell.original(at)).line + 1;
    },
  };
}

function parsed(map: string | undefined): SourceMap | undefined {
  return map === undefined
    ? undefined
    : new SourceMap(JSON.parse(map) as ConstructorParameters<typeof SourceMap>[0]);
}

function offsetOf(text: string, line: number, character: number): number | undefined {
  const lines = text.split('\n');
  if (line < 0 || line >= lines.length) return undefined;
  return lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character;
}
