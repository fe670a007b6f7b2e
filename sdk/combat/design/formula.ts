import { quoteName } from '../../data/list-names';
import { ConcordError } from '../../errors';
import { advise } from '../../remedy';

/** The covariates whose columns are multiplied: one is a main effect, `['age', 'sex']` an interaction. */
export type CombatTerm = readonly string[];

/**
 * The terms that a text stands for, as in a formula of R: `age` is a main effect, `age:sex` the interaction of two, `age*sex` both
 * main effects and their interaction; three and more may interact. A name with a colon or a star in it is written in backticks.
 *
 * @param option - the option that has the text, for errors
 * @throws ConcordError `invalid-option` where a name is missing, or multiplied by itself.
 */
export function termsOf(text: string, option: string): readonly CombatTerm[] {
  const factors = splitOutsideBackticks(text, '*').map((factor) =>
    splitOutsideBackticks(factor, ':').map((name) => nameIn(name, text, option)),
  );
  for (const factor of factors) requireDifferent(factor, text, option);
  // Every choice of factors: `a*b` is a, b and a:b.
  let terms: CombatTerm[] = [];
  for (const factor of factors) {
    const joined = terms.map((term) => [...new Set([...term, ...factor])]);
    terms = distinctTerms([...terms, factor, ...joined]);
  }
  if (factors.length > 1) requireDifferent(factors.map(termKey), text, option);
  return terms;
}

/**
 * The covariates that a list of names and formulas is about, each once: what of a table has to be read, and what audits look for.
 *
 * @throws ConcordError `invalid-option` for what is no formula.
 */
export function covariatesOf(texts: readonly string[], option: string): readonly string[] {
  return [...new Set(texts.flatMap((text) => termsOf(text, option).flat()))];
}

/** A list of names and formulas with more names, where it is not about them already. */
export function withCovariates(
  texts: readonly string[],
  names: readonly string[],
  option: string,
): readonly string[] {
  const known = covariatesOf(texts, option);
  const added = names.filter((name) => !known.includes(name));
  return [...new Set([...texts, ...added.map((name) => termText([name]))])];
}

/** Terms without those that were there before; the order of the covariates in a term does not count. */
export function distinctTerms(terms: readonly CombatTerm[]): CombatTerm[] {
  const seen = new Set<string>();
  return terms.filter((term) => {
    const before = seen.size;
    return seen.add(termKey(term)).size > before;
  });
}

/** The same text for terms of the same covariates. */
export function termKey(term: CombatTerm): string {
  return JSON.stringify([...term].sort());
}

/** A term as it is written: `age:sex`, with backticks where a name needs them. */
export function termText(term: CombatTerm): string {
  return term.map((name) => (/[:*`]/.test(name) ? `\`${name}\`` : name)).join(':');
}

function splitOutsideBackticks(text: string, sign: ':' | '*'): readonly string[] {
  const parts = [''];
  let quoted = false;
  for (const letter of text) {
    if (letter === '`') quoted = !quoted;
    if (letter === sign && !quoted) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts;
}

function nameIn(part: string, text: string, option: string): string {
  if (part === text && !part.includes('`')) return part;
  const trimmed = part.trim();
  const name = /^`([^`]+)`$/.exec(trimmed)?.[1] ?? trimmed;
  if (name !== '' && (name !== trimmed || !name.includes('`'))) return name;
  const problem = name === '' ? 'a name is missing' : 'backticks go around a whole name';
  throw wrongFormula(`invalid ${option}: ${quoteName(text)} (${problem})`);
}

function requireDifferent(names: readonly string[], text: string, option: string): void {
  const repeated = names.find((name, at) => names.indexOf(name) !== at);
  if (repeated === undefined) return;
  throw wrongFormula(`invalid ${option}: ${quoteName(text)} (it multiplies something by itself)`);
}

function wrongFormula(problem: string): ConcordError {
  return new ConcordError('invalid-option', problem, {
    remedy: advise`write age:sex for an interaction and age*sex for it and both main effects; a name with a colon or star is written in backticks`,
  });
}
