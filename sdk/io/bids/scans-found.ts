import type { VolumeCohort } from '../../data/cohort';

/**
 * How many scans `loadBids` found of those asked for, the unusable ones with them; the scans of the cohort where it was made
 * otherwise.
 */
export function scansFound({ provenance, scans }: VolumeCohort): number {
  const found = provenance.find(({ step }) => step === 'loadBids')?.options['found'];
  return typeof found === 'number' ? Math.max(found, scans.length) : scans.length;
}
