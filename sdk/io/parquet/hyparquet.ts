import type * as Fzstd from 'fzstd';
import type * as Hyparquet from 'hyparquet';
import type * as Alp from 'hyparquet/src/alp.js';
import type * as Column from 'hyparquet/src/column.js';
import type * as Convert from 'hyparquet/src/convert.js';
import type * as Delta from 'hyparquet/src/delta.js';
import type * as Encoding from 'hyparquet/src/encoding.js';
import type * as Plain from 'hyparquet/src/plain.js';
import { loadPart } from '../../parts';

/** What is used of hyparquet and fzstd: bundled as CommonJS, since where ES modules are unknown it is to work too. */
export type HyparquetPart = Pick<
  typeof Hyparquet,
  'parquetMetadataAsync' | 'parquetSchema' | 'snappyUncompress'
> &
  Pick<typeof Column, 'parquetHeader'> &
  Pick<typeof Convert, 'convert' | 'DEFAULT_PARSERS'> &
  Pick<typeof Plain, 'readPlain'> &
  Pick<typeof Encoding, 'byteStreamSplit'> &
  Pick<typeof Alp, 'alpDecode'> &
  Pick<typeof Fzstd, 'Decompress'> & { readonly delta: typeof Delta };

/**
 * Loads what decodes Parquet files.
 *
 * @throws ConcordError `missing-package`.
 */
export function hyparquet(): HyparquetPart {
  return loadPart('parquet.cjs') as HyparquetPart;
}
