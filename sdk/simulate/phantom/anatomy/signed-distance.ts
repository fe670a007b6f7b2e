import type { Triple } from '../../../data/images/affine';

/** How far a point is outside a shape, in mm; negative inside. Exact on the surface, near enough beside it. */
export type SignedDistance = (x: number, y: number, z: number) => number;

/** The length of a vector: `Math.hypot` would take ten times as long, of which makers of whole tables have no use. */
function lengthOf(x: number, y: number, z: number): number {
  return Math.sqrt(x * x + y * y + z * z);
}

/** What {@link ellipsoid} takes besides center and radii: turns in degrees, right-handed about the axis named. */
export interface EllipsoidTurn {
  readonly x?: number;
  readonly z?: number;
}

/** An ellipsoid, turned about the x axis, then about the z axis. */
export function ellipsoid(center: Triple, radii: Triple, turn: EllipsoidTurn = {}): SignedDistance {
  const [cx, cy, cz] = center;
  const [a, b, c] = radii;
  const about = (degrees: number): readonly [number, number] => [
    Math.cos((degrees * Math.PI) / 180),
    Math.sin((degrees * Math.PI) / 180),
  ];
  const [cosX, sinX] = about(turn.x ?? 0);
  const [cosZ, sinZ] = about(turn.z ?? 0);
  return (x, y, z) => {
    const u = (x - cx) * cosZ + (y - cy) * sinZ;
    const turned = (y - cy) * cosZ - (x - cx) * sinZ;
    const v = turned * cosX + (z - cz) * sinX;
    const w = (z - cz) * cosX - turned * sinX;
    const scaled = lengthOf(u / a, v / b, w / c);
    const steep = lengthOf(u / (a * a), v / (b * b), w / (c * c));
    return steep === 0 ? -Math.min(a, b, c) : (scaled * (scaled - 1)) / steep;
  };
}

/** A box with round sides, between ellipsoid (`power` 2) and cuboid (a large one): Barr 1981, IEEE CG&A 1:11. */
export function superellipsoid(center: Triple, radii: Triple, power: number): SignedDistance {
  const [cx, cy, cz] = center;
  const [a, b, c] = radii;
  return (x, y, z) => {
    const u = Math.abs(x - cx) / a;
    const v = Math.abs(y - cy) / b;
    const w = Math.abs(z - cz) / c;
    // Powers take longest: each is taken once.
    const pu = u ** (power - 1);
    const pv = v ** (power - 1);
    const pw = w ** (power - 1);
    const scaled = (pu * u + pv * v + pw * w) ** (1 / power);
    const steep = lengthOf(pu / a, pv / b, pw / c);
    return steep === 0 ? -Math.min(a, b, c) : ((scaled - 1) * scaled ** (power - 1)) / steep;
  };
}

/** A point on the middle line of a {@link tube} and the tube's radius there, in mm. */
export type TubePoint = readonly [x: number, y: number, z: number, radius: number];

/** A tube of changing radius along a line of straight pieces. */
export function tube(points: readonly TubePoint[]): SignedDistance {
  const flat = Float64Array.from(points.flat());
  return (x, y, z) => {
    let nearest = Infinity;
    for (let at = 0; at + 4 < flat.length; at += 4) {
      const dx = flat[at + 4] - flat[at];
      const dy = flat[at + 5] - flat[at + 1];
      const dz = flat[at + 6] - flat[at + 2];
      const px = x - flat[at];
      const py = y - flat[at + 1];
      const pz = z - flat[at + 2];
      const along = Math.min(1, Math.max(0, (px * dx + py * dy + pz * dz) / (dx * dx + dy * dy + dz * dz)));
      const away = lengthOf(px - along * dx, py - along * dy, pz - along * dz);
      nearest = Math.min(nearest, away - flat[at + 3] - along * (flat[at + 7] - flat[at + 3]));
    }
    return nearest;
  };
}

/**
 * The smaller of two distances with the edge between them rounded over `width` mm: the union of two shapes that grow
 * into each other (polynomial smooth minimum; Quílez 2013, iquilezles.org/articles/smin).
 */
export function smoothMinimum(a: number, b: number, width: number): number {
  const overlap = Math.max(width - Math.abs(a - b), 0) / width;
  return Math.min(a, b) - overlap * overlap * width * 0.25;
}

/** The larger of two distances with a rounded edge: what two shapes have in common. */
export function smoothMaximum(a: number, b: number, width: number): number {
  return -smoothMinimum(-a, -b, width);
}
