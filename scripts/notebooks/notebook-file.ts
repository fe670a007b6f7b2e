import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Text as notebooks hold it: whole or in lines. */
export type NotebookText = string | readonly string[];

/** One output of a cell (nbformat 4). */
export interface NotebookOutput {
  readonly output_type: 'stream' | 'display_data' | 'execute_result' | 'error';
  /** Of a stream: `stdout` or `stderr`. */
  readonly name?: string;
  readonly text?: NotebookText;
  /** Of an error: its name, its message and its lines. */
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: readonly string[];
  /** MIME type → content; text or, for JSON types, a value. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** MIME type → more about that content, such as the alternative text of a picture. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A cell of a notebook (nbformat 4). */
export interface NotebookCell {
  readonly cell_type: 'code' | 'markdown' | 'raw';
  readonly source: NotebookText;
  readonly metadata?: {
    /** When Jupyter ran the cell. */
    readonly execution?: unknown;
    readonly tags?: readonly string[];
    /** Of stored outputs: a digest of the code that they are of. */
    readonly concord?: { readonly codeDigest?: string };
  };
  readonly execution_count?: number | null;
  readonly outputs?: readonly NotebookOutput[];
}

/** A notebook (nbformat 4). */
export interface Notebook {
  readonly cells: readonly NotebookCell[];
  readonly metadata: {
    readonly kernelspec?: { readonly name: string };
    readonly language_info?: { readonly name: string };
  };
}

/** Reads a notebook file. */
export function readNotebook(path: string): Notebook {
  return JSON.parse(readFileSync(path, 'utf8')) as Notebook;
}

/** Joins text that may be stored in lines. */
export function textOf(text: NotebookText | undefined): string {
  if (text === undefined) return '';
  return typeof text === 'string' ? text : text.join('');
}

/** The code of the folded answers in a cell of words. */
export function answersIn(words: string): readonly string[] {
  const folded = [...words.matchAll(/<details>([\s\S]*?)<\/details>/g)].map(([, answer]) => answer);
  return folded.flatMap((answer) => [...answer.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code));
}

/** All notebooks in a folder, sorted. */
export function notebooksIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ipynb'))
    .sort()
    .map((name) => join(folder, name));
}

/** Every output of every cell, in order. */
export function outputsOf(notebook: Notebook): readonly NotebookOutput[] {
  return notebook.cells.flatMap((cell) => cell.outputs ?? []);
}

/** The contents of one MIME type among the outputs, text joined. */
export function contentsOf(notebook: Notebook, mime: string): readonly unknown[] {
  return outputsOf(notebook)
    .map((output) => output.data?.[mime])
    .filter((content) => content !== undefined)
    .map((content) => (Array.isArray(content) ? textOf(content as readonly string[]) : content));
}

/** What a reader sees as words: streams, plain text, and HTML without its scripts and styles. */
export function visibleText(notebook: Notebook): readonly string[] {
  const html = contentsOf(notebook, 'text/html').map((content) =>
    String(content).replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ''),
  );
  const streams = outputsOf(notebook).map((output) => textOf(output.text));
  return [...streams, ...contentsOf(notebook, 'text/plain').map(String), ...html];
}

/** Marks of a value that was printed as JavaScript sees it, instead of being shown to a reader. */
export const objectDump: RegExp =
  /\[object \w+\]|\b(?:Big)?(?:Int|Uint|Float)\d{1,2}(?:Clamped)?Array\b|<ref \*\d+>|\[Circular|\[(?:Getter|Function|class)\b|\bPromise \{|\bMap\(\d+\) \{/;
