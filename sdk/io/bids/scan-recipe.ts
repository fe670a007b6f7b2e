import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { VolumeCohort } from '../../data/cohort';
import { ConcordError } from '../../errors';
import { readJsonFile } from '../read-file';
import { isThere } from '../write-file';
import type { PlannedScan } from './plan-scans';
import type { WriteBidsOptions } from './write-bids-options';

/** The field of a sidecar that tells by what an image was made: equal recipes give equal images. */
export const recipeField = 'Recipe';

/**
 * A digest of all that determines the image of a scan: the steps of its cohort with their options, the file it is read
 * from and how it is written. Which other scans are in the cohort does not matter.
 */
export async function scanRecipe(
  cohort: VolumeCohort,
  { scan }: PlannedScan,
  options: WriteBidsOptions,
): Promise<string> {
  const { datatype = 'float32', scaling = 'none', masks = options.raw !== true } = options;
  const found = scan.file === undefined ? undefined : await stat(scan.file).catch(() => undefined);
  const steps = cohort.provenance.map((step) =>
    step.step === 'loadBids' ? withoutSelection(step.options) : step,
  );
  const source = { id: scan.id, file: scan.file && basename(scan.file), bytes: found?.size };
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
  plan: PlannedScan,
  { recipe, overwrite }: { readonly recipe: string; readonly overwrite: boolean },
): Promise<boolean> {
  const path = join(root, plan.sidecar);
  if (!(await isThere(path)) || !(await isThere(join(root, plan.image)))) return false;
  const content = await readJsonFile(path, { malformed: 'invalid-dataset' }).catch(() => undefined);
  const made = (content as { readonly [recipeField]?: unknown } | null | undefined)?.[recipeField];
  if (made === recipe) return true;
  if (overwrite) return false;
  throw new ConcordError(
    'file-exists',
    `file exists: ${join(root, plan.image)} was made by other steps or from another file (replace it with ` +
      'overwrite: true, or choose another desc or folder)',
    { where: { file: path, subject: plan.scan.id } },
  );
}

/** How a scan is read matters; which others were loaded beside it does not. */
function withoutSelection(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { mask, frame, nonFinite } = options;
  return { mask, frame, nonFinite };
}
