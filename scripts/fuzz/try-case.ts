import { ConcordError } from '../../sdk/errors';
import type { FuzzedFormat, Outcome } from './fuzzed-format';

/** The longest message that people still read. */
const longestMessage = 2000;

/** Reads what is at a path and says what became of it, and what was said. */
export async function tryCase(format: FuzzedFormat, path: string): Promise<readonly [Outcome, string]> {
  let result: unknown;
  try {
    result = await format.read(path);
  } catch (error) {
    if (!(error instanceof ConcordError)) {
      return [
        'raw error',
        error instanceof Error ? (error.stack ?? error.message).slice(0, 600) : String(error),
      ];
    }
    const { message } = error;
    if (message.includes('\n') || message.length > longestMessage)
      return ['unreadable message', message.slice(0, 300)];
    return ['refused', message.slice(0, 200)];
  }
  try {
    const nonsense = format.nonsense(result as never);
    return nonsense === undefined ? ['read', ''] : ['nonsense', nonsense];
  } catch (error) {
    return ['nonsense', `a result that cannot be looked at: ${String(error)}`];
  }
}
