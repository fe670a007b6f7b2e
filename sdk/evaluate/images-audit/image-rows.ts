import { deriveSeed } from '../../math/random';
import type { Interval, Protocol, SiteProbe } from '../audit';
import { bootstrapInterval } from '../bootstrap';
import { personUnits } from '../person-units';
import type { AuditRow, AuditValue } from '../rows/audit-row';
import { distanceRows, lowestOfSites } from '../rows/distance-rows';
import { predictionRows } from '../rows/prediction-rows';
import type { TruthMeasure } from './against-truth';
import { measureInterval } from './against-truth';
import type { ImageAudit, ImageStateAudit } from './image-audit';
import type { ImageSetDistances } from './set-distances';

/** What rows are made from. */
export interface ImageFigures {
  readonly states: readonly ImageStateAudit[];
  readonly floors: { readonly mask?: SiteProbe<'cnn'>; readonly covariates?: SiteProbe };
  /** Predictions from the brightness of raw scans alone. */
  readonly brightness: ImageAudit['brightness'];
  /** Half of the real images of a site with the other half. */
  readonly setFloor?: ImageSetDistances;
  /** The person of every scan. */
  readonly persons: readonly string[];
  readonly covariates: readonly string[];
  readonly target?: string;
  readonly seed: number;
}

/** Every figure of an audit of images as one row per measure, the states of the images side by side. */
export function imageRows(figures: ImageFigures): readonly AuditRow[] {
  return [
    ...siteRows(figures),
    ...biologyRows(figures),
    ...personRows(figures),
    ...truthRows(figures),
    ...setRows(figures),
  ];
}

/** The values of all states that have one, in the fields of a row. */
function valuesOf(
  states: readonly ImageStateAudit[],
  value: (state: ImageStateAudit) => AuditValue | undefined,
): Pick<AuditRow, 'values' | 'baselines'> {
  const values: Partial<Record<Protocol, AuditValue>> = {};
  const baselines: Record<string, AuditValue> = {};
  for (const state of states) {
    const found = value(state);
    if (found === undefined) continue;
    if (state.protocol === undefined) baselines[state.name] = found;
    else values[state.protocol] = found;
  }
  return Object.keys(baselines).length === 0 ? { values } : { values, baselines };
}

function siteRows({ states, floors, covariates }: ImageFigures): AuditRow[] {
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
    probe === undefined ? undefined : { estimate: probe.overSubjects.estimate, interval: probe.overSubjects };
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
      ...valuesOf(states, ({ probe }) => withInterval(probe)),
      chance: { label: 'by chance', value: first.chance },
      floor: reference('covariates'),
      confound: reference('mask'),
      drawn: true,
    },
    ...floorRow('mask'),
    ...floorRow('covariates'),
  ];
}

/** As of tables; what simple methods leave of the biology is added to each row. */
function biologyRows({ states, brightness }: ImageFigures): AuditRow[] {
  const own = states.filter(({ protocol }) => protocol !== undefined);
  const simple = states.filter(({ protocol }) => protocol === undefined);
  const rows = predictionRows({
    regressions: own.flatMap(({ regressions }) => regressions),
    classifications: own.flatMap(({ classifications }) => classifications),
  });
  const fromBrightness = predictionRows(brightness);
  return rows.flatMap((own) => {
    const alone = fromBrightness.find(({ id }) => id === own.id)?.values.raw?.estimate;
    const row: AuditRow =
      own.rule === undefined || alone === undefined
        ? own
        : { ...own, confound: { label: 'from brightness alone', value: alone } };
    const baselines = simple.flatMap((state) => {
      // A simple method stands in the place of raw data, so that its figures have the same names.
      const there = predictionRows(state).find(({ id }) => id === row.id);
      const value = Object.values(there?.values ?? {})[0];
      return value === undefined ? [] : [[state.name, value] as const];
    });
    const shown = baselines.length === 0 ? row : { ...row, baselines: Object.fromEntries(baselines) };
    if (row.confound === undefined) return [shown];
    const { id, name, question, quantity, unit, bounds, direction, share } = row;
    const about = { question, quantity, unit, bounds, direction, share, drawn: false };
    const values = { raw: { estimate: row.confound.value } };
    return [shown, { ...about, id: `${id}/brightness`, name: `${name} ${row.confound.label}`, values }];
  });
}

