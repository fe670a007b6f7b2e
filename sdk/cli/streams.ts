/** Where a command writes and how it is interrupted: the process's own, or a test's. */
export interface CommandStreams {
  /** Results. */
  readonly out: (text: string) => void;
  /** Messages and progress. */
  readonly err: (text: string) => void;
  /** Whether `err` is a terminal on which a line can be rewritten. */
  readonly live: boolean;
  readonly signal: AbortSignal;
  /** What is read as a table given as `-`: standard input, unless a test gives another. */
  readonly in?: AsyncIterable<string | Uint8Array>;
}
