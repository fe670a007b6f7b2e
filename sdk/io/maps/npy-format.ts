import { readFile, writeFile } from 'node:fs/promises';
import { unreadableFile } from '../files/read-file';
import { imageError } from '../volumes/image-error';
import { floatBytes, floatsOf } from './float-bytes';
import type { MapFormat } from './map-format';

/** NumPy's format, of one axis of vertices, as `numpy.save` writes it: 32- or 64-bit floats, in either byte order. */
export const npyFormat: MapFormat = {
  name: "NumPy's format",
  is: (path) => /\.npy$/i.test(path),
  async read(path) {
    const { bytes, start, width, littleEndian } = await openBytes(path);
    return floatsOf(bytes.subarray(start), width, littleEndian);
  },
  async write(values, path, like) {
    const { bytes, start, width, littleEndian } = await openBytes(like);
    const numbers = floatBytes(values, width, littleEndian);
    await writeFile(path, Buffer.concat([bytes.subarray(0, start), numbers]), { flag: 'wx' });
  },
};

interface NpyBytes {
  readonly bytes: Buffer;
  readonly start: number;
  readonly width: 4 | 8;
  readonly littleEndian: boolean;
}

async function openBytes(path: string): Promise<NpyBytes> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw unreadableFile(path, cause);
  });
  const malformed = (what: string): never => {
    throw imageError(
      'malformed-image',
      path,
      `malformed array: ${path}: ${what} (write it again with numpy.save)`,
    );
  };
  if (bytes.length < 12 || bytes.toString('latin1', 0, 6) !== '\u0093NUMPY')
    malformed('it is not in the format of NumPy');
  const [at, length] = bytes[6] === 1 ? [10, bytes.readUInt16LE(8)] : [12, bytes.readUInt32LE(8)];
  const start = at + length;
  if (start > bytes.length) malformed('it ends within its header');
  const header = bytes.toString('latin1', at, start);
  const [, order = '', size = ''] = /'descr': '([<>])f([48])'/.exec(header) ?? [];
  if (size === '') {
    throw imageError(
      'unsupported-format',
      path,
      `unsupported array: ${path} holds no 32- or 64-bit floats (convert it with astype('float32'))`,
    );
  }
  const [, sizes = ''] = /'shape': \(([^)]*)\)/.exec(header) ?? [];
  const axes = sizes.split(',').flatMap((text) => (text.trim() === '' ? [] : [Number(text)]));
  const count = axes.reduce((product, axis) => product * axis, 1);
  if (axes.length === 0 || axes.filter((axis) => axis !== 1).length > 1) {
    throw imageError(
      'unsupported-format',
      path,
      `unsupported array: ${path} has the shape ${axes.join(' × ')} (one axis, of vertices, is read)`,
    );
  }
  const width = size === '4' ? 4 : 8;
  if (bytes.length !== start + count * width)
    malformed(`it has ${bytes.length} bytes and needs ${start + count * width}`);
  return { bytes, start, width, littleEndian: order === '<' };
}
