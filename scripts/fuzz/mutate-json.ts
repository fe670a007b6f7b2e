import type { Random } from '../../sdk/math/random';

/** Marks the place where a text that is not valid JSON is put in. */
const mark = '@@concord-fuzz@@';

const oddValues: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1,
    0.5,
    1e9,
    2 ** 31,
    2 ** 53,
    -1e300,
    '',
    'x',
    '0',
    [],
    {},
    [null],
    [[]],
    [1, 2, 3],
  ],
  ...[{ length: 5 }, { a: 1 }, 'T1w', '__proto__', [1e9, 1e9, 1e9], ['a', 'a'], [''], mark],
];

const oddTexts: readonly string[] = [
  ...['1e999', '-1e999', '-0', '1E-400', '"\\ud800"', '"\\u0000"', '9'.repeat(400)],
  ...['['.repeat(50_000) + ']'.repeat(50_000), '{"a":'.repeat(30_000) + '1' + '}'.repeat(30_000)],
  ...[`[${'0,'.repeat(20_000)}0]`, `"${'x'.repeat(100_000)}"`],
];

/** A value within another, and how to put something in its place. */
interface Spot {
  readonly parent: Record<string | number, unknown>;
  readonly key: string;
}

function spotsIn(value: unknown, found: Spot[] = []): Spot[] {
  if (typeof value !== 'object' || value === null) return found;
  const keys = Object.keys(value);
  // Of long lists the first entries stand for all.
  for (const key of Array.isArray(value) ? keys.slice(0, 6) : keys) {
    const parent = value as Spot['parent'];
    found.push({ parent, key });
    spotsIn(parent[key], found);
  }
  return found;
}

function alter({ parent, key }: Spot, random: Random): void {
  const value = parent[key];
  const choice = random.integer(10);
  if (choice === 0) delete parent[key];
  else if (choice === 1)
    addKey(parent, ['__proto__', 'constructor', 'toString', ''][random.integer(4)], value);
  else if (choice === 2 && Array.isArray(value)) value.pop();
  else if (choice === 3 && Array.isArray(value)) (value as unknown[]).push(value[0] ?? null);
  else if (choice === 4 && typeof value === 'number') parent[key] = value + 1;
  else if (choice === 5 && typeof value === 'number') parent[key] = -value;
  else if (choice === 6) parent[key] = [value];
  else parent[key] = structuredClone(oddValues[random.integer(oddValues.length)]);
}

/** Not by assignment, which would make it the prototype and leave the text as it was. */
function addKey(parent: Spot['parent'], key: string, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Alters values of a JSON text by their place: other kinds, other sizes, lost, repeated, nested without end. */
export function mutateJson(text: string, random: Random): string {
  const root: unknown = JSON.parse(text);
  for (let left = 1 + random.integer(3); left > 0; left--) {
    const spots = spotsIn(root);
    if (spots.length > 0) alter(spots[random.integer(spots.length)], random);
  }
  const odd = oddTexts[random.integer(oddTexts.length)];
  return JSON.stringify(root).replaceAll(`"${mark}"`, () => odd);
}
