import type { ImageCohort } from '../../sdk/index';
import * as concord from '../../sdk/index';

/** Slices of people who were scanned at each of some scanners of the preset `seven-site`, 32 × 32. */
export async function travelingSlices(subjects: number, sites = 'siteA siteE'): Promise<ImageCohort> {
  const scanners = concord.phantoms.scannerPreset('seven-site').filter(({ site }) => sites.includes(site));
  const geometry = { slices: 2, size: 32, pixelSize: 6, traveling: true };
  return (await concord.simulateSlices({ scanners, subjects, ...geometry, seed: 4 })).cohort;
}

/** The scans of one site. */
export function atSite(of: ImageCohort, wanted: string): ImageCohort {
  return concord.takeSubjects(of, ({ site }) => site === wanted);
}

/** The mean absolute difference in the brain. */
export function differenceInBrain(one: ImageCohort, other: ImageCohort): number {
  const inside = [...other.images.data.keys()].filter((i) => other.images.data[i] !== 0);
  const differences = inside.map((i) => Math.abs(one.images.data[i] - other.images.data[i]));
  return differences.reduce((sum, value) => sum + value, 0) / inside.length;
}
