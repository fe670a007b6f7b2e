import { deriveSeed, makeRandom } from '../../../math/random';
import { CerebellarFolia } from './cerebellar-folia';
import { Cortex } from './cortex';
import { EnvelopeProjection } from './envelope-projection';
import type { PhantomTraits } from '../phantom-traits';
import { sampleChannels } from './sample-channels';
import { SubjectWarp } from './subject-warp';
import type { TemplateGrid } from './template-grid';
import { innerChannel, innerGrid, outerChannel, outerGrid, templateStep } from './template-grid';
import { coverage } from './tissue-profile';
import { ventricleGrowth } from './ventricle-growth';

// Where the tables keep what, at hand for the inner loops.
const onOuter = outerChannel;
const onInner = innerChannel;
const step = templateStep;

/** How far fluid is kept around the brain, in mm of the person: what a brain mask leaves. */
const rim = 1.3;

/** How deep under the outline of the brain fluid is left out where sulci gape, in mm of the person. */
const notchDepth = 5;

/** Over how much nuclei and tracts pass into what surrounds them, in mm of the person. */
const softness = 2;

/** Thickness of the fluid, bone and scalp around the brain of a whole head, in mm of the person. */
const headLayers = { fluid: 2.5, bone: 8.5, scalp: 14.5 };

/**
 * One person's anatomy as a function of place, so that any grid or slice of it can be had without the rest. Places
 * are in mm about the person's anterior commissure, x to the right, y to the front, z upwards.
 */
export class Anatomy {
  /** What {@link at} found: fractions in the order of `phantoms.tissueNames`. */
  readonly found: Float64Array = new Float64Array(6);
  /** What {@link at} found: how much of the voxel is brain or the fluid in and around it. */
  brain = 0;
  /** How much the ventricles are grown beyond the model's, in mm of the model. */
  readonly ventricleGrowth: number;
  private readonly warp: SubjectWarp;
  private readonly cortex: Cortex;
  private readonly folia: CerebellarFolia;
  private readonly outer = new Float64Array(8);
  private readonly inner = new Float64Array(8);
  private readonly place = new Float64Array(3);
  private readonly outerTable: TemplateGrid;
  private readonly innerTable: TemplateGrid = innerGrid();

  /**
   * @param traits - the person
   * @param seed - draws shape and folds
   * @param head - with bone and scalp around the brain
   */
  constructor(
    private readonly traits: PhantomTraits,
    seed: number,
    private readonly head: boolean = false,
  ) {
    this.outerTable = outerGrid(head);
    this.warp = new SubjectWarp(traits.shapeVariation, makeRandom(deriveSeed(seed, 0)));
    this.cortex = new Cortex(
      traits,
      new EnvelopeProjection(this.warp, this.outerTable),
      makeRandom(deriveSeed(seed, 1)),
    );
    this.folia = new CerebellarFolia(traits.scale, makeRandom(deriveSeed(seed, 2)));
    this.ventricleGrowth = ventricleGrowth(traits.ventricleVolume, traits.scale, this.warp);
  }

  /**
   * Finds the tissue at a place.
   *
   * @param width - voxel width in mm: boundaries are spread over it
   * @returns false, and all fractions zero, in air
   */
  at(x: number, y: number, z: number, width: number): boolean {
    const { found, place, outer, traits } = this;
    const { scale } = traits;
    found.fill(0);
    this.brain = 0;
    const mx = x / scale;
    const my = y / scale;
    const mz = z / scale;
    if (!this.head && farOff(mx, my, mz)) return false;
    this.warp.at(mx, my, mz, place);
    const px = mx + place[0];
    const py = my + place[1];
    const pz = mz + place[2];
    const lateral = Math.abs(px);
    if (!this.lookUp(this.outerTable, outer, lateral, py, pz)) return false;
    const envelope = outer[onOuter.envelope] * scale;
    if (envelope > (this.head ? headLayers.scalp : 0) + width) return false;
    if (envelope > width) {
      this.addHead(envelope, width);
      return true;
    }
    found[0] = 1;
    this.paintCerebrum(px, py, pz, width);
    this.paintBelow(px, py, pz, width);
    if (found[2] > 0) this.mottle(px, py, pz);
    if (this.lookUp(this.innerTable, this.inner, lateral, py, pz)) this.paintInside(width);
    return this.cutOut(envelope, width);
  }

  private lookUp(table: TemplateGrid, out: Float64Array, x: number, y: number, z: number): boolean {
    const { origin } = table;
    return sampleChannels(table, out, (x - origin[0]) / step, (y - origin[1]) / step, (z - origin[2]) / step);
  }

  private paintCerebrum(x: number, y: number, z: number, width: number): void {
    const { cortex, outer, traits } = this;
    const core = coverage(-outer[onOuter.core] * traits.scale, width);
    cortex.skin = -99;
    if (core < 1 && outer[onOuter.depth] * traits.scale > -rim - width) {
      cortex.at(Math.abs(x), y, z, x < 0 ? 0 : 1, outer, width);
      const { found } = cortex;
      this.paint(1, found[0], found[1], found[2], 0);
    }
    if (core > 0) this.paint(core, 0, 0, 1, 0);
  }

