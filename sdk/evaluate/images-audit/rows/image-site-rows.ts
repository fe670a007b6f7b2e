import type { SiteProbe } from '../../audit';
import type { AuditRow, AuditValue } from '../../rows/audit-row';
import { probeValue } from '../../rows/inconclusive';
import type { ImageFigures } from './image-figures';
import { valuesOfStates } from './image-figures';

/** How well the site is identified, beside what the mask and the covariates give away. */
export function imageSiteRows({ states, floors, covariates }: ImageFigures): AuditRow[] {
  const first = states.find(({ probe }) => probe !== undefined)?.probe;
  if (first === undefined) return [];
  const row = (id: string, name: string): Omit<AuditRow, 'values'> => ({
    id: `site/${id}`,
    question: 'site',
    name,
    quantity: 'balanced accuracy',
    bounds: { low: 0, high: 1 },
    direction: 'lower',
    share: false,
    drawn: false,
  });
  const withInterval = (probe: SiteProbe<string> | undefined): AuditValue | undefined =>
    probe === undefined ? undefined : probeValue(probe);
  const alone = { mask: 'from the mask alone', covariates: `from ${covariates.join(', ')} alone` };
  const reference = (key: keyof typeof alone): AuditRow['floor'] =>
    floors[key] === undefined ? undefined : { label: alone[key], value: floors[key].overSubjects.estimate };
  const floorRow = (key: keyof typeof alone): AuditRow[] => {
    const raw = withInterval(floors[key]);
    if (raw === undefined) return [];
    return [{ ...row(`floor/${key}`, `site identified ${alone[key]}`), values: { raw } }];
  };
  return [
    {
      ...row('probe/cnn', 'site identified by a CNN'),
      rule: 'identification',
      ...valuesOfStates(states, ({ probe }) => withInterval(probe)),
      chance: { label: 'by chance', value: first.chance },
      floor: reference('covariates'),
      confound: reference('mask'),
      drawn: true,
    },
    ...floorRow('mask'),
    ...floorRow('covariates'),
  ];
}
