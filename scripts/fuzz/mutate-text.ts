import type { Random } from '../../sdk/math/random';

const oddWords: readonly string[] = [
  ...['', ' ', '\t', '\n', '\r', '\r\n', '\0', '\ufeff', '"', "'", ',', ';', '|', '\\', '\u2028', '🧠', 'é'],
  ...[
    '<',
    '>',
    '</',
    '/>',
    '&amp;',
    '&x;',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?x',
    '{',
    '}',
    '[',
    ']',
    ':',
    'null',
  ],
  ...[
    'NaN',
    'Infinity',
    '-1',
    '0',
    '1e999',
    '-1e999',
    '99999999999',
    '0.5',
    '1e-400',
    '0x10',
    '1,5',
    '4294967296',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '.', '..', '/', '%s', '$&', '${x}'],
];

type Mutation = (text: string, random: Random, words: readonly string[]) => string;

function part(text: string, random: Random): readonly [from: number, to: number] {
  const from = random.integer(text.length + 1);
  return [from, Math.min(text.length, from + 1 + random.integer(80))];
}

function word(random: Random, words: readonly string[]): string {
  const from = random.uniform() < 0.4 && words.length > 0 ? words : oddWords;
  return from[random.integer(from.length)];
}

/** Alters one line. */
function onLines(change: (lines: string[], at: number, random: Random) => void): Mutation {
  return (text, random) => {
    const lines = text.split('\n');
    change(lines, random.integer(lines.length), random);
    return lines.join('\n');
  };
}

/** Puts something in the place of one match. */
function inPlace(pattern: RegExp): Mutation {
  return (text, random, words) => {
    const found = [...text.matchAll(pattern)];
    if (found.length === 0) return text;
    const { 0: match, index } = found[random.integer(found.length)];
    return text.slice(0, index) + word(random, words) + text.slice(index + match.length);
  };
}

const mutations: readonly Mutation[] = [
  inPlace(/-?\d+(?:\.\d+)?/g),
  inPlace(/[A-Za-z_]+/g),
  inPlace(/[^\w\s]/g),
  (text, random, words) => {
    const [at] = part(text, random);
    return text.slice(0, at) + word(random, words) + text.slice(at);
  },
  (text, random, words) => {
    const [at] = part(text, random);
    const repeated = word(random, words).repeat([2, 10, 100, 3000][random.integer(4)]);
    return text.slice(0, at) + repeated + text.slice(at);
  },
  (text, random) => {
    const [from, to] = part(text, random);
    return text.slice(0, from) + text.slice(to);
  },
  (text, random) => {
    const [from, to] = part(text, random);
    return text.slice(0, to) + text.slice(from);
  },
  (text, random) => text.slice(0, random.integer(text.length + 1)),
  onLines((lines, at) => lines.splice(at, 1)),
  onLines((lines, at) => lines.splice(at, 0, lines[at])),
  onLines((lines, at, random) => lines.push(...lines.splice(at, 1 + random.integer(3)))),
  onLines((lines, at, random) => (lines[at] = lines[at].repeat(1 + random.integer(3)))),
];

/** Alters a text: numbers, words and signs that are odd, repeated without need, lines lost, doubled and moved. */
export function mutateText(text: string, random: Random, words: readonly string[]): string {
  let changed = text;
  for (let left = 1 + random.integer(4); left > 0; left--) {
    changed = mutations[random.integer(mutations.length)](changed, random, words);
  }
  return changed;
}
