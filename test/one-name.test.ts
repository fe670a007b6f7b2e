import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
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

/** The names that a file declares, and of these what it exports; what it passes on from other files does not count. */
interface Names {
  readonly path: string;
  readonly declared: ReadonlySet<string>;
  readonly exported: ReadonlySet<string>;
}

function namesOf(path: string, text: string): Names {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const declared = new Set<string>();
  const exported = new Set<string>();
  for (const statement of file.statements) {
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
    const declarations: readonly ts.NamedDeclaration[] = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations
      : [statement as unknown as ts.NamedDeclaration];
    for (const { name } of declarations) {
      if (name === undefined || !ts.isIdentifier(name)) continue;
      declared.add(name.text);
      if (isExported) exported.add(name.text);
    }
  }
  return { path, declared, exported };
}

/** The names that two files have for two things: both export them, or one does and the other is in the same room. */
function twice(files: readonly Names[]): string[] {
  const exporters = new Map<string, Names[]>();
  for (const file of files) {
    for (const name of file.exported) exporters.set(name, [...(exporters.get(name) ?? []), file]);
  }
  return files.flatMap((file) =>
    [...file.declared].flatMap((name) => {
      const others = (exporters.get(name) ?? []).filter(
        (other) => other !== file && (file.exported.has(name) || roomOf(other.path) === roomOf(file.path)),
      );
      return others.map(({ path }) => `${name}: ${file.path} and ${path}`);
    }),
  );
}

function roomOf(path: string): string {
  return path.split('/')[0];
}

describe('a name', () => {
  it('that is exported is exported for one thing, and is no other in its room', () => {
    const files = sources(sdk).map((path) =>
      namesOf(relative(sdk, path).replaceAll(sep, '/'), readFileSync(path, 'utf8')),
    );
    assert.ok(files.length > 500, `${files.length} files were looked at`);
    assert.deepEqual(twice(files), []);
  });

  it('is found in functions, values and types', () => {
    const one = namesOf(
      'a/one.ts',
      'export function f() {}\nexport const v = 1;\nexport type T = 1;\nconst w = 1;',
    );
    const two = namesOf(
      'b/two.ts',
      'export async function f() {}\nexport class v {}\ninterface T {}\nconst w = 2;',
    );
    const three = namesOf('a/three.ts', "const T = 1;\nconst w = 3;\nexport { v } from './one';");
    assert.deepEqual(twice([one, two, three]), [
      'f: a/one.ts and b/two.ts',
      'v: a/one.ts and b/two.ts',
      'f: b/two.ts and a/one.ts',
      'v: b/two.ts and a/one.ts',
      'T: a/three.ts and a/one.ts',
    ]);
  });
});
