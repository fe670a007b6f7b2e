import { dirname, join } from 'node:path';
import type { BidsImage } from './list-images';
import type { Metadata } from './read-metadata';

/** Where the brain mask of a scan comes from. */
export type BidsMask =
  /** A mask file on the same grid. */
  | { readonly kind: 'file'; readonly path: string }
  /** The voxels that are not zero: the scan is skull-stripped. */
  | { readonly kind: 'non-zero' };

/** Indexes the masks of a dataset by folder, so that one is found at once. */
export function masksByFolder(images: readonly BidsImage[]): ReadonlyMap<string, readonly BidsImage[]> {
  const masks = new Map<string, BidsImage[]>();
  for (const image of images) {
    if (image.name.suffix !== 'mask' || image.dangling) continue;
    const there = masks.get(image.folder);
    if (there === undefined) masks.set(image.folder, [image]);
    else there.push(image);
  }
  return masks;
}

/** The field in which {@link writeBids} says which file is the mask of an image; `null`: none is. */
export const maskField = 'BrainMask';

/**
 * Finds the brain mask of a scan: the one its sidecar names; else a `_mask` file in its folder whose entities are all
 * in the name of the scan, in the same space and resolution, called `desc-brain` (for one suffix: `desc-brainT1w`), like the scan itself or nothing;
 * else the voxels that are not zero, where the scan is said to be skull-stripped.
 *
 * @param masks - those in the folder of the scan
 */
export function findMask(
  image: BidsImage,
  masks: readonly BidsImage[],
  metadata: Metadata,
): BidsMask | undefined {
  const { entities, suffix } = image.name;
  const desc = entities.get('desc');
  const named = metadata[maskField];
  if (typeof named === 'string') {
    const file = named.slice(named.lastIndexOf('/') + 1);
    return { kind: 'file', path: join(dirname(image.path), file) };
  }
  const stripped: BidsMask | undefined =
    desc === 'brain' || metadata['SkullStripped'] === true ? { kind: 'non-zero' } : undefined;
  if (named === null) return stripped;
  const descriptions = [`brain${suffix}`, 'brain', desc, undefined];
  const fitting = masks.filter((mask) => fits(image, mask));
  for (const wanted of descriptions) {
    const [found] = fitting
      .filter((mask) => mask.name.entities.get('desc') === wanted)
      .sort((a, b) => b.name.entities.size - a.name.entities.size);
    if (found !== undefined) return { kind: 'file', path: found.path };
  }
  return stripped;
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
