import { dirname, join } from 'node:path';
import type { BidsImage } from './list-images';
import type { Metadata } from './read-metadata';
import { groupBy } from '../../data/group-by';

/** Where the brain mask of a scan comes from. */
export type BidsMask =
  /** A mask file on the same grid; `given` where the dataset says that it is the mask of the scan, else a guess. */
  | { readonly kind: 'file'; readonly path: string; readonly given: boolean }
  /** The voxels that are not zero: the scan is skull-stripped. */
  | { readonly kind: 'non-zero' };

/** Indexes the masks of a dataset by folder, so that one is found at once. */
export function masksByFolder(images: readonly BidsImage[]): ReadonlyMap<string, readonly BidsImage[]> {
  return groupBy(images, ({ name, dangling, folder }) =>
    name.suffix === 'mask' && !dangling ? folder : undefined,
  );
}

/** The field in which {@link writeBids} says which file is the mask of an image; `null`: none is. */
export const maskField = 'BrainMask';

/**
 * Finds where the brain mask of a scan may come from, the likeliest first: the one its sidecar names, and no other; else
 * the `_mask` files in its folder whose entities are all in the name of the scan, in the same space and resolution, called
 * `desc-brain` (for one suffix: `desc-brainT1w`), like the scan itself or nothing; last the voxels that are not zero,
 * where the scan is said to be skull-stripped.
 *
 * @param masks - those in the folder of the scan
 */
export function findMasks(
  image: BidsImage,
  masks: readonly BidsImage[],
  metadata: Metadata,
): readonly BidsMask[] {
  const { entities, suffix } = image.name;
  const desc = entities.get('desc');
  const named = metadata[maskField];
  if (typeof named === 'string') {
    const file = named.slice(named.lastIndexOf('/') + 1);
    return [{ kind: 'file', path: join(dirname(image.path), file), given: true }];
  }
  const stripped: readonly BidsMask[] =
    desc === 'brain' || metadata['SkullStripped'] === true ? [{ kind: 'non-zero' }] : [];
  if (named === null) return stripped;
  const descriptions = new Set([`brain${suffix}`, 'brain', desc, undefined]);
  const fitting = masks.filter((mask) => fits(image, mask));
  const found = [...descriptions].flatMap((wanted) =>
    fitting
      .filter((mask) => mask.name.entities.get('desc') === wanted)
      .sort((a, b) => b.name.entities.size - a.name.entities.size)
      .map(({ path }): BidsMask => ({ kind: 'file', path, given: false })),
  );
  return [...found, ...stripped];
}

/** The entities that say on which grid an image is. */
const gridKeys = ['ses', 'run', 'space', 'cohort', 'res'];

function fits(image: BidsImage, mask: BidsImage): boolean {
  const { entities } = image.name;
  const sameGrid = gridKeys.every((key) => mask.name.entities.get(key) === entities.get(key));
  const within = [...mask.name.entities].every(
    ([key, label]) => key === 'desc' || entities.get(key) === label,
  );
  return sameGrid && within;
}
