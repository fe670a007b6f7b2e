import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { groupBy } from '../../data/group-by';
import type { Metadata } from './read-metadata';
import { textField } from './scanner-fields';

/** What joins the parts of a site's name. */
const joint = ' · ';

/** Sites made of fields of sidecars. */
export interface SidecarSites {
  /** One per scan; `null` where it is not known. */
  readonly sites: readonly (string | null)[];
  readonly issues: readonly Issue[];
}

/**
 * Names the site of each scan by fields of its sidecar, so that one scanner is one site although a sidecar may lack a field.
 * The fields are taken one after the other, each among the scans that agree in those before it: where none has it, or
 * where some have it and those agree, it is left out of the name; where those that have it differ, a scan without it
 * could be of any of them, and its site is not known.
 */
export function sidecarSites(metadata: readonly Metadata[], fields: readonly string[]): SidecarSites {
  const parts: string[][] = metadata.map(() => []);
  const unknown = new Set<number>();
  const left: { readonly field: string; readonly scanner: string; readonly of: string }[] = [];
  const valueOf = (row: number, field: string): string | undefined => textField(metadata[row], field);
  const name = (rows: readonly number[], depth: number): void => {
    if (depth === fields.length || rows.length === 0) return;
    const field = fields[depth];
    const groups = groupBy(rows, (row) => valueOf(row, field));
    const without = rows.filter((row) => valueOf(row, field) === undefined);
    if (groups.size < 2 && without.length > 0) {
      const scanner = [...parts[rows[0]], ...groups.keys()].join(joint);
      const of = `${without.length} of ${rows.length}`;
      if (groups.size === 1) left.push({ field, scanner, of });
      name(rows, depth + 1);
      return;
    }
    for (const row of without) unknown.add(row);
    for (const [value, group] of groups) {
      for (const row of group) parts[row].push(value);
      name(group, depth + 1);
    }
  };
  const said = metadata.map((_, row) => row).filter((row) => fields.some((field) => valueOf(row, field)));
  name(said, 0);
  return {
    sites: parts.map((own, row) => (own.length === 0 || unknown.has(row) ? null : own.join(joint))),
    issues: partialIssues(left),
  };
}

function partialIssues(
  left: readonly { readonly field: string; readonly scanner: string; readonly of: string }[],
): readonly Issue[] {
  return [...new Set(left.map(({ field }) => field))].map((field) => {
    const lacking = left.filter((one) => one.field === field);
    const list = listNames(lacking.map(({ scanner, of }) => `${scanner} (${of} scans lack it)`));
    return makeIssue(
      'partial-sidecars',
      `${field} is left out of the names of sites that not all sidecars of a scanner say it of: ${list}`,
      { column: field },
    );
  });
}
