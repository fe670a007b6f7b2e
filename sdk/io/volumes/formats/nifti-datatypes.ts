import type { Datatype } from '../../../data/images/volume';
import { imageError } from '../image-error';

/** The codes of NIfTI for how voxels are stored. */
export const niftiCodes: Readonly<Record<Datatype, number>> = {
  uint8: 2,
  int16: 4,
  int32: 8,
  float32: 16,
  float64: 64,
  int8: 256,
  uint16: 512,
  uint32: 768,
  int64: 1024,
  uint64: 1280,
};

/** What NIfTI knows besides: values that are not one real number of at most 64 bits. */
const unsupported: Readonly<Record<number, string>> = {
  0: 'unknown',
  1: 'binary',
  32: 'complex64',
  128: 'rgb24',
  1536: 'float128',
  1792: 'complex128',
  2048: 'complex256',
  2304: 'rgba32',
};

/**
 * The datatype of a code.
 *
 * @param name - what the file calls it, where it says a name and no code
 * @throws ConcordError `unsupported-format` naming it when its values are not real numbers of at most 64 bits.
 */
export function niftiDatatype(code: number, path: string, name?: string): Datatype {
  const found = Object.entries(niftiCodes).find(([, known]) => known === code);
  if (found !== undefined) return found[0] as Datatype;
  throw imageError(
    'unsupported-format',
    path,
    `unsupported datatype: ${path} holds ${unsupported[code] ?? name ?? `voxels of code ${code}`} ` +
      '(real numbers of 8 to 64 bits are read: convert it, for example to float32)',
  );
}
