import type { VolumeCohort } from '../../data/cohort';

/**
 * How many scans `loadBids` found of those asked for, unusable ones included; for a cohort that was made otherwise, how
 * many it has.
 */
export function scansFound({ provenance, scans }: VolumeCohort): number {
  const found = provenance.find(({ step }) => step === 'loadBids')?.options['found'];
  return typeof found === 'number' ? Math.max(found, scans.length) : scans.length;
}
