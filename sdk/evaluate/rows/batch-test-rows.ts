import type { BatchTests } from '../audit';
import type { AuditRow } from './audit-row';
import { byProtocol } from './audit-row';
import { testedValue } from './site-test-rows';

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
      values: byProtocol(tests, ({ significant, features }) =>
        testedValue(
          features.map((feature) => feature[key]),
          significant[key],
        ),
      ),
      test: { alpha: tests[0].alpha, of: `${what} by ${batch}` },
      share: true,
      drawn: true,
    })),
  );
}
