import { isAbsolute, join, relative, sep } from 'node:path';
import type { VolumeCohort } from '../../../data/cohort';
import { takeSubjects } from '../../../data/cohort';
import type { Issue } from '../../../data/issue';
import { streamUncompared } from '../../../math/images/stream-volumes';
import { ConcordError } from '../../../errors';
import { isThere } from '../../files/write-file';
import type { ScanToWrite } from './plan-scans';
import type { SourceLinks } from './source-links';
import type { WriteBidsOptions } from './write-bids-options';
import type { BidsScanRecord } from './write-bids-scan';
import { writeBidsScan } from './write-bids-scan';

/** A scan that is still to be written. */
export interface UnfinishedScan {
  readonly plan: ScanToWrite;
  readonly recipe: string;
}

/** The dataset into which scans are written. */
export interface ScansTarget {
  /** From the root of the file system. */
  readonly root: string;
  readonly links: SourceLinks;
  readonly options: WriteBidsOptions;
}

/** What came of scans that were to be written. */
export interface WrittenScans {
  /** Which of them are written. */
  readonly done: readonly number[];
  /** What was noticed, scan by scan. */
  readonly issues: readonly (readonly Issue[])[];
  /** The files, within the dataset. */
  readonly files: readonly string[];
}

/**
 * Writes the scans of a cohort one after the other.
 *
 * @throws ConcordError `unwritable-file`, `aborted`; with `strict`, what is wrong with the first bad scan.
 */
export async function writeScans(
  cohort: VolumeCohort,
  todo: readonly UnfinishedScan[],
  { root, links, options }: ScansTarget,
): Promise<WrittenScans> {
  const { raw = false, masks = !raw, strict, signal, onProgress, datatype, scaling } = options;
  const rows = todo.map(({ plan }) => plan.row);
  const files: string[] = [];
  // What is there at this point is unfinished, or may be replaced.
  const writing = {
    overwrite: true,
    ...(datatype === undefined ? {} : { datatype }),
    ...(scaling === undefined ? {} : { scaling }),
  };
  let fatal: ConcordError | undefined;
  try {
    // All scans of the dataset are compared once these are written: those of earlier runs, too.
    const written = await streamUncompared(
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
    return { done: written.rows, issues: written.issuesByRow ?? [], files };
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
