import { ConcordError } from '../../errors';
import { listNames } from '../list-names';
import { suggestName } from '../nearest-names';
import { wordFor } from '../require-cohort';
import type { KnownType } from './known-calls';
import { knownCalls, knownTypes } from './known-calls';

/** A function of the front door that takes something. */
export type KnownVerb = keyof typeof knownCalls;

/** What it was given, by the names of its parameters. */
export type GivenTo<Verb extends KnownVerb> = Readonly<Record<keyof (typeof knownCalls)[Verb], unknown>>;

/** Where a value was given: to which function, as which of its parameters. */
export interface Place {
  readonly verb: string;
  readonly name: string;
}

/**
 * Holds a caller from JavaScript, who has no compiler, to what the types of a function say: that each argument is what it
 * takes, and that no option has a name that does not exist (a slip of the pen would be passed over, and a covariate
 * not preserved). What an option may be set to is for the function itself to say.
 *
 * The tables are made of the types of the front door (`npm run build:calls`), and a test walks it, so that there is no second
 * list to keep. Validators such as zod would be one: they want every type written again in their own words.
 *
 * @param verb - the function, by its name at the front door
 * @throws ConcordError `invalid-option` that names the argument or option, and what is allowed.
 */
export function requireCall<Verb extends KnownVerb>(verb: Verb, given: GivenTo<Verb>): void {
  const parameters: Readonly<Record<string, string>> = knownCalls[verb];
  const values: Readonly<Record<string, unknown>> = given;
  for (const name in parameters) requireArgument({ verb, name }, parameters[name], values[name]);
}

/**
 * Holds options to the names of a type in the tables: for the functions of a value, as a harmonizer's `apply`.
 *
 * @throws ConcordError `invalid-option`.
 */
export function requireOptions(verb: string, type: string, options: unknown): void {
  requireArgument({ verb, name: 'options' }, `${type} | nothing`, options);
}

/**
 * Holds one argument to the words of its type.
 *
 * @throws ConcordError `invalid-option`.
 */
export function requireArgument(place: Place, taken: string, value: unknown): void {
  const words = wordsOf(taken);
  if (!words.some((word) => isOf(word, value))) throw notTaken(place, words, value);
  const types = words.filter((word) => knownTypes[word]?.names !== undefined);
  if (types.length === 0 || words.includes('object') || !isRecord(value)) return;
  if (types.some((word) => isCarriedOver(word, value))) return;
  requireNames(place.verb, types, value);
}

const split = new Map<string, readonly string[]>();

function wordsOf(taken: string): readonly string[] {
  const known = split.get(taken);
  if (known !== undefined) return known;
  const words = taken.split(' | ');
  split.set(taken, words);
  return words;
}

/** Refuses options whose names are unknown, and says which are missing; `inside` is the option that they are options of. */
function requireNames(
  verb: string,
  types: readonly string[],
  options: Readonly<Record<string, unknown>>,
  inside = '',
): void {
  const known = new Map(types.flatMap((type) => namesOf(knownTypes[type])));
  const names = [...known.keys()];
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!known.has(name)) {
      const hint = suggestName(name, names, `there are ${listNames(names, names.length)}`);
      throw new ConcordError('invalid-option', `unknown option of ${verb}: "${inside}${name}" (${hint})`);
    }
    const own = known.get(name);
    if (own !== undefined && isRecord(value)) requireNames(verb, [own], value, `${inside}${name}.`);
  }
  const [required] = types.map((type) => knownTypes[type].required.split(' ').filter((name) => name !== ''));
  const missing = types.length > 1 ? undefined : required.find((name) => options[name] === undefined);
  if (missing === undefined) return;
  throw new ConcordError('invalid-option', `missing option of ${verb}: "${inside}${missing}"`, {
    remedy: [`it needs ${listNames(required.map((name) => `${inside}${name}`))}`],
  });
}

function namesOf({ names = '' }: KnownType): readonly (readonly [string, string | undefined])[] {
  return names
    .split(' ')
    .filter((name) => name !== '')
    .map((name) => name.split(':') as [string, string | undefined]);
}

function hasName(type: KnownType, wanted: string): boolean {
  return namesOf(type).some(([name]) => name === wanted);
}

