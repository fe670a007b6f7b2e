/** Rows grouped by the person on them. */
export interface PersonUnits {
  /** The person of each row, 0 …, numbered as they first appear. */
  readonly codes: Int32Array;
  /** The positions of each person's rows, ascending. */
  readonly members: readonly (readonly number[])[];
}

/** Groups rows by person: what is dealt into folds or drawn again is a person with all scans, never a scan. */
export function personUnits(persons: readonly string[]): PersonUnits {
  const codeOf = new Map<string, number>();
  const members: number[][] = [];
  const codes = Int32Array.from(persons, (person, row) => {
    let code = codeOf.get(person);
    if (code === undefined) {
      code = members.push([]) - 1;
      codeOf.set(person, code);
    }
    members[code].push(row);
    return code;
  });
  return { codes, members };
}

/**
 * The group of each person: persons scanned at the same sites are together. Groups are numbered by their sites, so
 * that where every person is at one site, groups are the sites.
 *
 * @param sites - the site of each row, 0 …
 */
export function siteGroups(members: PersonUnits['members'], sites: Int32Array): Int32Array {
  const sets = members.map((rows) => [...new Set(rows.map((row) => sites[row]))].sort((a, b) => a - b));
  const order = new Map(
    [...new Map(sets.map((set) => [set.join(' '), set]))]
      .sort(([, a], [, b]) => compareLists(a, b))
      .map(([key], group) => [key, group]),
  );
  return Int32Array.from(sets, (set) => order.get(set.join(' ')) ?? -1);
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at === -1 ? a.length - b.length : a[at] - (b[at] ?? -1);
}
