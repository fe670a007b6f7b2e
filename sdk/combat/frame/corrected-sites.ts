import type { Participants } from '../../data/people/participants';
import { siteCodes } from '../../data/people/participants';
import type { CombatModel } from '../combat-model';
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
export function correctedSites(
  participants: Participants,
  corrections: ReadonlyMap<string, SiteCorrection | undefined>,
): CorrectedSites {
  const corrected = [...corrections].flatMap(([name, correction]) =>
    correction === undefined ? [] : [{ name, correction }],
  );
  const names = corrected.map(({ name }) => name);
  const groups = siteCodes(participants, names);
  const sizes = new Int32Array(names.length);
  for (let row = 0; row < groups.length; row++) if (groups[row] >= 0) sizes[groups[row]]++;
  return { names, corrections: corrected.map(({ correction }) => correction), groups, sizes };
}

/** 1 for features that are corrected, else 0. */
export function harmonizedOf({ status }: CombatModel): Float64Array {
  const harmonized = new Float64Array(status.length);
  for (let w = 0; w < status.length; w++) harmonized[w] = Number(status[w] === 'harmonized');
  return harmonized;
}
