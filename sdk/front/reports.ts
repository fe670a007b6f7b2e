/**
 * What `writeReport` writes: pages on a harmonization, an application, scans, an audit, a comparison.
 *
 * @module
 */
export { volumeViewer } from '../plot/viewer/viewer';
export type {
  Viewer,
  ViewerOptions,
  ViewerImage,
  ViewerOverlay,
  ViewerLayer,
  ViewerColors,
} from '../plot/viewer/viewer';
export { harmonizationReport as harmonization } from '../report/harmonization-report';
export type { HarmonizationResult, HarmonizationReportOptions } from '../report/harmonization-report';
export { auditReport as audit } from '../report/audit-report';
export { comparisonReport as comparison } from '../report/comparison-report';
export type { AuditReportOptions, AuditResult } from '../report/audit-report';
export { imageAuditReport as imageAudit } from '../report/image-audit-report';
export type { ImageAuditResult } from '../report/image-audit-report';
export { scansReport as scans } from '../report/scans-report';
export type { ScansReportOptions, ScansResult } from '../report/scans-report';
export { applicationReport as application } from '../report/application-report';
export type { ApplicationReportOptions, ApplicationResult } from '../report/application-report';
export { renderReport as render } from '../report/page/render-report';
export type {
  ReportFact,
  ReportList,
  ReportReading,
  ReportFigure,
  ReportTable,
  ReportPicker,
  ReportMethods,
  ReportPicture,
  ReportViewer,
} from '../report/report-content';
export type { KeptMeasures, ScanMeasure } from '../report/kept-measures';
export type { ScanMark } from '../math/images/scan-mark';
