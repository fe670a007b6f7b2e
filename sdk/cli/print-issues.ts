import type { Issue } from '../data/issue';

/** Issues once each, warnings first. */
export function distinctIssues(issues: readonly Issue[]): readonly Issue[] {
  const byText = new Map(issues.map((issue) => [JSON.stringify(issue), issue]));
  const distinct = [...byText.values()];
  return [
    ...distinct.filter((issue) => issue.severity === 'warning'),
    ...distinct.filter((issue) => issue.severity === 'info'),
  ];
}

/** A line per issue: what was found and what can be done. Long runs of one kind are cut after three. */
export function issueLines(issues: readonly Issue[]): string {
  const seen = new Map<string, number>();
  const lines: string[] = [];
  for (const issue of issues) {
    const count = (seen.get(issue.code) ?? 0) + 1;
    seen.set(issue.code, count);
    if (count <= 3) lines.push(`${issue.severity}: ${issue.message} (${issue.suggestion})`);
  }
  for (const [code, count] of seen) {
    if (count > 3) lines.push(`and ${count - 3} more of ${code}, all in the report`);
  }
  return lines.map((line) => `${line}\n`).join('');
}
