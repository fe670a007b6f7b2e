/** The one listener in place, if any: calls share it, so that a long session does not pile them up. */
let current: { readonly signal: AbortSignal; readonly listener: () => void } | null = null;

/**
 * An AbortSignal that fires when the notebook's interrupt button (or Ctrl-C) is pressed, to be passed as `signal` to
 * long calls: tslab's own interrupt gives the cell up but does not stop what it awaits. Until the signal fires every
 * call returns the same one; once it has fired the listener is gone, and the next call returns a fresh one. In a
 * script, the first Ctrl-C after this call fires the signal instead of ending the process, the second ends it; call
 * {@link releaseInterruptSignal} to have it back at once.
 *
 * @example
 * ```ts
 * const audit = await auditTable(cohort, combatHarmonizer(), { signal: interruptSignal() });
 * ```
 */
export function interruptSignal(): AbortSignal {
  if (current !== null) return current.signal;
  const controller = new AbortController();
  const listener = (): void => {
    if (current?.listener === listener) releaseInterruptSignal();
    controller.abort(new Error('interrupted'));
  };
  current = { signal: controller.signal, listener };
  // Not at once: while a cell's synchronous part runs, Node watches for SIGINT itself (vm's breakOnSigint) and when it
  // stops puts back what was there before, so a handler installed meanwhile is lost and the interrupt would end the
  // kernel.
  setImmediate(() => {
    if (current?.listener === listener) process.on('SIGINT', listener);
  });
  return controller.signal;
}

/**
 * Takes the listener of {@link interruptSignal} away; its signal then never fires.
 *
 * @example
 * ```ts
 * const audit = await auditTable(cohort, combatHarmonizer(), { signal: interruptSignal() });
 * releaseInterruptSignal();
 * ```
 */
export function releaseInterruptSignal(): void {
  if (current === null) return;
  const { listener } = current;
  current = null;
  // Later, for the same reason: during a cell's synchronous part the listeners are set aside and come back after it.
  setImmediate(() => process.off('SIGINT', listener));
}
