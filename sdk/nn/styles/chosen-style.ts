import type { Issue } from '../../data/issue';
import type { IntensityRange } from '../images/scan-intensity';

/** A style, and the intensities that go with it. */
export interface ChosenStyle {
  readonly style: Float32Array;
  readonly range: IntensityRange;
  /** What it is, for provenance. */
  readonly name: string;
  readonly issues: readonly Issue[];
}
