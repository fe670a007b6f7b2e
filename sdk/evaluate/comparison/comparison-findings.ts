import type { AuditQuestion } from '../rows/audit-row';
import { auditQuestions } from '../rows/audit-row';
import type { ComparisonFinding, ComparisonRow } from './method-comparison';
import { beats } from './standing';
import { groupBy } from '../../data/group-by';

/**
 * What the rows say of the methods, question by question. A method can be the best only where its interval is apart
 * from that of raw data; methods without a clear difference are tied.
 */
export function comparisonFindings(
  rows: readonly ComparisonRow[],
  names: readonly string[],
): readonly ComparisonFinding[] {
  return (Object.keys(auditQuestions) as AuditQuestion[]).flatMap((question) => {
    const own = rows.filter((row) => row.question === question);
    return own.length === 0 ? [] : [findingOf(question, own, names)];
  });
}

function findingOf(
  question: AuditQuestion,
  rows: readonly ComparisonRow[],
  names: readonly string[],
): ComparisonFinding {
  const having = (name: string, standing: string): boolean =>
    rows.some((row) => row.standing[name] === standing);
  const worse = names.filter((name) => having(name, 'worse'));
  const better = names.filter((name) => having(name, 'better') && !worse.includes(name));
  const alike = names.filter(
    (name) => having(name, 'alike') && !worse.includes(name) && !better.includes(name),
  );
  const inconclusive = names.filter(
    (name) => having(name, 'inconclusive') && ![...worse, ...better, ...alike].includes(name),
  );
  const ranked = rows.filter(({ standing }) => Object.keys(standing).length > 0);
  const best = better.filter((name) =>
    better.every((other) => other === name || !ranked.some((row) => beats(row, other, name))),
  );
  const groups = { better, alike, worse, inconclusive, best };
  const title = auditQuestions[question];
  return { question, title, ...groups, sentence: `${title} ${groupsSentence(groups, rows)}` };
}

function groupsSentence(
  groups: Pick<ComparisonFinding, 'better' | 'alike' | 'worse' | 'inconclusive' | 'best'>,
  rows: readonly ComparisonRow[],
): string {
  const { better, alike, worse, inconclusive, best } = groups;
  const open = inconclusiveText(inconclusive, rows);
  if (better.length + alike.length + worse.length === 0) {
    if (inconclusive.length > 0) return `Inconclusive: ${open}.`;
    return 'Not ranked: raw data and methods have no intervals to compare here.';
  }
  const all = (names: readonly string[]): string => names.join(', ');
  const leader =
    better.length === 0
      ? 'No method is better than raw data'
      : best.length === 0
        ? `Better than raw data: ${all(better)}; which is best differs between figures`
        : best.length === 1
          ? `Best: ${best[0]}`
          : `Best, tied: ${all(best)}`;
  const others = better.filter((name) => !best.includes(name));
  const parts = [
    leader,
    ...(best.length > 0 && others.length > 0 ? [`better than raw data too: ${all(others)}`] : []),
    ...(alike.length > 0 ? [`inconclusive against raw data: ${all(alike)}`] : []),
    ...(worse.length > 0 ? [`worse than raw data: ${all(worse)}`] : []),
    ...(inconclusive.length > 0 ? [`inconclusive: ${open}`] : []),
  ];
  const flattered = rows.some(({ standing, values }) =>
    Object.keys(standing).some((name) => values[name].protocol === 'in-sample'),
  );
  return `${parts.join('; ')}.${flattered ? ' In-sample figures among these flatter the methods.' : ''}`;
}

/** Methods with why they are inconclusive, those for the same reason together: `a, b (the interval has no width)`. */
function inconclusiveText(names: readonly string[], rows: readonly ComparisonRow[]): string {
  const byReason = groupBy(names, (name) => {
    const reasons = rows.flatMap((row) => (name in row.inconclusive ? [row.inconclusive[name]] : []));
    return [...new Set(reasons)].join('; ');
  });
  return [...byReason].map(([why, own]) => `${own.join(', ')} (${why})`).join(', ');
}
