// The grounds that methods are compared on: whom they learn from, and others on whom they are judged.
import type { ImageCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { geometry as vendors } from '../../murd/phantoms';
import { runOf } from '../cohorts';

/** Scans to learn from, and scans of other persons to be judged on. */
export interface Ground {
  /** The site that all methods harmonize to. */
  readonly target: string;
  readonly training: ImageCohort;
  /** One scan of each person at every site. */
  readonly judged: ImageCohort;
  /** The same and a second scan at every site: what is true, and how far a repeated scan is from it. */
  readonly truth: ImageCohort;
}

/** What a ground is made with; `quick` is for trying the command, its figures mean nothing. */
export type MakeGround = (quick: boolean) => Promise<Ground>;

/** The grounds by name, in the order of the tables. */
export const grounds: Readonly<Record<string, MakeGround>> = {
  'seven-site': (quick) => phantoms('seven-site', { quick, seed: 700 }),
  // Without the T2w scanner: most methods take one contrast at a time.
  'abcd-like': (quick) => phantoms(vendors.scanners, { quick, seed: 800 }),
};

async function phantoms(
  scanners: NonNullable<concord.SimulateSlicesOptions['scanners']>,
  { quick, seed }: { readonly quick: boolean; readonly seed: number },
): Promise<Ground> {
  const geometry = quick
    ? { scanners, slices: 1, size: 32, pixelSize: 6 }
    : { scanners, slices: 5, size: 64, pixelSize: 3 };
  const training = await concord.simulateSlices({ ...geometry, subjects: quick ? 6 : 120, seed: seed + 1 });
  const travelers = await concord.simulateSlices({
    ...geometry,
    subjects: quick ? 4 : 24,
    seed: seed + 2,
    traveling: true,
    testRetest: true,
  });
  const truth = travelers.cohort;
  const [target] = truth.participants.sites;
  return { target, training: training.cohort, judged: runOf(truth, '1'), truth };
}
