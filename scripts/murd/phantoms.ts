// The digital cohorts that the shipped MURD is trained and judged on: the same three scanners, other people.
import type { ImageCohort, SimulatedSlices } from 'concord-mri';
import * as concord from 'concord-mri';

/** The T1w sequences of three vendors. */
const scanners: readonly concord.phantoms.PhantomScanner[] = concord.phantoms
  .scannerPreset('abcd-like')
  .filter(({ sequence }) => sequence.kind !== 'spin-echo');

/** Slices as the shipped model sees them: five axial ones, 11 mm apart, 64 × 64 pixels of 3 mm. */
export const geometry = { scanners, slices: 5, size: 64, pixelSize: 3 } as const;

/** Whom the model learns from: 240 people at each site, nobody at two. */
export async function trainingPhantoms(): Promise<ImageCohort> {
  return (await concord.simulateSlices({ ...geometry, subjects: 240, seed: 301 })).cohort;
}

/** Whom it is judged on: others, scanned at every site, twice. */
export async function travelingPhantoms(subjects: number): Promise<SimulatedSlices> {
  return concord.simulateSlices({ ...geometry, subjects, seed: 402, traveling: true, testRetest: true });
}
