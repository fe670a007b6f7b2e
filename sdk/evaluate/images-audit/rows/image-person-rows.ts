import { deriveSeed } from '../../../math/random';
import type { Interval } from '../../audit';
import { bootstrapInterval } from '../../bootstrap';
import { personUnits } from '../../person-units';
import type { AuditRow, AuditValue } from '../../rows/audit-row';
import { distanceRows } from '../../rows/distance-rows';
import type { ImageFigures } from './image-figures';
import { valuesOfStates } from './image-figures';

/** How like themselves the persons stay: distances between them, and the edges of each scan. */
export function imagePersonRows({ states, persons, seed }: ImageFigures): AuditRow[] {
  const after = states.find(({ protocol }) => protocol !== undefined && protocol !== 'raw');
  const protocol = after?.protocol === 'held-out' ? 'held-out' : 'in-sample';
  const simple = states.filter((state) => state.protocol === undefined);
  const distances =
    after?.patterns === undefined
      ? []
      : distanceRows(after.patterns, protocol).map((row): AuditRow => {
          const site = after.patterns?.perSite.find(
            ({ site: name }) => row.id === `person/distances/${encodeURIComponent(name)}`,
          )?.site;
          const baselines = simple.flatMap(({ name, patterns }) => {
            const estimate =
              site === undefined
                ? row.id === 'person/distances'
                  ? patterns?.mean
                  : undefined
                : patterns?.perSite.find((entry) => entry.site === site)?.correlation;
            return estimate === undefined ? [] : [[name, { estimate }] as const];
          });
          return { ...row, ...(baselines.length === 0 ? {} : { baselines: Object.fromEntries(baselines) }) };
        });
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
  const edges = valuesOfStates(changed, (state) => edgesValue(state.edges, persons, seed));
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
