import type { TableAudit } from '../evaluate/audit';
import type { AuditFinding, Grade } from '../evaluate/audit-findings';
import { auditNumber, shownNumber } from '../evaluate/audit-numbers';
import type { AuditQuestion, AuditRow } from '../evaluate/audit-rows';
import { auditQuestions, auditRows } from '../evaluate/audit-rows';
import { escapeHtml } from './html';
import { protocols } from '../evaluate/audit-rows';

const answers: Readonly<Record<Grade, string>> = {
  yes: 'Yes',
  partly: 'Partly',
  no: 'No',
  open: 'Cannot be told',
};

/** What a grade says, as one word or two. */
export function answerOf(grade: Grade): string {
  return answers[grade];
}

/** The findings as cards side by side; the answer stands in words, colour only supports it. */
export function findingsHtml(findings: readonly AuditFinding[]): string {
  const cards = findings.map(
    ({ title, grade, sentences }) =>
      `<section class="concord-finding concord-${grade}"><h3>${escapeHtml(title)}</h3>` +
      `<div class="concord-answer">${answerOf(grade)}</div>` +
      `${sentences.map((sentence) => `<p>${escapeHtml(sentence)}</p>`).join('')}</section>`,
  );
  return `<div class="concord-findings">${cards.join('')}</div>`;
}

/** Every figure of an audit as a table: raw, in-sample and in-folds side by side, under the three questions. */
export function auditTableHtml(audit: TableAudit): string {
  const rows = auditRows(audit);
  const groups = (Object.keys(auditQuestions) as AuditQuestion[]).map((question) => {
    const own = rows.filter((row) => row.question === question).map(rowHtml);
    const heading = `<tr class="concord-group"><th colspan="6" scope="rowgroup">${auditQuestions[question]}</th></tr>`;
    return own.length === 0 ? '' : heading + own.join('');
  });
  return (
    '<table><thead><tr><th scope="col">measure</th><th scope="col">quantity</th>' +
    '<th scope="col" class="concord-number">raw</th><th scope="col" class="concord-number">in-sample</th>' +
    '<th scope="col" class="concord-number">in-folds</th><th scope="col" class="concord-number">guessing</th></tr></thead>' +
    `<tbody>${groups.join('')}</tbody></table>`
  );
}

function rowHtml(row: AuditRow): string {
  const cells = protocols.map(
    (protocol) => `<td class="concord-number">${escapeHtml(auditNumber(row, row.values[protocol]))}</td>`,
  );
  const chance = row.chance === undefined ? '' : shownNumber(row.chance.value, row.share);
  return (
    `<tr><th scope="row">${escapeHtml(row.measure)}</th><td>${escapeHtml(row.quantity)}</td>` +
    `${cells.join('')}<td class="concord-number">${escapeHtml(chance)}</td></tr>`
  );
}

/** What the columns of {@link auditTableHtml} mean, for below the table. */
export const auditColumnsNote: string =
  'raw: nothing harmonized. in-sample: the harmonizer was fitted on all subjects, those tested among them, which ' +
  'flatters it. in-folds: fitted on the training subjects of each fold only, and not told the tested subjects’ value of ' +
  'the covariate predicted; read this column. In brackets, 95 % bootstrap intervals: for site probes, and for ' +
  'predictions on sites left out, over subjects; for predictions within sites, over repeated splits. Site named from ' +
  'covariates alone: what harmonized data that keep the covariates still give away.';
