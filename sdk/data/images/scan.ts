import type { RunOptions } from '../run-options';
import type { Provenance } from '../provenance';
import type { Volume } from './volume';

/** What is known of the machine and the sequence a scan was made with. Fields that are not known are absent. */
export interface Scanner {
  readonly manufacturer?: string;
  readonly model?: string;
  readonly station?: string;
  /** In tesla. */
  readonly fieldStrength?: number;
  /** In seconds, as in BIDS. */
  readonly repetitionTime?: number;
  /** In seconds. */
  readonly echoTime?: number;
  /** In seconds. */
  readonly inversionTime?: number;
  /** In degrees. */
  readonly flipAngle?: number;
}

/** One scan of one person, opened when it is needed: until then it costs no memory. */
export interface Scan {
  /** Unique in its cohort, and the id of its row of participants. */
  readonly id: string;
  /** The person. Scans of the same person at several sites share it: those are traveling subjects. */
  readonly subject: string;
  /**
   * Who was scanned, where one person is several subjects of a dataset.
   *
   * @defaultValue the subject
   */
  readonly person?: string;
  readonly session?: string;
  readonly run?: string;
  /** What was measured, by its BIDS suffix: `T1w`, `T2w`, `PDw` … */
  readonly suffix?: string;
  /** The file it is read from, where there is one. */
  readonly file?: string;
  /** The file of its brain mask, where it has one of its own. */
  readonly mask?: string;
  readonly scanner?: Scanner;
  /** The image that defines its space, as a URL, a BIDS URI or a path, where a dataset says it. */
  readonly spatialReference?: string;
  /** How the file was made, where that is recorded beside it. */
  readonly history?: Provenance;
  /**
   * Reads the scan, or makes it, again at every call: nothing is kept.
   *
   * @throws ConcordError naming file and cause when it cannot be read or made.
   */
  open(run?: RunOptions): Promise<Volume>;
}

/** Who was scanned. */
export function personOf({ person, subject }: Pick<Scan, 'person' | 'subject'>): string {
  return person ?? subject;
}
