import assert from 'node:assert/strict';
import { resolve } from 'node:path';
// The compiler inside tslab, which is what reads our declarations in a notebook cell.
import ts from '@tslab/typescript-for-tslab';

const probe = resolve(__dirname, 'public-types-probe.ts');

/** Compiles `import * as concord from 'concord-mri'` as a notebook cell would. */
function compile(source: string): ts.Program {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2020,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: 2, // node10
    esModuleInterop: true,
    strict: true,
    noEmit: true,
    types: ['node'],
  };
  const host = ts.createCompilerHost(options);
  const readFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, languageVersion, ...rest) =>
    name === probe
      ? ts.createSourceFile(name, source, languageVersion, true)
      : readFile(name, languageVersion, ...rest);
  host.fileExists = (name) => name === probe || ts.sys.fileExists(name);
  return ts.createProgram([probe], options, host);
}

/** The places under a type, written as paths, that are `any`. */
function findAny(checker: ts.TypeChecker, root: ts.Type, start: string): string[] {
  const found: string[] = [];
  const seen = new Set<ts.Type>();
  const visit = (type: ts.Type, path: string): void => {
    if ((type.flags & ts.TypeFlags.Any) !== 0) {
      found.push(path);
      return;
    }
    if (seen.has(type) || path.split('.').length > 12) return;
    seen.add(type);
    // What the parts have in common is theirs: text and bytes share an iterator of Node's.
    if (type.isUnion()) {
      type.types.forEach((part) => visit(part, path));
      return;
    }
    if (type.isIntersection()) type.types.forEach((part) => visit(part, path));
    for (const argument of checker.getTypeArguments(type as ts.TypeReference) ?? [])
      visit(argument, `${path}<>`);
    if (isForeign(type)) return;
    for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) {
      for (const parameter of signature.getParameters()) {
        visit(checker.getTypeOfSymbol(parameter), `${path}(${parameter.name})`);
      }
      visit(signature.getReturnType(), `${path}()`);
    }
    for (const property of type.getProperties())
      visit(checker.getTypeOfSymbol(property), `${path}.${property.name}`);
    const indexed = type.getStringIndexType() ?? type.getNumberIndexType();
    if (indexed !== undefined) visit(indexed, `${path}[]`);
  };
  visit(root, start);
  return found;
}

function aliased(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
}

/** What is exported, and what the namespaces among it export. */
function inNamespaces(checker: ts.TypeChecker, exported: readonly ts.Symbol[]): readonly ts.Symbol[] {
  return exported.flatMap((symbol) => {
    const target = aliased(checker, symbol);
    const isNamespace = (target.flags & ts.SymbolFlags.ValueModule) !== 0;
    return isNamespace ? inNamespaces(checker, checker.getExportsOfModule(target)) : [symbol];
  });
}

/** What a file exports under a name. */
function exportNamed(checker: ts.TypeChecker, file: ts.SourceFile, name: string): ts.Symbol {
  const module = checker.getSymbolAtLocation(file);
  assert.ok(module !== undefined);
  const found = checker.getExportsOfModule(module).find((symbol) => symbol.name === name);
  assert.ok(found !== undefined, `${name} is not exported`);
  return found;
}

/** Whether a type comes from the language's or Node's own declarations, which have an `any` here and there. */
function isForeign(type: ts.Type): boolean {
  const declaration = type.symbol?.declarations?.[0];
  const file = declaration?.getSourceFile().fileName ?? '';
  return /typescript-for-tslab|@types\/node|node_modules\/undici-types/.test(file);
}

describe('the public types under TypeScript 5.0.4, moduleResolution node10', () => {
  it('are compiled by the compiler of tslab', () => {
    assert.equal(ts.version, '5.0.4');
  });

  it('have no errors and nowhere degrade to any', () => {
    const program = compile("import * as concord from 'concord-mri';\nexport { concord };\n");
    const messages = ts
      .getPreEmitDiagnostics(program)
      .map((d) => ts.flattenDiagnosticMessageText(d.messageText, '\n'));
    assert.deepEqual(messages, []);
    const checker = program.getTypeChecker();
    const file = program.getSourceFile(probe);
    assert.ok(file !== undefined);
    const module = exportNamed(checker, file, 'concord');
    const exported = checker.getExportsOfModule(checker.getAliasedSymbol(module));
    assert.ok(exported.length > 40, `only ${exported.length} exports`);
    const all = inNamespaces(checker, exported);
    assert.ok(all.length > exported.length + 100, `only ${all.length} with what is in namespaces`);
    const degraded = all.flatMap((symbol) => {
      const target = aliased(checker, symbol);
      const isType =
        (target.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias | ts.SymbolFlags.Class)) !== 0;
      const types = isType ? [checker.getDeclaredTypeOfSymbol(target)] : [];
      if ((target.flags & ts.SymbolFlags.Value) !== 0) types.push(checker.getTypeOfSymbol(target));
      return types.flatMap((type) => findAny(checker, type, symbol.name));
    });
    assert.deepEqual(degraded, []);
  });

  it('finds an any where there is one', () => {
    const program = compile('export interface Leaky { inner: { deep: any }; list: Promise<any>[] }\n');
    const checker = program.getTypeChecker();
    const file = program.getSourceFile(probe);
    assert.ok(file !== undefined);
    const leaky = exportNamed(checker, file, 'Leaky');
    const found = findAny(checker, checker.getDeclaredTypeOfSymbol(leaky), 'Leaky');
    assert.deepEqual(found.sort(), ['Leaky.inner.deep', 'Leaky.list<><>']);
  });
});
