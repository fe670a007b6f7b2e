/** The most characters of a value that a message shows. */
const longest = 100;

/** A value from a file as a message shows it: JSON on one line, cut where it is long, `missing` where there is none. */
export function shortJson(value: unknown): string {
  // A number in JSON can overflow to infinity, for which JSON.stringify would write null.
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'missing');
  return text.length > longest ? `${text.slice(0, longest - 3)}…` : text;
}
