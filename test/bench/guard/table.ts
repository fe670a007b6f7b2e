// The table of what a guard makes of scans of every kind.
import type { LearnedInput } from '../../../sdk/nn/input/learned-input';
import { isCutOff, judgeScan } from '../../../sdk/nn/input/judge-scan';
import type { Measured } from './measure';
import type { Kind } from './networks';

/** What became of a scan. */
export type Outcome = 'passed' | 'brought' | 'noticed' | 'refused';

/** What a guard says of a scan that was measured. */
export function judged(
  learned: LearnedInput,
  found: Measured,
  scan: { readonly suffix: string; readonly digital?: boolean },
): { readonly outcome: Outcome; readonly why: string } {
  if ('refused' in found) return { outcome: 'refused', why: found.refused };
  const { traits, range } = found;
  const verdict = judgeScan(learned, { traits, range, ...scan });
  if (verdict.kind === 'unlike') return { outcome: 'refused', why: verdict.why };
  if (verdict.doubts.length > 0) return { outcome: 'noticed', why: verdict.doubts.join('; ') };
  if (isCutOff(learned, traits)) return { outcome: 'noticed', why: 'its brain ends in a plane' };
  return { outcome: verdict.kind === 'fits' ? 'passed' : 'brought', why: verdict.why };
}

/** One row of the table, for one network. */
export class Row {
  readonly counts: Record<Outcome, number> = { passed: 0, brought: 0, noticed: 0, refused: 0 };
  readonly why = new Map<string, number>();
  readonly errors: number[] = [];
  /** Scans for which this is not what should have become of them. */
  readonly wrong: string[] = [];

  constructor(
    readonly name: string,
    readonly wanted: 'taken' | 'refused' | 'by degree',
  ) {}

  note(id: string, { outcome, why }: { readonly outcome: Outcome; readonly why: string }): void {
    this.counts[outcome]++;
    const taken = outcome === 'passed' || outcome === 'brought';
    if (this.wanted !== 'by degree' && taken !== (this.wanted === 'taken'))
      this.wrong.push(`${id} (${outcome})`);
    if (why === '' || taken) return;
    const short = why.replace(/\(.*?\)|"[^"]*"|-?\d+(\.\d+)?/g, '…').slice(0, 70);
    this.why.set(short, (this.why.get(short) ?? 0) + 1);
  }

  get count(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }
}

/** The rows as lines of Markdown, the networks side by side. */
export function markdown(rows: Readonly<Record<Kind, ReadonlyMap<string, Row>>>): string {
  const head = [
    '| what | scans | MURD: passed | brought | issue | refused | error, % | DDAE: passed | brought | issue | refused | error, % | said |',
    `|${' --- |'.repeat(13)}`,
  ];
  const lines = [...rows.murd].map(([name, murd]) => {
    const ddae = rows.ddae.get(name) ?? new Row(name, murd.wanted);
    const cells = [murd, ddae].flatMap(({ counts, errors }) => [
      ...[counts.passed, counts.brought, counts.noticed, counts.refused],
      spread(errors),
    ]);
    return `| ${[name, murd.count, ...cells, said(murd, ddae)].join(' | ')} |`;
  });
  return [...head, ...lines].join('\n');
}

function spread(errors: readonly number[]): string {
  if (errors.length === 0) return '';
  const sorted = [...errors].sort((a, b) => a - b);
  return `${sorted[sorted.length >> 1].toFixed(1)}, ${sorted[sorted.length - 1].toFixed(1)}`;
}

function said(...rows: readonly Row[]): string {
  const all = new Map<string, number>();
  for (const { why } of rows) for (const [text, times] of why) all.set(text, (all.get(text) ?? 0) + times);
  return [...all]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 2)
    .map(([text, times]) => `${text} (${times})`)
    .join('; ');
}
