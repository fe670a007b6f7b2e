import { sampleSlopes } from './sample-channels';
import type { SubjectWarp } from './subject-warp';
import type { TemplateGrid } from './template-grid';
import { outerChannel, templateStep } from './template-grid';

/** Where the outer table keeps what, at hand for the inner loops. */
const channel = outerChannel;

/** How much sulci lean over as they go down: mm aside per mm of depth and per mm of the person's deformation. */
const leaning = 0.15;

/**
 * How far up a place is projected, of the way to the envelope: at 1 patterns would become sheets that are upright,
 * at 0 they would not care for the envelope; between, sheets lean over and bend as they go down.
 */
const climb = 0.65;

/**
 * The place near the envelope of a hemisphere from which a place in the brain takes its folds: most of the way up along
 * the direction of depth, leaning over by the person's own deformation. Patterns so become sheets under the envelope.
 */
export class EnvelopeProjection {
  /** What {@link at} found: the place on the envelope, mm of the model. */
  readonly place: Float64Array = new Float64Array(3);
  /** What {@link at} found: the direction of depth. */
  readonly inward: [number, number, number] = [0, 0, 0];
  /** Row by row: how the place on the envelope moves with the place below it. */
  private readonly jacobian = new Float64Array(9);
  private readonly slopes = new Float64Array(9);
  private readonly aside = new Float64Array(3);

  constructor(
    private readonly warp: SubjectWarp,
    private readonly table: TemplateGrid,
  ) {}

  /**
   * Projects a place.
   *
   * @param x - distance from the middle plane, mm of the model
   * @param outer - the outer table's numbers for the place
   */
  at(x: number, y: number, z: number, outer: Float64Array): void {
    const { place, inward, aside, warp } = this;
    const depth = outer[channel.depth];
    for (let a = 0; a < 3; a++) inward[a] = outer[channel.inwardX + a];
    // Another place of the deformation than the brain's own here, so that the two have nothing to do with each other.
    warp.at(0.9 * z, y, -0.9 * x, aside);
    const lean = depth > 0 ? leaning * depth : 0;
    const up = climb * depth;
    place[0] = x - up * inward[0] + lean * aside[0];
    place[1] = y - up * inward[1] + lean * aside[1];
    place[2] = z - up * inward[2] + lean * aside[2];
    this.differentiate(x, y, z, depth);
  }

  /**
   * The slope in the brain of a function on the envelope whose gradient there is (gx, gy, gz): steeper where sheets
   * converge.
   */
  slope(gx: number, gy: number, gz: number): number {
    const j = this.jacobian;
    const x = gx * j[0] + gy * j[3] + gz * j[6];
    const y = gx * j[1] + gy * j[4] + gz * j[7];
    const z = gx * j[2] + gy * j[5] + gz * j[8];
    return Math.sqrt(x * x + y * y + z * z);
  }

  private differentiate(x: number, y: number, z: number, depth: number): void {
    const { jacobian, slopes, inward, aside, table, warp } = this;
    const { origin } = table;
    const leans = depth > 0 ? leaning : 0;
    sampleSlopes(
      table,
      slopes,
      channel.inwardX,
      (x - origin[0]) / templateStep,
      (y - origin[1]) / templateStep,
      (z - origin[2]) / templateStep,
    );
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) {
        const moved =
          (leans * aside[a] - climb * inward[a]) * inward[b] -
          (climb * depth * slopes[3 * a + b]) / templateStep;
        jacobian[3 * a + b] = a === b ? 1 + moved : moved;
      }
    }
    if (leans === 0) return;
    warp.slopes(0.9 * z, y, -0.9 * x, slopes);
    const lean = leans * depth;
    for (let a = 0; a < 3; a++) {
      jacobian[3 * a] -= 0.9 * lean * slopes[3 * a + 2];
      jacobian[3 * a + 1] += lean * slopes[3 * a + 1];
      jacobian[3 * a + 2] += 0.9 * lean * slopes[3 * a];
    }
  }
}
