import type { Provenance } from './provenance';

/** Steps that make brains instead of measuring them. */
const simulations: ReadonlySet<string> = new Set([
  'simulateSlices',
  'simulateVolumeCohort',
  'scanPhantom',
  'rescan',
]);

/** Whether images are of digital persons, by their record. */
export function isDigital(provenance: Provenance): boolean {
  return provenance.some(({ step }) => simulations.has(step));
}
