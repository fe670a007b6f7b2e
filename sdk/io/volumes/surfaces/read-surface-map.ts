import { basename } from 'node:path';
import { requirePath } from '../../files/argument-order';
import { parseNiftiKind } from '../formats/nifti-kind';
import { niftiHeaderBytes } from '../formats/nifti-header';
import { imageError } from '../image-error';
import { headerChunk, openImageBytes } from '../open-image-bytes';
import { readFrame, readLayout } from '../read-frame';
import { readCurvMap } from './curv-map';
import { readGiftiMap } from './gifti-map';
import { mostVertices } from './gifti-header';
import { startsLikeXml } from './gifti-text';
import type { SurfaceMap } from './surface-map';
import { requireCall } from '../../../data/calls/require-call';

/**
 * Reads a map of one value per vertex of a surface: GIFTI (`.gii`, `.gii.gz`), MGH or MGZ, and FreeSurfer's curvature
 * format (any other name, such as `lh.thickness`). Of several maps in a file the first is read. Where a GIFTI file lists
 * the vertices that it has values of, the others are NaN, as far as the last one it lists.
 *
 * @returns one value per vertex; NaN where there is none
 * @throws ConcordError `unreadable-file`, `malformed-image`; `unsupported-format` for volumes, CIFTI and labels;
 * `invalid-voxels` when a value is infinite.
 */
export async function readSurfaceMap(path: string): Promise<Float32Array> {
  requirePath('surfaces.readMap', path);
  requireCall('surfaces.readMap', { path });
  return (await openSurfaceMap(path)).values;
}

/** The same with what the file says besides. */
export async function openSurfaceMap(path: string): Promise<SurfaceMap> {
  const map = await readMap(path);
  const bad = map.values.findIndex((value) => value === Infinity || value === -Infinity);
  if (bad === -1) return map;
  throw imageError(
    'invalid-voxels',
    path,
    `invalid value: vertex ${bad} of ${path} is ${map.values[bad]} (a number, or NaN where there is none, is allowed)`,
  );
}

async function readMap(path: string): Promise<SurfaceMap> {
  const bytes = await openImageBytes(path, headerChunk);
  try {
    const head = await bytes.head(niftiHeaderBytes);
    refuseNifti(head, path);
    refuseOtherMaps(head, path);
    if (/\.gii(\.gz)?$/i.test(path) || startsLikeXml(head)) return await readGiftiMap(path);
    if (/\.mg[hz](\.gz)?$/i.test(path)) return await readMghMap(path);
    return { values: await readCurvMap(bytes), isSparse: false, maps: 1 };
  } finally {
    await bytes.close();
  }
}

function refuseNifti(head: Buffer, path: string): void {
  const kind = parseNiftiKind(head, path);
  if (kind === undefined) return;
  const what =
    kind === 'CIFTI'
      ? 'is a CIFTI file, which holds surfaces and volumes together (make a GIFTI file of each hemisphere with wb_command -cifti-separate)'
      : 'is a NIfTI image, not a surface map (GIFTI, MGH and curvature files are read: mri_convert makes an .mgh of it)';
  throw imageError('unsupported-format', path, `unsupported format: ${path} ${what}`);
}

/** Of these, too, one value per vertex can be had, but not by what reads curvature files, which any other name is taken for. */
function refuseOtherMaps(head: Buffer, path: string): void {
  const name = basename(path);
  const start = head.subarray(0, 128).toString('latin1');
  const isGifti = /\.gii(\.gz)?$/i.test(path);
  let what: string | undefined;
  if (/\.(?:annot|label)$/i.test(path) || /^#!ascii label/.test(start))
    what =
      'holds labels, the names or numbers of regions, and no values of vertices (give a map such as thickness)';
  else if (/\.w$/i.test(path))
    what =
      `is a paint file of FreeSurfer, which lists the vertices that it has values of ` +
      `(mri_surf2surf --hemi lh --srcsubject fsaverage --trgsubject fsaverage --sval ${name} --sfmt w --tval ${name.replace(/\.w$/i, '.mgh')} makes a map of it, with your subject and hemisphere)`;
  else if (!isGifti && /^\s*<AFNI_dataset/.test(start))
    what = `is a dataset of SUMI (ConvertDset -o_gii -input ${name} -prefix ${name.replace(/\.niml\.dset$/i, '')} makes a GIFTI file of it)`;
  else if (!isGifti && !startsLikeXml(head) && isText(start))
    what =
      `is text, as CIVET and exports to ASCII write it, and maps in binary files are read ` +
      `(make a .npy of its column of values: numpy.save('${name.replace(/\.[^.]*$/, '')}.npy', numpy.loadtxt('${name}', ndmin=2)[:, -1]))`;
  if (what !== undefined) throw imageError('unsupported-format', path, `unsupported map: ${path} ${what}`);
}

/** Whether this is the beginning of a file of text. That of a curvature file has a first byte of 255 or, below 589,824 vertices, of at most 8. */
function isText(start: string): boolean {
  return start.length > 0 && /^[\t\n\r -~]*$/.test(start);
}

/**
 * A surface map in a volume format has one axis of vertices. FreeSurfer may have folded it, since NIfTI-1 has no axis that
 * long: then the second axis has one voxel still.
 */
async function readMghMap(path: string): Promise<SurfaceMap> {
  const { shape, header } = await readLayout(path);
  if (shape[1] === 1 && shape[0] * shape[2] <= mostVertices) {
    return { values: (await readFrame(path, 0)).data, isSparse: false, maps: header.frames };
  }
  throw imageError(
    'unsupported-format',
    path,
    `unsupported map: ${path} is a volume of ${shape.join(' × ')} voxels and holds no value per vertex ` +
      '(give a map of a surface, such as lh.thickness.fsaverage.mgh)',
  );
}
