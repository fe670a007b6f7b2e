import type { Affine, Triple } from '../../../data/images/affine';
import type { ConcordError } from '../../../errors';
import { imageError } from '../image-error';
import type { Datatype } from '../../../data/images/volume';
import type { ImageLayout } from './image-layout';
import { bytesPerVoxel, requireSizes } from './image-layout';
import { niftiDatatype } from './nifti-datatypes';
import type { NiftiFields } from './nifti-fields';
import { descriptionLength, nifti1, nifti2, readField } from './nifti-fields';
import { parseNiftiKind } from './nifti-kind';
import { qformAffine } from './quaternion-affine';

/** How many bytes the header takes at the most. */
export const niftiHeaderBytes: number = nifti2.size;

/**
 * Reads a NIfTI-1 or NIfTI-2 header of either byte order.
 *
 * Own code over one table of fields, which writing needs as well: nifti-reader-js 0.8.0 does not write, takes the
 * qform where its code is the greater one, and stumbles over extensions it does not expect.
 *
 * @param head - the first bytes of the file
 * @throws ConcordError `malformed-image` or `unsupported-format`.
 */
export function parseNiftiHeader(head: Buffer, path: string): ImageLayout {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const { fields, littleEndian } = kindOf(view, path);
  const numbers = (field: Parameters<typeof readField>[1], count = 1): number[] =>
    readField(view, field, count, littleEndian);
  const apart = readMagic(head, fields, path);
  if (parseNiftiKind(head, path) === 'CIFTI') throw isCifti(path);
  const datatype = niftiDatatype(numbers(fields.datatype)[0], path);
  requireBits(numbers(fields.bitsPerVoxel)[0], datatype, path);
  const sizes = sizesOf(numbers(fields.dim, 8), path);
  requireSizes(sizes, datatype, path);
  const shape: Triple = [sizes[0], sizes[1], sizes[2]];
  const { slope, intercept } = scalingOf(numbers(fields.slope)[0], numbers(fields.intercept)[0], path);
  const [qformCode] = numbers(fields.qformCode);
  const [sformCode] = numbers(fields.sformCode);
  const forms = readForms(fields, numbers, shape);
  return {
    shape,
    // The rule of nibabel and FSL: sform, else qform, else spacing alone.
    affine: sformCode > 0 ? forms.sform : qformCode > 0 ? forms.qform : forms.base,
    littleEndian,
    offset: offsetOf(numbers(fields.voxelOffset)[0], apart ? 0 : fields.start, path),
    apart,
    header: {
      format: fields === nifti1 ? 'nifti1' : 'nifti2',
      datatype,
      slope,
      intercept,
      sformCode,
      qformCode,
      ...(qformCode > 0 ? { qform: forms.qform } : {}),
      frames: sizes[3],
      description: head
        .toString('utf8', fields.descriptionAt, fields.descriptionAt + descriptionLength)
        .replace(/\0.*$/s, ''),
    },
  };
}

function kindOf(
  view: DataView,
  path: string,
): { readonly fields: NiftiFields; readonly littleEndian: boolean } {
  for (const littleEndian of [true, false]) {
    const size = view.byteLength < 4 ? 0 : view.getInt32(0, littleEndian);
    const fields = [nifti1, nifti2].find((known) => known.size === size);
    if (fields === undefined) continue;
    if (view.byteLength >= fields.size) return { fields, littleEndian };
    throw imageError(
      'malformed-image',
      path,
      `truncated image: ${path} ends within its header (copy or download it again)`,
    );
  }
  throw wrongMagic(path);
}

/** Whether the voxels are in a file of their own. */
function readMagic(head: Buffer, fields: NiftiFields, path: string): boolean {
  const magic = head.toString('latin1', fields.magicAt, fields.magicAt + fields.magic[0].length);
  // Some programs end the magic of NIfTI-1 otherwise than with a zero.
  const is = (wanted: string): boolean => magic.slice(0, 3) === wanted.slice(0, 3);
  if (is(fields.magic[1])) return true;
  if (is(fields.magic[0])) return false;
  if (/^\0*$/.test(magic)) {
    throw imageError(
      'unsupported-format',
      path,
      `unsupported format: ${path} is an Analyze 7.5 header, which does not distinguish left from right (convert it to NIfTI)`,
    );
  }
  throw wrongMagic(path);
}

function wrongMagic(path: string): ConcordError {
  return imageError(
    'malformed-image',
    path,
    `wrong magic: ${path} does not begin like a NIfTI file (it is damaged, or of another kind than its name says)`,
  );
}

