import type { Issue, IssueCode } from '../data/issue';
import type { CommandName } from './vocabularies';
import { issuesInCommandWords } from './command-words';

/** Said of each site or covariate, however many: each changes what the results mean. */
const always: ReadonlySet<IssueCode> = new Set(['lost-site', 'not-preserved']);

/** A line per issue: what was found and what can be done on this command. Long runs of one kind are cut after three. */
export function issueLines(issues: readonly Issue[], command: CommandName): string {
  const seen = new Map<IssueCode, number>();
  const lines: string[] = [];
  for (const issue of issuesInCommandWords(issues, command)) {
    const count = (seen.get(issue.code) ?? 0) + 1;
    seen.set(issue.code, count);
    if (count <= 3 || always.has(issue.code))
      lines.push(`${issue.severity}: ${issue.message} (${issue.suggestion})`);
  }
  for (const [code, count] of seen) {
    if (count > 3 && !always.has(code)) lines.push(`and ${count - 3} more of ${code}, all in the report`);
  }
  return lines.map((line) => `${line}\n`).join('');
}