  /** Cerebellum and brainstem. */
  private paintBelow(x: number, y: number, z: number, width: number): void {
    const { outer, folia, traits } = this;
    const depth = -outer[onOuter.cerebellum];
    const share = coverage(depth * traits.scale, width);
    if (share > 0) {
      folia.at(x, y, z, depth, width);
      const { found } = folia;
      // Its own outside is counted once: the share says how much of the voxel the cerebellum takes.
      const tissue = Math.max(1e-6, found[1] + found[2]);
      const solid = Math.min(1, tissue / share);
      this.paint(share, 1 - solid, (solid * found[1]) / tissue, (solid * found[2]) / tissue, 0);
    }
    const stem = coverage(-outer[onOuter.brainstem] * traits.scale, width);
    if (stem > 0) this.paint(stem, 0, 0.12, 0.88, 0);
  }

  /** White matter is not all alike: up to a tenth of it looks like gray matter, in slow waves. */
  private mottle(x: number, y: number, z: number): void {
    const { found } = this;
    const wave =
      Math.sin(0.13 * x + 0.07 * y) * Math.sin(0.09 * y - 0.11 * z) +
      Math.sin(0.41 * z + 0.33 * x - 0.17 * y) * Math.sin(0.43 * y - 0.29 * z + 0.31 * x);
    const share = found[2] * (0.045 + 0.02 * wave);
    found[1] += share;
    found[2] -= share;
  }

  /** What is inside: each later structure over the earlier ones. */
  private paintInside(width: number): void {
    const { inner } = this;
    this.cover(inner[onInner.peduncle], width, 0, 0, 1, 0);
    this.cover(inner[onInner.hypothalamus], width, 0, 0.5, 0.5, 0);
    this.cover(inner[onInner.hippocampus], width, 0.05, 0.95, 0, 0);
    this.cover(inner[onInner.ventricles] - this.ventricleGrowth, width, 1, 0, 0, 0);
    this.cover(inner[onInner.caudate], width, 0, 0, 0, 1);
    this.cover(inner[onInner.putamen], width, 0, 0, 0, 1);
    this.cover(inner[onInner.pallidum], width, 0, 0, 0.7, 0.3);
    this.cover(inner[onInner.thalamus], width, 0, 0, 0.6, 0.4);
  }

  /** Paints a structure of the model, `distance` mm of it away, with a mixture of csf, gray, white and deep gray. */
  private cover(
    distance: number,
    width: number,
    csf: number,
    gray: number,
    white: number,
    deep: number,
  ): void {
    const share = coverage(-distance * this.traits.scale, csf === 1 ? width : Math.max(width, softness));
    if (share > 0) this.paint(share, csf, gray, white, deep);
  }

  private paint(share: number, csf: number, gray: number, white: number, deep: number): void {
    const { found } = this;
    const rest = 1 - share;
    found[0] = rest * found[0] + share * csf;
    found[1] = rest * found[1] + share * gray;
    found[2] = rest * found[2] + share * white;
    found[3] = rest * found[3] + share * deep;
  }

  /** Leaves the brain with a thin rim of fluid; in a whole head everything stays and the layers come around it. */
  private cutOut(envelope: number, width: number): boolean {
    const { found, outer, traits } = this;
    let inside = coverage(-envelope, width);
    if (!this.head) {
      const parts = Math.min(outer[onOuter.core], outer[onOuter.cerebellum], outer[onOuter.brainstem]);
      // Fluid well inside the brain's outline stays: fissures and cisterns.
      const nearest = Math.max(this.cortex.skin, -parts * traits.scale, -envelope - notchDepth);
      inside = Math.min(inside, coverage(nearest + rim, width));
    }
    for (let tissue = 0; tissue < 4; tissue++) found[tissue] *= inside;
    this.brain = inside;
    if (this.head && inside < 1) this.addHead(envelope, width);
    return inside > 0 || this.head;
  }

  private addHead(envelope: number, width: number): void {
    const { found } = this;
    const outsideBrain = coverage(envelope, width);
    const inFluid = coverage(headLayers.fluid - envelope, width);
    const inBone = coverage(headLayers.bone - envelope, width);
    const inScalp = coverage(headLayers.scalp - envelope, width);
    found[0] += Math.max(0, inFluid - (1 - outsideBrain));
    found[4] += inBone - inFluid;
    found[5] += inScalp - inBone;
  }
}

/** Whether a place of the model is so far from the brain that it need not be looked at. */
function farOff(x: number, y: number, z: number): boolean {
  const u = x / 86;
  const v = (y + 17) / 106;
  const w = (z - 2) / 96;
  return u * u + v * v + w * w > 1;
}
