import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { VolumeCohort } from '../../../data/cohort';
import { makeVolumeCohort, takeSubjects } from '../../../data/cohort';
import { takeParticipants } from '../../../data/people/participants';
import { provenanceStep } from '../../../data/provenance';
import { breathe, throwIfAborted } from '../../../data/run-options';
import type { Issue } from '../../../data/issue';
import type { Scan } from '../../../data/images/scan';
import type { StreamResult } from '../../../data/images/stream-volumes';
import { streamVolumes } from '../../../data/images/stream-volumes';
import { ConcordError } from '../../../errors';
import { makeFolder } from '../../files/make-folder';
import { scanFile } from '../../volumes/scan-file';
import { isThere } from '../../files/write-file';
import { peopleFiles } from './people-files';
import type { ScanToWrite } from './plan-scans';
import { planScans } from './plan-scans';
import { inspectTarget, writeDescription } from './prepare-target';
import { issuesOfWritten } from './scan-issues';
import { isComplete, scanRecipe } from './scan-recipe';
import type { SourceLinks } from './source-links';
import { sourceLinks } from './source-links';
import type { WriteBidsOptions, WrittenBids } from './write-bids-options';
import type { BidsScanRecord } from './write-bids-scan';
import { writeBidsScan, writtenMask } from './write-bids-scan';
import { writePeople } from './write-people';
import { requireValueThenPath } from '../../files/argument-order';
import { requireCall } from '../../../data/calls/require-call';

/**
 * Writes a cohort of scans as a BIDS derivative: images with sidecars that say how they were made, their masks,
 * participants with site and covariates, and the description of the dataset. One volume is in memory at a time; lazy
 * steps are done as the volumes pass through.
 *
 * Names are made of letters and digits: other characters of subjects and sessions are left out, and `participants.tsv`
 * then keeps the names as they were. Nothing is overwritten unless asked for, and the dataset that is read is never
 * written into. A run that was cut short leaves what it has done; `resume` continues from there.
 *
 * @param root - the folder of the new dataset, made if it is not there
 * @throws ConcordError `file-exists`, `invalid-option`, `missing-value` (a suffix), `unwritable-file`, `aborted`; with
 * `strict`, what is wrong with the first bad scan.
 *
 * @example
 * ```ts
 * const prepared = preprocess(cohort, [steps.reorient(), steps.brainMask(), steps.zScore()]);
 * const { cohort: stored } = await writeBids(prepared, 'derivatives/concord', { desc: 'zscore', resume: true });
 * ```
 */
export async function writeBids(
  cohort: VolumeCohort,
  root: string,
  options: WriteBidsOptions = {},
): Promise<WrittenBids> {
  requireValueThenPath('writeBids', cohort, root);
  requireCall('writeBids', { cohort, root, options });
  checkOptions(options);
  throwIfAborted(options.signal);
  const target = resolve(root);
  const plans = planScans(cohort, options);
  const people = peopleFiles(cohort, plans);
  const links = await sourceLinks(cohort, target);
  const there = await inspectTarget(target, options);
  const todo = await unfinished(cohort, target, { plans, options });

  const unmake = await makeFolder(target);
  try {
    const files = [
      ...(await writeDescription(target, there, { links, options })),
      ...(await writePeople(target, people, { overwrite: options.overwrite ?? false })),
    ];
    const streamed = await writeScans(cohort, target, { todo, links, options, files });
    const failed = new Set(todo.map(({ plan }) => plan.row));
    for (const at of streamed.rows) failed.delete(todo[at].plan.row);
    const unfinishedRows = new Set(todo.map(({ plan }) => plan.row));
    const made = new Map(todo.map(({ plan }, at) => [plan.row, streamed.issuesByRow?.[at] ?? []]));
    const issues: Issue[] = [];
    for (const plan of plans) issues.push(...(made.get(plan.row) ?? (await issuesOfWritten(target, plan))));
    return {
      root: target,
      files,
      kept: plans.filter(({ row }) => !unfinishedRows.has(row)).map(({ image }) => image),
      cohort: await storedCohort(
        cohort,
        plans.filter(({ row }) => !failed.has(row)),
        { root: target, options },
      ),
      issues,
    };
  } catch (error) {
    await unmake();
    throw error;
  }
}

