import ts from 'typescript';
import type { RemedyValue } from '../../sdk/remedy';
import type { Declaration } from './reachable';

/** A remedy as it is written in the code. */
export interface WrittenRemedy {
  readonly kind: 'option' | 'call';
  /** The name; of one made at run time its source, for example `` `entities.${key}` ``. */
  readonly name: string;
  readonly isLiteral: boolean;
  /** The values that are written out; `undefined` where they are made at run time. */
  readonly values: readonly RemedyValue[] | undefined;
  readonly node: ts.CallExpression;
  readonly place: string;
}

/** Where a node is, for messages: `sdk/data/images/volume.ts:136`. */
export function placeOf(node: ts.Node): string {
  const source = node.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(node.getStart());
  return `${source.fileName.replace(/^.*[\\/](?=sdk[\\/])/, '').replaceAll('\\', '/')}:${line + 1}`;
}

/** All nodes of a tree, parents first, without those of comments. */
export function nodesOf(node: ts.Node): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (at: ts.Node): void => {
    found.push(at);
    ts.forEachChild(at, visit);
  };
  visit(node);
  return found;
}

const literals = new WeakMap<ts.Node, readonly string[]>();

/** The texts that are written in a tree, which is looked through once. */
export function textsIn(node: ts.Node): readonly string[] {
  const found =
    literals.get(node) ?? nodesOf(node).flatMap((at) => (ts.isStringLiteral(at) ? [at.text] : []));
  literals.set(node, found);
  return found;
}

/** The remedies in some code. */
export function writtenRemedies(node: ts.Node): readonly WrittenRemedy[] {
  return nodesOf(node).flatMap((found) => {
    if (!ts.isCallExpression(found) || !ts.isIdentifier(found.expression)) return [];
    const kind = found.expression.text;
    if (kind !== 'option' && kind !== 'call') return [];
    const [first, ...rest] = found.arguments;
    const isLiteral = ts.isStringLiteral(first);
    const values = rest.map(literalOf);
    return [
      {
        kind,
        isLiteral,
        node: found,
        place: placeOf(found),
        name: isLiteral ? first.text : first.getText(),
        values: values.includes(undefined) ? undefined : (values as RemedyValue[]),
      },
    ];
  });
}

function literalOf(node: ts.Node): RemedyValue | undefined {
  if (ts.isStringLiteral(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  return node.kind === ts.SyntaxKind.NullKeyword ? null : undefined;
}

/** The ways of the `either(…)` that some code stands in, without its own; `undefined` outside of one. */
export function otherWays(node: ts.Node): readonly ts.Node[] | undefined {
  let inner = node;
  for (let outer = node.parent; outer !== undefined; inner = outer, outer = outer.parent) {
    if (ts.isCallExpression(outer) && outer.expression.getText() === 'either') {
      return outer.arguments.filter((way) => way !== inner);
    }
  }
  return undefined;
}

/** Whether a declaration is one of the catalogs of issues, of which what is never raised does not count. */
export function isCatalog({ file, name }: Declaration): boolean {
  return /data[\\/]issues[\\/]/.test(file) && name.endsWith('Issues');
}

/**
 * The parts of a declaration that count: of the catalog of issues only the entries whose codes are met.
 *
 * @param codes - all texts that are written in the code that can be reached
 */
export function countingParts(declaration: Declaration, codes: ReadonlySet<string>): readonly ts.Node[] {
  const { node } = declaration;
  if (!isCatalog(declaration) || !ts.isVariableDeclaration(node)) return [node];
  const { initializer } = node;
  if (initializer === undefined || !ts.isObjectLiteralExpression(initializer)) return [node];
  return initializer.properties.filter(
    ({ name: key }) => key !== undefined && codes.has(ts.isStringLiteral(key) ? key.text : key.getText()),
  );
}

/** A text of several words in the code, with `…` in the place of what is put in at run time. */
export interface WrittenText {
  readonly text: string;
  readonly node: ts.Node;
  /** Whether it is advice by where it is written: in `advise`, `either` or a `suggestion`. */
  readonly isAdvice: boolean;
}

/** The texts of several words in some code. Parts joined by + are one text. */
export function writtenTexts(node: ts.Node): readonly WrittenText[] {
  const found: WrittenText[] = [];
  const visit = (at: ts.Node): void => {
    const text = textOf(at);
    if (text === undefined) ts.forEachChild(at, visit);
    else {
      if (text.includes(' ')) found.push({ text, node: at, isAdvice: isAdvice(at) });
      forEachSpan(at, visit);
    }
  };
  visit(node);
  return found;
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [textOf(node.left), textOf(node.right)];
    if (left === undefined && right === undefined) return undefined;
    return `${left ?? '…'}${right ?? '…'}`;
  }
  return undefined;
}

/** The expressions inside of a text. */
function forEachSpan(node: ts.Node, visit: (node: ts.Node) => void): void {
  if (ts.isTemplateExpression(node)) node.templateSpans.forEach(({ expression }) => visit(expression));
  if (ts.isBinaryExpression(node)) {
    for (const side of [node.left, node.right]) {
      if (textOf(side) === undefined) visit(side);
      else forEachSpan(side, visit);
    }
  }
}

function isAdvice({ parent }: ts.Node): boolean {
  if (ts.isTaggedTemplateExpression(parent)) return parent.tag.getText() === 'advise';
  if (ts.isCallExpression(parent)) return parent.expression.getText() === 'either';
  return ts.isPropertyAssignment(parent) && parent.name.getText() === 'suggestion';
}
