import type { ImageCohort } from '../../data/cohort';
import { isMissing } from '../../data/people/covariate';
import { covariateNamed, siteCodes, siteNames } from '../../data/people/participants';
import { ConcordError } from '../../errors';

/** What a probe is to find for each scan. */
export interface ProbeTarget {
  readonly kind: 'classes' | 'number';
  /** The classes by name; none for a number. */
  readonly classes: readonly string[];
  /** The class of each scan, or its number; `NaN` where it is not known. */
  readonly values: Float64Array;
}

/**
 * The site of each scan, or a covariate of its person.
 *
 * @throws ConcordError `unknown-column`; `too-little-data` when there is one class only.
 */
export function probeTarget({ participants }: ImageCohort, name: string): ProbeTarget {
  if (name === 'site') {
    const classes = siteNames(participants);
    requireClasses(name, classes);
    return { kind: 'classes', classes, values: Float64Array.from(siteCodes(participants, classes)) };
  }
  const covariate = covariateNamed(participants, name);
  const rows = participants.ids.map((_, row) => row);
  if (covariate.kind === 'continuous') return { kind: 'number', classes: [], values: covariate.values };
  const met = covariate.levels.filter((_, code) => covariate.codes.includes(code));
  requireClasses(name, met);
  const values = rows.map((row) =>
    isMissing(covariate, row) ? NaN : met.indexOf(covariate.levels[covariate.codes[row]]),
  );
  return { kind: 'classes', classes: met, values: Float64Array.from(values) };
}

function requireClasses(name: string, classes: readonly string[]): void {
  if (classes.length > 1) return;
  throw new ConcordError(
    'too-little-data',
    `all scans have the same ${name}, "${classes[0]}": there is nothing to identify`,
    { where: { column: name } },
  );
}
