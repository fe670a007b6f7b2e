import { auditNumber } from '../rows/audit-numbers';
import type { AuditRow } from '../rows/audit-row';
import type { AuditFinding, Judged } from './audit-finding';
import { judgedRows, makeFinding, sentenceOf } from './audit-finding';

/** Whether scans came nearer to the person's own at the target site; the rule is stated at `audits.findings`. */
export function truthFinding(rows: readonly AuditRow[]): AuditFinding {
  const judged = judgedRows(rows, 'truth');
  const worse = judged.filter((one) => changed(one) === 'worse');
  const better = judged.filter((one) => changed(one) === 'better');
  const sentences = [...judged.map(sentenceOf), ...simplerSentences(judged)];
  const against = judged.filter((one) => !better.includes(one)).map(({ row }) => row);
  if (judged.length === 0) {
    return makeFinding('truth', 'open', { sentences: ['No harmonized scan could be compared.'] });
  }
  if (worse.length > 0) return makeFinding('truth', 'no', { sentences, against });
  if (better.length === judged.length) return makeFinding('truth', 'yes', { sentences });
  return makeFinding('truth', better.length > 0 ? 'partly' : 'open', { sentences, against });
}

/** Whether the paired change is wholly on one side of no change. */
function changed({ row, after: { change } }: Judged): 'better' | 'worse' | undefined {
  // An interval without width is that of one person: nobody knows how others would fare.
  if (change === undefined || !Number.isFinite(change.low) || change.low === change.high) return undefined;
  if (change.low > 0) return row.direction === 'lower' ? 'worse' : 'better';
  if (change.high < 0) return row.direction === 'lower' ? 'better' : 'worse';
  return undefined;
}

/** Simple methods that come at least as near, and by which measures. */
function simplerSentences(judged: readonly Judged[]): string[] {
  const found = new Map<string, string[]>();
  for (const { row, after } of judged) {
    const sign = row.direction === 'lower' ? 1 : -1;
    for (const [name, value] of Object.entries(row.baselines ?? {})) {
      if (!(sign * (value.estimate - after.estimate) <= 0)) continue;
      const measure = `${row.quantity} ${auditNumber(row, { ...value, interval: undefined })}`;
      found.set(name, [...(found.get(name) ?? []), measure]);
    }
  }
  return [...found].map(
    ([name, measures]) => `${name} alone comes at least as near: ${measures.join(', ')}.`,
  );
}
