import { ConcordError } from '../../errors';

/** The error for a Parquet file whose parts do not fit together. */
export function damagedParquet(path: string, what: string, cause?: unknown): ConcordError {
  return new ConcordError('malformed-table', `damaged Parquet file: ${path}: ${what}`, {
    where: { file: path },
    remedy: ['copy or download it again, or write it again'],
    cause,
  });
}

/** The error for a whole Parquet file that holds what is not read. */
export function unsupportedParquet(path: string, what: string): ConcordError {
  return new ConcordError('unsupported-format', `unsupported: ${path}: ${what}`, { where: { file: path } });
}

/** What a decoder threw, as an error about its file: ours pass, all others mean that it could make nothing of the bytes. */
export function decodingError(path: string, cause: unknown): ConcordError {
  if (cause instanceof ConcordError) return cause;
  const said = (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s+/g, ' ');
  return said.includes('unsupported') || said.includes('not supported')
    ? unsupportedParquet(path, `${said} (write it with plain columns, for example by pandas or polars)`)
    : damagedParquet(path, said, cause);
}
