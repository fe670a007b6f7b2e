import type { ImageSource } from '../../data/images/image-source';
import type { Issue } from '../../data/issue';
import type { Participants } from '../../data/people/participants';
import type { Provenance } from '../../data/provenance';
import type { Random } from '../../math/random';
import type { LearnedInput } from '../../nn/input/learned-input';
import type { ImageScale, VertexScale } from '../ddae-model';

/** What a DDAE learns from, images or sequences of vertices alike: scaled, and known whose they are. */
export interface Samples {
  /** Rows, columns and channels of each; length and channels of a sequence. */
  readonly sampleShape: readonly number[];
  /** Reads them scaled for the network. */
  readonly source: ImageSource;
  /** The participant's row of each sample. */
  readonly rows: Int32Array;
  /** Where each sample is along the axis that slices cut, in mm; all 0 where that means nothing. */
  readonly places: readonly number[];
  readonly participants: Participants;
  /** The person of each participant. */
  readonly subjects: readonly string[];
  readonly scale: ImageScale | VertexScale;
  /** What images given later are held against; missing for features. */
  readonly learned?: LearnedInput;
  /**
   * Samples with the mean of a random site in place of that of their own, where a mean over persons means something: on a
   * surface, not in images. What the encoder is shown so cannot say how a site shifts the map.
   *
   * @param sequences - scaled samples, one after another
   * @param rows - the participant's row of each
   */
  readonly asElsewhere?: (sequences: Float32Array, rows: readonly number[], random: Random) => Float32Array;
  /** Distinguishes these data from others. */
  readonly digest: string;
  readonly provenance: Provenance;
  readonly issues: readonly Issue[];
}
