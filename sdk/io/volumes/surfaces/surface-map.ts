import type { Hemisphere } from '../../../data/images/surface';

/** What a file says of its map, besides the values. */
export interface MapNotes {
  readonly hemisphere?: Hemisphere;
  /** What its values are where they are those of a test: `z`, `p`. */
  readonly statistic?: string;
}

/** A map of one value per vertex, as a file holds it. */
export interface SurfaceMap {
  /** By the number of the vertex; NaN where there is none. */
  readonly values: Float32Array;
  /** The file lists the vertices that it has values of; the surface may have more than the last of them. */
  readonly isSparse: boolean;
  /** How many maps the file holds; these are the values of the first. */
  readonly maps: number;
  readonly notes?: MapNotes;
}
