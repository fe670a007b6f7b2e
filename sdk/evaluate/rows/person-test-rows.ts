import type { PersonSiteTests } from '../audit';
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
  return kinds.map(({ key, id, name }): AuditRow => ({
    id: `site/test/${id}`,
    question: 'site',
    name,
    quantity: `share with q < ${alpha}`,
    bounds: { low: 0, high: 1 },
    direction: 'lower',
    rule: 'difference',
    values: byProtocol(tests, ({ significant, features }) => ({
      estimate: significant[key] / features.length,
      of: features.length,
    })),
    share: true,
    drawn: true,
  }));
}
