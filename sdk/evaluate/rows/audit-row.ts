import { quantityTitle } from '../../data/quantity';
import type { Interval, Protocol } from '../audit';

/** The states of the data, in the order in which they are shown. */
export const protocols: readonly Protocol[] = ['raw', 'in-sample', 'held-out', 'in-folds'];

/** What the states are called wherever they are shown. */
export const protocolTitles: Readonly<Record<Protocol, string>> = {
  raw: 'raw',
  'in-sample': 'after, in-sample',
  'held-out': 'after, held out',
  'in-folds': 'after, in folds',
};

/**
 * The three questions of an honest evaluation, in order; and what can be asked of images besides, where persons were
 * scanned at the target site too, and of sets of images.
 */
export type AuditQuestion = 'site' | 'biology' | 'person' | 'truth' | 'distribution';

/** The questions in words. */
export const auditQuestions: Readonly<Record<AuditQuestion, string>> = {
  site: 'Is the site gone?',
  biology: 'Is the biology still there?',
  person: 'Is the person still there?',
  truth: 'Is it nearer to the person’s own scan at the target site?',
  distribution: 'Do the images of the sites look alike?',
};

/** A figure of an audit: an estimate, with its interval where it has one. */
export interface AuditValue {
  readonly estimate: number;
  readonly interval?: Interval;
  /** For a share of counted things: how many there are, so that it can be written `60 of 62`. */
  readonly of?: number;
  /**
   * For a share of tests: the p value of all of them together, that none of what they test is there. It is the least of their q
   * values (Simes 1986, Biometrika 73:751).
   */
  readonly p?: number;
  /**
   * The change from raw data, on the same participants and splits, with its interval. It compares two states more
   * sharply than their own intervals do, since much of what makes those wide is common to both.
   */
  readonly change?: Interval;
  /** Why the figure says nothing by itself, where that is known of it: no verdict rests on it. */
  readonly inconclusive?: string;
}

/** A value to compare a figure with: what guessing achieves, say. */
export interface AuditReference {
  readonly label: string;
  readonly value: number;
}

/** What is good: less of a figure, more of it, or as much of it as in raw data. */
export type AuditDirection = 'lower' | 'higher' | 'unchanged';

/**
 * How a figure counts in the answer to its question. `identification`: how well something identifies the site, which
 * should fall to guessing. `difference`: a share of features that differ between sites, which should be none.
 * `prediction`: how well something that is to be kept is predicted. `amount`: an amount of something that is to be
 * kept. `agreement`: a correlation between before and after. `reliability`: how well repeated measurements of a person
 * agree. `edges`: how well edges stay where they were. `truth`: how well a scan agrees with what it should be.
 * `distance`: how far the images of a site are from those of the target, which should not grow. `removal`: an amount of something
 * that is to be kept and was removed with the site. `interaction`: a share of features in which a covariate does not do the same at
 * all sites, which is said beside the answer.
 */
export type AuditRule =
  | 'identification'
  | 'difference'
  | 'prediction'
  | 'amount'
  | 'agreement'
  | 'reliability'
  | 'edges'
  | 'truth'
  | 'distance'
  | 'removal'
  | 'interaction';

/**
 * One line of an audit: the same figure for each state of the data that it was computed on. Text, HTML, figures,
 * answers and JSON of an audit are all made from its rows, so no two of them can disagree. A row is a plain record
 * that knows nothing of tables: whatever is evaluated can be made into rows.
 */
export interface AuditRow {
  /** What the row is known by, the same in every audit: `site/probe/linear`, `biology/age/within-site/error`. */
  readonly id: string;
  readonly question: AuditQuestion;
  /** What was measured, for example `age predicted within sites`. */
  readonly name: string;
  /** The quantity, for example `mean absolute error`; rows of one quantity and unit share an axis. */
  readonly quantity: string;
  /** The unit of the quantity; missing where it is a pure number. */
  readonly unit?: string;
  /** The least and the most that the quantity can be, where there is a bound. */
  readonly bounds: { readonly low?: number; readonly high?: number };
  readonly direction: AuditDirection;
  /** How the row counts in the answer to its question; missing where it is only shown. */
  readonly rule?: AuditRule;
  readonly values: Readonly<Partial<Record<Protocol, AuditValue>>>;
  /** The same figure of simple methods, by name, to compare with. */
  readonly baselines?: Readonly<Record<string, AuditValue>>;
  /** For a share of tests: the level that they are tested at, and what they look for; those for the same thing count as one. */
  readonly test?: { readonly alpha: number; readonly of: string };
  /** What guessing achieves, where that is known. */
  readonly chance?: AuditReference;
  /** What the covariates alone achieve, or a repeated scan: no harmonization can be expected to do better. */
  readonly floor?: AuditReference;
  /**
   * What something that is not in question achieves: the mask alone for the site. Until a figure exceeds it, nobody can say
   * that it comes from more than that.
   */
  readonly confound?: AuditReference;
  /** Which part of the data the figure says nothing of, in words, where there is such a part. */
  readonly untested?: string;
  /** Numbers are shares, to be read as percentages. */
  readonly share: boolean;
  /** Whether figures draw it; tables show every row. */
  readonly drawn: boolean;
  /** Whether it is a detail, which plain text leaves out. */
  readonly detail?: boolean;
}

/** The quantity of a row with its unit. */
export function quantityText({ quantity, unit }: Pick<AuditRow, 'quantity' | 'unit'>): string {
  return quantityTitle({ name: quantity, unit });
}

/** The states of the data that at least one of the rows has a value for. */
export function usedProtocols(rows: readonly AuditRow[]): readonly Protocol[] {
  return protocols.filter((protocol) => rows.some((row) => row.values[protocol] !== undefined));
}

/** The names of the simple methods that at least one of the rows has a value for, in the order met. */
export function usedBaselines(rows: readonly AuditRow[]): readonly string[] {
  return [...new Set(rows.flatMap(({ baselines = {} }) => Object.keys(baselines)))];
}

/** The value of each state that there is an entry for. */
export function byProtocol<Entry extends { readonly protocol: Protocol }>(
  entries: readonly Entry[],
  value: (entry: Entry) => AuditValue,
): Partial<Record<Protocol, AuditValue>> {
  return Object.fromEntries(
    protocols.flatMap((protocol) => {
      const found = entries.find((entry) => entry.protocol === protocol);
      return found === undefined ? [] : [[protocol, value(found)]];
    }),
  );
}
