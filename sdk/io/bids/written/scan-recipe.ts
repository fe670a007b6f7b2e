import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import type { VolumeCohort } from '../../../data/cohort';
import type { ProvenanceStep } from '../../../data/provenance';
import type { Scan } from '../../../data/images/scan';
import { ConcordError } from '../../../errors';
import { fileDigest } from '../../files/file-digest';
import { mostSidecar, readJsonFile } from '../../files/read-file';
import { isThere } from '../../files/write-file';
import type { ScanToWrite } from './plan-scans';
import type { WriteBidsOptions } from './write-bids-options';
import { advise, either, option } from '../../../remedy';

/** The field of a sidecar that says how an image was made: equal recipes give equal images. */
export const recipeField = 'Recipe';

/**
 * A digest of all that determines the image of a scan: the steps of its cohort with their options, what is in the files
 * it and its mask are read from, and how it is written. Which other scans are in the cohort does not matter.
 */
export async function scanRecipe(
  cohort: VolumeCohort,
  { scan }: ScanToWrite,
  options: WriteBidsOptions,
): Promise<string> {
  const { datatype = 'float32', scaling = 'none', masks = options.raw !== true } = options;
  const steps = cohort.provenance.map((step) => ownPart(step, scan));
  const source = {
    id: scan.id,
    file: scan.file && basename(scan.file),
    content: await contentDigest(scan.file),
    mask: await contentDigest(scan.mask),
  };
  const text = JSON.stringify([steps, source, { datatype, scaling, masks }]);
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/**
 * Whether an earlier run completed the image of a scan: the sidecar is written last, so that it vouches for the rest.
 *
 * @throws ConcordError `file-exists` when it was made by other steps, or from another file, and may not be replaced.
 */
export async function isComplete(
  root: string,
  plan: ScanToWrite,
  { recipe, overwrite }: { readonly recipe: string; readonly overwrite: boolean },
): Promise<boolean> {
  const path = join(root, plan.sidecar);
  if (!(await isThere(path)) || !(await isThere(join(root, plan.image)))) return false;
  const content = await readJsonFile(path, { malformed: 'invalid-dataset', most: mostSidecar }).catch(
    () => undefined,
  );
  const made = (content as { readonly [recipeField]?: unknown } | null | undefined)?.[recipeField];
  if (made === recipe) return true;
  if (overwrite) return false;
  throw new ConcordError(
    'file-exists',
    `file exists: ${join(root, plan.image)} was made by other steps or from another file`,
    {
      where: { file: path, subject: plan.scan.id },
      remedy: [
        either(
          advise`replace it with ${option('overwrite', true)}`,
          advise`call what is written otherwise with ${option('writeBids.desc')}`,
          'choose another folder',
        ),
      ],
    },
  );
}

/** What a step means for one scan: how it is read, and its own slices; not which others were there beside it. */
function ownPart({ step, options, ...rest }: ProvenanceStep, scan: Scan): unknown {
  if (step === 'loadBids' || step === 'loadVolumes') {
    const { mask, frame, nonFinite } = options;
    return { mask, frame, nonFinite };
  }
  const { slices } = options;
  const isOneOfMany = step === 'replaceSlices' && typeof slices === 'object' && slices !== null;
  const own = isOneOfMany ? { slices: Object.entries(slices).find(([id]) => id === scan.id)?.[1] } : options;
  return { step, options: own, ...rest };
}

/** The SHA-256 of a file; `undefined` for one that cannot be read, which opening the scan will report. */
async function contentDigest(file: string | undefined): Promise<string | undefined> {
  return file === undefined ? undefined : fileDigest(file).catch(() => undefined);
}
