import { basename } from 'node:path';
import { requireCall } from '../../../data/calls/require-call';
import type { Hemisphere, Surface } from '../../../data/images/surface';
import { surfaceProblem } from '../../../data/images/surface';
import { requirePath } from '../../files/argument-order';
import { parseNiftiKind } from '../formats/nifti-kind';
import { niftiHeaderBytes } from '../formats/nifti-header';
import { imageError } from '../image-error';
import { headerChunk, openImageBytes } from '../open-image-bytes';
import type { StoredSurface } from './gifti-surface';
import { noGeometry, readGiftiSurface } from './gifti-surface';
import { startsLikeXml } from './gifti-text';
import { readTriangleSurface } from './triangle-surface';

/**
 * Reads a surface of triangles: GIFTI (`lh.pial.surf.gii`, packed or not), or FreeSurfer's binary format (`lh.pial`,
 * `lh.inflated`). Which half of the brain it is comes from the metadata of GIFTI, else from a name that begins with `lh.` or `rh.`
 * or has `hemi-L`, `.L.` and the like.
 *
 * @returns coordinates in millimeters as the file has them: to the right, to the front, up
 * @throws ConcordError `unreadable-file`; `malformed-image`, also for triangles whose vertices are not there; `unsupported-format`
 * for surfaces of quadrangles, patches, volumes and files of values.
 *
 * @example
 * ```ts
 * const inflated = await surfaces.readSurface('fsaverage/surf/lh.inflated');
 * ```
 */
export async function readSurface(path: string): Promise<Surface> {
  requirePath('surfaces.readSurface', path);
  requireCall('surfaces.readSurface', { path });
  const stored = await storedSurface(path);
  const problem = surfaceProblem(stored.points, stored.triangles);
  if (problem !== undefined) {
    throw imageError(
      'malformed-image',
      path,
      `invalid surface: ${path}: ${problem} (copy it again, or make it again)`,
    );
  }
  const { points, triangles, hemisphere = hemisphereOfFile(path) } = stored;
  return { vertices: points.length / 3, points, triangles, hemisphere };
}

async function storedSurface(path: string): Promise<StoredSurface> {
  const bytes = await openImageBytes(path, headerChunk);
  try {
    const head = await bytes.head(niftiHeaderBytes);
    const kind = parseNiftiKind(head, path);
    if (kind !== undefined) {
      throw imageError(
        'unsupported-format',
        path,
        `unsupported surface: ${path} is a ${kind} file and no surface (give one such as lh.inflated or lh.pial.surf.gii)`,
      );
    }
    if (/\.gii(\.gz)?$/i.test(path) || startsLikeXml(head)) return await readGiftiSurface(path);
    if (/\.(?:mg[hz](?:\.gz)?|npy|parquet)$/i.test(path)) throw noGeometry(path);
    return await readTriangleSurface(bytes);
  } finally {
    await bytes.close();
  }
}

/** By the names that FreeSurfer, BIDS and HCP give: `lh.pial`, `hemi-L`, `100307.L.midthickness`. */
function hemisphereOfFile(path: string): Hemisphere | undefined {
  const name = basename(path);
  const [, side] =
    /^(l|r)h\./i.exec(name) ?? /(?:^|_)hemi-(l|r)(?:_|\.|$)/i.exec(name) ?? /\.(L|R)\./.exec(name) ?? [];
  return side === undefined ? undefined : side.toLowerCase() === 'l' ? 'left' : 'right';
}
