import type { Affine, Triple } from '../../../data/images/affine';
import type { Datatype } from '../../../data/images/volume';
import { imageError } from '../image-error';
import type { ImageLayout } from './image-layout';
import { requireSizes } from './image-layout';

/** Where the voxels of an MGH file begin, which is the size of its header. */
export const mghHeaderBytes = 284;

/** FreeSurfer's codes for how voxels are stored (mri.h). */
const mghCodes: Readonly<Partial<Record<Datatype, number>>> = {
  uint8: 0,
  int32: 1,
  float32: 3,
  int16: 4,
  uint16: 10,
};

/**
 * Reads the header of an MGH file, as FreeSurfer writes it: big endian, version 1.
 *
 * Source: FreeSurfer's FsTutorial/MghFormat. Direction cosines, spacing and the RAS position of the center are stored;
 * the center is voxel (nx/2, ny/2, nz/2).
 *
 * @param head - the first bytes of the file
 * @throws ConcordError `malformed-image` or `unsupported-format`.
 */
export function parseMghHeader(head: Buffer, path: string): ImageLayout {
  const fail = (what: string): never => {
    throw imageError('malformed-image', path, `${what} (copy it again, or make it again with FreeSurfer)`);
  };
  if (head.length < mghHeaderBytes) fail(`truncated image: ${path} ends within its header`);
  const version = head.readInt32BE(0);
  if (version !== 1)
    fail(`wrong magic: ${path} begins with ${version}, an MGH file of version 1 begins with 1`);
  const sizes = [4, 8, 12, 16].map((at) => head.readInt32BE(at));
  const datatype = datatypeOf(head.readInt32BE(20), path);
  requireSizes(sizes, datatype, path);
  const shape: Triple = [sizes[0], sizes[1], sizes[2]];
  const hasGeometry = head.readInt16BE(28) > 0;
  const floats = (at: number, count: number): number[] =>
    Array.from({ length: count }, (_, i) => head.readFloatBE(at + 4 * i));
  return {
    shape,
    affine: hasGeometry
      ? centeredAffine(shape, floats(30, 3), floats(42, 9), floats(78, 3))
      : centeredAffine(shape, ...coronal),
    littleEndian: false,
    offset: mghHeaderBytes,
    apart: false,
    header: {
      format: 'mgh',
      datatype,
      slope: 1,
      intercept: 0,
      sformCode: hasGeometry ? 1 : 0,
      qformCode: 0,
      frames: sizes[3],
      description: '',
    },
  };
}

/** What FreeSurfer takes where a file says nothing of its geometry: 1 mm, coronal slices, centered at 0. */
const coronal = [
  [1, 1, 1],
  [-1, 0, 0, 0, 0, -1, 0, 1, 0],
  [0, 0, 0],
] as const;

/** @param cosines - the direction of each axis in RAS, axis after axis */
function centeredAffine(
  shape: Triple,
  spacing: readonly number[],
  cosines: readonly number[],
  center: readonly number[],
): Affine {
  const rows = [0, 1, 2].map((world) => {
    const steps = [0, 1, 2].map((axis) => cosines[3 * axis + world] * spacing[axis]);
    const half = steps.reduce((sum, step, axis) => sum + (step * shape[axis]) / 2, 0);
    return [...steps, center[world] - half];
  });
  return [...rows.flat(), 0, 0, 0, 1];
}

function datatypeOf(code: number, path: string): Datatype {
  const found = Object.entries(mghCodes).find(([, known]) => known === code);
  if (found !== undefined) return found[0] as Datatype;
  throw imageError(
    'unsupported-format',
    path,
    `unsupported datatype: ${path} holds voxels of FreeSurfer's type ${code} ` +
      '(uchar, short, ushort, int and float are read: convert it with mri_convert -odt float)',
  );
}
