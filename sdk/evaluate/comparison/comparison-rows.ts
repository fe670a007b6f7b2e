import type { Protocol } from '../audit';
import type { AuditRow, AuditValue } from '../rows/audit-row';
import { lowestOfSites } from '../rows/distance-rows';
import type { ComparedValue, ComparisonRow } from './method-comparison';
import { bestOf, inconclusiveReasons, standings } from './standing';

/** The rows of an audit of one method. */
export interface MethodRows {
  readonly name: string;
  readonly rows: readonly AuditRow[];
  /** How values that are not in folds count. */
  readonly protocol: 'in-sample' | 'held-out';
}

/**
 * Puts the audits of several methods beside each other: a row for each figure that one of them has, in their order.
 *
 * @param raw - the rows of raw data alone, for figures that no method has
 */
export function comparisonRows(raw: readonly AuditRow[], methods: readonly MethodRows[]): ComparisonRow[] {
  const all = [...methods.map(({ rows }) => rows), raw];
  const order = [...new Set(all.flatMap((rows) => rows.map(({ id }) => id)))];
  return order.flatMap((id): ComparisonRow[] => {
    const found = methods.flatMap((method) => {
      const row = method.rows.find((own) => own.id === id);
      return row === undefined ? [] : [{ ...method, row }];
    });
    const ofRaw = raw.find((own) => own.id === id);
    const row = found.length > 0 ? found[0].row : ofRaw;
    return row === undefined ? [] : [compared(row, found, ofRaw)];
  });
}

/** The rows of an audit, with one of its simple methods as the method that is compared. */
export function baselineRows(rows: readonly AuditRow[], name: string): readonly AuditRow[] {
  return rows.flatMap((row) => {
    const value = row.baselines?.[name];
    if (value === undefined) return [];
    const { raw } = row.values;
    return [{ ...row, values: { ...(raw === undefined ? {} : { raw }), 'in-sample': value } }];
  });
}

function compared(
  row: AuditRow,
  found: readonly (MethodRows & { readonly row: AuditRow })[],
  ofRaw: AuditRow | undefined,
): ComparisonRow {
  const values: Record<string, ComparedValue> = {};
  const inSample: Record<string, AuditValue> = {};
  for (const { name, protocol, row: mine } of found) {
    const sample = mine.values['in-sample'];
    const folds = mine.values['in-folds'];
    if (folds !== undefined && sample !== undefined) inSample[name] = sample;
    if (folds !== undefined) values[name] = { ...folds, protocol: 'in-folds' };
    else if (sample !== undefined) values[name] = { ...sample, protocol };
  }
  const raw = ofRaw?.values.raw ?? row.values.raw;
  const names = new Set(found.map(({ row: mine }) => mine.name));
  const bare = { ...described(row), name: names.size > 1 ? lowestOfSites : row.name, raw, values };
  const standing = standings(bare);
  return {
    ...bare,
    ...(Object.keys(inSample).length === 0 ? {} : { inSample }),
    standing,
    inconclusive: inconclusiveReasons(bare, standing),
    best: bestOf(bare, standing),
  };
}

/** What a row is of, without its values. */
function described(row: AuditRow): Omit<AuditRow, 'values' | 'baselines'> {
  const { id, question, name, quantity, unit, bounds, direction, rule, share, drawn, detail } = row;
  const { chance, floor, confound } = row;
  return {
    id,
    question,
    name,
    quantity,
    unit,
    bounds,
    direction,
    rule,
    chance,
    floor,
    confound,
    share,
    drawn,
    detail,
  };
}

/** The states of the data that values of the rows have. */
export function comparedProtocols(rows: readonly ComparisonRow[]): ReadonlySet<Protocol> {
  return new Set(rows.flatMap(({ values }) => Object.values(values).map(({ protocol }) => protocol)));
}
