import type { Triple } from '../../data/images/affine';
import type { Volume } from '../../data/images/volume';
import { dilate, erode, fillHoles, largestComponent } from '../../math/images/morphology';
import { backgroundValue } from '../background-value';
import type { WorkingImage } from './working-grid';
import { fromWorkingGrid } from './working-grid';

/** No brain is larger than this, in ml, and hardly a whole head as small. */
const largest = 2600;
/** How dark, against typical brain, the core of the brain may be. */
const darkest = 0.5;
/** How thick the core must be, half of it, and how far from it the rest of a brain may reach, in mm. */
const distances = { thick: 3, rest: 6 };
/** Which share of all that is left must be near the core. The scalp of a head is beyond, behind the skull. */
const nearShare = 0.9;

/**
 * Recognizes a brain whose skull was stripped before: outside of it every voxel has one and the same value, what is
 * left is not larger than a brain, and nearly all of it is near one thick piece of tissue, with no skull between.
 *
 * @param image - the volume on the working grid
 * @param brain - typical intensity of brain in `image`
 * @returns all that is left, holes filled; `undefined` where the skull was not stripped
 */
export function strippedBrain(volume: Volume, image: WorkingImage, brain: number): Uint8Array | undefined {
  const { data, shape, spacing } = volume;
  const outside = backgroundValue(data, shape);
  const left = new Uint8Array(data.length);
  let measured = 0;
  for (let i = 0; i < data.length; i++) {
    if (data[i] === outside || !Number.isFinite(data[i])) continue;
    left[i] = 1;
    measured++;
  }
  const ml = (measured * spacing[0] * spacing[1] * spacing[2]) / 1000;
  if (measured === data.length || ml > largest) return undefined;
  const near = fromWorkingGrid(Float32Array.from(nearCore(image, brain)), image, volume);
  let reached = 0;
  for (let i = 0; i < data.length; i++) if (left[i] !== 0 && near[i] > 0.5) reached++;
  return reached >= nearShare * measured ? fillHoles(left, shape) : undefined;
}

/** What is near the largest thick piece of tissue. */
function nearCore({ data, shape, spacing }: WorkingImage, brain: number): Uint8Array {
  const ball = (mm: number): Triple => [mm / spacing, mm / spacing, mm / spacing];
  const tissue = Uint8Array.from(data, (value) => (value > darkest * brain ? 1 : 0));
  const core = largestComponent(erode(tissue, shape, ball(distances.thick)), shape);
  return dilate(core, shape, ball(distances.thick + distances.rest));
}
