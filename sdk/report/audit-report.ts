import type { FeatureCohort } from '../data/cohort';
import { distinctIssues } from '../data/issue';
import type { TableAudit } from '../evaluate/audit';
import { subjectsText } from '../evaluate/rows/audit-numbers';
import { count } from '../plot/layout';
import { featurePicker } from './feature-picker';
import { featureTable } from './feature-table';
import { featureUnit } from './feature-unit';
import { auditFigures, dataFigures } from './harmonization-report';
import { methodsSection, studiedData } from './methods-section';
import type { ReportContent } from './report-content';
import { sitesFact } from './listed-sites';
import { siteTables } from './site-tables';
import { requireCall } from '../data/calls/require-call';
import { counted } from '../data/counted';

/** What a report on a table harmonized elsewhere is made from. */
export interface AuditResult {
  readonly before: FeatureCohort;
  readonly after: FeatureCohort;
  readonly audit: TableAudit;
}

/** Options of {@link auditReport}. */
export interface AuditReportOptions {
  /** @defaultValue `'Audit report'` */
  readonly title?: string;
  /** Where the tables came from, for the summary. */
  readonly source?: string;
}

/** Composes the report on a table harmonized elsewhere: the facts, the audit, and the figures with their captions. */
export function auditReport(result: AuditResult, options: AuditReportOptions = {}): ReportContent {
  requireCall('reports.audit', { result, options });
  const { before, after, audit } = result;
  const { title = 'Audit report', source } = options;
  const unit = featureUnit(before);
  const adjusted = audit.covariates.length === 0 ? 'none' : audit.covariates.join(', ');
  return {
    title,
    lead:
      `${counted(audit.features.length, 'feature')} of ${subjectsText(audit)} at ${counted(audit.sites.length, 'site')}, ` +
      'before and after they were harmonized elsewhere.',
    facts: [
      ...(source === undefined ? [] : [{ label: 'Data', value: source }]),
      { label: 'Participants', value: subjectsText(audit) },
      sitesFact(audit.sites),
      { label: 'Features', value: count(audit.features.length) },
      { label: 'Covariates', value: adjusted },
      {
        label: 'Audit',
        value: `${counted(audit.seeds, 'repetition')} of cross-validation, seed ${audit.seed}`,
      },
    ],
    methods: methodsSection({
      studied: studiedData(before.participants, counted(before.features.features.length, 'feature')),
      more: ['They were harmonized elsewhere.'],
      audit,
      provenance: [...before.provenance, ...after.provenance],
    }),
    audit,
    tables: [...siteTables(before), featureTable(audit)],
    picker: featurePicker(before, after, unit),
    figures: [...auditFigures(audit), ...dataFigures(before, after, unit)],
    issues: distinctIssues([...before.issues, ...after.issues, ...audit.issues]),
    provenance: after.provenance,
  };
}
