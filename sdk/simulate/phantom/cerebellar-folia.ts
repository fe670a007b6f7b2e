import type { Random } from '../../math/random';
import { coverage, sheetCoverage } from './tissue-profile';

/** Fissures per radian about the middle of the white matter: those between lobules, and those between folia. */
const lobules = 2.6;
const folia = 7.6;
/** How deep they reach, in mm of the model. */
const lobuleReach = 17;
const foliaReach = 8;
/** Around the middle of each half's white matter, `coreOffset` mm beside the vermis, fissures keep this far off. */
const coreRadius = 11;
const coreOffset = 17;
/** Thickness of the cerebellar cortex, in mm of the model; about half the cerebral one's. */
const thickness = 1.1;
/** Half the width of the fissures, in mm of the model. */
const half = 0.12;

/**
 * The cerebellum of one person, as a function of place: fissures run from side to side and converge, seen from the
 * side, on the white matter in the middle, which branches between them like a tree.
 */
export class CerebellarFolia {
  /** What {@link at} found: fractions of fluid, grey and white matter, which sum to 1. */
  readonly found: Float64Array = new Float64Array(3);
  private readonly phases: Float64Array;

  constructor(
    private readonly scale: number,
    random: Random,
  ) {
    this.phases = Float64Array.from({ length: 6 }, () => 2 * Math.PI * random.uniform());
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
    const wave =
      Math.sin(0.16 * x + 0.05 * z + phases[0]) +
      Math.sin(0.11 * y - 0.13 * x + phases[1]) +
      0.7 * Math.sin(0.31 * x + 0.12 * y + phases[2]);
    const ripple = Math.sin(0.45 * x + phases[3]) + Math.sin(0.37 * z - 0.29 * x + phases[4]);
    const across = y + 50 + 0.009 * x * x;
    const above = z + 34;
    const radius = Math.sqrt(across * across + above * above);
    const angle = Math.atan2(above, -across);
    const bend = Math.sin(0.32 * radius + phases[5]);
    const lobule = fissure(angle * lobules + 0.26 * wave + 0.1 * bend, radius / lobules);
    const folium = fissure(angle * folia + 0.4 * wave + 0.2 * ripple + 0.3 * bend, radius / folia);
    const aside = (Math.abs(x) - coreOffset) / 17;
    const open = coreRadius / (1 + aside * aside * aside * aside);
    const inner = Math.min(open * (1 + 0.2 * wave) - radius, depth - 4);
    const sheet = Math.min(
      beside(lobule, Math.max(depth - lobuleReach, inner)) - 0.15,
      beside(folium, Math.max(depth - foliaReach, inner)),
    );
    const distance = Math.min(depth, sheet - half) * scale;
    const outside = 1 - coverage(depth * scale, width);
    const fluid = Math.max(outside, sheetCoverage(Math.max(0, distance + half * scale), half * scale, width));
    const white = Math.min(1 - fluid, coverage(distance - thickness * scale, width));
    found[0] = fluid;
    found[1] = 1 - fluid - white;
    found[2] = white;
  }
}

/** Distance to the nearest of the fissures that stand at whole numbers of `phase`, `spacing` mm apart. */
function fissure(phase: number, spacing: number): number {
  return Math.abs(phase - Math.round(phase)) * spacing;
}

function beside(across: number, beyond: number): number {
  return beyond > 0 ? Math.sqrt(across * across + beyond * beyond) : across;
}
