import { jackknifeInterval } from '../../predictors/jackknife-interval';
import { personUnits } from '../../persons/person-units';
import type { AuditRow, AuditValue } from '../../rows/audit-row';
import { distanceRows, lowestOfSites } from '../../rows/distance-rows';
import type { ImageStateAudit } from '../image-audit';
import type { ImageFigures } from './image-figures';
import { valuesOfStates } from './image-figures';

/** Whether persons stay themselves: the distances between them, and the edges of each scan. */
export function imagePersonRows({ states, kin }: ImageFigures): AuditRow[] {
  const distances = patternRows(states);
  const correlation = {
    question: 'person' as const,
    quantity: 'correlation with raw',
    bounds: { low: -1, high: 1 },
    direction: 'higher' as const,
    share: false,
  };
  const changed = states.filter((state) => state.protocol !== 'raw');
  const scaled = valuesOfStates(changed, (state) =>
    state.distances === undefined ? undefined : { estimate: state.distances.mean },
  );
  const edges = valuesOfStates(changed, (state) => edgesValue(state.edges, kin));
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

/** The mean over scans, with its interval over persons, or families where they are known. */
function edgesValue(edges: readonly number[] | undefined, kin: readonly string[]): AuditValue | undefined {
  const known =
    edges?.flatMap((value, row) => (Number.isNaN(value) ? [] : [{ value, unit: kin[row] }])) ?? [];
  if (known.length === 0) return undefined;
  const { members } = personUnits(known.map(({ unit }) => unit));
  const mean = (rows: readonly number[]): number =>
    rows.reduce((sum, at) => sum + known[at].value, 0) / rows.length;
  const estimate = mean([...known.keys()]);
  const statistic = (units: readonly number[]): number => mean(units.flatMap((unit) => members[unit]));
  const interval = jackknifeInterval(members.length, { statistic, estimate });
  return { estimate, interval: { ...interval, high: Math.min(1, interval.high) } };
}
