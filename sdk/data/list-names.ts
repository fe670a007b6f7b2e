/** Lists names in quotes, the first few only. */
export function listNames(names: readonly string[], most = 8): string {
  const quoted = names.slice(0, most).map((name) => `"${name}"`);
  return names.length > most
    ? `${quoted.join(', ')} and ${names.length - most} more`
    : quoted.length === 0
      ? 'none'
      : quoted.join(', ');
}
