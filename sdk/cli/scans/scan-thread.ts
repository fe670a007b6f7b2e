import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { isJsonObject } from '../../data/json';
import type { RunOptions } from '../../data/run-options';
import { ConcordError } from '../../errors';
import { planScans } from '../../io/bids/written/plan-scans';
import { sourceLinks } from '../../io/bids/written/source-links';
import { storedCohort } from '../../io/bids/written/write-dataset';
import type { ScansTarget, UnfinishedScan, WrittenScans } from '../../io/bids/written/write-scans';
import { writeScans } from '../../io/bids/written/write-scans';
import type { PostedError } from '../../io/files/posted-error';
import { postedError } from '../../io/files/posted-error';
import { measureScans } from '../../report/scan-quality';
import { drawScans } from './draw-scans';
import { measureFiles } from './measure-files';
import type { ThreadTask } from './thread-task';
import { cohortOfTask } from './thread-task';

/** What a thread is given when it starts. */
export interface ThreadStart {
  readonly task: ThreadTask;
  /** The dataset that is written, from the root of the file system. */
  readonly root: string;
}

/** What is asked of a thread: a scan, or to give up. */
export type ThreadOrder = { readonly row: number; readonly id: string; readonly recipe: string } | 'stop';

/** What a thread says: that it is ready for a scan, with what came of the one before; or why it ended. */
export type ScanThreadNews = { readonly kind: 'ready'; readonly written?: WrittenScans } | PostedError;

type Make = (order: Exclude<ThreadOrder, 'stop'>) => Promise<WrittenScans>;

/** Makes the scans that it is asked for, one after the other. */
async function serve({ task, root }: ThreadStart): Promise<void> {
  const port = parentPort;
  if (port === null) return;
  const stop = new AbortController();
  const { signal } = stop;
  const say = (news: ScanThreadNews): void => port.postMessage(news);
  const made = scanMaker(task, root, { signal });
  port.on('message', (order: ThreadOrder) => {
    if (order === 'stop') return stop.abort();
    void made
      .then((make) => make(order))
      .then(
        (written) => say({ kind: 'ready', written }),
        (error: unknown) => say(postedError(error)),
      );
  });
  await made.then(
    () => say({ kind: 'ready' }),
    (error: unknown) => say(postedError(error)),
  );
}

/** Prepares what every scan needs, and returns what makes one: its files, its picture and the figures of its quality. */
async function scanMaker(task: ThreadTask, root: string, run: RunOptions): Promise<Make> {
  const cohort = await cohortOfTask(task);
  const plans = planScans(cohort, task.write);
  const images = plans.map(({ image }) => image);
  const into: ScansTarget = {
    root,
    links: await sourceLinks(cohort, root, images),
    options: { ...task.write, ...run },
  };
  return async ({ row, id, recipe }) => {
    const plan = plans.at(row);
    if (plan?.scan.id !== id) throw changedDataset(task.source);
    const scan: UnfinishedScan = { plan, recipe };
    const written = await writeScans(cohort, [scan], into);
    if (written.done.length === 0) return written;
    const stored = await storedCohort(cohort, [plan], into);
    if (task.pictures !== undefined) await drawScans(stored, root, { ...task.pictures, ...run });
    if (task.measured) await measureScans(stored, run, measureFiles(root));
    return written;
  };
}

function changedDataset(source: string): ConcordError {
  return new ConcordError(
    'invalid-dataset',
    `changed during the work: the scans of ${source} are others than before`,
    {
      where: { file: source },
      remedy: ['leave the dataset as it is, and run again'],
    },
  );
}

if (!isMainThread && isJsonObject(workerData) && 'task' in workerData)
  void serve(workerData as unknown as ThreadStart);
