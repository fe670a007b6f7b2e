import { requireCall } from './data/calls/require-call';
import type { Advice, RemedyWording } from './remedy';
import { inSdkWords, wordAdvice } from './remedy';

/**
 * Advice in words, each remedy worded by `wording`; one that exists nowhere but in the SDK is said to.
 *
 * @throws ConcordError `invalid-option` when it is no advice.
 *
 * @example
 * ```ts
 * if (error instanceof ConcordError) console.error(error.problem, adviceText(error.remedy));
 * ```
 */
export function adviceText(advice: Advice, wording: RemedyWording = inSdkWords): string {
  requireCall('adviceText', { advice, wording });
  return wordAdvice(advice, wording);
}
