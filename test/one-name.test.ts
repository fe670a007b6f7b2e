import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const sdk = join(__dirname, '..', 'sdk');

/** The files of the package, without what is built. */
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['dist', 'node_modules', 'bin'].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return path.endsWith('.ts') && !path.endsWith('.d.ts') ? [path] : [];
  });
}

/** The names that a file declares and exports; what it passes on from other files does not count. */
function declared(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const names = file.statements.flatMap((statement) => {
    const exported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (exported !== true) return [];
    const declarations: readonly ts.NamedDeclaration[] = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations
      : [statement as unknown as ts.NamedDeclaration];
    return declarations.flatMap(({ name }) =>
      name !== undefined && ts.isIdentifier(name) ? [name.text] : [],
    );
  });
  return [...new Set(names)];
}

/** The names that several files declare and export, with the files. */
function twice(files: Iterable<readonly [path: string, text: string]>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [path, text] of files) {
    for (const name of declared(path, text)) found.set(name, [...(found.get(name) ?? []), path]);
  }
  return new Map([...found].filter(([, paths]) => paths.length > 1));
}

describe('a name', () => {
  it('that is exported is exported for one thing', () => {
    const files = sources(sdk).map((path) => [path, readFileSync(path, 'utf8')] as const);
    assert.ok(files.length > 500, `${files.length} files were looked at`);
    assert.deepEqual(Object.fromEntries(twice(files)), {});
  });

  it('is found in functions, values and types', () => {
    const one = 'export function a(): void {}\nexport const b = 1;\nexport type C = 1;\nconst d = 1;';
    const two = 'export async function a() {}\nexport interface C {}\nexport class b {}\nexport const d = 1;';
    const again = "export { d } from './two';";
    assert.deepEqual(
      [
        ...twice([
          ['one', one],
          ['two', two],
          ['again', again],
        ]).keys(),
      ],
      ['a', 'b', 'C'],
    );
  });
});
