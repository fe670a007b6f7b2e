import type { Command } from 'commander';

/** The words of a command: what it works on, and its options, each with its value. */
export interface CommandParts {
  readonly operands: readonly string[];
  /** By the name of the attribute that commander gives an option. */
  readonly options: readonly { readonly attribute: string; readonly words: readonly string[] }[];
}

/** Divides the words of a command that has taken them. */
export function partsOf({ options }: Command, words: readonly string[]): CommandParts {
  const operands: string[] = [];
  const found: { attribute: string; words: readonly string[] }[] = [];
  const end = words.indexOf('--');
  const upTo = end === -1 ? words.length : end;
  for (let at = 0; at < upTo; at++) {
    const word = words[at];
    const [flag] = word.split('=');
    const option = options.find(({ long, short }) => flag === long || word.slice(0, 2) === short);
    if (option === undefined) {
      operands.push(word);
      continue;
    }
    const alone = word === option.long || word === option.short;
    const apart = alone && (option.required || (option.optional && isValue(words[at + 1])));
    found.push({ attribute: option.attributeName(), words: words.slice(at, at + (apart ? 2 : 1)) });
    if (apart) at++;
  }
  return { operands: [...operands, ...words.slice(upTo + 1)], options: found };
}

function isValue(word: string | undefined): boolean {
  return word !== undefined && !word.startsWith('-');
}

/** The words of options, without some. */
export function optionWords(
  { options }: CommandParts,
  { without }: { readonly without: readonly string[] },
): readonly string[] {
  return options.filter(({ attribute }) => !without.includes(attribute)).flatMap(({ words }) => words);
}
