/** What separates the cells of a text table; a blank means one or more blanks and tabs. */
export type Delimiter = ',' | '\t' | ';' | '|' | ' ';

/** What separates cells, in words. */
export const delimiterNames = 'commas, tabs, semicolons, vertical bars or blanks';

/**
 * Finds what separates the cells of a table from its header line: the one of comma, tab, semicolon and vertical bar that
 * occurs most often outside quotes, on a tie the one that belongs to the extension; blanks where none of them occurs.
 *
 * @param header - the start of the file, at least its first line
 * @param extension - `.csv`, `.tsv`, …
 */
export function sniffDelimiter(header: string, extension: string): Delimiter {
  const first: Delimiter = extension === '.tsv' || extension === '.tab' ? '\t' : ',';
  const counts = new Map<string, number>([[first, 0]]);
  for (const delimiter of [',', '\t', ';', '|']) if (!counts.has(delimiter)) counts.set(delimiter, 0);
  let quoted = false;
  let blank = false;
  let started = false;
  for (const character of header) {
    if (character === '"') quoted = !quoted;
    if (quoted) {
      started = true;
      continue;
    }
    if (character === '\n' || character === '\r') {
      if (started) break;
      continue;
    }
    const count = counts.get(character);
    if (count !== undefined) counts.set(character, count + 1);
    if (character === ' ' && started) blank = true;
    else if (character !== ' ') started = true;
  }
  // Map keeps the order of insertion, and only a larger count replaces the first.
  const [best, count] = [...counts].reduce((one, next) => (next[1] > one[1] ? next : one));
  return count === 0 && blank ? ' ' : (best as Delimiter);
}
