import type { VolumeCohort } from '../data/cohort';
import { personNames, siteNames } from '../data/people/participants';
import type { Scanner } from '../data/images/scan';
import { count } from '../plot/layout';
import { describeCovariate } from './reading-section';
import type { ReportFact, ReportReading } from './report-content';

/** The most names of one kind that a line lists. */
const listed = 40;

/**
 * Says which scans were read: persons, sites, sessions, what was measured, scanners, covariates; every scan on demand.
 */
export function scansReading(cohort: VolumeCohort): ReportReading {
  const { participants, scans } = cohort;
  const persons = personNames(participants).length;
  const tallied = (label: string, values: readonly (string | undefined)[]): readonly ReportFact[] =>
    values.every((value) => value === undefined) ? [] : [{ label, value: tally(values) }];
  const names = siteNames(participants);
  return {
    facts: [
      { label: 'Scans', value: `${count(scans.length)} of ${count(persons)} persons` },
      { label: 'Sites', value: `${count(names.length)}: ${tally(participants.sites)}` },
      ...tallied(
        'Images',
        scans.map(({ suffix }) => suffix),
      ),
      ...tallied(
        'Sessions',
        scans.map(({ session }) => session),
      ),
      ...tallied(
        'Runs',
        scans.map(({ run }) => run),
      ),
      ...tallied(
        'Scanners',
        scans.map(({ scanner }) => scannerName(scanner)),
      ),
      ...participants.covariates.map((covariate) => ({
        label: `Covariate ${covariate.name}`,
        value: describeCovariate(covariate),
      })),
    ],
    lists: [{ label: `Every scan (${count(scans.length)})`, names: true, items: scans.map(({ id }) => id) }],
  };
}

function scannerName(scanner: Scanner | undefined): string | undefined {
  if (scanner === undefined) return undefined;
  const { manufacturer, model, fieldStrength } = scanner;
  const field = fieldStrength === undefined ? undefined : `${fieldStrength} T`;
  const known = [manufacturer, model, field].filter((part) => part !== undefined);
  return known.length === 0 ? undefined : known.join(' ');
}

/** Each value with how often it occurs: `HH (12), SWA (9)`. */
function tally(values: readonly (string | undefined)[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value ?? 'not known', (counts.get(value ?? 'not known') ?? 0) + 1);
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  const shown = sorted.slice(0, listed).map(([name, number]) => `${name} (${count(number)})`);
  const rest = sorted.length - shown.length;
  return shown.join(', ') + (rest === 0 ? '' : ` and ${count(rest)} more`);
}
