import { escapeHtml } from '../plot/html/html';
import type { View } from './view';

/** A line of a card; `null` where the value is missing. */
export interface Fact {
  readonly label: string;
  readonly value: string | null;
}

/** A title, and below it what there is to know, a line each. */
export function factsView(title: string, facts: readonly Fact[]): View {
  const rows = facts.map(
    ({ label, value }) => `<tr><th scope="row">${escapeHtml(label)}</th><td>${valueHtml(value)}</td></tr>`,
  );
  const width = Math.max(0, ...facts.map(({ label }) => label.length));
  return {
    html:
      `<div class="concord-title">${escapeHtml(title)}</div>` +
      (rows.length === 0 ? '' : `<table><tbody>${rows.join('')}</tbody></table>`),
    text: [title, ...facts.map(({ label, value }) => `${label.padEnd(width)}  ${value ?? 'missing'}`)].join(
      '\n',
    ),
  };
}

function valueHtml(value: string | null): string {
  return value === null ? '<span class="concord-missing">missing</span>' : escapeHtml(value);
}
