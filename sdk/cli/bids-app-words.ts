/** The commands that are called as a BIDS App is. */
const bidsApps: readonly string[] = ['preprocess'];

/** The analysis levels of BIDS Apps: the last of the words that every call has. */
export const bidsAppLevels = ['participant', 'group'] as const;

/** Options that BIDS Apps follow with several words. */
const several: ReadonlySet<string> = new Set(['--participant-label', '--session-label']);

/**
 * Words as BIDS Apps know them, as this command line has them: `--participant_label 01 02` becomes `--participant-label
 * 01,02`. Several words are taken for labels after the level only, where no others can follow.
 */
export function bidsAppWords(words: readonly string[]): readonly string[] {
  if (!bidsApps.includes(words[0])) return words;
  const level = words.findIndex((word) => bidsAppLevels.some((known) => known === word));
  const known = words.map(hyphenated);
  const joined: string[] = [];
  for (let at = 0; at < known.length; at++) {
    joined.push(known[at]);
    if (!several.has(known[at]) || level === -1 || at < level) continue;
    const labels: string[] = [];
    while (at + 1 < known.length && !known[at + 1].startsWith('-')) labels.push(known[++at]);
    if (labels.length > 0) joined.push(labels.join(','));
  }
  return joined;
}

/** An option with hyphens: that of the specification of BIDS Apps is written with underscores. */
function hyphenated(word: string): string {
  return word.replace(/^--[a-z]+(_[a-z]+)+(?==|$)/, (name) => name.replaceAll('_', '-'));
}
