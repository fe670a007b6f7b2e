import type { ImageCohort } from '../../data/cohort';
import { requireOneSuffix, takeSubjects } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { imageSource } from '../../data/memory-source';
import { requireFiniteImages } from '../../data/slice-source';
import { ConcordError } from '../../errors';
import type { ProbeTarget } from '../probes/probe-target';
import { probeTarget } from '../probes/probe-target';

/** Scans, and what a probe is asked for each of them: known for all. */
export interface ProbeData {
  readonly cohort: ImageCohort;
  readonly target: ProbeTarget;
}

/**
 * Takes the scans of which the target is known. The others are left out, and an issue says so.
 *
 * @throws ConcordError `unknown-column`; `invalid-voxels` naming the scan; `too-little-data` when nothing differs.
 */
export function probeData(
  cohort: ImageCohort,
  name: string,
): { readonly data: ProbeData; readonly issues: readonly Issue[] } {
  const { images, participants } = cohort;
  requireFiniteImages(images.data, [...images.slices.keys()], imageSource(images));
  const all = { cohort, target: probeTarget(cohort, name) };
  const rows = [...participants.ids.keys()];
  const known = rows.filter((row) => !Number.isNaN(all.target.values[row]));
  const data = known.length === rows.length ? all : takeProbeData(all, known);
  requireDifferences(name, data.target);
  if (known.length === rows.length) return { data, issues: [] };
  const unknown = rows.filter((row) => Number.isNaN(all.target.values[row]));
  const message = `${unknown.length} of ${rows.length} scans are left out: their ${name} is missing (${listNames(
    unknown.map((row) => participants.ids[row]),
    3,
  )})`;
  return { data, issues: [makeIssue('dropped-subject', message, { column: name })] };
}

/** The scans at `rows`, in that order. */
export function takeProbeData({ cohort, target }: ProbeData, rows: readonly number[]): ProbeData {
  const values = Float64Array.from(rows, (row) => target.values[row]);
  return { cohort: takeSubjects(cohort, rows), target: { ...target, values } };
}

/**
 * Numbers the classes of a second cohort as the first numbers them, and checks that one can judge what the other taught.
 *
 * @throws ConcordError `invalid-option` when images differ in size or contrast, or people stand in both cohorts;
 * `unknown-site` or `unknown-level` for a class that was not learnt.
 */
export function alignTestData(name: string, learnt: ProbeData, test: ProbeData): ProbeData {
  requireOneSuffix('imageProbe', learnt.cohort, test.cohort);
  const [size, other] = [learnt, test].map(({ cohort }) => cohort.images.shape.slice(1).join(' × '));
  if (size !== other) {
    throw new ConcordError('invalid-option', `invalid test: images of ${other} (those learnt are ${size})`);
  }
  const people = new Set(learnt.cohort.subjects);
  const both = [...new Set(test.cohort.subjects)].filter((person) => people.has(person));
  if (both.length > 0) {
    throw new ConcordError(
      'invalid-option',
      `invalid test: ${listNames(both, 3)} stand in both cohorts (other people are required; where only the names ` +
        'agree, give one cohort other subjects with makeImageCohort)',
    );
  }
  const { classes } = learnt.target;
  const values = test.target.values.map((value) => {
    if (test.target.kind === 'number') return value;
    const code = classes.indexOf(test.target.classes[value]);
    if (code >= 0) return code;
    throw new ConcordError(
      name === 'site' ? 'unknown-site' : 'unknown-level',
      `unknown ${name}: "${test.target.classes[value]}" in test (learnt are ${listNames(classes)})`,
    );
  });
  return { cohort: test.cohort, target: { ...learnt.target, values } };
}

function requireDifferences(name: string, { kind, values }: ProbeTarget): void {
  // Classes have been counted already.
  if (kind === 'classes' || values.some((value) => value !== values[0])) return;
  const what = values.length === 0 ? `no scan has a value of ${name}` : `all scans have ${name} ${values[0]}`;
  throw new ConcordError('too-little-data', `${what}: there is nothing to tell apart`, {
    where: { column: name },
  });
}
