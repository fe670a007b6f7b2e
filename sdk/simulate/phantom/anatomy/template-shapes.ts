import type { SignedDistance } from './signed-distance';
import { ellipsoid, smoothMaximum, smoothMinimum, superellipsoid, tube } from './signed-distance';
import { smoothStep } from './tissue-profile';

// The model brain, in mm about the anterior commissure, as large as the MNI152 average: x is the distance from the
// middle plane, so that one side stands for both; y runs to the front, z upwards.

const convexity = superellipsoid([0, -17, 17], [69.5, 87, 61.5], 2.25);
const base = superellipsoid([0, -17, 17], [69.5, 87, 39], 2.2);
const temporal = ellipsoid([44, -20, -16], [24, 44, 21], { x: -14, z: 6 });
const temporalPole = ellipsoid([39, 7, -24], [15, 15, 14]);
const orbital = ellipsoid([17, 34, -8], [28, 30, 17]);
const occipital = ellipsoid([23, -81, -1], [20, 22, 18]);
const fusiform = ellipsoid([38, -62, -5], [22, 32, 16]);
const cisterns = ellipsoid([0, -20, -22], [22, 24, 19]);

/** The hemispheres with the fissure between them filled. */
export const hemispheres: SignedDistance = (x, y, z) => {
  let mantle = z > 17 ? convexity(x, y, z) : base(x, y, z);
  // Narrower in front, and flat underneath where the frontal lobe is on the orbits.
  mantle = smoothMaximum(mantle, -24 - z, 10);
  mantle = smoothMinimum(mantle, orbital(x, y, z), 8);
  mantle = smoothMinimum(mantle, occipital(x, y, z), 8);
  let lobe = smoothMinimum(temporal(x, y, z), temporalPole(x, y, z), 10);
  lobe = smoothMinimum(lobe, fusiform(x, y, z), 8);
  lobe = smoothMinimum(mantle, lobe, 3);
  lobe = smoothMaximum(lobe, 0.5 - cerebellum(x, y, z), 2);
  return smoothMaximum(lobe, -cisterns(x, y, z), 8);
};

/** The smooth envelope of one cerebral hemisphere, sulci filled, where {@link hemispheres} are known. */
export function oneHemisphere(hemispheres: number, x: number): number {
  return smoothMaximum(hemispheres, 0.3 - x, 6);
}

const callosum2d = tube([
  [0, 10, -3, 1.5],
  [0, 20, -4, 2.5],
  [0, 29, 3, 5],
  [0, 30, 11, 5.5],
  [0, 24, 20, 4.5],
  [0, 9, 26, 3.5],
  [0, -10, 28, 3.2],
  [0, -27, 24, 3],
  [0, -38, 16, 5],
  [0, -40, 10, 5.5],
  [0, -36, 6, 3],
]);

/** The corpus callosum, running out into the white matter of the hemispheres. */
export const callosum: SignedDistance = (x, y, z) =>
  smoothMaximum(callosum2d(0, y / (1 + 0.0007 * x * x), z - 0.012 * x * x), x - 20, 12);

// Higher than wide, as its third coordinate is that of a space three times flatter.
const frontalHorn = tube([
  [5.5, -4, 5.3, 1.4],
  [6.5, 8, 3.7, 2.2],
  [9, 18, 2.3, 2.3],
  [13, 28, 1.2, 1.7],
]);
// In front of the atrium wider than high, as its third coordinate is that of a space that grows twice as high there.
const lateralBody = tube([
  [6.5, 3, 18.5, 3.6],
  [8, -10, 20, 4.2],
  [11, -22, 19.5, 4.4],
  [17, -33, 15, 4.4],
  [23, -41, 9, 5],
]);
const occipitalHorn = tube([
  [24, -42, 9, 4.5],
  [26, -54, 6, 2.2],
  [24, -66, 4, 0.8],
]);
const temporalHorn = tube([
  [24, -42, 9, 4],
  [31, -37, -2, 2.4],
  [34, -28, -9, 1.8],
  [32, -15, -15, 1.5],
  [29, -9, -18, 1],
]);

/** The lateral ventricle with its three horns. */
export const lateralVentricle: SignedDistance = (x, y, z) => {
  // Horns lean outwards as they rise, and the body's outer corner is its highest.
  const lean = 0.4 * Math.max(-8, Math.min(10, z - 11));
  const flat = 1 + smoothStep((y + 38) / 14);
  const body = lateralBody(x, y, 19 + flat * (z - 19 - 0.3 * (flat - 1) * (x - 9)));
  let space = smoothMinimum(frontalHorn(x - lean, y, z / 3), body, 2);
  space = smoothMinimum(space, occipitalHorn(x, y, z), 3);
  space = smoothMinimum(space, temporalHorn(x, y, z), 3);
  space = smoothMaximum(space, 0.5 - callosum(x, y, z), 1.5);
  return smoothMaximum(space, 1 - x, 1.5);
};

const third = ellipsoid([0, -13, 0], [1.4, 13, 9]);
const fourth = ellipsoid([0, -45, -33], [8, 4.5, 9]);
const aqueduct = tube([
  [0, -26, -3, 1],
  [0, -36, -12, 0.9],
  [0, -42, -26, 1.2],
]);

/** Third and fourth ventricle and the aqueduct. */
export const midlineVentricles: SignedDistance = (x, y, z) =>
  Math.min(third(x, y, z), smoothMinimum(fourth(x, y, z), aqueduct(x, y, z), 2));

