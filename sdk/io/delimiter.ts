/**
 * Finds what separates the cells of a table from its header line: the one of comma, semicolon and tab that occurs
 * most often outside quotes; on a tie the one that belongs to the extension.
 *
 * @param header - the start of the file, at least its first line
 * @param extension - `.csv`, `.tsv`, …
 */
export function sniffDelimiter(header: string, extension: string): string {
  const counts = new Map([[extension === '.tsv' || extension === '.tab' ? '\t' : ',', 0]]);
  for (const delimiter of [',', '\t', ';']) if (!counts.has(delimiter)) counts.set(delimiter, 0);
  let quoted = false;
  for (const character of header) {
    if (character === '"') quoted = !quoted;
    if (quoted) continue;
    if (character === '\n' || character === '\r') break;
    const count = counts.get(character);
    if (count !== undefined) counts.set(character, count + 1);
  }
  // Map keeps the order of insertion, and only a larger count replaces the first.
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}
