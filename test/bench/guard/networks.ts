// What networks make of scans, and how far that is from what they make of the scans as they were.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Scan, Volume, VolumeCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { isConcordError } from './measure';

/** A stored network that is tried. */
export type Kind = 'murd' | 'ddae';

const targets = {
  murd: { site: 'Siemens' },
  ddae: { target: 'siteA', unseen: 'average', steps: 2 },
} as const;

/** Harmonizes one scan; `undefined` where it is refused. */
export async function harmonized(kind: Kind, volume: Volume, scan: Scan): Promise<Volume | undefined> {
  const model: concord.AnyModel =
    kind === 'murd'
      ? await concord.loadModel('fixtures/murd-small', 'murd')
      : await concord.loadModel('fixtures/ddae-small', 'ddae');
  const people = concord.makeParticipants([scan.id], ['elsewhere'], []);
  const cohort: VolumeCohort = concord.makeVolumeCohort(people, [
    { ...scan, open: () => Promise.resolve(volume) },
  ]);
  const [made] = concord.harmonizeVolumes(model, cohort, targets[kind]).scans;
  try {
    return await made.open();
  } catch (error) {
    if (!isConcordError(error)) throw error;
    return undefined;
  }
}

/** The mean difference in the brain, in percent of the range (98th percentile) of what should be. */
export function errorOf(made: Volume, wanted: Volume): number {
  const { mask } = wanted;
  const inside = wanted.data.filter((_, voxel) => mask?.[voxel] === 1).sort();
  const range = inside[Math.floor(0.98 * inside.length)];
  let sum = 0;
  for (let voxel = 0; voxel < wanted.data.length; voxel++) {
    if (mask?.[voxel] === 1) sum += Math.abs(wanted.data[voxel] - made.data[voxel]);
  }
  return (100 * sum) / inside.length / range;
}

/** A number that is kept in a file; `null` for what was refused. */
export async function keptNumber(
  file: string,
  measure: () => Promise<number | undefined>,
): Promise<number | undefined> {
  if (!existsSync(file)) writeFileSync(file, JSON.stringify((await measure()) ?? null));
  return (JSON.parse(readFileSync(file, 'utf8')) as number | null) ?? undefined;
}