/** How many times as far from the middle ventricles as from the lateral ones a place is taken to be: they grow less. */
const stiffness = 2.2;

/** All ventricles, to be grown with age. */
export const ventricles: SignedDistance = (x, y, z) =>
  Math.min(lateralVentricle(x, y, z), stiffness * midlineVentricles(x, y, z));

export const caudate: SignedDistance = tube([
  [12, 19, -3, 4],
  [13.5, 16, 4, 5.5],
  [14.5, 10, 11, 5.3],
  [16, -1, 17, 4],
  [18.5, -13, 20, 3],
  [22.5, -25, 19, 2.2],
  [29, -36, 11, 1.5],
]);
const putamenBody = ellipsoid([26.5, 1, 1], [5.5, 18, 11.5], { z: 12 });
const putamenFront = ellipsoid([21, 13, -3], [6, 8, 8]);
export const putamen: SignedDistance = (x, y, z) =>
  smoothMinimum(putamenBody(x, y, z), putamenFront(x, y, z), 5);
export const pallidum: SignedDistance = ellipsoid([19.5, -4, -1], [4.2, 10, 6.5], { z: 24 });
const thalamusBody = ellipsoid([11.5, -18, 7], [9.5, 15, 9], { z: 22 });
export const thalamus: SignedDistance = (x, y, z) => smoothMaximum(thalamusBody(x, y, z), 1.6 - x, 2);
const hippocampalBody = tube([
  [22, -10, -21, 5],
  [27, -20, -17, 4.5],
  [30, -31, -10, 3.8],
  [24, -39, -1, 2.5],
]);
const amygdala = ellipsoid([23, -3, -20], [7, 7, 7]);
export const hippocampus: SignedDistance = (x, y, z) =>
  smoothMinimum(hippocampalBody(x, y, z), amygdala(x, y, z), 3);

const diencephalon = ellipsoid([14, -9, 7], [23, 27, 14]);
export const hypothalamus: SignedDistance = ellipsoid([0, -6, -7], [9, 11, 8]);

const quadrigeminal = ellipsoid([0, -45, -2], [10, 13, 9]);

/** What is inside the ring of cortex: no cortex is there, only deep gray, ventricles and white matter. */
export const core: SignedDistance = (x, y, z) => {
  let inside = smoothMinimum(diencephalon(x, y, z), hypothalamus(x, y, z), 6);
  inside = smoothMinimum(inside, lateralVentricle(x, y, z) - 2.5, 4);
  inside = smoothMaximum(inside, -quadrigeminal(x, y, z), 3);
  return smoothMinimum(inside, callosum(x, y, z), 4);
};

const cerebellarHemisphere = superellipsoid([27, -64, -36], [28, 29, 24], 2.25);
const anteriorLobe = ellipsoid([16, -56, -23], [28, 19, 16]);
const upperVermis = ellipsoid([0, -54, -16], [13, 17, 16]);
const lowerVermis = ellipsoid([0, -68, -30], [9, 18.5, 15.5], { x: 12 });

/** The tentorium: a roof that falls off from its ridge to both sides and to the back. */
const tentorium: SignedDistance = (x, y, z) => {
  const back = 0.5 * (-54 - y + Math.sqrt((y + 54) ** 2 + 60));
  return (z + 1 + 0.3 * (Math.sqrt(x * x + 30) - 5) + 0.4 * back) / 1.15;
};
export const cerebellum: SignedDistance = (x, y, z) => {
  const vermis = smoothMinimum(upperVermis(x, y, z), lowerVermis(x, y, z), 4);
  const sides = smoothMinimum(cerebellarHemisphere(x, y, z), anteriorLobe(x, y, z), 6);
  return smoothMaximum(smoothMinimum(sides, vermis, 3), tentorium(x, y, z), 5);
};

const tegmentum = ellipsoid([0, -27, -11], [12, 9, 13]);
const colliculus = ellipsoid([5, -35, -7], [5, 4, 8]);
const crus = tube([
  [13, -14, -2, 6],
  [11, -17, -12, 5.5],
  [8, -21, -24, 6],
]);
const fossa = ellipsoid([0, -10, -14], [4.5, 9, 11]);
const midbrain: SignedDistance = (x, y, z) => {
  const back = smoothMinimum(tegmentum(x, y, z), colliculus(x, y, z), 2);
  return smoothMaximum(smoothMinimum(back, crus(x, y, z), 2), -fossa(x, y, z), 2);
};
const ponsBody = superellipsoid([0, -26, -31], [17.5, 13, 14], 2);
// Its back, the floor of the fourth ventricle, is flat.
const pons: SignedDistance = (x, y, z) => smoothMaximum(ponsBody(x, y, z), -36 - y, 4);
const medulla = tube([
  [0, -33, -44, 9.5],
  [0, -39, -57, 7.5],
  [0, -40, -68, 6],
]);
export const peduncle: SignedDistance = tube([
  [12, -30, -33, 8],
  [22, -44, -36, 7],
]);
export const brainstem: SignedDistance = (x, y, z) =>
  smoothMinimum(
    smoothMinimum(smoothMinimum(midbrain(x, y, z), pons(x, y, z), 4), medulla(x, y, z), 5),
    peduncle(x, y, z),
    4,
  );
