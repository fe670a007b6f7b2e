import { counted } from '../data/counted';
/**
 * Exit statuses: all went well; nothing was done, or the input is at fault; the command was used wrongly; some of the scans
 * were done, and others left out; interrupted.
 */
export const status = { ok: 0, badInput: 1, wrongUsage: 2, partly: 3, interrupted: 130 } as const;

/** Ends a command that has printed its result, with an exit status. */
export class Ended extends Error {
  readonly status: number;

  constructor(exitStatus: number) {
    super(`ended with status ${exitStatus}`);
    this.status = exitStatus;
  }
}

/** How much of what was asked for was done. */
export interface Share {
  readonly done: number;
  readonly of: number;
}

/** What was done of how much: `2 of 3 scans`. */
export function shareInWords({ done, of }: Share): string {
  return `${done} of ${counted(of, 'scan')}`;
}

/**
 * Ends a command that left something out with a status that says so, for schedulers and others who read no output.
 *
 * @throws Ended unless all was done.
 */
export function requireAllDone({ done, of }: Share): void {
  if (done < of || done === 0) throw new Ended(done === 0 ? status.badInput : status.partly);
}
