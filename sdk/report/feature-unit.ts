import type { FeatureCohort } from '../data/cohort';

/** Units of what FreeSurfer measures, by the endings of the names that it gives. */
const units: Readonly<Record<string, string>> = { thickness: 'mm', area: 'mm²', volume: 'mm³' };

/** The unit of all features of a cohort, where FreeSurfer's names say it (`lh_bankssts_thickness`); else `undefined`. */
export function featureUnit({ features: { features } }: FeatureCohort): string | undefined {
  const measures = new Set(features.map((name) => /^[lr]h_.*_(thickness|area|volume)$/.exec(name)?.[1]));
  const [measure] = measures;
  return measures.size === 1 && measure !== undefined ? units[measure] : undefined;
}
