import type { CombatModel } from '../combat-model';
import type { SiteCorrection } from './site-correction';

/** The sites whose scans are corrected. */
export interface CorrectedSites {
  readonly names: readonly string[];
  readonly corrections: readonly SiteCorrection[];
  /** The position in `names` of each subject's site; −1 for one that is left alone. */
  readonly groups: Int32Array;
}

/** Numbers the sites that are corrected. */
export function correctedSites(
  sites: readonly string[],
  corrections: ReadonlyMap<string, SiteCorrection | undefined>,
): CorrectedSites {
  const corrected = [...corrections].flatMap(([name, correction]) =>
    correction === undefined ? [] : [{ name, correction }],
  );
  const at = new Map(corrected.map(({ name }, index) => [name, index]));
  const groups = new Int32Array(sites.length);
  for (let row = 0; row < groups.length; row++) groups[row] = at.get(sites[row]) ?? -1;
  return {
    names: corrected.map(({ name }) => name),
    corrections: corrected.map(({ correction }) => correction),
    groups,
  };
}

/** 1 for features that are corrected, else 0. */
export function harmonizedOf({ status }: CombatModel): Float64Array {
  const harmonized = new Float64Array(status.length);
  for (let w = 0; w < status.length; w++) harmonized[w] = Number(status[w] === 'harmonized');
  return harmonized;
}
