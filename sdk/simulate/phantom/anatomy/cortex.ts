import type { Random } from '../../../math/random';
import type { EnvelopeProjection } from './envelope-projection';
import { FoldPattern, foldWavelength } from './fold-noise';
import { smoothMinimum } from './signed-distance';
import { primarySulcusDistance, sylvianDistance } from './sulci';
import { outerChannel } from './template-grid';
import { coverage, sheetCoverage, smoothStep } from './tissue-profile';

/** What makes one person's cortex: lengths in mm of that person, and the person's size relative to the model. */
export interface CortexTraits {
  readonly thickness: number;
  /** Width of the sulci inside the brain; at the surface they open wider. */
  readonly sulcalWidth: number;
  readonly scale: number;
}

/** Where the outer table keeps what, at hand for the inner loops. */
const channel = outerChannel;

const waveNumber = (2 * Math.PI) / foldWavelength;
/** Across the line where it is zero: of the pattern in space, chosen so that thickness measures what it should. */
const normalWaveNumber = 1.15 * Math.sqrt(3 / 2) * waveNumber;

/**
 * How deep sulci reach below the envelope: mean, spread, least and greatest, there and in the middle of lobes, in mm of
 * the model.
 */
const meanReach = 15.5;
const reachSpread = 8.5;
const leastReach = 6;
const greatestReach = 25;
const ridgeReach = 14;
/** How much nearer sheets may come to each other below the envelope than on it. */
const greatestSlope = 2;
/** How coarse the pattern is by which reach and height vary, beside the folds. */
const coarseness = 0.6;
/** How far gyri fall off towards a sulcus, in mm of the model. */
const lipDepth = 5;
/** A step to take slopes with, in mm. */
const nudge = 0.5;
/** How deep the sulci reach that all brains share. */
const primaryReach = 17;
/** White matter that stays between a sulcus and what is inside the ring of cortex, in mm of the model. */
const coreMargin = 6;
/** Beyond this depth there is no cortex, in mm of the model. */
const deepest = 34;

/**
 * The cerebral cortex of one person, as a function of place. Sulci are thin sheets of fluid that go down, leaning and
 * bending, from the smooth envelope of a hemisphere wherever a {@link FoldPattern} is zero, and along the lines that
 * all brains share; gray matter is within one cortical thickness of any fluid, white matter under it. So the ribbon
 * keeps its thickness along every fold and round every fundus, and white matter runs into the gyri as blades.
 */
export class Cortex {
  /** What {@link at} found: fractions of fluid, gray and white matter, which sum to 1. */
  readonly found: Float64Array = new Float64Array(3);
  /** What {@link at} found: depth below the surface of the gyri in mm, negative outside. */
  skin = 0;
  private readonly sides: readonly FoldPattern[];
  private readonly projection: EnvelopeProjection;
  private reach = 0;
  private folds = 0;
  private unevenness = 0;
  private wiggle = 0;
  private most = 0;
  private reachSlope = 0;

  constructor(
    private readonly traits: CortexTraits,
    projection: EnvelopeProjection,
    random: Random,
  ) {
    this.projection = projection;
    this.sides = [new FoldPattern(random), new FoldPattern(random)];
  }

  /**
   * Finds the tissue at a place of the model brain.
   *
   * @param x - distance from the middle plane, mm; `side` 0 is left
   * @param outer - the outer table's numbers for the place
   * @param width - voxel width, mm of the person
   */
  at(x: number, y: number, z: number, side: number, outer: Float64Array, width: number): void {
    const { scale, thickness, sulcalWidth } = this.traits;
    const depth = outer[channel.depth];
    if (depth > deepest) {
      this.skin = depth * scale;
      this.fill(0, 1);
      return;
    }
    const primary = this.findFolds(x, y, z, side, outer);
    const sylvian = sylvianDistance(x, y, z, 2 * this.unevenness, this.wiggle);
    const along = (primary - 1.5) / 7;
    const kept = smoothStep(along);
    // Where the reach of a sheet changes from place to place its end is oblique, and nearer than straight below.
    const fading = along > 0 && along < 1 ? (this.reach * 6 * along * (1 - along)) / 7 : 0;
    const oblique = Math.min(2, this.reachSlope + fading);
    const lowest = Math.min(this.reach, depth + Math.max(0, sylvian - 6)) * kept;
    const below = (depth - lowest) / Math.sqrt(1 + oblique * oblique);
    const belowPrimary =
      depth - Math.min(primaryReach, this.most, depth + Math.max(0, outer[channel.core] - coreMargin + 1));
    const outward = 0.15 + 0.85 * smoothStep((x - 2) / 10);
    const gape = Math.max(0.4, 1.7 + 0.9 * this.unevenness) * outward;
    const half = 0.5 * sulcalWidth + gape * Math.exp(-0.28 * Math.max(0, depth));
    const own = hypotenuse(this.folds, below) * scale - half;
    const shared = hypotenuse(primary, belowPrimary) * scale - half - 0.2;
    const surface = this.belowSurface(x, depth, primary) * scale;
    const sheet = Math.min(own, shared, sylvian * scale - half - 0.7);
    const distance = smoothMinimum(surface, sheet, 3);
    const outside = 1 - coverage(depth * scale, width);
    const fluid = Math.max(outside, sheetCoverage(Math.max(0, distance + half), half, width));
    const under = distance - thickness * (1 + 0.06 * this.unevenness);
    this.skin = distance;
    this.fill(fluid, Math.min(1 - fluid, coverage(under, width)));
  }

