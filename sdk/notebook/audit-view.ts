import type { Audit } from '../evaluate/images-audit/image-audit';
import { findingsOfRows } from '../evaluate/findings/audit-findings';
import { payloadText, subjectsText } from '../evaluate/rows/audit-numbers';
import { auditRows } from '../evaluate/rows/audit-rows';
import { formatAudit } from '../evaluate/rows/format-audit';
import { auditColumnsNote, auditTableHtml, findingsHtml } from '../plot/html/audit-html';
import { escapeHtml } from '../plot/html/html';
import { issuesView } from './issues-view';
import type { View } from './view';
import { counted } from '../data/counted';

/** An audit as a summary card: its three answers, then every figure, for raw and for harmonized data. */
export function auditView(audit: Audit): View {
  const rows = auditRows(audit);
  const findings = findingsOfRows(rows);
  const title =
    `Audit of ${audit.method}: ${subjectsText(audit)}, ` +
    `${payloadText(audit)}, ${counted(audit.sites.length, 'site')}`;
  return {
    html:
      `<div class="concord-title">${escapeHtml(title)}</div>${findingsHtml(findings)}${auditTableHtml(rows)}` +
      `<p class="concord-note">${escapeHtml(auditColumnsNote(rows))}</p>` +
      (audit.issues.length === 0 ? '' : issuesView(audit.issues).html),
    text: formatAudit(audit),
  };
}
