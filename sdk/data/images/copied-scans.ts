import { counted } from '../counted';
import type { Issue } from '../issue';
import { makeIssue } from '../issue';
import { listAlike } from '../list-names';

/** A scan by its name, and who was scanned. */
export interface NamedScan {
  readonly id: string;
  readonly person: string;
}

/**
 * Warns of scans that have the voxels of another, such as one file that was copied under a second id: they count twice, and are
 * on both sides of folds. Worded in one place, so that what is noticed by the files and again by the voxels is said once.
 *
 * @param groups - scans that are the same, those of one group together
 */
export function copiedScans(groups: readonly (readonly NamedScan[])[]): readonly Issue[] {
  if (groups.length === 0) return [];
  const scans = groups.reduce((sum, group) => sum + group.length, 0);
  const isOthers = groups.some((group) => new Set(group.map(({ person }) => person)).size > 1);
  const message =
    `${counted(scans, 'scan')} have the values of another in every voxel: ` +
    `${listAlike(groups.map((group) => group.map(({ id }) => id)))}; ` +
    (isOthers ? 'each counts as a person of its own' : 'each counts as a scan');
  return [makeIssue('same-values', message, { subject: groups[0][1].id })];
}