  /** Looks up the folding pattern under which a place is; returns the distance to the nearest shared sulcus. */
  private findFolds(x: number, y: number, z: number, side: number, outer: Float64Array): number {
    const { projection } = this;
    projection.at(x, y, z, outer);
    const depth = outer[channel.depth];
    const [px, py, pz] = projection.place;
    const pattern = this.sides[side];
    const { found } = pattern;
    pattern.at(px, py, pz, coarseness);
    this.unevenness = found[0];
    this.reachSlope = reachSpread * coarseness * projection.slope(found[1], found[2], found[3]);
    pattern.at(px, py, pz, 1);
    const value = found[0];
    this.wiggle = value;
    const slope = projection.slope(found[1], found[2], found[3]);
    // Distance to the zero line of a wave from its value and slope, whatever its amplitude: in the pattern, and from
    // there in the brain, where sheets converge.
    const steepness = Math.sqrt(found[1] * found[1] + found[2] * found[2] + found[3] * found[3]);
    const apart = Math.atan2(normalWaveNumber * Math.abs(value), steepness) / normalWaveNumber;
    this.folds = apart * Math.max(1 / greatestSlope, steepness / Math.max(1e-9, slope));
    // No sheets in the middle of a lobe, where they would meet from all sides: there no direction is that of depth.
    const [nx, ny, nz] = projection.inward;
    const aligned = smoothStep((Math.sqrt(nx * nx + ny * ny + nz * nz) - 0.5) / 0.5);
    this.most = ridgeReach + (greatestReach - ridgeReach) * aligned;
    const reach = Math.min(this.most, Math.max(leastReach, meanReach + reachSpread * this.unevenness));
    this.reach = Math.min(reach, depth + Math.max(0, outer[channel.core] - coreMargin));
    return this.sharedDistance(px, py, pz, 1.2 * value);
  }

  /** Distance to the nearest shared sulcus: that on the envelope, shorter where sheets converge below it. */
  private sharedDistance(px: number, py: number, pz: number, shift: number): number {
    const distance = primarySulcusDistance(px, py, pz, shift);
    if (distance > 12) return distance;
    const slope = this.projection.slope(
      (primarySulcusDistance(px + nudge, py, pz, shift) - distance) / nudge,
      (primarySulcusDistance(px, py + nudge, pz, shift) - distance) / nudge,
      (primarySulcusDistance(px, py, pz + nudge, shift) - distance) / nudge,
    );
    return distance / Math.min(greatestSlope, Math.max(0.7, slope));
  }

  /** Depth below the surface of the gyri, mm of the model: gyri are round and not equally high under the envelope. */
  private belowSurface(x: number, depth: number, primary: number): number {
    const nearest = Math.min(this.folds, primary);
    const lip = Math.max(0, 1 - (nearest * waveNumber) / (Math.PI / 2)) * smoothStep(this.reach / 8);
    // Not on the inner surface, where the falx keeps the hemispheres apart as little as it can.
    const outward = 0.15 + 0.85 * smoothStep((x - 2) / 10);
    const recess = (lipDepth * lip * lip + 0.8 * (1 + 0.7 * this.unevenness)) * outward;
    const slant = ((4 * lipDepth * waveNumber) / Math.PI) * lip * outward;
    return (depth - recess) / Math.sqrt(1 + slant * slant);
  }

  private fill(fluid: number, white: number): void {
    this.found[0] = fluid;
    this.found[1] = 1 - fluid - white;
    this.found[2] = white;
  }
}

/** The distance from the edge of a sheet that ends `beyond` mm away where that is positive. */
function hypotenuse(across: number, beyond: number): number {
  return beyond > 0 ? Math.sqrt(across * across + beyond * beyond) : across;
}
