import type { FileHandle } from 'node:fs/promises';
import { open, writeFile } from 'node:fs/promises';
import type { ConcordError } from '../../errors';
import { fileSize, unreadableFile } from '../files/read-file';
import { npyHead, readFully } from '../images/npy';
import { imageError } from '../volumes/image-error';
import { floatBytes, floatsOf } from './float-bytes';
import type { MapFormat, MapValues } from './map-format';

/**
 * NumPy's format, of one axis of vertices, as `numpy.save` writes it: 32- or 64-bit floats, in either byte order. A stack has two
 * axes, scans × vertices.
 */
export const npyFormat: MapFormat = {
  name: "NumPy's format",
  is: (path) => /\.npy$/i.test(path),
  read: (path) =>
    opened(path, async (file, array) => {
      if (array.axes.length === 0 || longAxes(array).length > 1)
        throw wrongShape(path, array, 'one axis, of vertices');
      return { values: await numbersAt(file, { path, array, first: 0, count: array.count }) };
    }),
  async write(values, path, like) {
    const { head, width, littleEndian, count } = await opened(like, (_, array) => Promise.resolve(array));
    // Like a stack, a map has one axis.
    const own =
      count === values.length ? head : npyHead(`${littleEndian ? '<' : '>'}f${width}`, [values.length]);
    const numbers = floatBytes(values, width, littleEndian);
    await writeFile(path, Buffer.concat([own, numbers]), { flag: 'wx' });
  },
  stacks: {
    open: (path) =>
      opened(path, (_, array) => {
        const { head, width, littleEndian, columnsFirst, count } = array;
        const long = longAxes(array);
        if (array.axes.length === 0 || long.length > 2) throw wrongShape(path, array, 'scans × vertices');
        if (long.length === 2 && columnsFirst) {
          throw imageError(
            'unsupported-format',
            path,
            `unsupported stack: ${path} is in the order of Fortran, in which the map of a scan is not in one piece ` +
              '(save it with numpy.save of numpy.ascontiguousarray)',
          );
        }
        const frames = long.length === 2 ? long[0] : 1;
        const around = { before: head, after: new Uint8Array(0) };
        return Promise.resolve({ frames, vertices: count / frames, ...around, width, littleEndian });
      }),
    read: (path, frame) =>
      opened(path, (file, array) => {
        const [, count = array.count] = longAxes(array);
        return numbersAt(file, { path, array, first: frame * count, count });
      }),
  },
};

/** What the header of such a file says. */
interface NpyHead {
  /** All bytes before the numbers. */
  readonly head: Buffer;
  readonly width: 4 | 8;
  readonly littleEndian: boolean;
  /** The first axis is the fastest, as in Fortran. */
  readonly columnsFirst: boolean;
  readonly axes: readonly number[];
  readonly count: number;
}

function longAxes({ axes }: NpyHead): readonly number[] {
  return axes.filter((axis) => axis !== 1);
}

async function opened<Result>(
  path: string,
  work: (file: FileHandle, array: NpyHead) => Promise<Result>,
): Promise<Result> {
  const size = await fileSize(path);
  const file = await open(path).catch((cause: unknown) => {
    throw unreadableFile(path, cause);
  });
  try {
    return await work(file, await readHead(file, path, size));
  } finally {
    await file.close();
  }
}

async function numbersAt(
  file: FileHandle,
  {
    path,
    array: { head, width, littleEndian },
    first,
    count,
  }: { readonly path: string; readonly array: NpyHead; readonly first: number; readonly count: number },
): Promise<MapValues> {
  const bytes = await readBytes(file, path, { start: head.length + first * width, length: count * width });
  return floatsOf(bytes, width, littleEndian);
}

async function readBytes(
  file: FileHandle,
  path: string,
  { start, length }: { readonly start: number; readonly length: number },
): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const whole = await readFully(file, bytes, start).catch((cause: unknown) => {
    throw unreadableFile(path, cause);
  });
  if (!whole) throw unreadableFile(path, new Error('it became shorter while it was read'));
  return bytes;
}

async function readHead(file: FileHandle, path: string, bytes: number): Promise<NpyHead> {
  const malformed = (what: string): never => {
    throw imageError(
      'malformed-image',
      path,
      `malformed array: ${path}: ${what} (write it again with numpy.save)`,
    );
  };
  const begin = await readBytes(file, path, { start: 0, length: Math.min(12, bytes) });
  if (bytes < 12 || begin.toString('latin1', 0, 6) !== '\u0093NUMPY')
    malformed('it is not in the format of NumPy');
  const [at, length] = begin[6] === 1 ? [10, begin.readUInt16LE(8)] : [12, begin.readUInt32LE(8)];
  const start = at + length;
  if (start > bytes) malformed('it ends within its header');
  const head = await readBytes(file, path, { start: 0, length: start });
  const header = head.toString('latin1', at);
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
  const width = size === '4' ? 4 : 8;
  if (bytes !== start + count * width) malformed(`it has ${bytes} bytes and needs ${start + count * width}`);
  const columnsFirst = /'fortran_order': True/.test(header);
  return { head, width, littleEndian: order === '<', columnsFirst, axes, count };
}

function wrongShape(path: string, { axes }: NpyHead, what: string): ConcordError {
  return imageError(
    'unsupported-format',
    path,
    `unsupported array: ${path} has the shape ${axes.join(' × ')} (${what}, is read)`,
  );
}
