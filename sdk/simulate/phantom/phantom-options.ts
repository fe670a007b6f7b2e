import type { Triple } from '../../data/images/affine';
import type { PhantomSex, PhantomTraits } from './phantom-traits';

/** Options of `phantoms.make`. */
export interface MakePhantomOptions {
  /** Same seed and options, same bits: shape, folds and traits are drawn from it. @defaultValue 1 */
  readonly seed?: number;
  /** In years, 5 to 100. @defaultValue 30 */
  readonly age?: number;
  /** @defaultValue `'F'` */
  readonly sex?: PhantomSex;
  /** Traits to set instead of drawing them. */
  readonly traits?: Partial<Omit<PhantomTraits, 'age' | 'sex'>>;
  /** Voxel size in mm. @defaultValue 1 */
  readonly spacing?: number | Triple;
  /** Voxels along x, y, z, centered on the brain. @defaultValue what holds the brain, or the head */
  readonly shape?: Triple;
  /** With bone and scalp around the brain. @defaultValue false */
  readonly head?: boolean;
}
