import type { WriteFileOptions } from '../files/write-file';
import { writeSafely } from '../files/write-file';
import { imageError } from '../volumes/image-error';
import type { MapFormat, MapValues, NotedMap, StackLayout } from './map-format';
import { npyFormat } from './npy-format';
import { parquetFormat } from './parquet-format';
import { curvFormat, giftiFormat, mghFormat } from './surface-formats';

/** Every format of maps: a new one is a line here. The last takes any name, such as `lh.thickness`. */
const formats: readonly MapFormat[] = [mghFormat, giftiFormat, npyFormat, parquetFormat, curvFormat];

function formatOf(path: string): MapFormat {
  return formats.find((format) => format.is(path)) ?? curvFormat;
}

/**
 * Reads a file that holds one map, of one value per vertex, or one map of a stack.
 *
 * @param frame - which map of a stack, from 0
 * @returns one value per vertex; NaN where there is none
 * @throws ConcordError `unreadable-file`, `malformed-image`; `unsupported-format` also for several maps in a file;
 * `invalid-voxels` when a value is infinite.
 */
export async function readMapFile(path: string, frame?: number): Promise<MapValues> {
  return (await readNotedMap(path, frame)).values;
}

/** The same with what the file says of its map. */
export async function readNotedMap(path: string, frame?: number): Promise<NotedMap> {
  const format = formatOf(path);
  const read = frame === undefined ? await format.read(path) : await stackedMap(format, path, frame);
  const { values } = read;
  for (let vertex = 0; vertex < values.length; vertex++) {
    const value = values[vertex];
    if (value === Infinity || value === -Infinity) {
      throw imageError(
        'invalid-voxels',
        path,
        `invalid value: vertex ${vertex} of ${frame === undefined ? '' : `frame ${frame} of `}${path} is ${value} (a number, or NaN where there is none, is allowed)`,
      );
    }
  }
  return read;
}

async function stackedMap({ stacks }: MapFormat, path: string, frame: number): Promise<NotedMap> {
  if (stacks === undefined) throw new Error(`no stack: ${path}`);
  return { values: await stacks.read(path, frame) };
}

/**
 * What a file holds that may hold several maps.
 *
 * @returns nothing for a format whose files hold one map, of a file that does
 * @throws ConcordError those of {@link readMapFile}; `unsupported-format` for several maps that cannot be read one at a time.
 */
export async function openStack(path: string): Promise<StackLayout | undefined> {
  const format = formatOf(path);
  if (format.stacks !== undefined) return format.stacks.open(path);
  await format.read(path);
  return undefined;
}

/**
 * Writes values into a file of the same format and layout as another, with what its header says; whole or not at all.
 *
 * @throws ConcordError `file-exists`, `unwritable-file`, and those of reading the other.
 */
export async function writeMapLike(
  values: MapValues,
  path: string,
  { like, ...options }: WriteFileOptions & { readonly like: string },
): Promise<void> {
  await writeSafely(path, (temporary) => formatOf(like).write(values, temporary, like), options);
}
