/** A size of what a step works on; `side` is the voxels along each axis of a volume. */
export interface StepSize {
  readonly subjects?: number;
  readonly features?: number;
  readonly sites?: number;
  readonly side?: number;
}

/** What grows from run to run of a step, and how its cost does by the formula of what it computes. */
export interface Ladder {
  readonly step: string;
  readonly grows: 'subjects' | 'features' | 'sites' | 'voxels' | 'slices';
  readonly base: StepSize;
  /** The highest power of the size in the formula of its time. */
  readonly power: number;
  readonly formula: string;
}

const table = { subjects: 400, features: 60, sites: 4 };

/** Rising powers are the worst of a formula: where the lower ones weigh more, a step grows more slowly. */
export const ladders: readonly Ladder[] = [
  ...tables('load', { ...table, subjects: 1000, features: 200 }, { subjects: 1, features: 1 }, 'cells'),
  ...tables(
    'combat',
    { ...table, subjects: 2000, features: 1000 },
    { subjects: 1, features: 1, sites: 1 },
    'cells × (sites + covariates)',
  ),
  ...tables(
    'gam',
    { ...table, subjects: 1000, features: 400 },
    { subjects: 1, features: 1, sites: 1 },
    'cells × columns of the design, and features × columns³',
  ),
  ...tables(
    'audit',
    table,
    { subjects: 2, features: 3, sites: 2 },
    'subjects² × features (probes), sites × features³ (predictions), sites² × features (pairs of sites)',
  ),
  ...tables(
    'report',
    { ...table, subjects: 200 },
    { subjects: 1, features: 1, sites: 2 },
    'cells, and pairs of sites',
  ),
  ...tables(
    'covbat',
    { ...table, features: 2000 },
    { subjects: 3, features: 1, sites: 1 },
    'subjects² × features and, where they are fewer, subjects³ (components), cells × (sites + covariates)',
  ),
  ...tables(
    'longitudinal',
    { ...table, subjects: 800, features: 1000 },
    { subjects: 1, features: 1, sites: 2 },
    'cells × columns of the design, and features × columns²',
  ),
  ...tables(
    'maps',
    { subjects: 48, features: 20000, sites: 4 },
    { subjects: 1, features: 1, sites: 1 },
    'values of maps × (sites + covariates)',
  ),
  {
    step: 'pixels',
    grows: 'voxels',
    base: { subjects: 2, side: 40 },
    power: 1,
    formula: 'voxels of all scans',
  },
  {
    step: 'pixels',
    grows: 'subjects',
    base: { subjects: 2, side: 40 },
    power: 1,
    formula: 'voxels of all scans',
  },
  { step: 'read', grows: 'voxels', base: { side: 128 }, power: 1, formula: 'voxels' },
  { step: 'preprocess', grows: 'voxels', base: { side: 80 }, power: 1, formula: 'voxels' },
  { step: 'slices', grows: 'voxels', base: { side: 96 }, power: 1, formula: 'voxels' },
  { step: 'ddae', grows: 'slices', base: { subjects: 2 }, power: 1, formula: 'slices' },
  { step: 'murd', grows: 'slices', base: { subjects: 2 }, power: 1, formula: 'slices' },
];

function tables(
  step: string,
  base: StepSize,
  powers: Readonly<Partial<Record<'subjects' | 'features' | 'sites', number>>>,
  formula: string,
): readonly Ladder[] {
  return (['subjects', 'features', 'sites'] as const).flatMap((grows) => {
    const power = powers[grows];
    return power === undefined ? [] : [{ step, grows, base, power, formula }];
  });
}

/** The size of a ladder so many times as large. */
export function sizeTimes({ base, grows }: Ladder, times: number): StepSize {
  if (grows === 'voxels') return { ...base, side: Math.round((base.side ?? 0) * Math.cbrt(times)) };
  if (grows === 'slices') return { subjects: (base.subjects ?? 0) * times };
  return { ...base, [grows]: (base[grows] ?? 0) * times };
}

/** The exponent b of cost = a · timesᵇ, by least squares of the logarithms. */
export function fittedExponent(times: readonly number[], costs: readonly number[]): number {
  const x = times.map(Math.log);
  const y = costs.map(Math.log);
  const [meanX, meanY] = [x, y].map(
    (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  );
  const products = x.reduce((sum, value, at) => sum + (value - meanX) * (y[at] - meanY), 0);
  return products / x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
}
