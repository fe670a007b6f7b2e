import type { ErrorCode } from '../errors';
import { ConcordError } from '../errors';
import type { Advice } from '../remedy';

/** The formats in which figures are drawn. */
export type DrawnFormat = 'svg' | 'png' | 'pdf';

/** A figure to be drawn, and how. */
export interface DrawTask {
  /** The figure as JSON: as text it is read once, by the page. */
  readonly figure: string;
  readonly format: DrawnFormat;
  /** In pixels of a page, 96 an inch. */
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  /** The program of the browser, where the caller names one. */
  readonly browser?: string;
  /** Seconds for this figure, and for a start of the browser. */
  readonly timeLimit: number;
}

/** What comes of a task: the bytes of a file, or why there are none. */
export type Drawn =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'error'; readonly code: ErrorCode; readonly problem: string; readonly remedy: Advice };

/** The bytes that were drawn. @throws ConcordError for whatever the thread has thrown. */
export function drawnBytes(drawn: Drawn): Uint8Array {
  if (drawn.kind === 'file') return drawn.bytes;
  throw new ConcordError(drawn.code, drawn.problem, { remedy: drawn.remedy });
}

/** An error in parts, since a class does not survive being posted; its remedy stays data, to be worded where it is shown. */
export function drawnError(error: unknown): Drawn {
  if (error instanceof ConcordError) {
    return { kind: 'error', code: error.code, problem: error.problem, remedy: error.remedy };
  }
  const problem = error instanceof Error ? error.message : String(error);
  return { kind: 'error', code: 'failed-step', problem: `the figure was not drawn: ${problem}`, remedy: [] };
}
