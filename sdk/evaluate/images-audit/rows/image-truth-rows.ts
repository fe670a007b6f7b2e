import type { Interval } from '../../audit';
import type { AuditRow } from '../../rows/audit-row';
import type { TruthMeasure } from '../against-truth';
import { measureInterval } from '../against-truth';
import type { ImageFigures } from './image-figures';
import { valuesOfStates } from './image-figures';

const truthMeasures: readonly {
  readonly key: TruthMeasure;
  readonly quantity: string;
  readonly unit?: string;
  readonly direction: 'lower' | 'higher';
  readonly bounds: AuditRow['bounds'];
  /** Edges are shown beside the others, and decide nothing: noise moves them more than any scanner does. */
  readonly rule?: AuditRow['rule'];
}[] = [
  {
    key: 'mae',
    quantity: 'mean absolute error',
    unit: 'share of the range',
    direction: 'lower',
    bounds: { low: 0 },
    rule: 'truth',
  },
  { key: 'psnr', quantity: 'PSNR', unit: 'dB', direction: 'higher', bounds: {}, rule: 'truth' },
  { key: 'ssim', quantity: 'SSIM', direction: 'higher', bounds: { high: 1 }, rule: 'truth' },
  { key: 'msSsim', quantity: 'MS-SSIM', direction: 'higher', bounds: { high: 1 }, rule: 'truth' },
  {
    key: 'gradientCorrelation',
    quantity: 'correlation of edges',
    direction: 'higher',
    bounds: { low: -1, high: 1 },
  },
];

/** How far scans are from the person’s own at the target. */
export function imageTruthRows({ states, target }: ImageFigures): AuditRow[] {
  const raw = states.find(({ protocol }) => protocol === 'raw')?.travelers;
  if (raw === undefined || target === undefined) return [];
  return truthMeasures.flatMap(({ key, quantity, unit, direction, bounds, rule }): AuditRow[] => {
    // Errors are a share of the range of intensities at the target, so that they mean the same whatever the unit.
    const scale = key === 'mae' ? 1 / raw.dataRange : 1;
    if (!Number.isFinite(raw.mean[key])) return [];
    const row = {
      question: 'truth' as const,
      quantity,
      unit,
      direction,
      bounds,
      share: key === 'mae',
    };
    const repeated = raw.floor?.[key];
    const known = repeated !== undefined && Number.isFinite(repeated);
    const floor = known ? { label: 'of a second scan there', value: repeated * scale } : undefined;
    const values = valuesOfStates(states, ({ travelers, protocol }) => {
      if (travelers === undefined) return undefined;
      const { value, change } = measureInterval(travelers, key, {
        raw: protocol === 'raw' ? undefined : raw,
      });
      const interval = within(bounds, scaled(value, scale));
      return {
        estimate: interval.estimate,
        interval,
        change: change === undefined ? undefined : scaled(change, scale),
      };
    });
    return [
      {
        ...row,
        id: `truth/${key}`,
        name: `scans with the person’s own at ${target}`,
        rule,
        ...values,
        floor,
        drawn: true,
      },
      ...(floor === undefined
        ? []
        : [
            {
              ...row,
              id: `truth/floor/${key}`,
              name: `a second scan at ${target} with the first`,
              values: { raw: { estimate: floor.value } },
              drawn: false,
            },
          ]),
    ];
  });
}

function scaled(interval: Interval, by: number): Interval {
  return { ...interval, estimate: by * interval.estimate, low: by * interval.low, high: by * interval.high };
}

/** No farther than a quantity can be. */
function within({ low = -Infinity, high = Infinity }: AuditRow['bounds'], interval: Interval): Interval {
  return { ...interval, low: Math.max(low, interval.low), high: Math.min(high, interval.high) };
}
