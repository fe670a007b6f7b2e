import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../data/json';
import { isJsonObject } from '../../data/json';
import { ConcordError } from '../../errors';
import type { FederatedKeys, FederatedMessage, FederatedStep } from '../../federate/message';
import { federatedKeysOf, makeFederatedKeys, requireSigned } from '../../federate/message';
import { makeFolder } from '../../io/files/make-folder';
import { readJsonFile, readTextFile } from '../../io/files/read-file';
import { isThere, writeFileSafely, writeSafely } from '../../io/files/write-file';

/** The steps of the coordinator, in order; the file of each is named after it. */
export const requestSteps: readonly FederatedStep[] = ['study', 'plan', 'fit', 'result'];

/** Where a folder of a study has a message. */
export function messagePath(folder: string, step: FederatedStep): string {
  return join(folder, `${step}.json`);
}

/**
 * Reads a message, as it was signed.
 *
 * @throws ConcordError `unreadable-file`; `refused-message`, naming the file.
 */
export async function readMessage(path: string): Promise<FederatedMessage> {
  const json = await readJsonFile(path);
  try {
    return requireSigned(json);
  } catch (error) {
    if (!(error instanceof ConcordError)) throw error;
    throw new ConcordError(error.code, `${error.problem}: ${path}`, {
      where: { file: path },
      remedy: error.remedy,
    });
  }
}

/** Writes a message whole or not at all, in place of an earlier one. */
export async function writeMessage(path: string, message: FederatedMessage): Promise<void> {
  await writeFileSafely(path, `${JSON.stringify(message)}\n`, { overwrite: true });
}

/** The coordinator's messages that a folder has, from that of the study on. */
export async function readRequests(folder: string): Promise<FederatedMessage[]> {
  const requests: FederatedMessage[] = [];
  for (const step of requestSteps) {
    const path = messagePath(folder, step);
    if (!(await isThere(path))) break;
    requests.push(await readMessage(path));
  }
  return requests;
}

const keyFile = 'private.key';

/** The keys that a folder has; they are made where there are none yet. Only their owner may read the file. */
export async function keysIn(folder: string): Promise<FederatedKeys> {
  const path = join(folder, keyFile);
  if (await isThere(path)) return federatedKeysOf(await readTextFile(path));
  await makeFolder(folder);
  const keys = makeFederatedKeys();
  await writeSafely(path, (temporary) => writeFile(temporary, keys.privateKey, { flag: 'wx', mode: 0o600 }));
  return keys;
}

/** The small record that a folder has of where it is; `undefined` where there is none yet. */
export async function readState(folder: string): Promise<JsonObject | undefined> {
  const path = join(folder, 'state.json');
  if (!(await isThere(path))) return undefined;
  const state = await readJsonFile(path);
  if (isJsonObject(state)) return state;
  throw new ConcordError('unreadable-file', `cannot read ${path}: it holds no record of a study`, {
    where: { file: path },
  });
}

/** Writes that record. */
export async function writeState(folder: string, state: JsonObject): Promise<void> {
  await writeFileSafely(join(folder, 'state.json'), `${JSON.stringify(state, null, 2)}\n`, {
    overwrite: true,
  });
}

/** What a message discloses, as the command prints it. */
export function disclosedLines(message: FederatedMessage): string {
  const size = Buffer.byteLength(JSON.stringify(message));
  const bytes = size < 1e6 ? `${Math.ceil(size / 1000)} kB` : `${(size / 1e6).toFixed(1)} MB`;
  return `This message (${bytes}) discloses:\n${message.discloses.map((line) => `  - ${line}\n`).join('')}`;
}
