import type { Issue } from '../data/issue';
import type { Provenance } from '../data/provenance';
import type { MethodComparison } from '../evaluate/comparison/method-comparison';
import type { Audit } from '../evaluate/images-audit/image-audit';
import type { Picture } from '../data/images/picture';
import type { Figure } from '../plot/figure';
import type { Viewer } from '../plot/viewer/viewer';

/** One figure of a report, with a sentence on how to read it. */
export interface ReportFigure {
  readonly figure: Figure;
  readonly caption: string;
  /** What it shows, in a word or two, for the name of a file: `audit`, `slopes-age`. @defaultValue `'figure'` */
  readonly name?: string;
  /** The name of the table of this report that has its numbers; `numbers` for the figures of an audit or comparison. */
  readonly table?: string;
}

/** One feature at a time: whoever reads the report picks one, and all of these figures show it. */
export interface ReportPicker {
  /** Which features can be picked, in a sentence or two. */
  readonly caption: string;
  /** In the order of the list; the first is shown until another is picked. All have figures of the same names. */
  readonly features: readonly {
    readonly name: string;
    readonly figures: readonly ReportFigure[];
  }[];
}

/** What can be pasted into the methods section of a paper. */
export interface ReportMethods {
  readonly paragraphs: readonly string[];
  /** The papers that these cite, as they are listed. */
  readonly references: readonly string[];
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

/** One table of a report, with a sentence on how to read it. `NaN` and `null` where a value is missing. */
export interface ReportTable {
  /** The heading of its section. */
  readonly title: string;
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** Rows there are beyond those listed. */
  readonly more?: number;
  /** Its name in a word or two, for links to it and the name of its file: `features`. @defaultValue its title */
  readonly name?: string;
  /** Whether the rows have an order that means something, so that they are not sorted. @defaultValue `false` */
  readonly fixed?: boolean;
}

/** One line of a report's summary. */
export interface ReportFact {
  readonly label: string;
  readonly value: string;
}

/** A list that opens on demand: the features, the columns set aside. */
export interface ReportList {
  readonly label: string;
  /** Names fit side by side; sentences do not. */
  readonly names: boolean;
  readonly items: readonly string[];
}

/** What was read, for the top of a report: every choice that was made for the user can be seen there. */
export interface ReportReading {
  readonly facts: readonly ReportFact[];
  readonly lists: readonly ReportList[];
}

/** What a report says; `reports.render` lays it out. */
export interface ReportContent {
  readonly title: string;
  /** What was done, in a sentence or two. */
  readonly lead: string;
  /** Subjects, sites, features, settings. */
  readonly facts: readonly ReportFact[];
  /** What was read, before all else. */
  readonly reading?: ReportReading;
  /** Its findings come after what was read, then its figures as a table. */
  readonly audit?: Audit;
  /** What was measured; shown after what was done. */
  readonly tables?: readonly ReportTable[];
  /** What it says on each question comes after what was read, then its figures as a table. */
  readonly comparison?: MethodComparison;
  readonly figures: readonly ReportFigure[];
  /** Figures of one feature at a time; shown before the others. */
  readonly picker?: ReportPicker;
  /** A paragraph for the methods section of a paper, and what it cites. */
  readonly methods?: ReportMethods;
  /** Slices, before and after, difference maps; shown before the figures. */
  readonly pictures?: readonly ReportPicture[];
  /** Scans to walk through; they follow the pictures. */
  readonly viewers?: readonly ReportViewer[];
  readonly issues: readonly Issue[];
  readonly provenance: Provenance;
}
