/** The longest that a value is shown in a message. */
const longest = 100;

/** A value from a file as a message shows it: JSON on one line, cut where it is long, `missing` where there is none. */
export function shortJson(value: unknown): string {
  // JSON has numbers that are too large to be any, and would write null for them.
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'missing');
  return text.length > longest ? `${text.slice(0, longest - 3)}…` : text;
}
