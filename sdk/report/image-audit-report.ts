import type { ImageCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import { distinctIssues } from '../data/issue';
import { siteNames } from '../data/people/participants';
import type { ImageAudit } from '../evaluate/images-audit/image-audit';
import { payloadText, subjectsText } from '../evaluate/rows/audit-numbers';
import { montage } from '../plot/panels/montage';
import { plotAudit } from '../plot/plot-audit';
import type { AuditReportOptions } from './audit-report';
import { sitesFact, allSitesTable } from './listed-sites';
import { methodsSection } from './methods-section';
import type { ReportContent } from './report-content';
import { requireCall } from '../data/calls/require-call';
import { counted } from '../data/counted';

/** What a report on scans harmonized elsewhere is made from. */
export interface ImageAuditResult {
  /** The slices that were looked at. */
  readonly before: ImageCohort;
  readonly after: ImageCohort;
  readonly audit: ImageAudit;
}

/** Scans of each site that are drawn. */
const drawnPerSite = 2;

/** Composes the report on scans harmonized elsewhere: the facts, the audit, its figure, and slices before and after. */
export function imageAuditReport(result: ImageAuditResult, options: AuditReportOptions = {}): ReportContent {
  requireCall('reports.imageAudit', { result, options });
  const { before, after, audit } = result;
  const { title = 'Audit report', source } = options;
  const rows = siteNames(before.participants).flatMap((site) =>
    [...before.participants.ids.keys()]
      .filter((row) => before.participants.sites[row] === site)
      .slice(0, drawnPerSite),
  );
  const drawn = (cohort: ImageCohort, name: string): NonNullable<ReportContent['pictures']>[number] => ({
    picture: montage(takeSubjects(cohort, rows), { windowing: 'each', contour: false, title: name }),
    caption: `${name}: ${counted(drawnPerSite, 'scan')} of each site, each in a window of its own`,
  });
  return {
    title,
    lead: `${payloadText(audit)} of ${subjectsText(audit)} at ${counted(audit.sites.length, 'site')}, before and after they were harmonized.`,
    facts: [
      ...(source === undefined ? [] : [{ label: 'Data', value: source }]),
      { label: 'Participants', value: subjectsText(audit) },
      sitesFact(audit.sites),
      { label: 'Images', value: payloadText(audit) },
      { label: 'Target', value: audit.target ?? 'not known' },
      { label: 'Covariates', value: audit.covariates.length === 0 ? 'none' : audit.covariates.join(', ') },
      { label: 'How', value: audit.notes.join('. ') },
      {
        label: 'Audit',
        value: `${counted(audit.seeds, 'repetition')} of cross-validation, seed ${audit.seed}`,
      },
    ],
    methods: methodsSection({
      studied: {
        what: payloadText(audit),
        rows: audit.subjects,
        persons: audit.persons,
        sites: audit.sites,
      },
      audit,
      provenance: [...before.provenance, ...after.provenance],
    }),
    audit,
    tables: allSitesTable(audit.sites),
    figures: [
      {
        name: 'audit',
        table: 'numbers',
        figure: plotAudit(audit),
        caption:
          'Every figure of the audit. For the site, less is better: dotted marks are what guessing achieves, the others ' +
          'what covariates or masks give away. For the biology, all states should agree.',
      },
    ],
    pictures: [drawn(before, 'before'), drawn(after, 'after')],
    issues: distinctIssues([...before.issues, ...after.issues, ...audit.issues]),
    provenance: after.provenance,
  };
}
