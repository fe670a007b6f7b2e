import type { Affine, Triple } from '../data/images/affine';
import type { Picture } from '../data/images/picture';
import { makeVolume } from '../data/images/volume';
import { montage } from '../plot/panels/montage';
import type { MontageOptions } from '../plot/panels/montage-options';
import { recordView } from './values/record-view';
import type { View } from './view';

/** Maps of the share of each tissue in each voxel. */
interface Tissues {
  readonly kind: 'tissues';
  readonly fractions: Readonly<Record<string, Float32Array>>;
  readonly shape: Triple;
  readonly affine: Affine;
  readonly mask: Uint8Array;
}

/** A digital phantom: tissues, and whose they are. */
interface Phantom {
  readonly kind: 'phantom';
  readonly tissues: Tissues;
}

/** How bright each tissue is drawn, in the order of a T1-weighted scan. */
const brightness: Readonly<Record<string, number>> = {
  csf: 0.2,
  grayMatter: 0.6,
  whiteMatter: 1,
  deepGray: 0.75,
  bone: 0.1,
  scalp: 0.45,
};

/** Whether a value is a phantom, or the maps of its tissues. */
export function isTissues(value: object): value is Tissues | Phantom {
  if (!('kind' in value)) return false;
  return (
    (value.kind === 'tissues' && 'fractions' in value) || (value.kind === 'phantom' && 'tissues' in value)
  );
}

/** The tissues as slices, white matter brightest. */
export function tissuePicture(value: Tissues | Phantom, options: MontageOptions): Picture {
  const { fractions, shape, affine, mask } = tissuesOf(value);
  const data = new Float32Array(mask.length);
  for (const [tissue, map] of Object.entries(fractions)) {
    const bright = brightness[tissue] ?? 0.5;
    for (let i = 0; i < data.length; i++) data[i] += bright * map[i];
  }
  const title = 'tissues, white matter brightest (no scan)';
  return montage(makeVolume(data, { shape, affine }, { mask }), {
    title,
    contour: false,
    window: [0, 1],
    ...options,
  });
}

/** What is below: sizes, traits and volumes. */
export function tissuesView(value: Tissues | Phantom): View {
  const { shape, fractions } = tissuesOf(value);
  const title = `${value.kind === 'phantom' ? 'Phantom' : 'Tissue maps'}: ${shape.join(' × ')} voxels`;
  if (value.kind === 'phantom') return recordView(value, { title, without: ['tissues'] });
  return recordView({ tissues: Object.keys(fractions) }, { title });
}

function tissuesOf(value: Tissues | Phantom): Tissues {
  return value.kind === 'phantom' ? value.tissues : value;
}
