import { join } from 'node:path';
import type { Scan } from '../../../data/images/scan';
import type { Issue } from '../../../data/issue';
import { isIssue } from '../../../data/issue';
import type { ScanMark } from '../../../math/images/scan-mark';
import { isScanMark } from '../../../math/images/scan-mark';
import { readJsonFile } from '../../files/read-file';
import type { ScanToWrite } from './plan-scans';

/** The field of a sidecar with what was noticed while the image was made: a run that continues says it again. */
export const issuesField = 'Issues';

/** What is written in place of the files of a scan: where they are on a machine is no part of a dataset. */
const places = { file: 'scan:', mask: 'mask:' } as const;

/** Issues as a sidecar holds them; files other than those of the scan are left out. */
export function storedIssues(issues: readonly Issue[], scan: Pick<Scan, 'file' | 'mask'>): readonly Issue[] {
  return issues.map((issue) => {
    const { file, ...where } = issue.where;
    const place = (['file', 'mask'] as const).find((name) => file !== undefined && scan[name] === file);
    return { ...issue, where: place === undefined ? where : { file: places[place], ...where } };
  });
}

/** The field of a sidecar with what the scan that the image was made of is compared with others by. */
export const markField = 'ScanMark';

/** The mark of the scan that an image that is there was made of; nothing where too little of it was brain. */
export async function markOfWritten(root: string, { sidecar }: ScanToWrite): Promise<ScanMark | undefined> {
  const content = await readJsonFile(join(root, sidecar), { malformed: 'invalid-dataset' });
  const kept = (content as Readonly<Record<string, unknown>>)[markField];
  return isScanMark(kept) ? kept : undefined;
}

/** What was noticed while an image that is there was made. */
export async function issuesOfWritten(
  root: string,
  { sidecar, scan }: ScanToWrite,
): Promise<readonly Issue[]> {
  const content = await readJsonFile(join(root, sidecar), { malformed: 'invalid-dataset' });
  const kept = (content as Readonly<Record<string, unknown>>)[issuesField];
  return Array.isArray(kept) ? placedIssues(kept.filter(isIssue), scan) : [];
}

/** Issues with the files where they are now. */
export function placedIssues(issues: readonly Issue[], scan: Pick<Scan, 'file' | 'mask'>): readonly Issue[] {
  return issues.map((issue) => {
    const { file, ...where } = issue.where;
    const own = file === places.file ? scan.file : file === places.mask ? scan.mask : undefined;
    return { ...issue, where: own === undefined ? where : { file: own, ...where } };
  });
}
