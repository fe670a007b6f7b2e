import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Volume } from '../../../data/images/volume';
import { sourceMark } from '../../../math/images/scan-mark';
import { readJsonFile } from '../../files/read-file';
import type { WriteVolumeOptions } from '../../volumes/write-volume';
import { writeMask, writeVolume } from '../../volumes/write-volume';
import { makeFolder } from '../../files/make-folder';
import { isThere, unwritableFile, writeFileSafely } from '../../files/write-file';
import { maskField } from '../find-mask';
import type { ScanToWrite } from './plan-scans';
import { jsonText } from './prepare-target';
import { issuesField, markField, storedIssues } from './scan-issues';
import { recipeField } from './scan-recipe';
import { scannerFields } from '../scanner-fields';

/** What {@link writeBidsScan} needs besides the volume. */
export interface BidsScanRecord {
  readonly root: string;
  readonly plan: ScanToWrite;
  readonly recipe: string;
  /** The BIDS URI of the file it was read from. */
  readonly source?: string;
  readonly spatialReference?: string;
  readonly raw: boolean;
  readonly masks: boolean;
  readonly writing: WriteVolumeOptions;
}

/** What a scan of a dataset consists of once it is written. */
export interface WrittenScan {
  /** Within the dataset. */
  readonly files: readonly string[];
  /** The mask, within the dataset. */
  readonly mask?: string;
}

/**
 * Writes one scan: mask, image and, as the last, the sidecar, which says that all of it is there.
 *
 * @throws ConcordError `unwritable-file`; what `writeVolume` cannot write.
 */
export async function writeBidsScan(volume: Volume, record: BidsScanRecord): Promise<WrittenScan> {
  const { root, plan, writing } = record;
  const sidecar = join(root, plan.sidecar);
  await makeFolder(dirname(sidecar));
  try {
    await rm(sidecar, { force: true });
  } catch (cause) {
    throw unwritableFile(sidecar, cause);
  }
  const mask = record.masks && volume.mask !== undefined ? await freeMask(record) : undefined;
  const maskFiles = mask === undefined ? [] : [mask, mask.replace(/\.nii\.gz$/, '.json')];
  if (mask !== undefined) {
    const about = { Type: 'Brain', Sources: [`bids::${plan.image}`], ...referenceOf(record) };
    await writeMask(volume, join(root, mask), { overwrite: true });
    await writeFileSafely(join(root, maskFiles[1]), jsonText(about), { overwrite: true });
  }
  await writeVolume(volume, join(root, plan.image), writing);
  await writeFileSafely(sidecar, jsonText(sidecarOf(volume, record, mask)), { overwrite: true });
  return { files: [...maskFiles, plan.image, plan.sidecar], ...(mask === undefined ? {} : { mask }) };
}

/** The mask that an image has, from its sidecar. */
export async function writtenMask(root: string, plan: ScanToWrite): Promise<string | undefined> {
  const content = await readJsonFile(join(root, plan.sidecar), { malformed: 'invalid-dataset' });
  const named = (content as Readonly<Record<string, unknown>>)[maskField];
  return typeof named === 'string' ? named.replace(/^bids::/, '') : undefined;
}

/** The first name for the mask that is free, or was this image's before. */
async function freeMask({ root, plan }: BidsScanRecord): Promise<string> {
  for (const name of plan.masks) {
    const path = join(root, name);
    if (!(await isThere(path))) return name;
    const about = await readJsonFile(path.replace(/\.nii\.gz$/, '.json')).catch(() => undefined);
    const sources = (about as { readonly Sources?: unknown } | null | undefined)?.Sources;
    if (Array.isArray(sources) && sources.includes(`bids::${plan.image}`)) return name;
  }
  return plan.masks[plan.masks.length - 1];
}

function sidecarOf(
  volume: Volume,
  record: BidsScanRecord,
  mask: string | undefined,
): Readonly<Record<string, unknown>> {
  const { plan, recipe, source, raw } = record;
  const mark = sourceMark(volume);
  const derived = {
    ...(source === undefined ? {} : { Sources: [source] }),
    ...referenceOf(record),
    SkullStripped: isStripped(volume),
    [maskField]: mask === undefined ? null : `bids::${mask}`,
  };
  return {
    ...scannerFields(plan.scan.scanner),
    ...(raw ? {} : derived),
    Provenance: volume.provenance,
    ...(volume.issues.length === 0 ? {} : { [issuesField]: storedIssues(volume.issues, plan.scan) }),
    ...(mark === undefined ? {} : { [markField]: mark }),
    [recipeField]: recipe,
  };
}

function referenceOf({ spatialReference }: BidsScanRecord): Readonly<Record<string, string>> {
  return spatialReference === undefined ? {} : { SpatialReference: spatialReference };
}

/** Whether there is a mask and nothing but zeros outside it. */
function isStripped({ data, mask }: Volume): boolean {
  if (mask === undefined) return false;
  for (let at = 0; at < data.length; at++) {
    if (mask[at] === 0 && data[at] !== 0) return false;
  }
  return mask.includes(0);
}
