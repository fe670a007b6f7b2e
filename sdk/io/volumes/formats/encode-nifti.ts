import type { Volume } from '../../../data/images/volume';
import { affineQform } from './quaternion-affine';
import type { EncodedVoxels, WrittenDatatype } from './encode-voxels';
import { bytesPerVoxel } from './image-layout';
import { niftiCodes } from './nifti-datatypes';
import { descriptionLength, nifti1, nifti2, writeField } from './nifti-fields';

/** The longest axis that NIfTI-1 can hold. */
const longestNifti1 = 32767;

/** The code of affines that a program has made (nifti1.h: aligned), which nibabel takes by default too. */
const aligned = 2;

/**
 * Makes a NIfTI file in memory: NIfTI-1, or NIfTI-2 where an axis is too long for that. The affine goes into the sform
 * and, unless it shears, into the qform as well, so that all programs find the same one.
 */
export function encodeNifti(
  { shape, affine, spacing, header }: Volume,
  datatype: WrittenDatatype,
  voxels: EncodedVoxels,
): Buffer {
  const fields = shape.some((size) => size > longestNifti1) ? nifti2 : nifti1;
  // Four bytes follow the header that say: no extensions.
  const head = Buffer.alloc(fields.start);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const code = header?.sformCode || header?.qformCode || aligned;
  const qform = affineQform(affine);
  view.setInt32(0, fields.size, true);
  head.write(fields.magic[0], fields.magicAt, 'latin1');
  writeField(view, fields.dim, [3, ...shape, 1, 1, 1, 1]);
  writeField(view, fields.datatype, [niftiCodes[datatype]]);
  writeField(view, fields.bitsPerVoxel, [8 * bytesPerVoxel[datatype]]);
  writeField(view, fields.pixdim, [qform?.qfac ?? 1, ...spacing]);
  writeField(view, fields.voxelOffset, [fields.start]);
  writeField(view, fields.slope, [voxels.slope]);
  writeField(view, fields.intercept, [voxels.intercept]);
  // Lengths in millimeters.
  writeField(view, fields.units, [2]);
  writeField(view, fields.sformCode, [code]);
  writeField(view, fields.srow, affine.slice(0, 12));
  if (qform !== undefined) {
    writeField(view, fields.qformCode, [code]);
    writeField(view, fields.quaternion, qform.quaternion);
    writeField(view, fields.qoffset, qform.offset);
  }
  head.write(header?.description ?? '', fields.descriptionAt, descriptionLength - 1, 'utf8');
  return Buffer.concat([head, voxels.bytes]);
}
