import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeScratchFolder, removeScratchFolder } from '../../io/files/scratch-folder';
import type { DatasetParticipant } from './dataset-participants';
import type { Measuring, UsedByRun } from './measured-run';
import { limitsOf, measuredRun } from './measured-run';
import type { SlurmLimits } from './slurm-jobs';

/** What the two levels took for one participant. */
export interface MeasuredParticipant {
  readonly participant: DatasetParticipant;
  readonly level: UsedByRun;
  readonly group: UsedByRun;
  /** What the slices of this participant take, which the group level has in memory for all at once. */
  readonly slicesMegabytes: number;
}

/**
 * Runs both levels on one participant, each in a process of its own, into a folder that is removed again.
 *
 * @param wordsOf - the words of a level that writes into this folder
 * @throws ConcordError `failed-step` with what the run said; `aborted`.
 */
export async function measureParticipant(
  participant: DatasetParticipant,
  wordsOf: (level: 'participant' | 'group', target: string) => readonly string[],
  how: Measuring,
): Promise<MeasuredParticipant> {
  const folder = await makeScratchFolder('concord-measure');
  try {
    const target = join(folder, 'derivative');
    const name = `sub-${participant.label}`;
    const run = (level: 'participant' | 'group'): Promise<UsedByRun> => {
      const words = [...wordsOf(level, target), `--participant-label=${participant.label}`];
      return measuredRun(words, { record: join(folder, level), name }, how);
    };
    const level = await run('participant');
    const group = await run('group');
    return { participant, level, group, slicesMegabytes: await slicesIn(target) };
  } finally {
    removeScratchFolder(folder);
  }
}

async function slicesIn(target: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(target)) {
    if (!entry.startsWith('slices')) continue;
    for (const file of await readdir(join(target, entry)))
      bytes += (await stat(join(target, entry, file))).size;
  }
  return bytes / 1024 ** 2;
}

/** What to ask for, for a task of so many participants. */
export function limitsOfTask({ level }: MeasuredParticipant, most: number): SlurmLimits {
  return limitsOf({ seconds: level.seconds * most, megabytes: level.megabytes });
}

/** What to ask for, for the group level of so many participants. */
export function limitsOfGroup({ group, slicesMegabytes }: MeasuredParticipant, all: number): SlurmLimits {
  // The slices of all are there twice while they are put together.
  const megabytes = group.megabytes + 2 * slicesMegabytes * (all - 1);
  return limitsOf({ seconds: group.seconds * all, megabytes });
}
