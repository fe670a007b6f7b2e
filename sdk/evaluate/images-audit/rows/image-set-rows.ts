import type { AuditRow } from '../../rows/audit-row';
import type { ImageFigures } from './image-figures';
import { valuesOfStates } from './image-figures';

/** How far sets of images of the sites are apart. */
export function imageSetRows({ states, setFloor, target }: ImageFigures): AuditRow[] {
  const first = states.find(({ sets }) => sets !== undefined);
  if (first === undefined || setFloor === undefined) return [];
  const what =
    target === undefined ? 'images of one site with those of another' : `images with real ones of ${target}`;
  const whose = target === undefined ? 'a site' : target;
  return (['frechet', 'kernel'] as const).flatMap((key): AuditRow[] => {
    const row = {
      question: 'distribution' as const,
      quantity: key === 'frechet' ? 'FID' : 'KID',
      bounds: key === 'frechet' ? { low: 0 } : {},
      direction: 'lower' as const,
      share: false,
    };
    const floor = { label: 'of real images, half against half', value: setFloor[key] };
    const values = valuesOfStates(states, ({ sets }) =>
      sets === undefined ? undefined : { estimate: sets[key] },
    );
    return [
      {
        ...row,
        id: `distribution/${key}`,
        name: what,
        rule: key === 'kernel' ? 'distance' : undefined,
        ...values,
        floor,
        drawn: true,
      },
      {
        ...row,
        id: `distribution/floor/${key}`,
        name: `real images of ${whose}, half against half`,
        values: { raw: { estimate: floor.value } },
        drawn: false,
      },
    ];
  });
}
