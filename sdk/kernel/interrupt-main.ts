import { Session } from 'node:inspector';
import type { KernelFlags } from './transport';
import { flag } from './transport';

/** So long what a cell awaits has to notice an interrupt by itself, in milliseconds: it can clean up then. */
const patience = 1_000;

/** So long the synchronous part of a cell, which notices nothing, is left alone, and how often the main thread is told. */
const step = 100;

let interrupts = 0;

/**
 * Interrupts the main thread, called in another one. What awaits is told through the event loop. What never returns to the
 * event loop, in the first part of a cell or after an `await`, is ended by the debugger, without its `finally` blocks. No signal
 * is sent: Node.js takes its handlers away while the first part of a cell runs, and a signal between that and the handler of
 * `vm` would end the process.
 */
export function interruptMain(flags: KernelFlags, tellMain: (id: number) => void): void {
  const id = ++interrupts;
  const started = performance.now();
  const insist = (): void => {
    if (flag(flags, 'interrupted') >= id) return;
    // Again: where the debugger comes late, it ends the next callback, and that may be the one that hears this.
    tellMain(id);
    const waited = performance.now() - started;
    const stage = flag(flags, 'stage');
    if (waited >= (stage === stages.firstPart ? step : patience) && stage !== stages.compiling) terminate();
    setTimeout(insist, step);
  };
  insist();
}

/** What the main thread does, as far as an interrupt must know. The compiler would not survive being ended halfway. */
export const stages = { other: 0, compiling: 1, firstPart: 2 } as const;

function terminate(): void {
  const session = new Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution', () => session.disconnect());
}
