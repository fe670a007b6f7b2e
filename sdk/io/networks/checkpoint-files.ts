import { isJsonObject } from '../../data/json';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint } from '../../data/networks/checkpoint';
import { version } from '../../version';
import { isThere } from '../files/write-file';
import { syncFolder } from './folder-entries';
import type { RecordFormat } from './sealed-record';
import { malformedRecord, readSealedRecord, writeSealedRecord } from './sealed-record';
import { readWeights, weightsFile, writeWeights } from './weights-file';

const stateFile = 'state.json';

/** The files of one checkpoint. */
export const checkpointFiles: readonly string[] = [stateFile, weightsFile];

const checkpointFormat: RecordFormat = {
  format: 'concord-checkpoint',
  formatVersion: 1,
  name: 'a checkpoint of Concord',
};

/**
 * Writes a checkpoint into a new folder and waits until it is on the disk.
 *
 * @throws ConcordError `invalid-option` when it cannot be written down; `unwritable-file`.
 */
export async function writeCheckpoint(folder: string, { step, state, arrays }: Checkpoint): Promise<void> {
  await mkdir(folder);
  const weights = await writeWeights(folder, arrays, { concord: version, step: String(step) });
  await writeSealedRecord(join(folder, stateFile), checkpointFormat, { step, state, weights });
  await syncFolder(folder);
}

/**
 * Reads a checkpoint that {@link writeCheckpoint} wrote: the same bits.
 *
 * @throws ConcordError `unreadable-file`; `malformed-model`.
 */
export async function readCheckpoint(folder: string): Promise<Checkpoint> {
  const path = join(folder, stateFile);
  if (!(await isThere(path))) throw malformedRecord(folder, `there is no ${stateFile} in it`);
  const { step, state, weights } = await readSealedRecord(path, checkpointFormat);
  if (typeof step !== 'number' || !isJsonObject(state))
    throw malformedRecord(path, 'its step or state is missing');
  return { step, state, arrays: await readWeights(folder, weights, path) };
}
