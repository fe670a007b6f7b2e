import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { suggestName } from '../../data/nearest-names';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';

/** The folder of one subject, and what is in its folder `stats`. */
export interface SubjectFolder {
  readonly subject: string;
  readonly files: readonly string[];
}

/** Files of the hemispheres that are not of a parcellation of the whole cortex. */
const notParcellations = /^(curv|w-g\.pct|BA.*|.*_exvivo.*|.*\.pial)$/;

/** The cortical parcellations that some subject has for both hemispheres: the middle parts of `lh.NAME.stats`, sorted. */
function parcellationsIn(folders: readonly SubjectFolder[]): readonly string[] {
  const found = new Set<string>();
  for (const { files } of folders) {
    const there = new Set(files);
    for (const file of files) {
      const name = /^lh\.(.+)\.stats$/.exec(file)?.[1];
      if (name !== undefined && there.has(`rh.${name}.stats`)) found.add(name);
    }
  }
  return [...found].sort();
}

/**
 * Chooses the parcellation to read: the one asked for; otherwise `aparc`, or where no subject has that, the only one there
 * is (with an issue).
 *
 * @throws ConcordError `too-little-data` when there are segmentations only; `invalid-option` when no subject has the one
 * asked for, or there are several to choose from, naming them.
 */
export function chooseParcellation(
  subjectsDir: string,
  folders: readonly SubjectFolder[],
  wanted: string | undefined,
): { readonly parcellation: string; readonly issues: readonly Issue[] } {
  const found = parcellationsIn(folders);
  const whole = found.filter((name) => !notParcellations.test(name));
  const where = { file: subjectsDir };
  const hasFile = (name: string): boolean =>
    folders.some(({ files }) => files.includes(`lh.${name}.stats`) || files.includes(`rh.${name}.stats`));
  if (wanted !== undefined) {
    if (hasFile(wanted) || found.length === 0) return { parcellation: wanted, issues: [] };
    throw new ConcordError(
      'invalid-option',
      `unknown parcellation: no subject of ${subjectsDir} has lh.${wanted}.stats (${suggestName(wanted, found, `there are ${listNames(found)}`)})`,
      { where, remedy: advise`choose one of them: ${option('parcellation', ...found)}` },
    );
  }
  if (!hasFile('aparc') && found.length === 0 && folders.some(({ files }) => files.some(isAseg))) {
    throw new ConcordError(
      'too-little-data',
      `no surfaces: no subject of ${subjectsDir} has lh.aparc.stats, only segmentations such as ${asegFile(folders.find(({ files }) => files.some(isAseg))?.files ?? [])}`,
      { where, remedy: advise`load the volumes of these with ${option('measures', 'aseg')}` },
    );
  }
  if (hasFile('aparc') || whole.length === 0) return { parcellation: 'aparc', issues: [] };
  if (whole.length === 1) {
    const message = `no subject has the parcellation "aparc"; "${whole[0]}" is read, the only one there is`;
    const remedy = advise`nothing to do if it is the one you want; otherwise ${option('parcellation')}`;
    return { parcellation: whole[0], issues: [makeIssue('inferred-features', message, where, remedy)] };
  }
  throw new ConcordError(
    'invalid-option',
    `no subject of ${subjectsDir} has lh.aparc.stats; there are other parcellations, ${listNames(whole)}`,
    { where, remedy: advise`choose one of them: ${option('parcellation', ...whole)}` },
  );
}

/** The statistics of segmented structures: `aseg.stats`; of FastSurfer without surfaces the one that begins like it. */
export function asegFile(files: readonly string[]): string {
  const others = files.filter(isAseg).sort();
  return files.includes('aseg.stats') || others.length === 0 ? 'aseg.stats' : others[0];
}

function isAseg(name: string): boolean {
  return /^aseg(\+DKT.*)?\.stats$/.test(name);
}
