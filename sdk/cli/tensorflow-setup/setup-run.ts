import type { TensorflowTrial } from './try-in-process';

/** What every step of the setup gets: where to keep things, and how to say what it does. */
export interface SetupRun {
  readonly cache: string;
  readonly say: (line: string) => void;
  /** Called while something is fetched, with the bytes that have come so far. */
  readonly onBytes: (bytes: number) => void;
  /** Starts the TensorFlow of the package in a folder and lets it compute. */
  readonly attempt: (
    folder: string,
    signal?: AbortSignal,
  ) => Promise<TensorflowTrial | { readonly failure: string }>;
  readonly signal?: AbortSignal;
}
