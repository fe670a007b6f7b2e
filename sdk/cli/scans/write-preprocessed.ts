import { relative, resolve, sep } from 'node:path';
import type { VolumeCohort } from '../../data/cohort';
import { counted } from '../../data/counted';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { RunOptions } from '../../data/run-options';
import { ConcordError } from '../../errors';
import { isThere } from '../../io/files/write-file';
import type { WriteBidsOptions, WrittenBids } from '../../io/bids/written/write-bids-options';
import { writeDataset } from '../../io/bids/written/write-dataset';
import type { writeScans } from '../../io/bids/written/write-scans';
import type { AnyModel } from '../../methods/method';
import { advise, option } from '../../remedy';
import { bidsSelection } from './bids-selection';
import { inThreads } from './in-threads';
import { normalizeTogether } from './normalize-together';
import type { PreprocessFlags, PreprocessLevel } from './preprocess-flags';
import { fittedNormalization } from './preprocess-plan';
import { threadCount } from './thread-count';
import type { ThreadTask } from './thread-task';

/** Scans in the dataset, as a level of `concord preprocess` leaves them. */
export interface Preprocessed extends Pick<WrittenBids, 'cohort' | 'kept' | 'issues'> {
  /** What was fitted on all of them. */
  readonly model?: AnyModel;
}

/**
 * Writes the scans of a dataset as they are preprocessed; at the group level, has the tables say what all scans say, and
 * does what is fitted on all of them.
 *
 * @throws ConcordError `invalid-dataset` where nothing, or none of these scans, is there for the group level; what `writeBids` throws.
 */
export async function writePreprocessed(
  cohort: VolumeCohort,
  target: string,
  {
    level,
    source,
    flags,
    pictures,
    running,
  }: {
    readonly level: PreprocessLevel;
    readonly source: string;
    readonly flags: PreprocessFlags;
    readonly pictures: ThreadTask['pictures'];
    readonly running: RunOptions;
  },
): Promise<Preprocessed> {
  const { strict, resume, overwrite } = flags;
  const results: WriteBidsOptions = { desc: 'preproc', strict, ...spaceOf(flags.template, target) };
  const written: WriteBidsOptions = { ...results, ...running };
  if (level === 'participant') {
    const task: ThreadTask = {
      source,
      load: { ...bidsSelection(flags), strict },
      make: { kind: 'preprocess', flags },
      write: results,
      pictures,
      measured: flags.report,
    };
    const write = inThreads(task, await threadCount(cohort, flags));
    return writeDataset(cohort, target, { ...written, resume, overwrite, add: true }, { write });
  }
  if (!(await isThere(target))) throw nothingThere(target);
  const all = { ...written, resume: true };
  const there = await writeDataset(cohort, target, all, {
    write: leaveToOthers,
    replacePeople: true,
    // The tables and the report of another dataset would be replaced by those of scans that are not there.
    requireThere: ({ length }) => {
      if (length === cohort.scans.length) throw noneThere(length, source, target);
    },
  });
  const method = fittedNormalization(flags);
  if (method === undefined || there.cohort.scans.length === 0) return there;
  const made = await normalizeTogether(there.cohort, { target, method, strict, overwrite, ...running });
  return { ...made, kept: there.kept, issues: [...there.issues, ...made.issues] };
}

/** Names the scans that the participant level has not made. */
const leaveToOthers: typeof writeScans = (_cohort, todo) =>
  Promise.resolve({ done: [], files: [], issues: todo.map(({ plan }) => [unfinished(plan)]) });

function unfinished({
  scan,
  subject,
}: {
  readonly scan: { readonly id: string };
  readonly subject: string;
}): Issue {
  return makeIssue(
    'unfinished-scan',
    `${scan.id}: not preprocessed`,
    { subject: scan.id },
    advise`preprocess it at the participant level, with ${option('subjects', subject)}`,
  );
}

function nothingThere(target: string): ConcordError {
  return new ConcordError('invalid-dataset', `nothing preprocessed: there is no ${target}`, {
    where: { file: target },
    remedy: ['the participant level comes first'],
  });
}

function noneThere(scans: number, source: string, target: string): ConcordError {
  return new ConcordError(
    'invalid-dataset',
    `nothing preprocessed: none of the ${counted(scans, 'scan')} of ${source} is in ${target}`,
    {
      where: { file: target },
      remedy: [
        'the participant level comes first, with the same dataset, output and options; where it was run, check that these are those of that run',
      ],
    },
  );
}

/** The space that scans are brought to, with the image that defines it, as the derivative can name it. */
function spaceOf(template: string | undefined, target: string): WriteBidsOptions {
  if (template === undefined) return {};
  const reference = relative(resolve(target), resolve(template)).split(sep).join('/');
  return { space: 'template', spatialReference: encodeURI(reference) };
}
