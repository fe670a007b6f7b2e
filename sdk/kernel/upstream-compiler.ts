// What the kernel calls of the compiler inside tslab. With upstream.ts this is all that is relied on there.

/** A node of a parsed cell, as far as the kernel looks at it. */
export interface SyntaxNode {
  readonly kind: number;
  readonly end: number;
  readonly text: string;
  readonly name?: SyntaxNode;
  readonly propertyName?: SyntaxNode;
  readonly modifiers?: readonly SyntaxNode[];
  readonly awaitModifier?: SyntaxNode;
  readonly expression?: SyntaxNode;
  readonly declarationList?: { readonly declarations?: readonly SyntaxNode[] };
  readonly moduleSpecifier?: SyntaxNode;
  readonly exportClause?: { readonly elements?: readonly SyntaxNode[] };
  readonly statements: readonly SyntaxNode[];
  getStart(): number;
  getText(): string;
}

/** The compiler inside tslab, as far as the kernel calls it. */
export interface Compiler {
  readonly version: string;
  readonly SyntaxKind: Readonly<Record<string, number>>;
  readonly ScriptTarget: { readonly Latest: number };
  readonly sys: CompilerFiles;
  createSourceFile(name: string, text: string, target: number, setParents: boolean): SyntaxNode;
  forEachChild: (node: SyntaxNode, visit: (child: SyntaxNode) => void) => void;
}

/** How the compiler reads files. */
export interface CompilerFiles {
  readFile: (path: string, encoding?: string) => string | undefined;
  fileExists: (path: string) => boolean;
  directoryExists: (path: string) => boolean;
  realpath: (path: string) => string;
  getDirectories: (path: string) => string[];
}
