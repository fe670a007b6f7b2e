import type { ImageCohort } from '../../data/cohort';
import { makeImageCohort } from '../../data/cohort';
import type { ImageSet } from '../../data/images/image-set';
import { makeImageSet } from '../../data/images/image-set';
import { provenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import type { Grid } from '../../data/images/volume';
import { deriveSeed } from '../../math/random';
import { Anatomy } from './anatomy/anatomy';
import type { PhantomCohortOptions, PhantomPerson, PhantomPlan, PlannedScan } from './phantom-plan';
import { planCohort } from './phantom-plan';
import { scanTissues } from './scanner/scan-tissues';
import type { SliceGeometry, SliceOptions } from './slice-geometry';
import { sliceGeometry, sliceRecords } from './slice-geometry';
import { solidMask } from './solid-mask';
import type { TissueMaps } from './tissues';
import { tissueNames } from './tissues';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link simulateSlices}. */
export interface SimulateSlicesOptions extends PhantomCohortOptions, SliceOptions, RunOptions {
  /** Set what is outside the mask to zero, as after brain extraction. @defaultValue true */
  readonly masked?: boolean;
  /** With bone and scalp around the brain. @defaultValue false */
  readonly head?: boolean;
}

/** What is true of a simulated cohort of slices. */
export interface SliceCohortTruth {
  /** Every person once: age, sex, size, thickness, ventricle volume and the like. */
  readonly people: readonly PhantomPerson[];
  /** Makes the same images without noise: what each would be if it were averaged forever. */
  noiseFree(run?: RunOptions): Promise<ImageCohort>;
  /** The tissue maps of a person, one for each slice: column, row from the top, one slice. */
  tissues(person: PhantomPerson): readonly TissueMaps[];
}

/** A simulated cohort of slices and what it was made from. */
export interface SimulatedSlices {
  readonly cohort: ImageCohort;
  readonly truth: SliceCohortTruth;
}

/**
 * Simulates slices of a multi-site cohort without making the volumes: the anatomy is evaluated in the slices alone, and
 * the scanner works in their plane. The same persons at the same scanners as {@link simulateVolumeCohort} makes with the
 * same options, with other noise.
 *
 * @throws ConcordError `invalid-option` naming the option, its value and what is allowed; `aborted` when canceled.
 *
 * @example
 * ```ts
 * const { cohort } = await simulateSlices({ scanners: 'seven-site', subjects: 100, traveling: true });
 * ```
 */
export async function simulateSlices(options: SimulateSlicesOptions = {}): Promise<SimulatedSlices> {
  requireCall('simulateSlices', { options });
  const maker = new SliceMaker(options);
  return {
    cohort: await maker.cohort(false, options),
    truth: {
      people: maker.plan.people,
      noiseFree: (later: RunOptions = {}) => maker.cohort(true, later),
      tissues: (person) => maker.tissues(person),
    },
  };
}

class SliceMaker {
  readonly plan: PhantomPlan;
  private readonly geometry: SliceGeometry;

  constructor(private readonly options: SimulateSlicesOptions) {
    this.plan = planCohort(options);
    this.geometry = sliceGeometry(options);
  }

  async cohort(noiseFree: boolean, run: RunOptions): Promise<ImageCohort> {
    const { seed = 1, plane = 'axial', masked = true, head = false, size = 128 } = this.options;
    const { participants, scans, settings, people } = this.plan;
    const { images, positions } = this.geometry;
    const count = images.length;
    const data = new Float32Array(scans.length * count * size * size);
    const mask = new Uint8Array(data.length);
    const report = progressReporter('simulating slices', people.length, run);
    let row = 0;
    for (const [done, person] of people.entries()) {
      await breathe(run.signal);
      const tissues = this.tissues(person);
      // The scans of a person are together.
      for (; row < scans.length && scans[row].person === person; row++) {
        for (let slice = 0; slice < count; slice++) {
          const at = (row * count + slice) * size * size;
          mask.set(tissues[slice].mask, at);
          data.set(scanSlice(tissues[slice], scans[row], { slice, noiseFree, masked }), at);
        }
      }
      report(done + 1);
    }
    const slices = scans.flatMap(({ id }) => sliceRecords(id, plane, this.geometry));
    const set: ImageSet = makeImageSet(data, [slices.length, size, size, 1], { slices, mask });
    const record = { ...settings, plane, positions, size, masked, head, ...(noiseFree ? { noiseFree } : {}) };
    return makeImageCohort(participants, set, {
      subjects: scans.map((scan) => scan.person.subject),
      suffixes: scans.map((scan) => scan.scanner.suffix),
      provenance: [provenanceStep('simulateSlices', record, seed)],
    });
  }

  tissues(person: PhantomPerson): readonly TissueMaps[] {
    const { head = false, pixelSize = 1.5 } = this.options;
    const anatomy = new Anatomy(person.traits, person.seed, head);
    return this.geometry.images.map((grid) => sliceTissues(anatomy, grid, { pixelSize, head }));
  }
}

function sliceTissues(
  anatomy: Anatomy,
  { shape, affine }: Grid,
  { pixelSize, head }: { readonly pixelSize: number; readonly head: boolean },
): TissueMaps {
  const [width, height] = shape;
  const names = head ? tissueNames : tissueNames.slice(0, 4);
  const maps = names.map(() => new Float32Array(width * height));
  const mask = new Uint8Array(width * height);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      const x = affine[0] * column + affine[1] * row + affine[3];
      const y = affine[4] * column + affine[5] * row + affine[7];
      const z = affine[8] * column + affine[9] * row + affine[11];
      if (!anatomy.at(x, y, z, pixelSize)) continue;
      const { found } = anatomy;
      for (let tissue = 0; tissue < maps.length; tissue++) maps[tissue][at] = found[tissue];
      if (anatomy.brain > 0.5) mask[at] = 1;
    }
  }
  const fractions = Object.fromEntries(names.map((name, i) => [name, maps[i]]));
  const solid = solidMask(mask, shape, [pixelSize, pixelSize, 1]);
  return { kind: 'tissues', fractions, shape, affine, mask: solid };
}

function scanSlice(
  tissues: TissueMaps,
  { scanner, seed, person }: PlannedScan,
  {
    slice,
    noiseFree,
    masked,
  }: { readonly slice: number; readonly noiseFree: boolean; readonly masked: boolean },
): Float32Array {
  const data = scanTissues(tissues, scanner, {
    seed,
    noiseSeed: deriveSeed(seed, 10 + slice),
    factors: person.traits,
    grid: tissues,
    noiseFree,
  });
  if (masked) for (let i = 0; i < data.length; i++) if (tissues.mask[i] === 0) data[i] = 0;
  return data;
}
