/** A name in full where it is of ordinary length; else its start. */
export function shortName(name: string): string {
  return name.length > 80 ? `${name.slice(0, 77)}…` : name;
}

/** Lists names in quotes, the first few only, and long ones shortened. */
export function listNames(names: readonly string[], most = 8): string {
  const quoted = names.slice(0, most).map((name) => `"${shortName(name)}"`);
  return names.length > most
    ? `${quoted.join(', ')} and ${names.length - most} more`
    : quoted.length === 0
      ? 'none'
      : quoted.join(', ');
}
