import type { DdaeCohort } from './samples/given-samples';
import type { IntensityRange } from '../nn/images/scan-intensity';

/** What `ddae.encode` makes of a cohort: three codes for each image, in the order of the images. */
export interface DdaeCodes<Some extends DdaeCohort = DdaeCohort> {
  readonly kind: 'ddae-codes';
  /** What was encoded. */
  readonly cohort: Some;
  readonly count: number;
  /** The means of z_κ, what is known: images × known size. */
  readonly known: Float32Array;
  /** z_υ, what else there is to say: images × unknown size. */
  readonly unknown: Float32Array;
  /** x_T, the noise that the image comes from, or x_t* where it was traced back only that far: images × pixels. */
  readonly noise?: Float32Array;
  /** How far back the noise was traced: T, or t*. */
  readonly until: number;
  /** Each participant's known variables as numbers, c: participants × numbers, the share of each site first. */
  readonly variables: Float32Array;
  /** For images, the range of intensities of each participant's scan. */
  readonly ranges: readonly IntensityRange[];
  /**
   * The images with too little brain for what the network learned, and the share of each that is to be left as it was.
   */
  readonly left?: ReadonlyMap<number, number>;
  /** The participant's row of each image. */
  readonly rows: Int32Array;
}
