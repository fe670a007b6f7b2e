import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import ts from 'typescript';

/** A value that the front door offers: `loadTable`, or one in a namespace, `phantoms.make`. */
export interface FrontDoorValue {
  readonly name: string;
  readonly symbol: ts.Symbol;
}

/** The front door's sources, read by the compiler. */
export function frontDoorProgram(): { readonly checker: ts.TypeChecker; readonly module: ts.Symbol } {
  const path = resolve(__dirname, '../../sdk/index.ts');
  const program = ts.createProgram([path], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    strict: true,
    noEmit: true,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    esModuleInterop: true,
    skipLibCheck: true,
    types: ['node'],
  });
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(path);
  const module = file === undefined ? undefined : checker.getSymbolAtLocation(file);
  assert.ok(module !== undefined);
  return { checker, module };
}

/** Every value that a module exports, those of its namespaces too. */
export function frontDoorValues(
  checker: ts.TypeChecker,
  module: ts.Symbol,
  prefix = '',
): readonly FrontDoorValue[] {
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const alias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
    const symbol = alias ? checker.getAliasedSymbol(exported) : exported;
    const name = `${prefix}${exported.name}`;
    if (symbol.flags & ts.SymbolFlags.ValueModule) return frontDoorValues(checker, symbol, `${name}.`);
    return (symbol.flags & ts.SymbolFlags.Value) === 0 ? [] : [{ name, symbol }];
  });
}
