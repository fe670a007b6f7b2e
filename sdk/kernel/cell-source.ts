import type { Compiler, SyntaxNode } from './upstream-compiler';

/** A change of the text of a cell. */
interface Edit {
  /** Where, in the cell as it was written. */
  readonly at: number;
  /** So many characters are replaced. */
  readonly length: number;
  readonly text: string;
  /** The place that is meant by what is inserted. */
  readonly means: number;
}

/** A cell as it is given to tslab. */
export interface CellSource {
  readonly text: string;
  /** Whether the value of the last statement is not to be shown: it ends with a semicolon. */
  readonly quiet: boolean;
  /** Whether there is a `for await` or an `await (…)` outside of functions, which tslab does not take for an `await`. */
  readonly awaits: boolean;
  /** The place in the cell as it was written, of a place in `text`. */
  readonly original: (offset: number) => number;
}

/**
 * Writes a cell so that tslab keeps its meaning. tslab replaces the names of variables of earlier cells by `exports.name`, and
 * that goes wrong where a name stands for a property too: `{ target }` is left alone (ReferenceError), `const { target: x } =
 * earlier` becomes `const { exports, target: x }`. So these are written `{ target: target }` and `{ 'target': x }`. `export` before
 * a declaration, as in code copied from a module, is left out, and so is `export { a }`: tslab exports everything itself.
 */
export function cellSource(source: string, compiler: Compiler): CellSource {
  const file = compiler.createSourceFile('cell.ts', source, compiler.ScriptTarget.Latest, true);
  const edits = editsOf(file, source, compiler).sort((a, b) => a.at - b.at);
  let text = '';
  let from = 0;
  for (const edit of edits) {
    text += source.slice(from, edit.at) + edit.text;
    from = edit.at + edit.length;
  }
  text += source.slice(from);
  const last = file.statements.at(-1);
  const quiet = last === undefined || source[last.end - 1] === ';';
  return {
    text,
    quiet,
    awaits: awaitsUnseen(file, compiler),
    original: (offset) => originalOf(edits, offset),
  };
}

/** A cell without imports is parsed as a script here, where `await (work)` is a call of something named so. */
function awaitsUnseen(file: SyntaxNode, { SyntaxKind, forEachChild }: Compiler): boolean {
  const functions = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunction', 'MethodDeclaration'];
  const inner = new Set(
    [...functions, 'Constructor', 'GetAccessor', 'SetAccessor'].map((kind) => SyntaxKind[kind]),
  );
  let found = false;
  const visit = (node: SyntaxNode): void => {
    if (inner.has(node.kind)) return;
    const called = node.kind === SyntaxKind['CallExpression'] ? node.expression?.getText() : undefined;
    found ||= node.awaitModifier !== undefined || called === 'await';
    forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function editsOf(file: SyntaxNode, source: string, compiler: Compiler): Edit[] {
  const { SyntaxKind } = compiler;
  const edits: Edit[] = [];
  const insert = (at: number, text: string, means: number): void => {
    edits.push({ at, length: 0, text, means });
  };
  const visit = (node: SyntaxNode): void => {
    if (node.kind === SyntaxKind['ShorthandPropertyAssignment'] && node.name !== undefined) {
      insert(node.name.end, `: ${node.name.text}`, node.name.getStart());
    }
    const { propertyName: property } = node;
    if (node.kind === SyntaxKind['BindingElement'] && property?.kind === SyntaxKind['Identifier']) {
      insert(property.getStart(), "'", property.getStart());
      insert(property.end, "'", property.getStart());
    }
    compiler.forEachChild(node, visit);
  };
  visit(file);
  for (const statement of file.statements) {
    const { modifiers = [] } = statement;
    if (isOwnList(statement, compiler)) {
      const at = statement.getStart();
      const length = statement.end - at;
      edits.push({ at, length, text: source.slice(at, statement.end).replaceAll(/[^\n;]/g, ' '), means: at });
    }
    if (modifiers.some(({ kind }) => kind === SyntaxKind['DefaultKeyword'])) continue;
    for (const modifier of modifiers) {
      if (modifier.kind !== SyntaxKind['ExportKeyword']) continue;
      const at = modifier.getStart();
      const length = modifier.end - at;
      edits.push({ at, length, text: ' '.repeat(length), means: at });
    }
  }
  return edits;
}

/** Whether a statement is `export { a, b }` of names of the cell itself, each under its own name. */
function isOwnList({ kind, moduleSpecifier, exportClause }: SyntaxNode, { SyntaxKind }: Compiler): boolean {
  if (kind !== SyntaxKind['ExportDeclaration'] || moduleSpecifier !== undefined) return false;
  return exportClause?.elements?.every(({ propertyName }) => propertyName === undefined) === true;
}

function originalOf(edits: readonly Edit[], offset: number): number {
  let shift = 0;
  for (const { at, length, text, means } of edits) {
    const start = at + shift;
    if (offset < start) break;
    if (length === 0 && offset < start + text.length) return means;
    shift += text.length - length;
  }
  return offset - shift;
}

/** The line of a place in a text, from 0, and the place in that line. */
export function lineAt(text: string, offset: number): { readonly line: number; readonly character: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before[before.length - 1].length };
}
