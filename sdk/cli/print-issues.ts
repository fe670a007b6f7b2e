import type { Issue } from '../data/issue';
import type { CommandName } from './command-words';
import { issuesInCommandWords } from './command-words';

/** A line per issue: what was found and what can be done on this command. Long runs of one kind are cut after three. */
export function issueLines(issues: readonly Issue[], command: CommandName): string {
  const seen = new Map<string, number>();
  const lines: string[] = [];
  for (const issue of issuesInCommandWords(issues, command)) {
    const count = (seen.get(issue.code) ?? 0) + 1;
    seen.set(issue.code, count);
    if (count <= 3) lines.push(`${issue.severity}: ${issue.message} (${issue.suggestion})`);
  }
  for (const [code, count] of seen) {
    if (count > 3) lines.push(`and ${count - 3} more of ${code}, all in the report`);
  }
  return lines.map((line) => `${line}\n`).join('');
}
