import { Session } from 'node:inspector';
import type { KernelFlags } from './transport';
import { flag, setFlag } from './transport';

/** So long the main thread has to notice an interrupt by itself, in milliseconds: it can clean up then. */
const patience = 1_000;

/**
 * Interrupts the main thread, called in another one. A signal reaches the synchronous part of a cell, and whatever awaits;
 * what computes after an `await` without ever returning to the event loop hears no signal, and is ended by the debugger
 * after a second, without its `finally` blocks.
 */
export function interruptMain(flags: KernelFlags, tellMain: () => void): void {
  setFlag(flags, 'interrupted', 0);
  // Windows has no signals, and a signal to oneself is the end there: the event loop is told instead.
  if (process.platform === 'win32') tellMain();
  else process.kill(process.pid, 'SIGINT');
  setTimeout(() => {
    if (flag(flags, 'interrupted') === 0) terminate();
  }, patience);
}

function terminate(): void {
  const session = new Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution', () => session.disconnect());
}
