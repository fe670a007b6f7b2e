// Which brains the limits of the guard are drawn from, and which it is tested on.
import { join, resolve } from 'node:path';
import type { Scan, VolumeCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { makeRandom, permutation } from '../../../sdk/math/random';

/** Where the shared scans are. */
export const shared: string = process.env['CONCORD_DATA'] ?? resolve('../shared/data');

/** The persons in two halves, of each site as many: one for the limits, the other for the test. */
export interface Halves {
  readonly cohort: VolumeCohort;
  readonly limits: readonly Scan[];
  readonly test: readonly Scan[];
}

/** The 219 brains, halved by a draw. */
export async function halves(): Promise<Halves> {
  const cohort = await concord.loadBids(join(shared, 'brains-219'), { site: { column: 'site' } });
  const { sites } = cohort.participants;
  const [limits, test]: [Scan[], Scan[]] = [[], []];
  for (const [seed, site] of [...new Set(sites)].entries()) {
    const its = cohort.scans.filter((_, row) => sites[row] === site);
    Array.from(permutation(its.length, makeRandom(219 + seed))).forEach((at, place) =>
      (place % 2 === 0 ? limits : test).push(its[at]),
    );
  }
  return { cohort, limits, test };
}

/** So many of a half, of the three sites as many as there are. */
export function some(half: readonly Scan[], count: number): readonly Scan[] {
  const siteOf = ({ id }: Scan): string => id.replace(/^sub-|\d+$/g, '');
  const sites = [...new Set(half.map(siteOf))];
  const bySite = sites.map((site) => half.filter((scan) => siteOf(scan) === site));
  const taken: Scan[] = [];
  for (let turn = 0; taken.length < count; turn++) {
    for (const its of bySite) if (turn < its.length && taken.length < count) taken.push(its[turn]);
  }
  return taken;
}
