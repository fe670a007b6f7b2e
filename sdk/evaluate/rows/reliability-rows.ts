import type { PersonReliability } from '../audit';
import type { AuditRow } from './audit-row';
import { byProtocol } from './audit-row';

/** How well the scans of one person agree; none where no person was scanned twice. */
export function reliabilityRows(reliability: readonly PersonReliability[]): AuditRow[] {
  if (reliability.length === 0) return [];
  const { between } = reliability[0];
  const row = (
    id: string,
    name: string,
    key: keyof PersonReliability['medians'],
  ): Omit<AuditRow, 'quantity'> => ({
    id: `person/${id}`,
    question: 'person',
    name: `${name}, median feature`,
    bounds: { low: -1, high: 1 },
    direction: 'higher',
    rule: 'reliability',
    values: byProtocol(reliability, ({ medians }) => ({ estimate: medians[key] })),
    share: false,
    drawn: true,
  });
  return [
    { ...row('icc', 'agreement of the scans of a person', 'icc'), quantity: 'ICC(1,1)' },
    {
      ...row('order', `order of persons between ${between}`, 'orderConsistency'),
      quantity: 'rank correlation',
    },
    {
      ...row('variability', 'variability within persons', 'withinCv'),
      quantity: 'coefficient of variation',
      bounds: { low: 0 },
      direction: 'lower',
      rule: undefined,
      share: true,
      drawn: false,
    },
  ];
}
