import type { Affine, Triple } from '../../data/images/affine';
import { ConcordError } from '../../errors';
import { requireCall } from '../../data/calls/require-call';

/**
 * The tissues of a digital head, in the order in which they are listed everywhere. A brain has the first four; bone
 * and scalp belong to whole heads.
 */
export const tissueNames = ['csf', 'grayMatter', 'whiteMatter', 'deepGray', 'bone', 'scalp'] as const;

/** The name of a tissue. `deepGray` is caudate and putamen; thalamus and pallidum are part that, part white matter. */
export type PhantomTissue = (typeof tissueNames)[number];

/**
 * How much of each voxel is which tissue: continuous fractions from 0 to 1, x fastest. What they lack to 1 is air;
 * inside the mask they sum to 1 but for the outermost voxels.
 */
export interface TissueMaps {
  readonly kind: 'tissues';
  readonly fractions: Readonly<Partial<Record<PhantomTissue, Float32Array>>>;
  readonly shape: Triple;
  /** Voxel indices to millimeters in RAS space. */
  readonly affine: Affine;
  /** Where more than half of the voxel is brain or the fluid in and around it; a phantom's is one solid piece. */
  readonly mask: Uint8Array;
}

/**
 * Makes {@link TissueMaps} from maps of any origin, for example a segmentation's posterior probabilities, and checks
 * their sizes. The arrays are not copied. The mask is where the tissues of the brain sum to more than a half.
 *
 * @throws ConcordError `invalid-option` when sizes do not fit or no map is given.
 */
export function makeTissueMaps(
  fractions: TissueMaps['fractions'],
  grid: Pick<TissueMaps, 'shape' | 'affine'>,
): TissueMaps {
  requireCall('phantoms.makeTissueMaps', { fractions, grid });
  const { shape, affine } = grid;
  const count = shape[0] * shape[1] * shape[2];
  const mask = new Uint8Array(count);
  const sum = new Float32Array(count);
  let maps = 0;
  for (const tissue of tissueNames) {
    const map = fractions[tissue];
    if (map === undefined) continue;
    maps++;
    if (map.length !== count) {
      throw new ConcordError(
        'invalid-option',
        `invalid tissue map ${tissue}: ${map.length} voxels for a shape of ${shape.join(' × ')}`,
      );
    }
    if (tissue !== 'bone' && tissue !== 'scalp') for (let i = 0; i < count; i++) sum[i] += map[i];
  }
  if (maps === 0) {
    throw new ConcordError(
      'invalid-option',
      `invalid tissue maps: none (name at least one of ${tissueNames.join(', ')})`,
    );
  }
  for (let i = 0; i < count; i++) mask[i] = sum[i] > 0.5 ? 1 : 0;
  return { kind: 'tissues', fractions, shape, affine, mask };
}
