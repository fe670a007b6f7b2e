import type { Affine, Triple } from '../../data/images/affine';
import { makeAffine } from '../../data/images/affine';
import type { Provenance } from '../../data/provenance';
import { provenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import { deriveSeed, makeRandom } from '../../math/random';
import { Anatomy } from './anatomy/anatomy';
import { checkPhantom } from './check-phantom';
import type { MakePhantomOptions } from './phantom-options';
import type { PhantomSex, PhantomTraits } from './phantom-traits';
import { drawTraits } from './phantom-traits';
import { solidMask } from './solid-mask';
import type { PhantomTissue, TissueMaps } from './tissues';
import { tissueNames } from './tissues';
import { requireCall } from '../../data/calls/require-call';

/** A digital person: tissue maps, and everything that is true of them. */
export interface Phantom {
  readonly kind: 'phantom';
  readonly seed: number;
  /** What the person was made with. */
  readonly traits: PhantomTraits;
  readonly tissues: TissueMaps;
  /** The volume of each tissue on this grid, in mL. */
  readonly volumes: Readonly<Record<PhantomTissue, number>>;
  readonly provenance: Provenance;
}

/** Where the middle of a grid is, and how large it is to hold a brain or a head, in mm. */
const middle: Triple = [0, -16, 0];
const brainSize: Triple = [160, 196, 164];
const headSize: Triple = [192, 228, 196];

/**
 * Makes a digital person: a brain with two hemispheres, folded cortex of even thickness, white matter, deep nuclei,
 * ventricles, corpus callosum, cerebellum and brainstem, as continuous tissue fractions in RAS order about the anterior
 * commissure. Size, shape, folds and asymmetry come from the seed; age and sex act in known amounts (see
 * `phantoms.effects`); nothing in it comes from a real scan.
 *
 * @throws ConcordError `invalid-option` on an option out of range, `aborted` when canceled.
 *
 * @example
 * ```ts
 * const phantom = await phantoms.make({ seed: 7, age: 64, sex: 'M' });
 * const volume = await phantoms.scan(phantom, phantoms.scannerPreset('abcd-like')[0], { seed: 1 });
 * ```
 */
export async function makePhantom(options: MakePhantomOptions = {}, run: RunOptions = {}): Promise<Phantom> {
  requireCall('phantoms.make', { options, run });
  const { seed = 1, age = 30, sex = 'F', head = false } = options;
  checkPhantom(options);
  const spacing: Triple = spacingOf(options.spacing ?? 1);
  const size = head ? headSize : brainSize;
  const along = (axis: 0 | 1 | 2): number => Math.ceil(size[axis] / spacing[axis]);
  const shape = options.shape ?? [along(0), along(1), along(2)];
  const start = (axis: 0 | 1 | 2): number => middle[axis] - 0.5 * (shape[axis] - 1) * spacing[axis];
  const affine = makeAffine(spacing, [start(0), start(1), start(2)]);
  const traits = phantomTraits(seed, { age, sex, traits: options.traits });
  const { fractions, mask } = await fillGrid(new Anatomy(traits, seed, head), { shape, affine, head }, run);
  const voxel = (spacing[0] * spacing[1] * spacing[2]) / 1000;
  const volumes = Object.fromEntries(
    tissueNames.map((tissue) => [
      tissue,
      voxel * (fractions[tissue]?.reduce((sum, part) => sum + part, 0) ?? 0),
    ]),
  ) as Record<PhantomTissue, number>;
  const record = { age, sex, traits: options.traits ?? {}, spacing, shape, head };
  return {
    kind: 'phantom',
    seed,
    traits,
    tissues: { kind: 'tissues', fractions, shape, affine, mask },
    volumes,
    provenance: [provenanceStep('makePhantom', record, seed)],
  };
}

/** The person that a seed draws, with the traits that are set. */
export function phantomTraits(
  seed: number,
  { age, sex, traits = {} }: { age: number; sex: PhantomSex; traits?: MakePhantomOptions['traits'] },
): PhantomTraits {
  return { ...drawTraits(age, sex, makeRandom(deriveSeed(seed, 3))), ...traits };
}

function spacingOf(spacing: number | Triple): Triple {
  return typeof spacing === 'number' ? [spacing, spacing, spacing] : spacing;
}

/** What {@link fillGrid} fills. */
interface GridToFill {
  readonly shape: Triple;
  readonly affine: Affine;
  readonly head: boolean;
}

async function fillGrid(
  anatomy: Anatomy,
  { shape, affine, head }: GridToFill,
  run: RunOptions,
): Promise<Pick<TissueMaps, 'fractions' | 'mask'>> {
  const [nx, ny, nz] = shape;
  const names = head ? tissueNames : tissueNames.slice(0, 4);
  const maps = names.map(() => new Float32Array(nx * ny * nz));
  const mask = new Uint8Array(nx * ny * nz);
  const report = progressReporter('making a phantom', nz, run);
  const width = Math.cbrt(affine[0] * affine[5] * affine[10]);
  for (let k = 0, at = 0; k < nz; k++) {
    await breathe(run.signal);
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        const x = affine[3] + i * affine[0];
        const y = affine[7] + j * affine[5];
        if (!anatomy.at(x, y, affine[11] + k * affine[10], width)) continue;
        const { found } = anatomy;
        for (let tissue = 0; tissue < maps.length; tissue++) maps[tissue][at] = found[tissue];
        if (anatomy.brain > 0.5) mask[at] = 1;
      }
    }
    report(k + 1);
  }
  await breathe(run.signal);
  return {
    fractions: Object.fromEntries(names.map((name, i) => [name, maps[i]])),
    mask: solidMask(mask, shape, [affine[0], affine[5], affine[10]]),
  };
}
