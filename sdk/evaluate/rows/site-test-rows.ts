import type { PersonSiteTests, SiteTests } from '../audit';
import type { AuditRow } from './audit-row';
import { byProtocol } from './audit-row';

/** How many features differ between sites by all scans of all persons; none where no person was scanned twice. */
export function personTestRows(tests: readonly PersonSiteTests[]): AuditRow[] {
  if (tests.length === 0) return [];
  const [{ alpha }] = tests;
  const kinds = [
    { key: 'mean', id: 'kenward-roger', name: 'features that differ in mean, all scans (Kenward–Roger)' },
    {
      key: 'spread',
      id: 'fligner-killeen',
      name: 'features that differ in spread, all scans (Fligner–Killeen)',
    },
  ] as const;
  return kinds.map(({ key, id, name }) =>
    siteTestRow(
      { id, name, alpha },
      tests,
      ({ significant, features }) => significant[key] / features.length,
    ),
  );
}

/** The share of features that a test finds to differ between sites. */
export function siteTestRow<Test extends SiteTests | PersonSiteTests>(
  { id, name, alpha }: { readonly id: string; readonly name: string; readonly alpha: number },
  tests: readonly Test[],
  shareOf: (test: Test) => number,
): AuditRow {
  return {
    id: `site/test/${id}`,
    question: 'site',
    name,
    quantity: `share with q < ${alpha}`,
    bounds: { low: 0, high: 1 },
    direction: 'lower',
    rule: 'difference',
    values: byProtocol(tests, (test) => ({ estimate: shareOf(test), of: test.features.length })),
    share: true,
    drawn: true,
  };
}
