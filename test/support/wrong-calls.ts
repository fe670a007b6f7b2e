import { knownTypes } from '../../sdk/data/calls/known-calls';

/** What is given in error: nothing, and all else that is easily mistaken for what is meant. */
export function wrongArguments(): readonly (readonly [string, unknown])[] {
  // A promise that was not awaited must not end the test when it is refused.
  return [
    ['nothing', undefined],
    ['null', null],
    ['a text', 'no-such-thing'],
    ['an empty object', {}],
    ['a number', 7],
    ['a promise', Promise.resolve({})],
    ['a table', exampleOf('FeatureCohort')],
    ['scans', exampleOf('VolumeCohort')],
    ['slices', exampleOf('ImageCohort')],
  ];
}

/** Whether the types of a parameter allow a value: an independent reading of the table. */
export function takes(taken: string, value: unknown): boolean {
  return taken.split(' | ').some((word) => {
    if (word === 'anything') return true;
    if (value === undefined) return word === 'nothing';
    if (value === null) return word === 'null';
    if (typeof value === 'string') return word === 'text';
    if (typeof value === 'number') return word === 'number';
    if (typeof value !== 'object' || value instanceof Promise) return false;
    if (word === 'object') return true;
    const type = knownTypes[word];
    if (type === undefined) return false;
    const { kind } = value as { readonly kind?: string };
    if (type.names !== undefined) {
      // The record of what is made of something takes that, too.
      if (/record$/i.test(word) && kind !== undefined) return true;
      const known = type.names.split(' ').map((name) => name.split(':')[0]);
      const needed = type.required.split(' ').filter((name) => name !== '');
      return (
        Object.keys(value).every((name) => known.includes(name)) && needed.every((name) => name in value)
      );
    }
    if (type.kind !== undefined && type.kind !== kind) return false;
    return type.required.split(' ').every((name) => name in value);
  });
}

/** A value that passes for what a parameter takes, to come to the next one. */
export function exampleOf(taken: string): unknown {
  const [first] = taken.split(' | ');
  // Of any model, one of a kind that there is.
  const word = first === 'AnyModel' ? 'CombatModel' : first;
  const type = knownTypes[word];
  if (type !== undefined) {
    const needed = type.required.split(' ').filter((name) => name !== '');
    const filled = Object.fromEntries(needed.map((name) => [name, []]));
    return type.kind === undefined ? filled : { ...filled, kind: type.kind };
  }
  const plain: Readonly<Record<string, unknown>> = {
    text: 'x',
    number: 1,
    list: [],
    numbers: [],
    object: {},
    null: null,
    nothing: undefined,
    function: () => undefined,
    Float32Array: new Float32Array(1),
    Float64Array: new Float64Array(1),
    Uint8Array: new Uint8Array(1),
  };
  return plain[word];
}

/** A slip of the pen in the longest name of an option; `undefined` where a parameter takes no options. */
export function typoOf(taken: string): { readonly typo: string; readonly name: string } | undefined {
  const types = taken.split(' | ').flatMap((word) => knownTypes[word]?.names ?? []);
  if (types.length === 0 || taken.split(' | ').includes('object')) return undefined;
  const names = types.flatMap((type) => type.split(' ').map((name) => name.split(':')[0]));
  const name = names.reduce((longest, one) => (one.length > longest.length ? one : longest), '');
  return { typo: name.length > 3 ? `${name.slice(0, 2)}${name.slice(3)}` : `${name}${name.slice(-1)}`, name };
}
