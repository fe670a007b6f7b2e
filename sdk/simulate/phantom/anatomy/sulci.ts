// Sulci that every brain has, as surfaces in the space of the model brain (x is the distance from the middle plane).

/** The height of the lateral (Sylvian) fissure where it meets the outer surface, `y` mm in front of the origin. */
function sylvianHeight(y: number): number {
  const back = y + 20;
  return 6.5 - 0.4 * back + 0.0045 * (back < 0 ? back * back : 0);
}

/**
 * How far a place is from the middle of the lateral fissure, in mm: a stem that runs inwards from the outer surface,
 * and at its end the insula, which is under the lobes on both sides.
 *
 * @param shift - by how much this brain's fissure is displaced here, in mm
 * @param wiggle - by how much the insula bulges here, in mm
 */
export function sylvianDistance(x: number, y: number, z: number, shift: number, wiggle: number): number {
  const away = (z - sylvianHeight(y) - 0.12 * (58 - x) - shift) * 0.92;
  const inner = 38 - x;
  const front = y - 27;
  const back = -46 - y;
  let stem = away * away;
  if (inner > 0) stem += inner * inner;
  if (front > 0) stem += front * front;
  if (back > 0) stem += back * back;
  const v = (y + 2) / 23;
  const w = (z - 3 + 0.3 * (y + 2)) / 17;
  const beyond = Math.sqrt(v * v + w * w) - 1;
  const across = x - (39 - 4 * v * v - 1.5 * w * w) - 0.5 * shift - wiggle;
  let insula = across * across;
  if (beyond > 0) insula += 324 * beyond * beyond;
  return Math.sqrt(Math.min(stem, insula));
}

/**
 * How far a place on the envelope of a hemisphere is from the nearest of the sulci that all brains share: central,
 * superior frontal, superior temporal, cingulate, parieto-occipital and calcarine (Ono, Kubik & Abernathey 1990,
 * "Atlas of the Cerebral Sulci"). In mm, along the envelope.
 *
 * @param shift - by how much this brain's sulci are displaced here, in mm
 */
export function primarySulcusDistance(x: number, y: number, z: number, shift: number): number {
  const aside = 1.6 * shift;
  // All distances continue smoothly beyond the part of the surface where the sulcus is, or folds would break there.
  const central = (y + 36 - 0.5 * (75 - z) + shift + 4 * Math.sin(z / 9)) * 0.88;
  let nearest = squared(central, 16 - z, 9 - x, 0);
  nearest = Math.min(nearest, squared(x - 24 + shift, -8 - y, y - 52, 20 - z));
  const temporal = (z - sylvianHeight(y) + 16 + shift) * 0.92;
  nearest = Math.min(nearest, squared(temporal, y - 12, -62 - y, 44 - x));
  const along = (y + 5) * (y > -5 ? 0.93 : 1.05);
  const above = (z - 3) * 1.2;
  const cingulate = Math.sqrt(along * along + above * above) - 50 + aside;
  nearest = Math.min(nearest, squared(cingulate, -38 - y, -6 - z, x - 4));
  nearest = Math.min(nearest, squared((y + 57 + 0.5 * z + aside) * 0.9, 4 - z, 0, x - 4));
  nearest = Math.min(nearest, squared(z + 0.8 - 0.06 * y + aside, y + 52, 0, x - 4));
  return Math.sqrt(nearest);
}

/** The squared distance from a line that ends: across it, and beyond each of its ends where that is positive. */
function squared(across: number, one: number, other: number, third: number): number {
  let sum = across * across;
  if (one > 0) sum += one * one;
  if (other > 0) sum += other * other;
  if (third > 0) sum += third * third;
  return sum;
}
