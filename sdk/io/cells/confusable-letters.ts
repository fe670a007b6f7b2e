/**
 * Cyrillic and Greek letters that look like Latin ones, in lower case, where their capitals look alike too: `К`, `Κ` and
 * `K`. Unicode's own table of confusable characters is not used: it also makes `1` and `l`, `0` and `O` the same, which
 * distinguish labels.
 */
const latin: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  е: 'e',
  ѕ: 's',
  і: 'i',
  ј: 'j',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  т: 't',
  у: 'y',
  х: 'x',
  ԁ: 'd',
  һ: 'h',
  ԛ: 'q',
  ԝ: 'w',
  α: 'a',
  β: 'b',
  ε: 'e',
  ζ: 'z',
  η: 'h',
  ι: 'i',
  κ: 'k',
  ν: 'n',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'y',
  χ: 'x',
};

/** A text in lower case whose letters that look like Latin ones are those; the µ of units stays. */
export function withLatinLetters(text: string): string {
  return text
    .replaceAll(/[\p{Script=Cyrillic}\p{Script=Greek}]/gu, (letter) => latin[letter] ?? letter)
    .replaceAll(/μ(?![mglsvtw])/g, 'm');
}
