import type { Issue } from '../data/issue';
import type { Provenance } from '../data/provenance';
import type { TableAudit } from '../evaluate/audit';
import type { Picture } from '../data/picture';
import type { Figure } from '../plot/figure';
import type { Viewer } from '../plot/viewer';
import type { ReportReading } from './reading-section';

/** One figure of a report, with a sentence on how to read it. */
export interface ReportFigure {
  readonly figure: Figure;
  readonly caption: string;
}

/** One picture of a report, with a sentence on how to read it. */
export interface ReportPicture {
  readonly picture: Picture;
  readonly caption: string;
}

/** One interactive viewer of a report, with a sentence on how to read it. */
export interface ReportViewer {
  readonly viewer: Viewer;
  readonly caption: string;
}

/** One line of a report's summary. */
export interface ReportFact {
  readonly label: string;
  readonly value: string;
}

/** What a report says; {@link renderReport} lays it out. */
export interface ReportContent {
  readonly title: string;
  /** What was done, in a sentence or two. */
  readonly lead: string;
  /** Subjects, sites, features, settings. */
  readonly facts: readonly ReportFact[];
  /** What was read, before all else. */
  readonly reading?: ReportReading;
  /** Its findings open the report, its figures follow as a table. */
  readonly audit?: TableAudit;
  readonly figures: readonly ReportFigure[];
  /** Slices, before and after, difference maps; shown before the figures. */
  readonly pictures?: readonly ReportPicture[];
  /** Scans to walk through; they follow the pictures. */
  readonly viewers?: readonly ReportViewer[];
  readonly issues: readonly Issue[];
  readonly provenance: Provenance;
}
