import type { Compiler, SyntaxNode } from './upstream-compiler';

/**
 * Exports the variables of a module where they are declared, not in a list at its end. As CommonJS a variable in a list has a
 * copy inside the module: a function of that cell would not see what a later cell assigns.
 */
export function liveVariables(source: string, compiler: Compiler): string {
  const file = compiler.createSourceFile('cell.mjs', source, compiler.ScriptTarget.Latest, true);
  const { SyntaxKind } = compiler;
  const variables = file.statements.filter(
    (statement) =>
      statement.kind === SyntaxKind['VariableStatement'] && /^(let|var)\b/.test(statement.getText()),
  );
  const names = new Set<string>();
  const collect = (node: SyntaxNode): void => {
    if (node.kind === SyntaxKind['Identifier']) names.add(node.text);
    else if (node.name !== undefined) collect(node.name);
    else compiler.forEachChild(node, collect);
  };
  for (const { declarationList } of variables) declarationList?.declarations?.forEach(collect);
  const list = file.statements.find(({ exportClause }) => exportClause?.elements !== undefined);
  const elements = list?.exportClause?.elements ?? [];
  const listed = elements.map((element) => element.getText());
  // Where something is not as tslab writes it, all stays.
  if (names.size === 0 || list === undefined || ![...names].every((name) => listed.includes(name)))
    return source;
  const rest = listed.filter((name) => !names.has(name)).join(', ');
  let text = `${source.slice(0, list.getStart())}export { ${rest} };${source.slice(list.end)}`;
  for (const at of variables.map((one) => one.getStart()).reverse()) {
    text = `${text.slice(0, at)}export ${text.slice(at)}`;
  }
  return text;
}
