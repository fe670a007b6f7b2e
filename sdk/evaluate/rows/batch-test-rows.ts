import type { BatchTests } from '../audit';
import type { AuditRow } from './audit-row';
import { byProtocol } from './audit-row';

/** How many features differ between the levels of batch variables that are not the site. */
export function batchTestRows(batches: readonly BatchTests[]): AuditRow[] {
  const kinds = [
    { key: 'anova', what: 'in mean', test: 'ANOVA' },
    { key: 'levene', what: 'in spread', test: 'Brown–Forsythe' },
  ] as const;
  return batches.flatMap(({ batch, tests }) =>
    kinds.map(({ key, what, test }): AuditRow => ({
      id: `site/batch/${encodeURIComponent(batch)}/${key}`,
      question: 'site',
      name: `features that differ ${what} by ${batch} (${test})`,
      quantity: `share with q < ${tests[0].alpha}`,
      bounds: { low: 0, high: 1 },
      direction: 'lower',
      rule: 'difference',
      values: byProtocol(tests, ({ significant, features }) => ({
        estimate: features.every((feature) => Number.isNaN(feature[key].p))
          ? NaN
          : significant[key] / features.length,
        of: features.length,
      })),
      share: true,
      drawn: true,
    })),
  );
}
