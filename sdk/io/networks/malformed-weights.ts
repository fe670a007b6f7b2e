import { ConcordError } from '../../errors';

/** The error for a weights file that is damaged or not one, naming the file and what is wrong. */
export function malformedWeights(file: string, what: string, cause?: unknown): ConcordError {
  return new ConcordError('malformed-model', `malformed weights: ${file}: ${what}`, {
    where: { file },
    cause,
  });
}

/** A name as messages show it: in quotes, on one line, not too long. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 97)}…` : name);
}
