import { requireCall } from '../data/calls/require-call';

/** How outputs are taken away. */
export interface ClearOutputOptions {
  /** Whether they stay until the next output comes, so that the page does not flicker. @defaultValue `false` */
  readonly wait?: boolean;
}

/**
 * Takes away what the running notebook cell has put out so far. Outside a notebook of the Concord kernel it does nothing.
 *
 * @throws ConcordError `invalid-option` for options of another kind or name
 *
 * @example
 * ```ts
 * for (const site of cohort.participants.sites) {
 *   clearOutput({ wait: true });
 *   show(site);
 * }
 * ```
 */
export function clearOutput(options: ClearOutputOptions = {}): void {
  requireCall('clearOutput', { options });
  const { wait = false } = options;
  const kernel: unknown = (globalThis as { readonly [key: symbol]: unknown })[
    Symbol.for('concord-mri.kernel')
  ];
  if (isKernel(kernel)) kernel.clearOutput(wait);
}

/** What the kernel leaves for the cells that it runs, whichever copy of Concord they have. */
interface KernelOfCells {
  readonly clearOutput: (wait: boolean) => void;
}

function isKernel(kernel: unknown): kernel is KernelOfCells {
  return (
    typeof kernel === 'object' &&
    kernel !== null &&
    'clearOutput' in kernel &&
    typeof kernel.clearOutput === 'function'
  );
}
