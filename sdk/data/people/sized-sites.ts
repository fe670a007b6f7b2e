import type { Participants } from './participants';
import { siteNames } from './participants';

/** A site, and how many rows (scans or visits) are of it. */
export interface SizedSite {
  readonly name: string;
  readonly subjects: number;
}

/** The sites in the order of `siteNames`, each with its size. */
export function sizedSites(participants: Participants): readonly SizedSite[] {
  const sizes = new Map<string, number>();
  for (const site of participants.sites) sizes.set(site, (sizes.get(site) ?? 0) + 1);
  return siteNames(participants).map((name) => ({ name, subjects: sizes.get(name) ?? 0 }));
}
