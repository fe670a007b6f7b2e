import type { Random } from '../../../math/random';
import { coverage, sheetCoverage } from './tissue-profile';

/** Fissures per radian about the hilum of the white matter: those between lobules, and those between folia. */
const lobules = 2.3;
const folia = 8.4;
/** How deep those between folia reach under the surface, in mm of the model. */
const foliaReach = 6;
/** From one folium to the next on the walls of the fissures between lobules, in mm of the model. */
const wallSpacing = 3.6;
/** Half the width of a white branch at the hilum, and how fast it tapers, in mm of the model. */
const branch = 2.2;
const taper = 0.055;
/** How far fissures keep off the hilum: in the vermis, and beside it where the deep white matter is largest. */
const vermisCore = 5.5;
const lateralCore = 12;
/** Thickness of the cerebellar cortex, in mm of the model; about half the cerebral one's. */
const thickness = 1.1;
/** How much of what looks like cortex is white matter, in leaves too thin for these folia. */
const leaves = 0.2;
/** Half the width of the fissures, in mm of the model: between lobules, and between folia. */
const lobuleHalf = 0.3;
const half = 0.2;

/**
 * The cerebellum of one person, as a function of place: fissures run from side to side and converge, seen from the
 * side, on a hilum at the front, behind the fourth ventricle. Lobules are between the deep ones; folia are on the
 * lobules' surface and on the walls of the fissures, so that what white matter is left branches like a tree.
 */
export class CerebellarFolia {
  /** What {@link at} found: fractions of fluid, gray and white matter, which sum to 1. */
  readonly found: Float64Array = new Float64Array(3);
  private readonly phases: Float64Array;

  constructor(
    private readonly scale: number,
    random: Random,
  ) {
    this.phases = Float64Array.from({ length: 8 }, () => 2 * Math.PI * random.uniform());
  }

  /**
   * Finds the tissue at a place of the model brain.
   *
   * @param x - position across, mm, left negative
   * @param depth - depth below the cerebellum's envelope, mm of the model
   * @param width - voxel width, mm of the person
   */
  at(x: number, y: number, z: number, depth: number, width: number): void {
    const { phases, scale, found } = this;
    const lateral = Math.abs(x);
    // To the sides the hilum is further in front.
    const across = y + 48 - (9 * x * x) / (x * x + 400);
    const above = z + 30 + 0.22 * lateral;
    const radius = Math.sqrt(across * across + above * above);
    const angle = Math.atan2(above, -across);
    const wave = Math.sin(0.09 * x + phases[0]) + 0.6 * Math.sin(0.21 * x + 0.05 * radius + phases[1]);
    const ripple = Math.sin(0.33 * x + 0.11 * y + phases[2]) + Math.sin(0.27 * x - 0.19 * z + phases[3]);
    const bend = Math.sin(0.19 * radius + 1.3 * angle + phases[4]);
    // Lobules are not equally large: the scale of angles is stretched here and shrunk there.
    const uneven = 0.32 * Math.sin(2.9 * angle + phases[5]);
    const lobule = fissure(angle * lobules + uneven + 0.12 * wave + 0.13 * bend, radius / lobules);
    const folium = fissure(angle * folia + 0.3 * wave + 0.22 * ripple + 0.3 * bend, radius / folia);
    const ring = fissure(radius / wallSpacing + 0.25 * ripple + 0.2 * wave + 1.1 * angle, wallSpacing);
    const aside = (lateral - 19) / 13;
    const wide = vermisCore + (lateralCore - vermisCore) / (1 + aside * aside * aside * aside);
    const core = wide * Math.min(1, Math.max(0.2, (58 - lateral) / 22));
    const inner =
      core * (1 + 0.12 * wave + 0.16 * Math.sin(3.1 * angle + phases[6])) -
      Math.sqrt(across * across + 3 * above * above);
    const stalk =
      Math.max(0.6, branch - taper * radius) + 0.7 * Math.max(0, Math.sin(0.75 * radius + 4 * angle + wave));
    const walls = Math.max(0, (0.5 * radius) / lobules - thickness - stalk);
    const reach = foliaReach * (1 + 0.4 * Math.sin(5.3 * angle + phases[7]));
    const fine = Math.min(
      beside(folium, Math.max(depth - reach, inner)),
      beside(ring, Math.max(lobule - walls, inner)),
    );
    const sheet = Math.min(beside(lobule, inner) - lobuleHalf, fine - half);
    const distance = Math.min(depth, sheet) * scale;
    const outside = 1 - coverage(depth * scale, width);
    const fluid = Math.max(outside, sheetCoverage(Math.max(0, distance + half * scale), half * scale, width));
    const bark = Math.min(distance, (inner > 0 ? inner : 0) + (lobule - walls) * scale);
    const blades = Math.min(1 - fluid, coverage(bark - thickness * scale, width));
    const white =
      blades + leaves * (1 - fluid - blades) * coverage(distance - 0.5 * thickness * scale, width);
    found[0] = fluid;
    found[1] = 1 - fluid - white;
    found[2] = white;
  }
}

/** Distance to the nearest of the fissures that are at whole numbers of `phase`, `spacing` mm apart. */
function fissure(phase: number, spacing: number): number {
  return Math.abs(phase - Math.round(phase)) * spacing;
}

function beside(across: number, beyond: number): number {
  return beyond > 0 ? Math.sqrt(across * across + beyond * beyond) : across;
}
