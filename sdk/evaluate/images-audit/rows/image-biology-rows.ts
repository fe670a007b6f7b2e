import type { AuditRow } from '../../rows/audit-row';
import { predictionRows } from '../../rows/prediction-rows';
import type { ImageFigures } from './image-figures';

/** The rows on biology, as for tables, each with what simple methods leave of it. */
export function imageBiologyRows({ states }: ImageFigures): AuditRow[] {
  const own = states.filter(({ protocol }) => protocol !== undefined);
  const simple = states.filter(({ protocol }) => protocol === undefined);
  const rows = predictionRows({
    regressions: own.flatMap(({ regressions }) => regressions),
    classifications: own.flatMap(({ classifications }) => classifications),
  });
  return rows.map((row) => {
    const baselines = simple.flatMap((state) => {
      // A simple method takes the place of raw data, so that its figures have the same names.
      const there = predictionRows(state).find(({ id }) => id === row.id);
      const value = Object.values(there?.values ?? {})[0];
      return value === undefined ? [] : [[state.name, value] as const];
    });
    return baselines.length === 0 ? row : { ...row, baselines: Object.fromEntries(baselines) };
  });
}
