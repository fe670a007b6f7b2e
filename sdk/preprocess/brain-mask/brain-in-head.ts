import type { Triple } from '../../data/images/affine';
import type { Contrast } from '../../data/images/contrast';
import type { RunOptions } from '../../data/run-options';
import { close, dilate } from '../../math/images/morphology';
import { requireEdge } from './check-mask';
import { cropToHead } from './crop-to-head';
import { deformSurface } from './deform-surface';
import { fillSurface } from './fill-surface';
import type { HeadPosition } from './find-head';
import { refineMask } from './refine-mask';
import { smoothMask } from './smooth-mask';
import { sphereMesh } from '../../math/sphere-mesh';
import type { WorkingImage } from './working-grid';

/** What {@link brainInHead} goes by. */
export interface BrainSearch {
  readonly contrast: Contrast;
  readonly fraction: number;
  readonly run: RunOptions;
}

/** How far from the fraction to 1 the strict surface goes. */
const strictness = 1 / 3;
/** Moves of the strict surface, and of the loose one that sets out from it. */
const moves = { strict: 1000, loose: 500 };
/**
 * Half the width of the furrows that the strict surface may have kept out of, and how far the loose one may extend, in
 * mm.
 */
const leeway = { furrow: 8, beyond: 4 };

/**
 * Finds the brain in the image of a whole head of robust range 0 to 1.
 *
 * @returns how far each voxel of the head's part of the image belongs to the brain, 0 to 1
 * @throws ConcordError `failed-step` when there is none; `aborted` when canceled.
 */
export async function brainInHead(
  image: WorkingImage,
  head: HeadPosition,
  search: BrainSearch,
): Promise<WorkingImage> {
  const cropped = cropToHead(image, head);
  const rough = await roughMask(cropped.image, cropped.head, search);
  requireEdge(cropped.image, rough);
  const data =
    search.contrast === 'T1w' ? refineMask(cropped.image, rough) : smoothMask(cropped.image, rough);
  return { ...cropped.image, data };
}

/**
 * The inside of a surface grown from a sphere in the middle of the head, in two goes. A strict surface leaves out dim
 * brain but does not leak: where the skull is thin or blurred, a loose one can run out into muscle and marrow. So the
 * loose surface, which sets out from the strict one, is believed near to it only.
 */
async function roughMask(image: WorkingImage, head: HeadPosition, search: BrainSearch): Promise<Uint8Array> {
  const { fraction, run } = search;
  const { center, radius, brain } = head;
  const sphere = sphereMesh(4);
  const vertices = sphere.vertices.map((value, at) => center[at % 3] + 0.4 * radius * value);
  const total = moves.strict + moves.loose;
  const strict = await deformSurface(
    image,
    { ...sphere, vertices },
    { brain, fraction: fraction + strictness * (1 - fraction), moves: { from: 0, to: moves.strict, total } },
    run,
  );
  const loose = await deformSurface(
    image,
    strict,
    { brain, fraction, moves: { from: moves.strict, to: total, total } },
    run,
  );
  const ball = (mm: number): Triple => [mm / image.spacing, mm / image.spacing, mm / image.spacing];
  const closed = close(fillSurface(strict, image.shape), image.shape, ball(leeway.furrow));
  const near = dilate(closed, image.shape, ball(leeway.beyond));
  return fillSurface(loose, image.shape).map((inside, i) => inside & near[i]);
}
