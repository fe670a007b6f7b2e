import type { Hemisphere } from '../../../data/images/surface';
import { imageError } from '../image-error';
import type { GiftiArray } from './gifti-arrays';
import { giftiContent, hemisphereOf, malformedGifti } from './gifti-arrays';
import type { TripletsHeader } from './gifti-header';
import { tripletsHeader } from './gifti-header';
import { xmlText } from './gifti-text';
import { arrayValues } from './gifti-values';

/** Points and triangles as a file has them. */
export interface StoredSurface {
  readonly points: Float32Array;
  readonly triangles: Int32Array;
  readonly hemisphere?: Hemisphere;
}

/** The arrays of a surface, and what messages call them. */
const parts = { NIFTI_INTENT_POINTSET: 'coordinates', NIFTI_INTENT_TRIANGLE: 'triangles' } as const;

/**
 * Reads the coordinates and triangles of a GIFTI file, in any of its encodings and either order of its arrays. Coordinates are
 * those of the file: where it has a matrix to another space, that is not applied.
 *
 * Source: GIFTI Surface Data Format 1.0 (Harwell et al. 2011), sections 9 and 10.
 *
 * @throws ConcordError `unreadable-file`; `malformed-image`; `unsupported-format` for a file of values or labels.
 */
export async function readGiftiSurface(path: string): Promise<StoredSurface> {
  const headers: TripletsHeader[] = [];
  let others = 0;
  const { arrays, structures } = await giftiContent(xmlText(path), path, (said) => {
    const what = Object.entries(parts).find(([intent]) => intent === said.get('Intent'))?.[1];
    if (what === undefined) {
      others++;
      return undefined;
    }
    const header = tripletsHeader(said, path, what);
    headers.push(header);
    return header;
  });
  const triplets = (intent: keyof typeof parts): Float32Array => {
    const found = arrays.flatMap((array, at) => (array.intent === intent ? [at] : []));
    if (found.length === 1) return byRows(arrays[found[0]], headers[found[0]], path);
    if (found.length > 1) malformedGifti(path, `it has ${parts[intent]} more than once`);
    if (arrays.length === 0 && others > 0) throw noGeometry(path);
    return malformedGifti(path, `it has no ${parts[intent]}, and is no surface`);
  };
  const points = triplets('NIFTI_INTENT_POINTSET');
  // Numbers of vertices up to 2 ** 24 are exact in 32-bit floats.
  const triangles = Int32Array.from(triplets('NIFTI_INTENT_TRIANGLE'));
  return { points, triangles, hemisphere: hemisphereOf(structures) };
}

function byRows(array: GiftiArray, header: TripletsHeader, path: string): Float32Array {
  const values = arrayValues(array, path, `${array.count / 3} × 3 numbers`);
  if (header.byRows) return values;
  const rows = values.length / 3;
  return values.map((_, at) => values[(at % 3) * rows + Math.floor(at / 3)]);
}

/** The error for a file of values where geometry is needed. */
export function noGeometry(path: string): Error {
  return imageError(
    'unsupported-format',
    path,
    `unsupported surface: ${path} holds values of vertices and no geometry (give a surface, such as lh.inflated or lh.pial.surf.gii)`,
  );
}
