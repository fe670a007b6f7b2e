import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { listNames } from '../../data/list-names';
import type { NetworkDescription, StoredNetwork } from '../../data/networks/stored-network';
import { ConcordError } from '../../errors';
import { version } from '../../version';
import { unreadableFile } from '../files/read-file';
import type { WriteFileOptions } from '../files/write-file';
import { isThere, requireAbsent } from '../files/write-file';
import { entriesOf } from './folder-entries';
import { mendFolder, putFolder, removeLeftovers } from './replace-folder';
import type { RecordFormat } from './sealed-record';
import { isRecordOf, malformedRecord, readSealedRecord, writeSealedRecord } from './sealed-record';
import { readWeights, weightsFile, writeWeights } from './weights-file';
import { advise, option } from '../../remedy';

/** Options of {@link readNetworkFolder}. */
export interface ReadNetworkOptions {
  /** The kind of model that is wanted; any by default. */
  readonly kind?: string;
}

const modelFile = 'model.json';
const files = [modelFile, weightsFile] as const;

const networkFormat: RecordFormat = {
  format: 'concord-network',
  formatVersion: 1,
  name: 'a network of Concord',
};

/**
 * Saves a network as a folder of two files: `model.json`, which says what it is, and `weights.safetensors`, which
 * PyTorch, NumPy and others open. The folder appears whole or not at all; one that is replaced stays until the new one
 * is complete.
 *
 * @param folder - a new folder, in a folder that is there
 * @throws ConcordError `file-exists` when it is there and `overwrite` is not set; `invalid-option` when what is there
 * is anything else than a network of Concord, or the network cannot be written down; `unwritable-file`.
 */
export async function writeNetworkFolder(
  folder: string,
  { model, weights }: StoredNetwork,
  options: WriteFileOptions = {},
): Promise<void> {
  if (Object.hasOwn(model, 'weights')) {
    throw new ConcordError(
      'invalid-option',
      'invalid description of a network: it has a part "weights", which Concord itself writes',
    );
  }
  await mendFolder(folder);
  if (options.overwrite !== true) await requireAbsent(folder);
  const replaces = await isThere(folder);
  if (replaces) await requireNetworkFolder(folder);
  // Where it is a link, what it leads to is replaced.
  const place = replaces ? await realpath(folder) : folder;
  const fill = async (temporary: string): Promise<void> => {
    const record = await writeWeights(temporary, weights, { concord: version, kind: model.kind });
    await writeSealedRecord(join(temporary, modelFile), networkFormat, { ...model, weights: record });
  };
  await putFolder(place, fill, { files, replaces });
  await removeLeftovers(place, files);
}

/**
 * Reads a network that {@link writeNetworkFolder} wrote: the same bits.
 *
 * @throws ConcordError `unreadable-file`; `malformed-model` when it is no network of Concord, is damaged, incomplete, of
 * another kind, or was made by a newer version of this package.
 */
export async function readNetworkFolder(
  folder: string,
  options: ReadNetworkOptions = {},
): Promise<StoredNetwork> {
  // In a place that cannot be written, what is there is all that can be read.
  await mendFolder(folder).catch(() => undefined);
  await requireFolder(folder);
  const path = join(folder, modelFile);
  if (!(await isThere(path))) {
    throw malformedRecord(folder, `it is not a network of Concord: there is no ${modelFile} in it`);
  }
  const { weights: said, ...model } = await readSealedRecord(path, networkFormat);
  requireKind(model['kind'], options.kind, path);
  const weights = await readWeights(folder, said, path);
  return { model: model as NetworkDescription, weights };
}

/** What is at `path`; `undefined` when nothing is there, or nothing is known of it. */
export async function folderOrFile(path: string): Promise<'folder' | 'file' | undefined> {
  return stat(path).then(
    (found) => (found.isDirectory() ? 'folder' : 'file'),
    () => undefined,
  );
}

function requireKind(found: unknown, wanted: string | undefined, path: string): void {
  if (typeof found !== 'string') throw malformedRecord(path, 'it does not say what kind it is');
  if (wanted === undefined || found === wanted) return;
  throw new ConcordError(
    'malformed-model',
    `another kind of model: ${path} holds "${found}", not "${wanted}"`,
    { where: { file: path }, remedy: advise`use ${option('kind', found)}` },
  );
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw unreadableFile(folder, cause);
    throw new ConcordError('unreadable-file', `cannot read ${folder}: there is no such folder`, {
      where: { file: folder },
      cause,
    });
  });
  if (!found.isDirectory()) throw malformedRecord(folder, 'it is a file, and a network is a folder');
}

/** Refuses to replace what may hold anything: only a network of Concord with nothing beside it, or an empty folder. */
async function requireNetworkFolder(folder: string): Promise<void> {
  const refuse = (what: string): never => {
    throw new ConcordError('invalid-option', `cannot replace ${folder}: ${what}`, {
      where: { file: folder },
    });
  };
  if (!(await stat(folder)).isDirectory())
    refuse('it is a file, and a network is a folder (choose another name)');
  const names = (await entriesOf(folder)) ?? [];
  if (names.length === 0) return;
  if (!(await isRecordOf(join(folder, modelFile), networkFormat))) {
    refuse('it is not a network of Concord (choose another name)');
  }
  const others = names.filter((name) => !files.some((file) => file === name));
  if (others.length > 0) refuse(`${listNames(others)} would be lost (move them, or choose another name)`);
}
