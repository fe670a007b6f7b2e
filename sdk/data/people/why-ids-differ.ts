/**
 * Why the ids of two tables have nothing in common, as far as they show it, with what to do: one table counts its rows, or R
 * made names of its ids.
 *
 * @param file - what the second table is called
 */
export function whyIdsDiffer(
  here: readonly string[],
  there: readonly string[],
  file: string,
): string | undefined {
  if (countsRows(there) && !countsRows(here)) {
    return `those of ${file} are its row numbers, as written by programs that have lost the ids: write it again with a column of ids`;
  }
  const names = new Set(here.map(madeName));
  const made = there.filter((id) => names.has(id)).length;
  if (made > 0 && made * 2 >= there.length) {
    return `R has turned the ids of ${file} into names: read and write it with check.names = FALSE, or put the ids back`;
  }
  return undefined;
}

function countsRows(ids: readonly string[]): boolean {
  return ids.length > 1 && [0, 1].some((from) => ids.every((id, row) => Number(id) === row + from));
}

/** What R's `make.names` makes of a text: an X before what cannot begin a name, points for other signs. */
function madeName(id: string): string {
  const valid = id.replaceAll(/[^\p{L}\p{N}._]/gu, '.');
  return /^(\p{L}|\.(?!\d))/u.test(valid) ? valid : `X${valid}`;
}
