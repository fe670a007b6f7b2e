import type { Audit } from '../images-audit/image-audit';
import type { Protocol } from '../audit';
import { findingLines } from '../findings/audit-finding';
import { findingsOfRows } from '../findings/audit-findings';
import { auditNumber, payloadText, shownNumber, subjectsText } from './audit-numbers';
import type { AuditQuestion, AuditRow, AuditValue } from './audit-row';
import { auditQuestions, protocolTitles, quantityText, usedBaselines, usedProtocols } from './audit-row';
import { auditRows } from './audit-rows';
import { requireCall } from '../../data/calls/require-call';
import { counted } from '../../data/counted';

/**
 * Writes an audit as a short table of aligned plain text, for a terminal, with a column for each state of the data:
 * raw, in-sample, held out, in folds. Below it are the answers that the figures give.
 *
 * @example
 * ```ts
 * console.log(formatAudit(await auditTable(cohort, combatHarmonizer())));
 * ```
 */
export function formatAudit(audit: Audit): string {
  requireCall('formatAudit', { audit });
  const sites = audit.sites
    .map(({ name, subjects, persons }) =>
      subjects === persons ? `${name} ${subjects}` : `${name} ${subjects} of ${persons}`,
    )
    .join(', ');
  const rows = auditRows(audit);
  return [
    `${audit.method}: ${subjectsText(audit)}, ${payloadText(audit)}, ${counted(audit.sites.length, 'site')} (${sites})`,
    '',
    ...formatRows(rows),
    '',
    ...findingLines(findingsOfRows(rows)),
    '',
    `mean over ${counted(audit.seeds, 'run')} of cross-validation, seed ${audit.seed}; in brackets 95% intervals over the participants tested, not over those trained on`,
    usedProtocols(rows)
      .flatMap((protocol) => meanings[protocol] ?? [])
      .join('; '),
    ...(rows.some(({ floor }) => floor?.label === `from ${audit.covariates.join(', ')} alone`)
      ? [
          `site identified from ${audit.covariates.join(', ')} alone: what harmonized data that keep these still give away`,
        ]
      : []),
    ...(audit.kind === 'image-audit' ? audit.notes : []),
    ...audit.issues.map(({ severity, message, suggestion }) => `${severity}: ${message} (${suggestion})`),
  ].join('\n');
}

/** What the states of harmonized data mean. */
const meanings: Readonly<Partial<Record<Protocol, string>>> = {
  'in-sample': 'in-sample: fitted on the participants tested, which flatters',
  'held-out': 'held out: by a method that learned from other persons only',
  'in-folds': 'in folds: fitted without them and the covariate predicted of them',
};

/** Rows of an audit as lines of aligned plain text, under their questions; details are left out. */
export function formatRows(rows: readonly AuditRow[]): string[] {
  const used = usedProtocols(rows);
  const simple = usedBaselines(rows);
  const lines = [['', ...used.map((protocol) => protocolTitles[protocol]), ...simple]];
  for (const question of Object.keys(auditQuestions) as AuditQuestion[]) {
    const own = rows.filter((row) => row.question === question && row.detail !== true);
    if (own.length === 0) continue;
    lines.push([auditQuestions[question], ...[...used, ...simple].map(() => '')]);
    for (const row of own) {
      const values = [
        ...used.map((protocol) => row.values[protocol]),
        ...simple.map((name) => row.baselines?.[name]),
      ];
      lines.push([`  ${labelOf(row)}`, ...values.map((value) => cell(row, value))]);
    }
  }
  return alignColumns(lines);
}

function cell(row: AuditRow, value: AuditValue | undefined): string {
  return value === undefined ? '' : auditNumber(row, value);
}

function labelOf(row: AuditRow): string {
  const { chance, share } = row;
  const guess = chance === undefined ? '' : ` (guessing ${shownNumber(chance.value, share)})`;
  return `${row.name}, ${quantityText(row)}${guess}`;
}

/** Pads the columns to one width each: the first to the left, figures to the right. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  return rows.map((cells) =>
    cells
      .map((text, column) => (column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column])))
      .join('  ')
      .trimEnd(),
  );
}
