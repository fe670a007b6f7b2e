import type { Issue } from '../data/issue';
import type { Scan } from '../data/images/scan';
import type { QualityFigures } from '../evaluate/quality/quality-figures';

/** What was measured of one scan. */
export interface ScanMeasure {
  readonly figures: QualityFigures;
  /** What was noticed while it was opened. */
  readonly issues: readonly Issue[];
}

/** Keeps what was measured of scans, so that a run that continues measures only what is new. */
export interface KeptMeasures {
  /** What was measured of a scan; `undefined` where nothing was, or the scan is no longer the same. */
  find(scan: Scan): Promise<ScanMeasure | undefined>;
  /** Keeps what was measured of a scan. */
  keep(scan: Scan, measure: ScanMeasure): Promise<void>;
}
