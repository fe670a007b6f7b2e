import type { Issue } from '../data/issue';
import type { Scan } from '../data/images/scan';
import type { QualityFigures } from '../evaluate/quality/quality-figures';
import type { ScanMark } from '../math/images/scan-mark';

/** What was measured of one scan. */
export interface ScanMeasure {
  readonly figures: QualityFigures;
  /** What it is compared with others by; missing where too little of it is brain. */
  readonly mark?: ScanMark;
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
