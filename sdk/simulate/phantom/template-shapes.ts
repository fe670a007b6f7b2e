import type { SignedDistance } from './signed-distance';
import { ellipsoid, smoothMaximum, smoothMinimum, superellipsoid, tube } from './signed-distance';

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

/** The smooth envelope of one cerebral hemisphere, sulci filled. */
export const hemisphere: SignedDistance = (x, y, z) => {
  let mantle = z > 17 ? convexity(x, y, z) : base(x, y, z);
  // Narrower in front, and flat underneath where the frontal lobe lies on the orbits.
  mantle = smoothMaximum(mantle, -24 - z, 10);
  mantle = smoothMinimum(mantle, orbital(x, y, z), 8);
  mantle = smoothMinimum(mantle, occipital(x, y, z), 8);
  let lobe = smoothMinimum(temporal(x, y, z), temporalPole(x, y, z), 10);
  lobe = smoothMinimum(lobe, fusiform(x, y, z), 8);
  lobe = smoothMinimum(mantle, lobe, 3);
  lobe = smoothMaximum(lobe, 0.5 - cerebellum(x, y, z), 2);
  lobe = smoothMaximum(lobe, -cisterns(x, y, z), 8);
  return smoothMaximum(lobe, 0.5 - x, 6);
};

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

/** Distance from the middle line of the corpus callosum within the middle plane. */
export const callosalDistance: SignedDistance = callosum2d;

// Higher than wide, as its third coordinate is that of a space three times flatter.
const frontalHorn = tube([
  [4.2, -4, 5, 1.6],
  [5, 8, 3.5, 2.6],
  [8, 18, 2.2, 2.5],
  [13, 28, 1.2, 1.7],
]);
const lateralBody = tube([
  [5, 2, 16, 2.4],
  [6.5, -10, 18.5, 2.5],
  [10, -22, 18.5, 3],
  [17, -33, 15, 4.2],
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
  let space = smoothMinimum(frontalHorn(x, y, z / 3), lateralBody(x, y, z), 2);
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

/** What lies inside the ring of cortex: no cortex is there, only deep grey, ventricles and white matter. */
export const core: SignedDistance = (x, y, z) => {
  let inside = smoothMinimum(diencephalon(x, y, z), hypothalamus(x, y, z), 6);
  inside = smoothMinimum(inside, lateralVentricle(x, y, z) - 2.5, 4);
  inside = smoothMaximum(inside, -quadrigeminal(x, y, z), 3);
  return smoothMinimum(inside, callosum(x, y, z), 4);
};

const cerebellarHemisphere = ellipsoid([21, -65, -35], [32, 30, 23]);
const vermis = ellipsoid([0, -63, -27], [14, 25, 26]);
// The upper side, a roof under the tentorium that falls off to the sides.
const culmen = ellipsoid([0, -61, -22], [34, 23, 18]);
export const cerebellum: SignedDistance = (x, y, z) =>
  smoothMinimum(smoothMinimum(cerebellarHemisphere(x, y, z), culmen(x, y, z), 6), vermis(x, y, z), 5);

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
  [0, -42, -60, 8],
  [0, -48, -80, 6.5],
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
