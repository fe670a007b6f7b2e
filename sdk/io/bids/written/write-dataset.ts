import { join, resolve } from 'node:path';
import type { VolumeCohort } from '../../../data/cohort';
import { makeVolumeCohort } from '../../../data/cohort';
import { takeParticipants } from '../../../data/people/participants';
import { provenanceStep } from '../../../data/provenance';
import { breathe, throwIfAborted } from '../../../data/run-options';
import type { Issue } from '../../../data/issue';
import type { Scan } from '../../../data/images/scan';
import { compareScanMarks } from '../../../math/images/unlike-scans';
import { makeFolder } from '../../files/make-folder';
import { takingTurns } from '../../files/taking-turns';
import { isThere } from '../../files/write-file';
import { scanFile } from '../../volumes/scan-file';
import { peopleFiles } from './people-files';
import type { ScanToWrite } from './plan-scans';
import { planScans } from './plan-scans';
import { inspectTarget, thereAlready, writeDescription } from './prepare-target';
import { issuesOfWritten, markOfWritten } from './scan-issues';
import { isComplete, scanRecipe } from './scan-recipe';
import { sourceLinks } from './source-links';
import type { WriteBidsOptions, WrittenBids } from './write-bids-options';
import { writtenMask } from './write-bids-scan';
import { writePeople } from './write-people';
import type { ScansTarget, UnfinishedScan, WrittenScans } from './write-scans';
import { writeScans } from './write-scans';

/** How the scans of a dataset are written, where not one after the other in this thread. */
export interface DatasetWork {
  /** Writes scans of the cohort: in other threads, or, where others are to write them, none. */
  readonly write?: typeof writeScans;
  /** Let the tables of participants and sessions say what this cohort says, whatever earlier runs wrote of the same persons. */
  readonly replacePeople?: boolean;
  /** Refuses, by throwing, before anything is written: it is given what is not in the dataset yet. */
  readonly requireThere?: (todo: readonly UnfinishedScan[]) => void;
}

/**
 * Writes a cohort of scans as a BIDS dataset; see `writeBids`. Files that several runs share are written in turns.
 *
 * @throws ConcordError as `writeBids` does; `in-use`.
 */
export async function writeDataset(
  cohort: VolumeCohort,
  root: string,
  options: WriteBidsOptions,
  work: DatasetWork = {},
): Promise<WrittenBids> {
  throwIfAborted(options.signal);
  const target = resolve(root);
  const plans = planScans(cohort, options);
  const people = peopleFiles(cohort, plans);
  const links = await sourceLinks(
    cohort,
    target,
    plans.map(({ image }) => image),
  );
  await inspectTarget(target, options);
  const todo = await unfinished(cohort, target, { plans, options });
  work.requireThere?.(todo);
  const { write = writeScans, replacePeople = options.overwrite ?? false } = work;

  const unmake = await makeFolder(target);
  try {
    const describe = async (): Promise<string[]> => [
      // By now another run may have begun the dataset.
      ...(await writeDescription(target, await inspectTarget(target, options), { links, options })),
      ...(await writePeople(target, people, { overwrite: replacePeople })),
    ];
    const files = await takingTurns(target, describe, { signal: options.signal });
    const into: ScansTarget = { root: target, links, options };
    const written = await write(cohort, todo, into);
    return {
      root: target,
      files: [...files, ...written.files],
      ...(await storedResult(cohort, { plans, todo, written, into })),
    };
  } catch (error) {
    await unmake();
    throw error;
  }
}

async function unfinished(
  cohort: VolumeCohort,
  root: string,
  { plans, options }: { readonly plans: readonly ScanToWrite[]; readonly options: WriteBidsOptions },
): Promise<readonly UnfinishedScan[]> {
  const { resume = false, overwrite = false } = options;
  const todo: UnfinishedScan[] = [];
  for (const plan of plans) {
    await breathe(options.signal);
    const image = join(root, plan.image);
    // The sidecar is written last: an image without one was left by a run that was killed.
    if (!resume && !overwrite && (await isThere(join(root, plan.sidecar))))
      throw thereAlready(image, `${image} is there already`);
    const recipe = await scanRecipe(cohort, plan, options);
    if (!(resume && (await isComplete(root, plan, { recipe, overwrite })))) todo.push({ plan, recipe });
  }
  return todo;
}

/** What is now in the dataset, and what was noticed while it was made, also by earlier runs. */
async function storedResult(
  cohort: VolumeCohort,
  {
    plans,
    todo,
    written,
    into,
  }: {
    readonly plans: readonly ScanToWrite[];
    readonly todo: readonly UnfinishedScan[];
    readonly written: WrittenScans;
    readonly into: ScansTarget;
  },
): Promise<Pick<WrittenBids, 'kept' | 'cohort' | 'issues'>> {
  const made = new Map(todo.map(({ plan }, at) => [plan.row, written.issues[at] ?? []]));
  const failed = new Set(made.keys());
  for (const at of written.done) failed.delete(todo[at].plan.row);
  const issues: Issue[] = [];
  for (const plan of plans) issues.push(...(made.get(plan.row) ?? (await issuesOfWritten(into.root, plan))));
  const comparison = compareScanMarks(cohort);
  for (const plan of plans) {
    if (!failed.has(plan.row)) comparison.recall(await markOfWritten(into.root, plan), plan.row);
  }
  issues.push(...comparison.issues());
  return {
    kept: plans.filter(({ row }) => !made.has(row)).map(({ image }) => image),
    cohort: await storedCohort(
      cohort,
      plans.filter(({ row }) => !failed.has(row)),
      into,
    ),
    issues,
  };
}

/** The scans as they now are on the disk. */
export async function storedCohort(
  cohort: VolumeCohort,
  plans: readonly ScanToWrite[],
  { root, options }: ScansTarget,
): Promise<VolumeCohort> {
  const scans: Scan[] = [];
  for (const plan of plans) {
    const file = join(root, plan.image);
    const written = await writtenMask(root, plan);
    const mask = written === undefined ? undefined : join(root, written);
    const open = scanFile(file, mask === undefined ? {} : { mask });
    const session = plan.scan.session ?? plan.session;
    scans.push({ ...plan.scan, ...(session === undefined ? {} : { session }), file, mask, open });
  }
  const { raw = false, desc = 'harmonized', space, datatype, scaling } = options;
  const record = { raw, ...(raw ? {} : { desc }), space, datatype, scaling };
  return makeVolumeCohort(
    takeParticipants(
      cohort.participants,
      plans.map(({ row }) => row),
    ),
    scans,
    { provenance: [...cohort.provenance, provenanceStep('writeBids', record)], issues: cohort.issues },
  );
}
