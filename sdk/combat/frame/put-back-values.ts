import type { RunOptions } from '../../data/run-options';
import type { ResidualTally } from '../unlike-training';
import type { SiteCorrection } from './site-correction';

/** What a cohort is corrected by. */
export interface PutBack {
  /** Subjects × columns, coded as the model was fitted. */
  readonly design: Float64Array;
  /** Subjects × scale columns. */
  readonly scale: Float64Array;
  /** By the name of a site; `undefined` for one that is left alone. */
  readonly corrections: ReadonlyMap<string, SiteCorrection | undefined>;
  /** The position of each subject's site in `corrections`. */
  readonly codes: Int32Array;
  /** Where harmonized values go: new memory, or these, which may be those of the cohort. */
  readonly into?: Float64Array;
  readonly run: RunOptions;
}

/** Harmonized values, and what was noticed. */
export interface PutBackValues {
  readonly values: Float64Array;
  /** By the name of a site: the cells that became missing, since the model has no values of these features there. */
  readonly lost: ReadonlyMap<string, number>;
  readonly tally: ResidualTally;
  readonly signs: SignCounts;
}

/** Values below zero of each feature. */
export interface SignCounts {
  /** Above 0 where there were some before. */
  readonly before: Float64Array;
  /** How many there are after. */
  readonly after: Float64Array;
}
