import type { TableAudit } from '../audit';
import { findingLines } from '../findings/audit-finding';
import { findingsOfRows } from '../findings/audit-findings';
import { auditNumber, shownNumber, subjectsText } from './audit-numbers';
import type { AuditQuestion, AuditRow } from './audit-row';
import { auditQuestions, protocolTitles, quantityText, usedProtocols } from './audit-row';
import { auditRows } from './audit-rows';

/**
 * Writes an audit as a short table of aligned plain text, for a terminal: raw data; after harmonization fitted on
 * everyone (in-sample); and after harmonization fitted inside the folds. Below it, the answers that the figures give.
 */
export function formatAudit(audit: TableAudit): string {
  const sites = audit.sites
    .map(({ name, subjects, persons }) =>
      subjects === persons ? `${name} ${subjects}` : `${name} ${subjects} of ${persons}`,
    )
    .join(', ');
  const rows = auditRows(audit);
  const inFolds = usedProtocols(rows).includes('in-folds');
  return [
    `${audit.method}: ${subjectsText(audit)}, ${audit.features.length} features, ${audit.sites.length} sites (${sites})`,
    '',
    ...formatRows(rows),
    '',
    ...findingLines(findingsOfRows(rows)),
    '',
    `mean over ${audit.seeds} ${audit.seeds === 1 ? 'run' : 'runs'} of cross-validation, seed ${audit.seed}; in brackets 95% bootstrap intervals over participants`,
    `in-sample: harmonized with the participants it is tested on${inFolds ? '; in folds: without them, and without what is predicted of them' : ''}`,
    ...(audit.floor.length === 0
      ? []
      : [
          `site identified from ${audit.covariates.join(', ')} alone: what harmonized data that keep these still give away`,
        ]),
    ...audit.issues.map(({ severity, message, suggestion }) => `${severity}: ${message} (${suggestion})`),
  ].join('\n');
}

/** Rows of an audit as lines of aligned plain text, under their questions; details are left out. */
export function formatRows(rows: readonly AuditRow[]): string[] {
  const used = usedProtocols(rows);
  const lines = [['', ...used.map((protocol) => protocolTitles[protocol])]];
  for (const question of Object.keys(auditQuestions) as AuditQuestion[]) {
    const own = rows.filter((row) => row.question === question && row.detail !== true);
    if (own.length === 0) continue;
    lines.push([auditQuestions[question], ...used.map(() => '')]);
    for (const row of own) {
      lines.push([`  ${labelOf(row)}`, ...used.map((protocol) => cell(row, row.values[protocol]))]);
    }
  }
  return align(lines);
}

function cell(row: AuditRow, value: AuditRow['values']['raw']): string {
  return value === undefined ? '' : auditNumber(row, value);
}

function labelOf(row: AuditRow): string {
  const { chance, share } = row;
  const guess = chance === undefined ? '' : ` (guessing ${shownNumber(chance.value, share)})`;
  return `${row.name}, ${quantityText(row)}${guess}`;
}

/** Pads the columns to one width each: the first to the left, figures to the right. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  return rows.map((cells) =>
    cells
      .map((text, column) => (column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column])))
      .join('  ')
      .trimEnd(),
  );
}
