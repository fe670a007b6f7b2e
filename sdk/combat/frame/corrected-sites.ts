import type { CombatModel } from '../combat-model';
import type { PutBack } from './put-back-values';
import type { SiteCorrection } from './site-correction';

/** The sites whose scans are corrected. */
export interface CorrectedSites {
  readonly names: readonly string[];
  readonly corrections: readonly SiteCorrection[];
  /** The position in `names` of each subject's site; −1 for one that is left alone. */
  readonly groups: Int32Array;
  /** How many subjects each has. */
  readonly sizes: Int32Array;
}

/** Numbers the sites that are corrected. */
export function correctedSites({
  corrections,
  codes,
}: Pick<PutBack, 'corrections' | 'codes'>): CorrectedSites {
  const names: string[] = [];
  const own: SiteCorrection[] = [];
  const places = Int32Array.from(corrections, ([name, correction]) => {
    if (correction === undefined) return -1;
    names.push(name);
    return own.push(correction) - 1;
  });
  const groups = new Int32Array(codes.length);
  const sizes = new Int32Array(names.length);
  for (let row = 0; row < groups.length; row++) {
    const group = places[codes[row]];
    groups[row] = group;
    if (group >= 0) sizes[group]++;
  }
  return { names, corrections: own, groups, sizes };
}

/** 1 for features that are corrected, else 0. */
export function harmonizedOf({ status }: CombatModel): Float64Array {
  const harmonized = new Float64Array(status.length);
  for (let w = 0; w < status.length; w++) harmonized[w] = Number(status[w] === 'harmonized');
  return harmonized;
}
