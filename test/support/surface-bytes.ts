import { deflateSync } from 'node:zlib';

/** An array of a GIFTI file made for a test. Whatever is not given is as a map of float32 in base64 has it. */
export interface GiftiArrayText {
  readonly intent?: string;
  readonly values: readonly number[];
  readonly type?: 'FLOAT32' | 'INT32';
  readonly encoding?: 'ASCII' | 'Base64Binary' | 'GZipBase64Binary';
  /** Instead of those that follow from the values. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Instead of the text that follows from the values. */
  readonly data?: string;
}

/** Makes one array element, after the GIFTI specification 1.0 and without the code under test. */
export function giftiArray(array: GiftiArrayText): string {
  const { intent = 'SHAPE', values, type = 'FLOAT32', encoding = 'Base64Binary', attributes = {} } = array;
  const bytes = Buffer.from((type === 'FLOAT32' ? Float32Array : Int32Array).from(values).buffer);
  const packed = encoding === 'GZipBase64Binary' ? deflateSync(bytes) : bytes;
  const data = array.data ?? (encoding === 'ASCII' ? values.join('\n') : packed.toString('base64'));
  const said = {
    Intent: `NIFTI_INTENT_${intent}`,
    DataType: `NIFTI_TYPE_${type}`,
    ArrayIndexingOrder: 'RowMajorOrder',
    Dimensionality: '1',
    Dim0: String(values.length),
    Encoding: encoding,
    Endian: 'LittleEndian',
    ExternalFileName: '',
    ExternalFileOffset: '0',
    ...attributes,
  };
  const list = Object.entries(said).map(([name, value]) => `${name}="${value}"`);
  return `<DataArray ${list.join(' ')}><MetaData/><Data>${data}</Data></DataArray>`;
}

/** Makes a GIFTI file of these arrays. */
export function giftiFile(...arrays: readonly string[]): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<!DOCTYPE GIFTI SYSTEM "http://www.nitrc.org/frs/download.php/115/gifti.dtd">\n' +
    `<GIFTI Version="1.0" NumberOfDataArrays="${arrays.length}"><MetaData/><LabelTable/>${arrays.join('\n')}</GIFTI>\n`
  );
}

/** Makes a map in FreeSurfer's curvature format, big endian. */
export function curvBytes(values: readonly number[], perVertex = 1): Buffer {
  const bytes = Buffer.alloc(15 + 4 * values.length);
  bytes.writeUIntBE(0xffffff, 0, 3);
  bytes.writeInt32BE(values.length, 3);
  bytes.writeInt32BE(7, 7);
  bytes.writeInt32BE(perVertex, 11);
  values.forEach((value, i) => bytes.writeFloatBE(value, 15 + 4 * i));
  return bytes;
}

/** The bytes of a `.npy` file, after the description of the format in NumPy's documentation. */
export function npyBytes(
  numbers: readonly number[],
  type: '<f4' | '>f4' | '<f8',
  shape = `(${numbers.length},)`,
): Buffer {
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117);
  const width = Number(type[2]);
  const data = Buffer.alloc(width * numbers.length);
  numbers.forEach((value, at) => {
    if (type === '<f4') data.writeFloatLE(value, 4 * at);
    else if (type === '>f4') data.writeFloatBE(value, 4 * at);
    else data.writeDoubleLE(value, 8 * at);
  });
  return Buffer.concat([
    Buffer.from('\u0093NUMPY\u0001\u0000v\u0000', 'latin1'),
    Buffer.from(`${text}\n`),
    data,
  ]);
}
