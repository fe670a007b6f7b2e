import { comparedProtocols } from '../evaluate/comparison/comparison-rows';
import { comparedText, shownMemory, shownSeconds } from '../evaluate/comparison/format-comparison';
import type { ComparisonRow, MethodComparison } from '../evaluate/comparison/method-comparison';
import { auditNumber, shownNumber } from '../evaluate/rows/audit-numbers';
import type { AuditQuestion } from '../evaluate/rows/audit-row';
import { auditQuestions, quantityText } from '../evaluate/rows/audit-row';
import { escapeHtml } from './html/html';

/** A comparison as a card of sentences, a question each. */
export function comparisonFindingsHtml({ findings }: MethodComparison): string {
  return `<ul>${findings.map(({ sentence }) => `<li>${escapeHtml(sentence)}</li>`).join('')}</ul>`;
}

/** The figures of a comparison as a table: a column for raw data and each method, under the questions. */
export function comparisonTableHtml({ methods, rows }: MethodComparison): string {
  const names = methods.map(({ name }) => name);
  const width = 5 + names.length;
  const mixed = comparedProtocols(rows).size > 1;
  const head = (text: string): string => `<th scope="col" class="concord-number">${escapeHtml(text)}</th>`;
  const group = (text: string): string =>
    `<tr class="concord-group"><th colspan="${width}" scope="rowgroup">${escapeHtml(text)}</th></tr>`;
  const body = (Object.keys(auditQuestions) as AuditQuestion[]).map((question) => {
    const own = rows.filter((row) => row.question === question && row.detail !== true);
    if (own.length === 0) return '';
    return group(auditQuestions[question]) + own.map((row) => rowHtml(row, names, mixed)).join('');
  });
  const cost = (name: string, texts: readonly string[]): string =>
    `<tr><th scope="row">${name}</th><td></td><td></td>${texts.map(cellHtml).join('')}<td></td><td></td></tr>`;
  const costs =
    names.length === 0
      ? ''
      : group('What does it cost?') +
        cost(
          'fitting and applying, seconds',
          methods.map(({ seconds }) => shownSeconds(seconds)),
        ) +
        cost(
          'growth of memory, MiB',
          methods.map(({ memory }) => shownMemory(memory)),
        );
  return (
    '<table><caption>The figures of the comparison</caption><thead><tr><th scope="col">figure</th><th scope="col">quantity</th>' +
    `${['raw', ...names, 'guessing', 'floor'].map(head).join('')}</tr></thead><tbody>${body.join('')}${costs}</tbody></table>`
  );
}

function rowHtml(row: ComparisonRow, names: readonly string[], mixed: boolean): string {
  const texts = [
    row.raw === undefined ? '' : auditNumber(row, row.raw),
    ...names.map((name) => comparedText(row, name, mixed)),
    row.chance === undefined ? '' : shownNumber(row.chance.value, row.share),
    row.floor === undefined ? '' : shownNumber(row.floor.value, row.share),
  ];
  return (
    `<tr data-figure="${escapeHtml(row.id)}"><th scope="row">${escapeHtml(row.name)}</th>` +
    `<td>${escapeHtml(quantityText(row))}</td>${texts.map(cellHtml).join('')}</tr>`
  );
}

function cellHtml(text: string): string {
  return `<td class="concord-number">${escapeHtml(text)}</td>`;
}
