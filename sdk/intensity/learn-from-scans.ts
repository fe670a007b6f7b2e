import { ConcordError } from '../errors';
import type { VolumeCohort } from '../data/cohort';
import { requireOneSuffix } from '../data/cohort';
import type { Issue } from '../data/issue';
import type { StreamOptions } from '../math/images/stream-volumes';
import { streamVolumes } from '../math/images/stream-volumes';
import type { RegionSettings } from './region';
import { regionValues } from './region';

/**
 * Opens the scans of a cohort one after the other and hands the intensities of each region to `visit`.
 *
 * @returns what was noticed; a scan that cannot be used is an issue
 * @throws ConcordError `too-little-data` when no scan can be used, naming the first reason; `invalid-option` when scans
 * measured different things.
 */
export async function learnFromScans(
  cohort: VolumeCohort,
  step: { readonly name: string; readonly region: RegionSettings; readonly run: StreamOptions },
  visit: (values: Float64Array, row: number) => void,
): Promise<readonly Issue[]> {
  const { name, region } = step;
  const { label = `fitting ${name}`, strict, signal, onProgress } = step.run;
  requireOneSuffix(name, cohort);
  const { rows, issues } = await streamVolumes(
    cohort,
    (volume, row) => visit(regionValues(volume, region, name), row),
    { label, strict, signal, onProgress },
  );
  if (rows.length === 0) throw noUsableScan(name, issues);
  return issues;
}

/** The error of a fit to which not one scan could contribute. */
export function noUsableScan(name: string, issues: readonly Issue[]): ConcordError {
  const reason = issues.length === 0 ? 'the cohort is empty' : `the first: ${issues[0].message}`;
  return new ConcordError('too-little-data', `${name} requires at least one usable scan (${reason})`, {
    remedy: issues.at(0)?.remedy,
  });
}
