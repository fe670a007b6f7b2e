import { join } from 'node:path';
import { counted } from '../../data/counted';
import { listNames } from '../../data/list-names';
import { makeScratchFolder, removeScratchFolder } from '../../io/files/scratch-folder';
import { loadBids } from '../../io/bids/load-bids';
import { listOf } from '../option-values';
import { bidsSelection } from '../scans/bids-selection';
import { optionWords } from './command-parts';
import type { DatasetParticipant } from './dataset-participants';
import { participantCalled } from './dataset-participants';
import type { Measured } from './measure-training';
import type { Measuring } from './measured-run';
import { limitsOf, margins, measuredRun, usedInWords } from './measured-run';
import type { JobCommand, ScansJob } from './read-command';

/** How many participants of each site are measured: as few as a fit on sites can do with. */
const ofEachSite = 3;

/**
 * Harmonizes some participants here, into a folder that is removed again, and reckons what all of them will take.
 *
 * @throws ConcordError `failed-step` with what the run said; `invalid-option` for an unknown label; `aborted`.
 */
export async function measureSome(
  job: Extract<JobCommand, ScansJob>,
  {
    participants,
    measure,
  }: {
    readonly participants: readonly DatasetParticipant[];
    /** Labels, or `true` for some of each site. */
    readonly measure: string | true;
  },
  how: Measuring,
): Promise<Measured> {
  const { name, parts, method, call } = job;
  const some =
    measure === true
      ? await someOfEachSite(job, participants)
      : listOf(measure).map((label) => participantCalled(participants, label));
  const folder = await makeScratchFolder('concord-measure');
  try {
    const labels = some.map(({ label }) => label);
    const own = optionWords(parts, { without: ['participantLabel', 'resume', 'overwrite', 'out'] });
    const words = [
      ...[name, ...parts.operands, ...own, '--out', join(folder, 'derivative')],
      `--participant-label=${labels.join()}`,
    ];
    const about = { record: join(folder, 'used'), name: listNames(labels.map((label) => `sub-${label}`)) };
    const used = await measuredRun(words, about, how);
    const more = participants.length / some.length;
    // What is fitted on images has those of all in memory.
    const streams = call.harmonize !== undefined;
    const limits = limitsOf({
      seconds: used.seconds * more,
      megabytes: used.megabytes * (streams ? 1 : more),
    });
    const grows = streams
      ? 'memory does not grow with their number, since one scan is open at a time'
      : 'memory grows with their number, too, as the slices of all are in it';
    return {
      limits,
      lines: [
        `measured on this machine with ${counted(how.cores, 'core')}: ${method.title} of ${counted(some.length, 'participant')} (${about.name}) took ${usedInWords(used)}`,
        `reckoned from that for ${counted(participants.length, 'participant')}: ${more.toFixed(1)} times the time; ${grows}`,
        `asked for: ${margins.time} times the time and ${margins.startSeconds / 60} minutes, ${margins.memory} times the memory`,
      ],
    };
  } finally {
    removeScratchFolder(folder);
  }
}

/** The participants of each site with the most data. */
async function someOfEachSite(
  { source, flags, site }: Extract<JobCommand, ScansJob>,
  participants: readonly DatasetParticipant[],
): Promise<readonly DatasetParticipant[]> {
  const { scans, participants: people } = await loadBids(source, bidsSelection({ ...flags, site }));
  const bySite = new Map<string, DatasetParticipant[]>();
  const largestFirst = [...participants].sort((a, b) => b.bytes - a.bytes);
  for (const one of largestFirst) {
    const row = scans.findIndex(({ file }) => file !== undefined && one.files.includes(file));
    if (row === -1) continue;
    const own = bySite.get(people.sites[row]) ?? [];
    if (own.length < ofEachSite) bySite.set(people.sites[row], [...own, one]);
  }
  return [...new Set([...bySite.values()].flat())];
}
