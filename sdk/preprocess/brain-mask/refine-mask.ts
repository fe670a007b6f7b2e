import type { Triple } from '../../data/images/affine';
import { close, dilate, erode, fillHoles, largestComponent, open } from '../../math/images/morphology';
import { evenBrightness } from './even-brightness';
import { smoothMask } from './smooth-mask';
import type { WorkingImage } from './working-grid';

/** Intensities of brain tissue, white matter being 1: between cerebrospinal fluid and bright fat or vessels. */
const tissueRange = { from: 0.4, to: 1.35 };

/** Distances in mm. */
const distances = {
  /** How far beyond the rough mask brain may be found. */
  beyond: 4,
  /** Half the thickness of what may join the brain to other tissue and is cut: dura, vessels, nerves. */
  cut: 3,
  /** How far from the core found by cutting the rest of the tissue is taken back. */
  takeBack: 4,
  /** Half the width of what remains too thin to be brain. */
  thin: 2,
  /** How far from tissue the rough mask is believed: fluid between brain and skull. */
  fluid: 4,
  /** Half the width of the furrows that belong to the brain. */
  furrow: 6,
};

/**
 * Refines the rough mask of a T1-weighted head with its tissue: cuts off what hangs on the brain by a thin bridge (bone
 * marrow of the skull base, nerves, dura), keeps the fluid in furrows and around the brain, smooths the edge.
 *
 * @param image - background near 0
 * @param rough - from the deformed surface
 * @returns how far a voxel belongs to the brain, 0 to 1
 */
export function refineMask(image: WorkingImage, rough: Uint8Array): Float32Array {
  const { shape } = image;
  const ball = (mm: number): Triple => [mm / image.spacing, mm / image.spacing, mm / image.spacing];
  const even = evenBrightness(image, rough);
  const tissue = dilate(rough, shape, ball(distances.beyond));
  for (let i = 0; i < tissue.length; i++) {
    if (!(even[i] > tissueRange.from && even[i] < tissueRange.to)) tissue[i] = 0;
  }
  const core = largestComponent(erode(tissue, shape, ball(distances.cut)), shape);
  const reached = dilate(core, shape, ball(distances.cut + distances.takeBack));
  const joined = open(both(reached, tissue), shape, ball(distances.thin));
  const brain = largestComponent(joined, shape);
  const believed = both(rough, dilate(brain, shape, ball(distances.fluid)));
  const filled = fillHoles(either(believed, close(brain, shape, ball(distances.furrow))), shape);
  return smoothMask(image, filled);
}

function both(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i] & b[i];
  return out;
}

function either(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i] | b[i];
  return out;
}
