/** How a number is stored in a header. */
type FieldType = 'uint8' | 'int16' | 'int32' | 'int64' | 'float32' | 'float64';

/** Where a field begins in the header, and how its numbers are stored. */
type Field = readonly [at: number, type: FieldType];

/** The fields of a NIfTI header that carry the meaning of the image. */
export interface NiftiFields {
  /** The number in the first four bytes: the size of the header. */
  readonly size: number;
  /** Where voxels begin at the earliest in a file that holds header and voxels. */
  readonly start: number;
  readonly magicAt: number;
  /** The magic of a file that holds header and voxels, and of a header apart from its voxels. */
  readonly magic: readonly [together: string, apart: string];
  readonly descriptionAt: number;
  readonly dim: Field;
  /** What the values are meant for. */
  readonly intent: Field;
  readonly datatype: Field;
  readonly bitsPerVoxel: Field;
  readonly pixdim: Field;
  readonly voxelOffset: Field;
  readonly slope: Field;
  readonly intercept: Field;
  readonly units: Field;
  readonly qformCode: Field;
  readonly sformCode: Field;
  readonly quaternion: Field;
  readonly qoffset: Field;
  readonly srow: Field;
}

/** The length of the free text. */
export const descriptionLength = 80;

/** NIfTI-1: the standard of 2004 (nifti1.h). */
export const nifti1: NiftiFields = {
  size: 348,
  start: 352,
  magicAt: 344,
  magic: ['n+1\0', 'ni1\0'],
  descriptionAt: 148,
  dim: [40, 'int16'],
  intent: [68, 'int16'],
  datatype: [70, 'int16'],
  bitsPerVoxel: [72, 'int16'],
  pixdim: [76, 'float32'],
  voxelOffset: [108, 'float32'],
  slope: [112, 'float32'],
  intercept: [116, 'float32'],
  units: [123, 'uint8'],
  qformCode: [252, 'int16'],
  sformCode: [254, 'int16'],
  quaternion: [256, 'float32'],
  qoffset: [268, 'float32'],
  srow: [280, 'float32'],
};

/** NIfTI-2: the standard of 2011 (nifti2.h), for more than 32,767 voxels along an axis. */
export const nifti2: NiftiFields = {
  size: 540,
  start: 544,
  magicAt: 4,
  magic: ['n+2\0\r\n\x1a\n', 'ni2\0\r\n\x1a\n'],
  descriptionAt: 240,
  dim: [16, 'int64'],
  intent: [504, 'int32'],
  datatype: [12, 'int16'],
  bitsPerVoxel: [14, 'int16'],
  pixdim: [104, 'float64'],
  voxelOffset: [168, 'int64'],
  slope: [176, 'float64'],
  intercept: [184, 'float64'],
  units: [500, 'int32'],
  qformCode: [344, 'int32'],
  sformCode: [348, 'int32'],
  quaternion: [352, 'float64'],
  qoffset: [376, 'float64'],
  srow: [400, 'float64'],
};

const width: Readonly<Record<FieldType, number>> = {
  uint8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  float32: 4,
  float64: 8,
};

/** Reads `count` numbers of a field. */
export function readField(view: DataView, [at, type]: Field, count: number, littleEndian: boolean): number[] {
  return Array.from({ length: count }, (_, i) => {
    const place = at + i * width[type];
    switch (type) {
      case 'uint8':
        return view.getUint8(place);
      case 'int16':
        return view.getInt16(place, littleEndian);
      case 'int32':
        return view.getInt32(place, littleEndian);
      case 'int64':
        return Number(view.getBigInt64(place, littleEndian));
      case 'float32':
        return view.getFloat32(place, littleEndian);
      case 'float64':
        return view.getFloat64(place, littleEndian);
    }
  });
}

/** Writes the numbers of a field, little endian. */
export function writeField(view: DataView, [at, type]: Field, values: readonly number[]): void {
  for (const [i, value] of values.entries()) {
    const place = at + i * width[type];
    switch (type) {
      case 'uint8':
        view.setUint8(place, value);
        break;
      case 'int16':
        view.setInt16(place, value, true);
        break;
      case 'int32':
        view.setInt32(place, value, true);
        break;
      case 'int64':
        view.setBigInt64(place, BigInt(value), true);
        break;
      case 'float32':
        view.setFloat32(place, value, true);
        break;
      case 'float64':
        view.setFloat64(place, value, true);
        break;
    }
  }
}
