import type { JsonValue } from '../../data/json';
import type { CollectedRows } from '../rows/collect-rows';
import type { ColumnRoles } from '../columns/column-roles';
import type { TableColumns } from '../columns/table-columns';
import type { TableOptions } from './table-options';

/** How a table was read, for the provenance: columns by name, and the options that say how cells are written. */
export function describeReading(
  table: TableColumns,
  { ids, person, site, families }: ColumnRoles,
  main: CollectedRows,
  options: TableOptions,
): Readonly<Record<string, JsonValue | undefined>> {
  const nameOf = (column: number | undefined): string | undefined =>
    column === undefined ? undefined : table.names[column];
  const { missing, decimal, thousands, ageCap, sameSite, sameLevel } = options;
  return {
    id: nameOf(ids.id),
    person: person?.name ?? nameOf(ids.person),
    visit: main.composed ? nameOf(ids.visit) : undefined,
    family: families === undefined || families.by === 'possible' ? undefined : [...families.names],
    site: site.name,
    missing:
      missing && missing.map((one) => (typeof one === 'string' ? one : { ...one, marks: [...one.marks] })),
    decimal,
    thousands,
    ageCap,
    sameSite: typeof sameSite === 'object' ? { ...sameSite } : sameSite,
    sameLevel:
      sameLevel &&
      Object.fromEntries(
        Object.entries(sameLevel).map(([name, same]) => [
          name,
          typeof same === 'string' ? same : { ...same },
        ]),
      ),
  };
}
