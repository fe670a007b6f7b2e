import { counted } from '../../data/counted';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { advise } from '../../remedy';

/**
 * The person of a scan by FreeSurfer's longitudinal stream, whose results are called `SCAN.long.TEMPLATE`: the template is made
 * of all scans of one person (Reuter et al. 2012, NeuroImage 61:1402).
 *
 * @returns the name of the template; `undefined` for any other id
 */
export function longitudinalPerson(id: string): string | undefined {
  return /^.+\.long\.(.+)$/.exec(id)?.[1];
}

/** Which of these ids are templates of others: means of the scans of a person, and no scans. */
export function templatesAmong(ids: readonly string[]): readonly string[] {
  const templates = new Set(ids.map(longitudinalPerson));
  return ids.filter((id) => templates.has(id));
}

/** Warns of templates in a table beside the scans that they are the means of. */
export function templateIssues(ids: readonly string[], file: string): readonly Issue[] {
  const templates = templatesAmong(ids);
  if (templates.length === 0) return [];
  const message =
    `${listNames(templates)} of ${file} ${templates.length === 1 ? 'is a template' : 'are templates'} of FreeSurfer's longitudinal stream, ` +
    `the mean of the scans of a person, and ${templates.length === 1 ? 'counts' : 'count'} as one more scan`;
  return [makeIssue('template-scan', message, { file, subject: templates[0] })];
}

/** Says that templates in a folder were left out: they are no scans, whatever the table of participants has. */
export function leftOutTemplates(templates: readonly string[], folder: string): readonly Issue[] {
  if (templates.length === 0) return [];
  const message =
    `${counted(templates.length, 'template')} of FreeSurfer's longitudinal stream in ${folder} ${templates.length === 1 ? 'is' : 'are'} left out: ` +
    `${listNames(templates)} ${templates.length === 1 ? 'is the mean of scans' : 'are means of scans'}`;
  const advice = advise`nothing to do where the ids of the participants are those of scans`;
  return [makeIssue('template-scan', message, { file: folder }, advice)];
}

/**
 * Warns where scans were read as FreeSurfer processed each by itself, though the folder has them from its longitudinal stream
 * too: that has less noise within persons, and is what studies of change usually mean.
 *
 * @param read - the ids of the scans that were read
 * @param names - all folders of subjects
 */
export function crossSectionalIssues(
  read: readonly string[],
  names: readonly string[],
  folder: string,
): readonly Issue[] {
  const longitudinal = new Map(
    names.flatMap((name) => (longitudinalPerson(name) === undefined ? [] : [[scanOf(name), name] as const])),
  );
  const both = read.filter((id) => longitudinal.has(id));
  if (both.length === 0) return [];
  const example = `"${longitudinal.get(both[0]) ?? ''}"`;
  const message =
    `${counted(both.length, 'scan')} of ${folder} ${both.length === 1 ? 'is' : 'are'} read as processed alone, such as "${both[0]}", ` +
    `though there is ${example} of the longitudinal stream`;
  const advice = advise`for those of the longitudinal stream, write the ids of the participants as the folders are called, such as ${example}`;
  return [makeIssue('other-stream', message, { file: folder, subject: both[0] }, advice)];
}

/** Warns of scans that a table has from both streams: each counts twice, as two scans of its person. */
export function bothStreamsIssues(ids: readonly string[], file: string): readonly Issue[] {
  const all = new Set(ids);
  const both = ids.filter((id) => longitudinalPerson(id) !== undefined && all.has(scanOf(id)));
  if (both.length === 0) return [];
  const message =
    `${counted(both.length, 'scan')} of ${file} ${both.length === 1 ? 'is' : 'are'} there twice, as processed alone and from FreeSurfer's longitudinal ` +
    `stream, such as "${scanOf(both[0])}" and "${both[0]}"; each counts as two scans`;
  return [makeIssue('other-stream', message, { file, subject: both[0] })];
}

/** `SCAN.long.TEMPLATE` → SCAN. */
function scanOf(id: string): string {
  const person = longitudinalPerson(id);
  return person === undefined ? id : id.slice(0, -`.long.${person}`.length);
}
