/** A value that an option may be set to. */
export type RemedyValue = string | number | boolean;

/**
 * An option that would help, as data: whoever shows it words it for where the reader is, `unseen: "estimate"` in the
 * SDK, `--unseen estimate` on the command line.
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

/** What to do about a problem: plain words, and remedies among them. */
export type Advice = readonly (string | Remedy)[];

/** Names an option, and the values that would help, inside {@link advise}. */
export function option(name: string, ...values: readonly RemedyValue[]): OptionRemedy {
  return values.length === 0 ? { option: name } : { option: name, values };
}

/** Names a function of the SDK inside {@link advise}. */
export function call(name: string): CallRemedy {
  return { call: name };
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
  ...parts: readonly (RemedyValue | Remedy | Advice)[]
): Advice {
  const advice: (string | Remedy)[] = [];
  const add = (part: string | Remedy): void => {
    const last = advice[advice.length - 1];
    if (typeof part === 'string' && typeof last === 'string') advice[advice.length - 1] = last + part;
    else if (part !== '') advice.push(part);
  };
  words.forEach((word, at) => {
    add(word);
    if (at >= parts.length) return;
    const part = parts[at];
    if (isAdvice(part)) part.forEach(add);
    else add(typeof part === 'object' ? part : String(part));
  });
  return advice;
}

function isAdvice(part: RemedyValue | Remedy | Advice): part is Advice {
  return Array.isArray(part);
}

/** Advice in words, each remedy worded by `wording`. */
export function adviceText(advice: Advice, wording: (remedy: Remedy) => string = inSdkWords): string {
  return advice.map((part) => (typeof part === 'string' ? part : wording(part))).join('');
}

/** A remedy as a user of the SDK would write it: `unseen: "estimate" or "covariates"`, `takeSubjects`. */
export function inSdkWords(remedy: Remedy): string {
  if ('call' in remedy) return remedy.call;
  const { option: name, values = [] } = remedy;
  const shown = values.map((value) => (typeof value === 'string' ? JSON.stringify(value) : String(value)));
  return shown.length === 0 ? `the option ${name}` : `${name}: ${shown.join(' or ')}`;
}
