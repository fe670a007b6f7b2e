import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import ts from 'typescript';
import { allMethods, modelKinds } from '../../sdk/methods/methods';

/** Rooms that know one method and may call it by its name, and files whose words are those of the user. */
const own = [
  ...[
    'combat',
    'federate',
    'maps',
    'intensity',
    'baselines',
    'ddae',
    'murd',
    'cvae',
    'cyclegan',
    'stargan',
    'methods',
    'nn/autoencoder',
    'dist',
    'node_modules',
  ],
];

/** What is called as a method is, and is something else: the steps of a pipeline. */
const steps = ['sdk/cli/scans/preprocess-flags.ts', 'sdk/cli/scans/preprocess-plan.ts'];

/** What a program writes down of the types of the front door: the kind of each model is one of their fields. */
const written = 'sdk/data/calls/known-calls.ts';

/** A kind of model that is a common word too. */
const word = 'intensity';

describe('methods', () => {
  it('are asked for by name nowhere but in their own rooms and records', () => {
    const names = new Set([...allMethods().map(({ name }) => name), ...modelKinds().map(({ kind }) => kind)]);
    names.delete(word);
    const files = readdirSync('sdk', { recursive: true })
      .map((file) => `sdk/${String(file).replaceAll('\\', '/')}`)
      .filter((file) => file.endsWith('.ts'))
      .filter(
        (file) => !own.some((room) => file.startsWith(`sdk/${room}/`)) && ![...steps, written].includes(file),
      );
    assert.ok(files.length > 300);
    assert.deepEqual(
      files.flatMap((file) => namesIn(file, names)),
      [],
    );
  });
});

/** Where a file compares something with the name of a method, or has it as a key. */
function namesIn(file: string, names: ReadonlySet<string>): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const named =
      (ts.isStringLiteral(node) && names.has(node.text)) ||
      (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && names.has(node.name.text));
    if (named && !isType(node) && !ts.isImportDeclaration(node.parent)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${file}:${line + 1} ${node.getText().slice(0, 60)}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isType(node: ts.Node): boolean {
  return ts.isLiteralTypeNode(node.parent);
}
