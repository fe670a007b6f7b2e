import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ConcordError } from '../../errors';
import type { CommandStreams } from '../streams';

/** The tables a command is given; `-` is standard input. */
export interface GivenTables {
  readonly table: string;
  readonly participants?: string;
}

/**
 * Does work on tables of which one may be standard input: that is kept in a temporary file, since tables are read more than
 * once, and removed afterwards.
 *
 * @throws ConcordError `invalid-option` where both are standard input, and what the work throws, the file called standard
 * input.
 */
export async function withStandardInput<Result>(
  given: GivenTables,
  streams: CommandStreams,
  work: (tables: GivenTables) => Promise<Result>,
): Promise<Result> {
  if (given.table !== '-' && given.participants !== '-') return work(given);
  if (given.table === given.participants) {
    throw new ConcordError(
      'invalid-option',
      'invalid input: - is given for both tables (one can be standard input)',
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'concord-stdin-'));
  const path = join(folder, 'standard-input.csv');
  const place = (name: string): string => (name === '-' ? path : name);
  try {
    await pipeline(
      Readable.from(streams.in ?? process.stdin, { objectMode: false }),
      createWriteStream(path),
      {
        signal: streams.signal,
      },
    );
    const { table, participants } = given;
    return await work({ table: place(table), participants: participants && place(participants) });
  } catch (error) {
    throw error instanceof ConcordError ? calledStandardInput(error, path) : error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function calledStandardInput(error: ConcordError, path: string): ConcordError {
  const named = (text: string): string => text.replaceAll(path, 'standard input');
  const { code, problem, remedy, where, cause } = error;
  const file = where.file === undefined ? undefined : named(where.file);
  return new ConcordError(code, named(problem), {
    where: { ...where, file },
    remedy: remedy.map((part) => (typeof part === 'string' ? named(part) : part)),
    cause,
  });
}
