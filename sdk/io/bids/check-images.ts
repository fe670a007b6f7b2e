import { open } from 'node:fs/promises';
import type { Triple } from '../../data/images/affine';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import { leftOutAdvice } from '../../data/images/unusable-scan';
import type { Scan } from '../../data/images/scan';
import { ConcordError } from '../../errors';
import type { ScanCheck } from '../volumes/check-scans';
import { danglingLink } from './list-folder';
import type { BidsImage } from './list-images';
import type { BidsReading } from './open-bids-scan';
import { checkBidsScan, openBidsScan } from './open-bids-scan';

/** An image and the scan that will be made of it. */
export interface ImageToCheck {
  readonly image: BidsImage;
  readonly scan: Scan;
  readonly reading: BidsReading;
}

/** How images are checked. */
export interface CheckSetting extends RunOptions {
  readonly check: ScanCheck;
  /** Throw at the first bad scan. */
  readonly strict: boolean;
}

/** Which images passed. */
export interface CheckedImages {
  /** One per image. */
  readonly usable: readonly boolean[];
  /** The scans as they are to be read, one per image: with the mask that fits. */
  readonly scans: readonly Scan[];
  /** Millimeters between neighboring voxels, one per image; of those whose header was not looked at nothing. */
  readonly spacings: readonly (Triple | undefined)[];
  readonly issues: readonly Issue[];
}

/** How many files are looked at side by side: most of the time is spent waiting for the disk. */
const together = 8;

/**
 * Checks images before the first is used: whether each is there and, by choice, whether its header is sound or all of it
 * can be read. One issue for each that fails.
 *
 * @throws ConcordError `aborted`; with `strict`, what is wrong with the first bad scan.
 */
export async function checkImages(
  images: readonly ImageToCheck[],
  setting: CheckSetting,
): Promise<CheckedImages> {
  const report = progressReporter('checking scans', images.length, setting);
  // Whole volumes one at a time: memory is for one of them.
  const size = setting.check === 'full' ? 1 : together;
  const usable: boolean[] = [];
  const scans: Scan[] = [];
  const spacings: (Triple | undefined)[] = [];
  const issues: Issue[] = [];
  for (let from = 0; from < images.length; from += size) {
    await breathe(setting.signal);
    const group = images.slice(from, from + size);
    const found = await Promise.all(group.map((image) => checkImage(image, setting.check)));
    found.forEach(({ scan, spacing, problem, issues: own }, at) => {
      if (problem !== undefined && setting.strict) throw problem;
      usable.push(problem === undefined);
      scans.push(scan);
      spacings.push(spacing);
      issues.push(...(problem === undefined ? own : [unusable(group[at], problem)]));
    });
    report(usable.length);
  }
  return { usable, scans, spacings, issues };
}

interface CheckedImage {
  readonly scan: Scan;
  readonly spacing?: Triple;
  readonly problem?: ConcordError;
  readonly issues: readonly Issue[];
}

/** The issue names the file within the dataset, whatever machine this is. */
function unusable({ image, scan }: ImageToCheck, error: ConcordError): Issue {
  const place = `${image.folder}/${image.file}`;
  const folder = image.path.slice(0, image.path.length - image.file.length);
  const cause = error.problem.replaceAll(folder, `${image.folder}/`);
  const where = { file: place, subject: scan.id };
  return makeIssue(
    'unusable-scan',
    cause.includes(place) ? cause : `${place}: ${cause}`,
    where,
    leftOutAdvice(error),
  );
}

async function checkImage({ image, scan, reading }: ImageToCheck, check: ScanCheck): Promise<CheckedImage> {
  if (image.dangling) return { scan, problem: await danglingLink(image.path), issues: [] };
  if (check === 'none') return { scan, issues: [] };
  try {
    const checked = await checkBidsScan(image.path, reading);
    const [mask] = checked.reading.masks;
    const usable: Scan = {
      ...scan,
      mask: mask?.kind === 'file' ? mask.path : undefined,
      open: openBidsScan(image.path, checked.reading),
    };
    if (check === 'full') await usable.open();
    return {
      scan: usable,
      spacing: checked.spacing,
      issues: checked.issues.map((issue) => placed(issue, { image, scan })),
    };
  } catch (error) {
    if (!(error instanceof ConcordError)) throw error;
    const problem = (await isAnnexPointer(image.path)) ? notFetched(image.path, error) : error;
    return { scan, problem, issues: [] };
  }
}

/** An issue about the file of a scan, with the scan's place in the dataset. */
function placed(issue: Issue, { image, scan }: Pick<ImageToCheck, 'image' | 'scan'>): Issue {
  return { ...issue, where: { file: `${image.folder}/${image.file}`, subject: scan.id } };
}

/** Where a file system has no links, git-annex leaves a small text file that names what belongs there. */
async function isAnnexPointer(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.toString('latin1', 0, bytesRead).startsWith('/annex/objects/');
  } finally {
    await file.close();
  }
}

function notFetched(path: string, cause: ConcordError): ConcordError {
  return new ConcordError(
    'unreadable-file',
    `cannot read ${path}: the content is not present here (fetch it with "datalad get" or "git annex get")`,
    { where: { file: path }, cause },
  );
}
