/** A value that an option may be set to; `null` selects files that have none, as in `space: null`. */
export type RemedyValue = string | number | boolean | null;

/**
 * An option that would help, as data, to be worded for where the reader is: `unseen: "estimate"` in the SDK, `--unseen
 * estimate` on the command line.
 */
export interface OptionRemedy {
  /** The option's name in the SDK, for example `unseen`; one inside another is written `participants.id`. */
  readonly option: string;
  /** The values that would help, where they are known: one of them is to be chosen. */
  readonly values?: readonly RemedyValue[];
}

/** A function of the SDK that would help, as data. */
export interface CallRemedy {
  /** The function's name, for example `takeSubjects`. */
  readonly call: string;
}

/** Something in the SDK that would help: an option or a function. */
export type Remedy = OptionRemedy | CallRemedy;

/** Several ways out. Those whose remedies do not exist where the reader is are not shown. */
export interface Alternatives {
  readonly either: readonly Advice[];
}

/** What to do about a problem: plain words, and remedies among them. */
export type Advice = readonly (string | Remedy | Alternatives)[];

/** Words a remedy; `undefined` where it does not exist. */
export type RemedyWording = (remedy: Remedy) => string | undefined;

/** Names an option, and the values that would help, inside {@link advise}. */
export function option(name: string, ...values: readonly RemedyValue[]): OptionRemedy {
  return values.length === 0 ? { option: name } : { option: name, values };
}

/** Names a function of the SDK inside {@link advise}. */
export function call(name: string): CallRemedy {
  return { call: name };
}

/** Joins ways out inside {@link advise}, the best first: `lower the learning rate, or look at the images`. */
export function either(...ways: readonly (string | Remedy | Advice)[]): Alternatives {
  return { either: ways.map((way) => (typeof way === 'string' || !isParts(way) ? [way] : way)) };
}

/**
 * Writes advice: a template whose remedies stay data, and whose other parts become words.
 *
 * @example
 * ```ts
 * advise`supply it, or leave such subjects out with ${option('missingCovariates', 'drop')}`;
 * ```
 */
export function advise(
  words: TemplateStringsArray,
  ...parts: readonly (RemedyValue | Remedy | Alternatives | Advice)[]
): Advice {
  const advice: Advice[number][] = [];
  const add = (part: Advice[number]): void => {
    const last = advice[advice.length - 1];
    if (typeof part === 'string' && typeof last === 'string') advice[advice.length - 1] = last + part;
    else if (part !== '') advice.push(part);
  };
  words.forEach((word, at) => {
    add(word);
    if (at >= parts.length) return;
    const part = parts[at];
    if (isParts(part)) part.forEach(add);
    else add(typeof part === 'object' && part !== null ? part : String(part));
  });
  return advice;
}

function isParts(part: RemedyValue | Remedy | Alternatives | Advice): part is Advice {
  return Array.isArray(part);
}

/**
 * Advice in words, each remedy worded by `wording`. One that has no wording there is named as in the SDK, followed by “in
 * TypeScript”.
 */
export function wordAdvice(advice: Advice, wording: RemedyWording = inSdkWords): string {
  return adviceParts(advice, wording, (remedy) => `${inSdkWords(remedy)} in TypeScript`) ?? '';
}

/** The words of advice; `undefined` where a remedy in it has none and there is nothing to say `instead`. */
function adviceParts(
  advice: Advice,
  wording: RemedyWording,
  instead?: (remedy: Remedy) => string,
): string | undefined {
  const words = advice.map((part) => {
    if (typeof part === 'string') return part;
    if (!('either' in part)) return wording(part) ?? instead?.(part);
    const ways = part.either.flatMap((way) => adviceParts(way, wording) ?? []);
    if (ways.length === 0 && instead !== undefined) return adviceParts(part.either[0], wording, instead);
    return ways.length === 0 ? undefined : joined(ways);
  });
  return words.includes(undefined) ? undefined : words.join('');
}

function joined(ways: readonly string[]): string {
  if (ways.length < 3) return ways.join(', or ');
  return `${ways.slice(0, -1).join(', ')}, or ${ways[ways.length - 1]}`;
}

/** A remedy as a user of the SDK would write it: `unseen: "estimate" or "covariates"`, `takeSubjects`. */
export function inSdkWords(remedy: Remedy): string {
  if ('call' in remedy) return remedy.call;
  const { option: name, values = [] } = remedy;
  const shown = values.map((value) => (typeof value === 'string' ? JSON.stringify(value) : String(value)));
  return shown.length === 0 ? `the option ${name}` : `${name}: ${shown.join(' or ')}`;
}

/** How deep ways out may be nested in advice from a file. */
const deepest = 4;

/** Whether a value that came from a file is {@link Advice}. */
export function isAdvice(value: unknown, depth: number = deepest): value is Advice {
  return depth > 0 && Array.isArray(value) && value.every((part) => isPart(part, depth));
}

function isPart(part: unknown, depth: number): boolean {
  if (typeof part === 'string') return true;
  if (typeof part !== 'object' || part === null) return false;
  const { either: ways, call: name, option: chosen, values } = part as Readonly<Record<string, unknown>>;
  if (ways !== undefined) {
    return Array.isArray(ways) && ways.length > 0 && ways.every((way) => isAdvice(way, depth - 1));
  }
  if (name !== undefined) return typeof name === 'string';
  return (
    typeof chosen === 'string' && (values === undefined || (Array.isArray(values) && values.every(isValue)))
  );
}

function isValue(value: unknown): value is RemedyValue {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
