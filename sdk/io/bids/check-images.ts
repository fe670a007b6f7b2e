import { open } from 'node:fs/promises';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import { leftOutAdvice } from '../../data/images/stream-volumes';
import type { Scan } from '../../data/images/scan';
import { ConcordError } from '../../errors';
import type { ScanCheck } from '../volumes/check-scans';
import { checkScanHeader } from '../volumes/scan-file';
import { danglingLink } from './list-folder';
import type { BidsImage } from './list-images';
import type { BidsReading } from './open-bids-scan';
import { fileReading } from './open-bids-scan';

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
  readonly issues: readonly Issue[];
}

/** So many files are looked at side by side: most of the time is spent waiting for the disk. */
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
  const issues: Issue[] = [];
  for (let from = 0; from < images.length; from += size) {
    await breathe(setting.signal);
    const group = images.slice(from, from + size);
    const problems = await Promise.all(group.map((image) => problemOf(image, setting.check)));
    problems.forEach((problem, at) => {
      if (problem !== undefined && setting.strict) throw problem;
      usable.push(problem === undefined);
      if (problem !== undefined) issues.push(unusable(group[at], problem));
    });
    report(usable.length);
  }
  return { usable, issues };
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

async function problemOf(
  { image, scan, reading }: ImageToCheck,
  check: ScanCheck,
): Promise<ConcordError | undefined> {
  if (image.dangling) return danglingLink(image.path);
  try {
    if (check === 'header') await checkScanHeader(image.path, fileReading(reading));
    if (check === 'full') await scan.open();
    return undefined;
  } catch (error) {
    if (!(error instanceof ConcordError)) throw error;
    return (await isAnnexPointer(image.path)) ? notFetched(image.path, error) : error;
  }
}

/** Where links are not to be had, git-annex leaves a small text file that names what belongs there. */
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