function isOf(word: string, value: unknown): boolean {
  switch (word) {
    case 'anything':
      return true;
    case 'nothing':
      return value === undefined;
    case 'null':
      return value === null;
    case 'text':
      return typeof value === 'string';
    case 'number':
    case 'boolean':
    case 'function':
      return typeof value === word;
    case 'list':
      return Array.isArray(value);
    case 'numbers':
      return typeof value === 'object' && value !== null && 'length' in value;
    case 'object':
      return isRecord(value);
    default:
      return knownTypes[word] === undefined ? tagOf(value) === word : isOfType(word, value);
  }
}

function isOfType(word: string, value: unknown): boolean {
  if (!isRecord(value)) return false;
  const type = knownTypes[word];
  if (isCarriedOver(word, value)) return true;
  // Options are written down at the call: what has a kind was made by a function, and meant for another place.
  if (type.names !== undefined) return typeof value['kind'] !== 'string' || hasName(type, 'kind');
  if (type.kind !== undefined && value['kind'] !== type.kind) return false;
  return missingOf(type, value).length === 0;
}

function missingOf({ required }: KnownType, value: Readonly<Record<string, unknown>>): readonly string[] {
  return required.split(' ').filter((name) => name !== '' && value[name] === undefined);
}

/** Whether a cohort, or what else was made before, is given for the record of what is made of it: that is carried over. */
function isCarriedOver(word: string, value: Readonly<Record<string, unknown>>): boolean {
  return /record$/i.test(word) && typeof value['kind'] === 'string';
}

/** Whether it is an object to be looked into: no list, no typed array, no promise that was not awaited. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !ArrayBuffer.isView(value) && !('then' in value && typeof value.then === 'function');
}

/** The class of a value of the language, also of one that was made in another context, as cells of a notebook are. */
function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

function notTaken({ verb, name }: Place, words: readonly string[], value: unknown): ConcordError {
  const allowed = words.filter((word) => word !== 'nothing').map(allowedWord);
  const from = words.flatMap((word) => knownTypes[word]?.from ?? []).at(0);
  const what = name === 'of' ? 'first argument' : name;
  return new ConcordError('invalid-option', `invalid ${what} for ${verb}: ${givenWord(words, value)}`, {
    remedy: [`${either(allowed)} is allowed${from === undefined ? '' : `, as ${from} returns`}`],
  });
}

/** What was given, and of the right thing in part what it lacks. */
function givenWord(words: readonly string[], value: unknown): string {
  if (isRecord(value)) {
    const close = words.map((word) => knownTypes[word]).find((type) => type?.kind === value['kind']);
    if (close !== undefined) return `${wordFor(value)} without ${listNames(missingOf(close, value))}`;
  }
  return wordFor(value);
}

function allowedWord(word: string): string {
  const type = knownTypes[word];
  if (type === undefined) return words[word] ?? `a ${word}`;
  if (type.names !== undefined)
    return `an object with options (${listNames(namesOf(type).map(([name]) => name))})`;
  if (nouns[word] !== undefined) return nouns[word];
  if (word.endsWith('Model') && type.kind !== undefined) return `a model of kind "${type.kind}"`;
  if (word.startsWith('{')) return `an object with ${listNames(type.required.split(' '))}`;
  const noun = word.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
  const parts = type.kind === undefined ? ` (an object with ${listNames(type.required.split(' '))})` : '';
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}${parts}`;
}

const words: Readonly<Record<string, string>> = {
  text: 'text',
  boolean: 'true or false',
  numbers: 'a list of numbers',
  object: 'an object',
  null: 'null',
};

/** The words of types whose names are not those of the field. */
const nouns: Readonly<Record<string, string>> = {
  FeatureCohort: 'a cohort of features (a table)',
  VolumeCohort: 'a cohort of whole scans',
  ImageCohort: 'a cohort of slices',
  CohortSource: 'a cohort of images on disk',
  Harmonizer: 'a harmonizer, made by the function of its method,',
  AnyModel: 'a model',
  Participants: 'participants',
  '{ persons }': 'participants',
  '{ participants }': 'a cohort',
  '{ features }': 'a cohort of features (a table)',
};

function either(parts: readonly string[]): string {
  return parts.join(', or ');
}
