import { ConcordError } from '../../errors';
import { escapeHtml } from '../../plot/html/html';
import { placeText } from '../../plot/html/issues-html';
import { wordAdvice } from '../../remedy';
import { factsView } from '../facts-view';
import type { View } from '../view';
import { briefText, oneLine } from './brief-text';
import { counted } from '../../data/counted';

/** The most of a text that is shown: pages are for files. */
const mostCharacters = 10_000;
const mostLines = 100;

/** A text as it is; of a long one the beginning, and how much more there is. */
export function textView(text: string): View {
  const lines = text.slice(0, mostCharacters).split('\n');
  const shown = lines.slice(0, mostLines).join('\n');
  const rest = text.length - shown.length;
  const whole = rest === 0 ? shown : `${shown}\n… and ${counted(rest, 'more character')}`;
  return { html: `<pre>${escapeHtml(whole)}</pre>`, text: whole };
}

/** What is no object: a text, a number, `null`, `undefined`, a function. */
export function scalarView(value: unknown): View {
  if (typeof value === 'string') return textView(value);
  if (value === undefined || value === null || Number.isNaN(value)) {
    const word = String(value);
    return { html: `<span class="concord-missing">${word}</span>`, text: word };
  }
  // All its digits: whoever shows a number alone wants it.
  if (typeof value === 'number') return textView(String(value));
  if (typeof value === 'bigint') return textView(`${value}n`);
  if (typeof value === 'function') return functionView(value);
  return textView(briefText(value));
}

function functionView(value: { readonly name: string; readonly length: number }): View {
  if (/^class\b/.test(Function.prototype.toString.call(value))) {
    const named = value.name === '' ? 'a class without a name' : `the class ${oneLine(value.name, 80)}`;
    return textView(`${named}: new makes one of it`);
  }
  const name = value.name === '' ? 'a function without a name' : `the function ${oneLine(value.name, 80)}`;
  return textView(`${name}, of ${counted(value.length, 'argument')}: call it for its value`);
}

/** An error in the parts that help: what happened, where, what to do. */
export function errorView(error: Error): View {
  const fact = (label: string, value: string): { label: string; value: string }[] =>
    value === '' ? [] : [{ label, value: oneLine(value, 600) }];
  const cause = error.cause === undefined ? '' : briefText(error.cause);
  if (error instanceof ConcordError) {
    return factsView(`${error.name} ${error.code}`, [
      ...fact('problem', error.problem),
      ...fact('remedy', wordAdvice(error.remedy)),
      ...fact('where', placeText(error.where)),
      ...fact('cause', cause),
    ]);
  }
  const [place = ''] = /^\s+at .*$/m.exec(error.stack ?? '') ?? [];
  return factsView(oneLine(error.name, 80), [
    ...fact('message', error.message),
    ...fact('thrown', place.trim()),
    ...fact('cause', cause),
  ]);
}
