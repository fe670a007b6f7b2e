import type { ConcordErrorOptions, ErrorCode } from '../../errors';
import { ConcordError } from '../../errors';

/** The error about one image file: it says what is wrong, where, and what can be done. */
export function imageError(
  code: ErrorCode,
  file: string,
  message: string,
  { cause, remedy }: Pick<ConcordErrorOptions, 'cause' | 'remedy'> = {},
): ConcordError {
  return new ConcordError(code, message, { where: { file }, remedy, cause });
}
