import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { Volume } from '../../data/images/volume';
import { dilate, erode } from '../../math/images/morphology';
import { noBrain } from './no-brain';
import type { WorkingImage } from './working-grid';

/** From a small child's brain to more than any adult's, in ml, with the fluid around it. */
const plausible = { from: 500, to: 2300 };
/** Share of the surface that may be at the edge of the field of view before the brain counts as cut off. */
const cutShare = 0.05;
/** How thick the layers on both sides of the edge are whose brightness is compared, in mm. */
const layer = 6;
/** How bright, against the layer inside, the layer outside may be at most: at the edge of a brain there is an edge. */
const flatRatio = 0.9;

/**
 * Makes sure that the mask found ends where the image gets darker: in noise, or where there is no head, it does not.
 *
 * @param image - background near 0
 * @throws ConcordError `failed-step` when it does not.
 */
export function requireEdge(image: WorkingImage, mask: Uint8Array): void {
  const { data, shape, spacing } = image;
  const ball = layer / spacing;
  const core = erode(mask, shape, [ball, ball, ball]);
  const around = dilate(mask, shape, [ball, ball, ball]);
  let inside = 0;
  let insideCount = 0;
  let outside = 0;
  let outsideCount = 0;
  for (let i = 0; i < data.length; i++) {
    if (mask[i] !== 0 && core[i] === 0) {
      inside += data[i];
      insideCount++;
    } else if (mask[i] === 0 && around[i] !== 0) {
      outside += data[i];
      outsideCount++;
    }
  }
  if (insideCount === 0) throw noBrain('the surface shrank to nothing');
  const ratio = outsideCount === 0 ? 1 : outside / outsideCount / (inside / insideCount);
  if (!(ratio < flatRatio)) throw noBrain('nothing in the image has an edge like that of a brain');
}

/** What makes a mask doubtful: a volume no brain has, or a brain cut off by the field of view. */
export function maskDoubts(volume: Volume, mask: Uint8Array): readonly Issue[] {
  const issues: Issue[] = [];
  const count = mask.reduce((sum, voxel) => sum + voxel, 0);
  const ml = (count * volume.spacing[0] * volume.spacing[1] * volume.spacing[2]) / 1000;
  if (ml < plausible.from || ml > plausible.to) {
    const range = `${plausible.from} to ${plausible.to} ml are expected`;
    issues.push(makeIssue('doubtful-mask', `the brain mask holds ${Math.round(ml)} ml (${range})`));
  }
  const share = cutOff(volume, mask);
  if (share > cutShare) {
    const percent = Math.round(100 * share);
    issues.push(
      makeIssue(
        'doubtful-mask',
        `${percent} % of the surface of the brain mask are at the edge of the field of view`,
      ),
    );
  }
  return issues;
}

/** The share of the faces between the mask and what is outside that are at the edge of the image. */
function cutOff({ shape: [nx, ny, nz] }: Volume, mask: Uint8Array): number {
  let cut = 0;
  let faces = 0;
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, i++) {
        if (mask[i] === 0) continue;
        const edges = edge(x, nx) + edge(y, ny) + edge(z, nz);
        cut += edges;
        faces += edges;
        if (x + 1 < nx) faces += 1 - mask[i + 1];
        if (x > 0) faces += 1 - mask[i - 1];
        if (y + 1 < ny) faces += 1 - mask[i + nx];
        if (y > 0) faces += 1 - mask[i - nx];
        if (z + 1 < nz) faces += 1 - mask[i + nx * ny];
        if (z > 0) faces += 1 - mask[i - nx * ny];
      }
    }
  }
  return faces === 0 ? 0 : cut / faces;
}

function edge(position: number, size: number): number {
  return (position === 0 ? 1 : 0) + (position === size - 1 ? 1 : 0);
}
