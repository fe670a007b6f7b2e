/** A name in full where it is of ordinary length; else its start. */
export function shortName(name: string): string {
  return name.length > 80 ? `${name.slice(0, 77)}…` : name;
}

/** Characters that are invisible, or that look like a plain blank. */
const hidden = /[\p{Cf}\p{Cc}\u00a0\u2000-\u200a\u202f\u205f\u3000]/gu;

/** A name in quotes, shortened, with its invisible characters as code points: `"Site\u{200b}A"`. */
export function quoteName(name: string): string {
  return `"${shortName(name).replaceAll(hidden, codeOf)}"`;
}

/** A character by its code point, as JavaScript writes it in a text. */
export function codeOf(sign: string): string {
  return `\\u{${sign.codePointAt(0)?.toString(16) ?? ''}}`;
}

/** Lists names in quotes, the first few only, and long ones shortened. */
export function listNames(names: readonly string[], most = 8): string {
  return names.length === 0 ? 'none' : listFirst(names, quoteName, { most });
}

/** Lists the first few in words, and how many more there are: `a (1), b (2), c (3) and 4 more`. */
export function listFirst<Item>(
  items: readonly Item[],
  inWords: (item: Item) => string,
  { most = 3, joint = ', ' }: { readonly most?: number; readonly joint?: string } = {},
): string {
  const shown = items.slice(0, most).map((item) => inWords(item));
  return shown.join(joint) + (items.length > most ? ` and ${items.length - most} more` : '');
}

/** Lists what is the same, the first three groups and three of each: `"a" = "b"; "c" = "d" = "e" and 2 more`. */
export function listAlike(groups: readonly (readonly string[])[]): string {
  return listFirst(groups, (names) => names.slice(0, 3).map(quoteName).join(' = '), { joint: '; ' });
}
