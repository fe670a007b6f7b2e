import type { AuditRow } from '../../rows/audit-row';
import { predictionRows } from '../../rows/prediction-rows';
import type { ImageFigures } from './image-figures';

/** The rows on biology, as for tables, each with what simple methods leave of it. */
export function imageBiologyRows({ states, brightness }: ImageFigures): AuditRow[] {
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
      // A simple method takes the place of raw data, so that its figures have the same names.
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
