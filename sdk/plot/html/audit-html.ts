import type { Protocol } from '../../evaluate/audit';
import type { AuditFinding } from '../../evaluate/findings/audit-finding';
import { answerOf } from '../../evaluate/findings/audit-finding';
import { auditNumber, shownNumber } from '../../evaluate/rows/audit-numbers';
import type { AuditQuestion, AuditRow } from '../../evaluate/rows/audit-row';
import {
  auditQuestions,
  protocolTitles,
  quantityText,
  usedBaselines,
  usedProtocols,
} from '../../evaluate/rows/audit-row';
import { escapeHtml } from './html';

/** The findings as cards side by side; the answer is in words, color only supports it. */
export function findingsHtml(findings: readonly AuditFinding[]): string {
  const cards = findings.map(
    ({ title, grade, sentences }) =>
      `<section class="concord-finding concord-${grade}"><h3>${escapeHtml(title)}</h3>` +
      `<div class="concord-answer">${answerOf(grade)}</div>` +
      `${sentences.map((sentence) => `<p>${escapeHtml(sentence)}</p>`).join('')}</section>`,
  );
  return `<div class="concord-findings">${cards.join('')}</div>`;
}

/** Rows of an audit as a table: the states of the data side by side, under the three questions. */
export function auditTableHtml(rows: readonly AuditRow[]): string {
  const used = usedProtocols(rows);
  const simple = usedBaselines(rows);
  const columns = 3 + used.length + simple.length;
  const groups = (Object.keys(auditQuestions) as AuditQuestion[]).map((question) => {
    const own = rows.filter((row) => row.question === question).map((row) => rowHtml(row, { used, simple }));
    const heading = `<tr class="concord-group"><th colspan="${columns}" scope="rowgroup">${auditQuestions[question]}</th></tr>`;
    return own.length === 0 ? '' : heading + own.join('');
  });
  const titles = [...used.map((protocol) => protocolTitles[protocol]), ...simple.map(escapeHtml), 'guessing'];
  return (
    '<table><caption>The figures of the audit</caption><thead><tr><th scope="col">figure</th><th scope="col">quantity</th>' +
    titles.map((title) => `<th scope="col" class="concord-number">${title}</th>`).join('') +
    `</tr></thead><tbody>${groups.join('')}</tbody></table>`
  );
}

function rowHtml(
  row: AuditRow,
  { used, simple }: { readonly used: readonly Protocol[]; readonly simple: readonly string[] },
): string {
  const numbers = [
    ...used.map((protocol) => auditNumber(row, row.values[protocol])),
    ...simple.map((name) => auditNumber(row, row.baselines?.[name])),
    row.chance === undefined ? '' : shownNumber(row.chance.value, row.share),
  ];
  return (
    `<tr data-figure="${escapeHtml(row.id)}"><th scope="row">${escapeHtml(row.name)}</th><td>${escapeHtml(quantityText(row))}</td>` +
    `${numbers.map((number) => `<td class="concord-number">${escapeHtml(number)}</td>`).join('')}</tr>`
  );
}

/** What the columns of {@link auditTableHtml} mean, for below the table. */
export function auditColumnsNote(rows: readonly AuditRow[]): string {
  const used = usedProtocols(rows);
  const simple = usedBaselines(rows);
  const inFolds = used.includes('in-folds');
  return [
    'raw: nothing harmonized.',
    ...(used.includes('in-sample')
      ? [
          'In-sample: the harmonizer was fitted on all participants, those tested among them, which flatters it.',
        ]
      : []),
    ...(used.includes('held-out') ? ['Held out: the harmonizer learned from other persons only.'] : []),
    ...(simple.length === 0 ? [] : [`${simple.join(', ')}: raw data through that simple method instead.`]),
    ...(inFolds
      ? [
          'In folds: fitted on the training participants of each fold only, and not given the tested participants’ ' +
            'value of the covariate predicted; read this column.',
        ]
      : []),
    'In brackets, 95 % intervals over the participants tested, not over those that models were trained on.',
    ...(rows.some(({ question, floor }) => question === 'site' && floor !== undefined)
      ? [
          'Site identified from covariates alone: what harmonized data that keep the covariates still give away.',
        ]
      : []),
  ].join(' ');
}