function isCifti(path: string): ConcordError {
  return imageError(
    'unsupported-format',
    path,
    `unsupported format: ${path} is a CIFTI file, which holds values of surfaces and volumes in one list and is no image ` +
      '(wb_command -cifti-separate makes a NIfTI image of its volume and GIFTI files of its surfaces)',
  );
}

/** Two fields say how wide a voxel is. Where the second is empty it says nothing. */
function requireBits(bits: number, datatype: Datatype, path: string): void {
  if (bits === 0 || bits === 8 * bytesPerVoxel[datatype]) return;
  throw imageError(
    'malformed-image',
    path,
    `invalid datatype: the header of ${path} claims voxels of type ${datatype} and of ${bits} bits, ` +
      `${8 * bytesPerVoxel[datatype]} belong together (the header is damaged: make the file again)`,
  );
}

/** Three axes and the number of frames; axes that the header leaves out, or gives no size from the fourth on, have one. */
function sizesOf(dim: readonly number[], path: string): readonly number[] {
  const [axes] = dim;
  if (!(axes >= 1 && axes <= 7)) {
    throw imageError(
      'malformed-image',
      path,
      `invalid dimensions: ${path} claims ${axes} axes, 1 to 7 are allowed (the header is damaged)`,
    );
  }
  // Some programs claim four axes for one volume and leave the fourth at 0.
  const used = dim.findLastIndex(
    (length, axis) => axis <= axes && (axis <= 3 || (length !== 0 && length !== 1)),
  );
  const size = (axis: number): number => (axis <= used ? dim[axis] : 1);
  const frames = [4, 5, 6, 7].map(size);
  // Two negative sizes must not multiply to a positive one.
  const count = frames.every((one) => one > 0) ? frames.reduce((product, one) => product * one, 1) : 0;
  return [size(1), size(2), size(3), count];
}

/** A slope of 0, or one that is no number, means no scaling (nifti1.h). */
function scalingOf(
  slope: number,
  intercept: number,
  path: string,
): { readonly slope: number; readonly intercept: number } {
  if (slope === 0 || !Number.isFinite(slope)) return { slope: 1, intercept: 0 };
  if (Number.isFinite(intercept)) return { slope, intercept };
  throw imageError(
    'malformed-image',
    path,
    `invalid scaling: ${path} has the intercept ${intercept} (a finite number is required: correct scl_inter)`,
  );
}

function offsetOf(claimed: number, least: number, path: string): number {
  if (claimed === 0) return least;
  if (Number.isSafeInteger(claimed) && claimed >= least) return claimed;
  throw imageError(
    'malformed-image',
    path,
    `invalid voxel offset: ${path} claims that voxels begin at byte ${claimed} ` +
      `(${least} or more is allowed; the header is damaged)`,
  );
}

/** Millimeters per unit of length, by the code in the header: meters, micrometers; all else is taken as millimeters. */
const millimeters: Readonly<Record<number, number>> = { 1: 1000, 3: 0.001 };

function readForms(
  fields: NiftiFields,
  numbers: (field: NiftiFields['srow'], count?: number) => number[],
  shape: Triple,
): { readonly sform: Affine; readonly qform: Affine; readonly base: Affine } {
  const unit = millimeters[numbers(fields.units)[0] & 7] ?? 1;
  const inMillimeters = (affine: Affine): Affine =>
    unit === 1 ? affine : affine.map((value, cell) => (cell < 12 ? value * unit : value));
  const [qfac, ...pixdim] = numbers(fields.pixdim, 4);
  // Zero and negative spacings are against the standard but met; all readers take them so.
  const [u, v, w] = pixdim.map((size) => Math.abs(size) || 1);
  const [b, c, d] = numbers(fields.quaternion, 3);
  const [x, y, z] = numbers(fields.qoffset, 3);
  return {
    sform: inMillimeters([...numbers(fields.srow, 12), 0, 0, 0, 1]),
    qform: inMillimeters(
      qformAffine({
        quaternion: [b, c, d],
        spacing: [u, v, w],
        qfac: qfac < 0 ? -1 : 1,
        offset: [x, y, z],
      }),
    ),
    // Without either, the grid is centered at 0 and the first axis runs to the left, as nibabel takes it.
    base: inMillimeters([
      ...[-u, 0, 0, (u * (shape[0] - 1)) / 2],
      ...[0, v, 0, (-v * (shape[1] - 1)) / 2],
      ...[0, 0, w, (-w * (shape[2] - 1)) / 2],
      ...[0, 0, 0, 1],
    ]),
  };
}