/** A scan that is still to be written. */
interface Unfinished {
  readonly plan: ScanToWrite;
  readonly recipe: string;
}

function checkOptions({ raw = false, desc, space }: WriteBidsOptions): void {
  for (const [option, label] of [['desc', desc] as const, ['space', space] as const]) {
    if (label === undefined) continue;
    if (raw) {
      throw new ConcordError(
        'invalid-option',
        `invalid ${option}: "${label}" (a raw dataset has no ${option})`,
      );
    }
    if (!/^[A-Za-z0-9]+$/.test(label)) {
      throw new ConcordError(
        'invalid-option',
        `invalid ${option}: "${label}" (letters and digits are allowed)`,
      );
    }
  }
}

async function unfinished(
  cohort: VolumeCohort,
  root: string,
  { plans, options }: { readonly plans: readonly ScanToWrite[]; readonly options: WriteBidsOptions },
): Promise<readonly Unfinished[]> {
  const { resume = false, overwrite = false } = options;
  const todo: Unfinished[] = [];
  for (const plan of plans) {
    await breathe(options.signal);
    const recipe = await scanRecipe(cohort, plan, options);
    if (!(resume && (await isComplete(root, plan, { recipe, overwrite })))) todo.push({ plan, recipe });
  }
  return todo;
}

async function writeScans(
  cohort: VolumeCohort,
  root: string,
  work: {
    readonly todo: readonly Unfinished[];
    readonly links: SourceLinks;
    readonly options: WriteBidsOptions;
    /** Takes the names of the files written. */
    readonly files: string[];
  },
): Promise<StreamResult> {
  const { todo, links, options, files } = work;
  const { raw = false, masks = !raw, strict, signal, onProgress, datatype, scaling } = options;
  const rows = todo.map(({ plan }) => plan.row);
  // What is there at this point is unfinished, or may be replaced.
  const writing = {
    overwrite: true,
    ...(datatype === undefined ? {} : { datatype }),
    ...(scaling === undefined ? {} : { scaling }),
  };
  let fatal: ConcordError | undefined;
  try {
    return await streamVolumes(
      takeSubjects(cohort, rows),
      async (volume, at) => {
        const source = links.uris[rows[at]];
        const own = { source, spatialReference: referenceFor(todo[at].plan, { root, source, options }) };
        const record: BidsScanRecord = { root, ...todo[at], ...own, raw, masks, writing };
        try {
          await requireStillThere(root);
          files.push(...(await writeBidsScan(volume, record)).files);
          await requireStillThere(root);
        } catch (error) {
          if (error instanceof ConcordError && error.code === 'unwritable-file') fatal = error;
          // A full disk is no fault of the scan: whatever is not a ConcordError ends the stream.
          throw fatal === undefined ? error : new Error('the dataset cannot be written', { cause: error });
        }
      },
      { label: 'writing scans', ...(strict === undefined ? {} : { strict }), signal, onProgress },
    );
  } catch (error) {
    throw fatal ?? error;
  }
}

/** The image that defines the space of a scan: the one given, or, where the space stays that of the source, its own. */
function referenceFor(
  { scan }: ScanToWrite,
  at: { readonly root: string; readonly source: string | undefined; readonly options: WriteBidsOptions },
): string | undefined {
  const { spatialReference, space } = at.options;
  const own = spatialReference ?? (space === undefined ? scan.spatialReference : undefined);
  // A URI within the source's dataset names that dataset, seen from the derivative.
  const home = /^bids:([^:]+):/.exec(at.source ?? '')?.[1];
  if (own !== undefined && isAbsolute(own)) return encodeURI(relative(at.root, own).split(sep).join('/'));
  return home === undefined ? own : own?.replace(/^bids::/, `bids:${home}:`);
}

/** Makes sure that the dataset was not removed in the meantime: its folders would be made again, without their files. */
async function requireStillThere(root: string): Promise<void> {
  if (await isThere(join(root, 'dataset_description.json'))) return;
  throw new ConcordError(
    'unwritable-file',
    `cannot write ${root}: the dataset was removed during the work (leave it in place, and run again)`,
    { where: { file: root } },
  );
}

/** The scans as they now are on the disk. */
async function storedCohort(
  cohort: VolumeCohort,
  plans: readonly ScanToWrite[],
  { root, options }: { readonly root: string; readonly options: WriteBidsOptions },
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
