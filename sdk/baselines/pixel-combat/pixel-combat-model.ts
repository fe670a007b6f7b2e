import type { CombatModel } from '../../combat/combat-model';
import type { Issue } from '../../data/issue';
import type { Plane } from '../../data/images/image-set';
import type { Grid } from '../../data/images/volume';
import type { Provenance } from '../../data/provenance';

/** ComBat pixel by pixel, on slices of scans that share one grid: every pixel of the common brain is a feature. */
export interface PixelCombatModel {
  readonly kind: 'pixel-combat';
  /** Version of this layout. */
  readonly schema: 2;
  /** Version of `concord-mri` that fitted it. */
  readonly version: string;
  /** The plane that the slices cut. */
  readonly plane: Plane;
  /** The grid of all scans, in RAS order: that of the template they were registered to. */
  readonly grid: Grid;
  /** What the scans measured, by their BIDS suffixes; empty where that is not known. */
  readonly suffixes: readonly string[];
  /** The share of the scans of each site in whose masks a pixel must be. */
  readonly share: number;
  /** The full width at half maximum, in mm, over which the effects of sites were spread; absent where they were not. */
  readonly effectFwhm?: number;
  /** Pixel by pixel, what ComBat learned; the feature `s32r50c41` is row 50 and column 41 of slice 32 of the grid. */
  readonly combat: CombatModel;
  /** What was noticed while fitting. */
  readonly issues: readonly Issue[];
  /** How the cohort it was fitted on was made, and this fit. */
  readonly provenance: Provenance;
}
