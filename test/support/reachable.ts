import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

/** A declaration at the top of a module, for example a function, that some code can come to. */
export interface Declaration {
  /** The path of its file. */
  readonly file: string;
  readonly name: string;
  readonly node: ts.Node;
}

interface Module {
  readonly file: string;
  /** What is declared at the top, by name; `''` holds what runs when the module is loaded. */
  readonly own: ReadonlyMap<string, readonly ts.Node[]>;
  /** Names that come from elsewhere, with the module and the name there; `undefined` means all of it. */
  readonly imported: ReadonlyMap<string, { readonly file: string; readonly name: string | undefined }>;
}

/** Files are parsed once, whatever the number of roots that lead to them. */
const modules = new Map<string, Module>();

function moduleOf(file: string): Module {
  const known = modules.get(file) ?? parse(file);
  modules.set(file, known);
  return known;
}

/**
 * The declarations that the roots can come to, found in the syntax alone: every identifier in a declaration that is the
 * name of another leads there, through imports and exports. More is found than ever runs (a local name may be that of a
 * declaration), never less, since the code of `sdk/` names what it calls.
 *
 * @param except - what is not entered, as `file#name`: a list of all methods, say, of which a command uses one
 */
export function reachable(
  roots: readonly { readonly file: string; readonly name: string }[],
  except: readonly string[] = [],
): Declaration[] {
  const found = new Map<string, Declaration>();
  const entered = new Set(except.map((key) => resolve(key)));
  const visitModule = (file: string): void => {
    for (const name of moduleOf(file).own.keys()) visit(file, name);
  };
  const visit = (file: string, name: string): void => {
    const key = `${file}#${name}`;
    if (entered.has(key)) return;
    entered.add(key);
    const module = moduleOf(file);
    const elsewhere = module.imported.get(name);
    if (elsewhere !== undefined) {
      if (elsewhere.name === undefined) visitModule(elsewhere.file);
      else visit(elsewhere.file, elsewhere.name);
      return;
    }
    const nodes = module.own.get(name) ?? [];
    for (const [at, node] of nodes.entries()) {
      found.set(`${key}:${at}`, { file, name, node });
      for (const other of namesUsed(node, module)) visit(file, other);
    }
    if (nodes.length > 0) visit(file, '');
  };
  for (const { file, name } of roots) {
    if (!moduleOf(resolve(file)).own.has(name)) throw new Error(`${file} declares no ${name}`);
    visit(resolve(file), name);
  }
  return [...found.values()];
}

const used = new WeakMap<ts.Node, readonly string[]>();

/** The names of the module that a declaration uses: each once, and looked for once. */
function namesUsed(node: ts.Node, { own, imported }: Module): readonly string[] {
  const known = used.get(node);
  if (known !== undefined) return known;
  const names = new Set<string>();
  forEachName(node, (name) => {
    if (own.has(name) || imported.has(name)) names.add(name);
  });
  const found = [...names];
  used.set(node, found);
  return found;
}

/** Calls `use` on every identifier that is not merely a type. */
function forEachName(node: ts.Node, use: (name: string) => void): void {
  if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
  if (ts.isIdentifier(node)) use(node.text);
  ts.forEachChild(node, (child) => forEachName(child, use));
}

function parse(file: string): Module {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const own = new Map<string, ts.Node[]>();
  const imported = new Map<string, { file: string; name: string | undefined }>();
  const add = (name: string, node: ts.Node): void => void own.set(name, [...(own.get(name) ?? []), node]);
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) addImports(statement, file, imported);
    else if (ts.isExportDeclaration(statement)) addExports(statement, file, imported);
    else if (ts.isVariableStatement(statement)) {
      for (const declared of statement.declarationList.declarations) {
        if (ts.isIdentifier(declared.name)) add(declared.name.text, declared);
        else forEachName(declared.name, (name) => add(name, declared));
      }
    } else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      add(statement.name?.text ?? 'default', statement);
    } else if (!ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement)) {
      add('', statement);
    }
  }
  for (const [name, found] of laterImports(source, file)) {
    if (own.has(name)) throw new Error(`${file}: ${name} is declared here, and imported where it is needed`);
    imported.set(name, found);
  }
  return { file, own, imported };
}

/** What is imported where it is needed: `const { fitDdae } = await import('../ddae/fit-ddae.js')`. */
function laterImports(source: ts.SourceFile, file: string): Map<string, { file: string; name: string }> {
  const imported = new Map<string, { file: string; name: string }>();
  const look = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const from = resolved(node.arguments[0], file);
      if (from !== undefined) {
        for (const [own, name] of bindingsOf(node)) imported.set(own, { file: from, name });
      }
    }
    ts.forEachChild(node, look);
  };
  look(source);
  return imported;
}

/** The names that an `import()` is taken apart into, and what they are called there. */
function bindingsOf(call: ts.CallExpression): readonly (readonly [own: string, name: string])[] {
  const declared = ts.isAwaitExpression(call.parent) ? call.parent.parent : undefined;
  if (
    declared === undefined ||
    !ts.isVariableDeclaration(declared) ||
    !ts.isObjectBindingPattern(declared.name)
  )
    throw new Error(
      `what is taken from ${call.getText()} is not to be seen: take it apart where it is awaited`,
    );
  return declared.name.elements.map(({ name, propertyName }) => [
    name.getText(),
    (propertyName ?? name).getText(),
  ]);
}

function addImports(
  statement: ts.ImportDeclaration,
  file: string,
  imported: Map<string, { file: string; name: string | undefined }>,
): void {
  const clause = statement.importClause;
  const from = resolved(statement.moduleSpecifier, file);
  if (from === undefined || clause === undefined || clause.isTypeOnly) return;
  const bindings = clause.namedBindings;
  if (bindings === undefined) return;
  if (ts.isNamespaceImport(bindings)) imported.set(bindings.name.text, { file: from, name: undefined });
  else {
    for (const { isTypeOnly, name, propertyName } of bindings.elements) {
      if (!isTypeOnly) imported.set(name.text, { file: from, name: (propertyName ?? name).text });
    }
  }
}

function addExports(
  statement: ts.ExportDeclaration,
  file: string,
  imported: Map<string, { file: string; name: string | undefined }>,
): void {
  const from = resolved(statement.moduleSpecifier, file);
  if (from === undefined || statement.isTypeOnly || statement.exportClause === undefined) return;
  if (!ts.isNamedExports(statement.exportClause)) return;
  for (const { name, propertyName } of statement.exportClause.elements) {
    imported.set(name.text, { file: from, name: (propertyName ?? name).text });
  }
}

/** The file of a module of ours; `undefined` for a package. */
function resolved(specifier: ts.Expression | undefined, file: string): string | undefined {
  if (specifier === undefined || !ts.isStringLiteral(specifier) || !specifier.text.startsWith('.'))
    return undefined;
  const path = join(dirname(file), specifier.text.replace(/\.js$/, ''));
  return [`${path}.ts`, join(path, 'index.ts')].find((candidate) => existsSync(candidate));
}
