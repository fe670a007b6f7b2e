import type { Issue, IssueCode } from '../data/issue';
import type { CommandName } from './vocabularies';
import { issuesInCommandWords } from './command-words';

/** Said of each site or covariate, however many: each changes what the results mean. */
const always: ReadonlySet<IssueCode> = new Set(['lost-site', 'not-preserved']);

/**
 * A line per issue: what was found and what can be done on this command. Long runs of one kind are cut after three, where all of
 * them are elsewhere.
 *
 * @param listedIn - what holds them all, such as `provenance.json`; `undefined` where nothing does
 */
export function issueLines(issues: readonly Issue[], command: CommandName, listedIn?: string): string {
  const seen = new Map<IssueCode, number>();
  const lines: string[] = [];
  const most = listedIn === undefined ? Infinity : 3;
  for (const issue of issuesInCommandWords(issues, command)) {
    const count = (seen.get(issue.code) ?? 0) + 1;
    seen.set(issue.code, count);
    if (count <= most || always.has(issue.code))
      lines.push(`${issue.severity}: ${issue.message} (${issue.suggestion})`);
  }
  for (const [code, count] of seen) {
    if (count > most && !always.has(code))
      lines.push(`and ${count - most} more of ${code}, all in ${listedIn ?? ''}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}