function personRows({ states, persons, seed }: ImageFigures): AuditRow[] {
  const distances = patternRows(states);
  const correlation = {
    question: 'person' as const,
    quantity: 'correlation with raw',
    bounds: { low: -1, high: 1 },
    direction: 'higher' as const,
    share: false,
  };
  const changed = states.filter((state) => state.protocol !== 'raw');
  const scaled = valuesOf(changed, (state) =>
    state.distances === undefined ? undefined : { estimate: state.distances.mean },
  );
  const edges = valuesOf(changed, (state) => edgesValue(state.edges, persons, seed));
  return [
    ...distances,
    {
      ...correlation,
      id: 'person/intensity-distances',
      name: 'distances with brightness and contrast, mean of sites',
      ...scaled,
      drawn: false,
    },
    {
      ...correlation,
      id: 'person/edges',
      name: 'edges of each scan, mean',
      rule: 'edges',
      ...edges,
      drawn: true,
    },
  ];
}

/** Whether individuals keep their place, of every state that was compared with raw images. */
function patternRows(states: readonly ImageStateAudit[]): AuditRow[] {
  const rowsOf = ({ patterns, protocol }: ImageStateAudit): readonly AuditRow[] =>
    patterns === undefined ? [] : distanceRows(patterns, protocol === 'held-out' ? 'held-out' : 'in-sample');
  const after = states
    .filter(({ protocol }) => protocol !== 'raw')
    .map((state) => ({ state, rows: rowsOf(state) }));
  const lead = after.find(({ state, rows }) => state.protocol !== undefined && rows.length > 0);
  const first = lead ?? after.find(({ rows }) => rows.length > 0);
  const simple = after.filter(({ state }) => state.protocol === undefined);
  return (first?.rows ?? []).map((row): AuditRow => {
    const found = simple.flatMap(({ state, rows }) => {
      const own = rows.find(({ id }) => id === row.id);
      const value = Object.values(own?.values ?? {})[0];
      return own === undefined || value === undefined ? [] : [{ state, own, value }];
    });
    // Of many sites the lowest has a row, and it may be another one for each method.
    const alike = found.filter(({ own }) => lead === undefined || own.name === row.name);
    const name = alike.every(({ own }) => own.name === row.name) ? row.name : lowestOfSites;
    const values = lead === undefined ? {} : row.values;
    const baselines = Object.fromEntries(alike.map(({ state, value }) => [state.name, value]));
    return { ...row, name, values, ...(alike.length === 0 ? {} : { baselines }) };
  });
}

/** The mean over scans, with its interval over persons. */
function edgesValue(
  edges: readonly number[] | undefined,
  persons: readonly string[],
  seed: number,
): AuditValue | undefined {
  const known =
    edges?.flatMap((value, row) => (Number.isNaN(value) ? [] : [{ value, person: persons[row] }])) ?? [];
  if (known.length === 0) return undefined;
  const { members } = personUnits(known.map(({ person }) => person));
  const mean = (rows: readonly number[]): number =>
    rows.reduce((sum, at) => sum + known[at].value, 0) / rows.length;
  const estimate = mean([...known.keys()]);
  const statistic = (units: Int32Array): number => mean(Array.from(units).flatMap((unit) => members[unit]));
  const interval: Interval = bootstrapInterval(
    members.length,
    { statistic, estimate },
    { seed: deriveSeed(seed, 4000), resamples: 1000 },
  );
  return { estimate, interval };
}

const truthMeasures: readonly {
  readonly key: TruthMeasure;
  readonly quantity: string;
  readonly unit?: string;
  readonly direction: 'lower' | 'higher';
  readonly bounds: AuditRow['bounds'];
}[] = [
  {
    key: 'mae',
    quantity: 'mean absolute error',
    unit: 'share of the range',
    direction: 'lower',
    bounds: { low: 0 },
  },
  { key: 'psnr', quantity: 'PSNR', unit: 'dB', direction: 'higher', bounds: {} },
  { key: 'ssim', quantity: 'SSIM', direction: 'higher', bounds: { high: 1 } },
  { key: 'msSsim', quantity: 'MS-SSIM', direction: 'higher', bounds: { high: 1 } },
];

function truthRows({ states, target, seed }: ImageFigures): AuditRow[] {
  const raw = states.find(({ protocol }) => protocol === 'raw')?.travelers;
  if (raw === undefined || target === undefined) return [];
  return truthMeasures.flatMap(({ key, quantity, unit, direction, bounds }): AuditRow[] => {
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
    const values = valuesOf(states, ({ travelers, protocol }) => {
      if (travelers === undefined) return undefined;
      const { value, change } = measureInterval(travelers, key, {
        seed: deriveSeed(seed, 5000),
        raw: protocol === 'raw' ? undefined : raw,
      });
      const interval = scaled(value, scale);
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
        rule: 'truth',
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

function setRows({ states, setFloor, target }: ImageFigures): AuditRow[] {
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
    const values = valuesOf(states, ({ sets }) => (sets === undefined ? undefined : { estimate: sets[key] }));
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
