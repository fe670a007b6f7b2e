import type { VolumeCohort } from '../../data/cohort';
import { makeVolumeCohort } from '../../data/cohort';
import { provenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import type { Scan } from '../../data/images/scan';
import type { Volume } from '../../data/images/volume';
import type { Phantom } from './phantom';
import { makePhantom } from './phantom';
import type { MakePhantomOptions } from './phantom-options';
import type { PhantomCohortOptions, PhantomPerson, PhantomPlan, PlannedScan } from './phantom-plan';
import { planCohort } from './phantom-plan';
import { scannerRecord } from './scanner/phantom-scanner';
import { phantomBiasField, scanPhantom } from './scan-phantom';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link simulateVolumeCohort}. */
export interface SimulateVolumeCohortOptions
  extends PhantomCohortOptions, Pick<MakePhantomOptions, 'spacing' | 'shape' | 'head'> {
  /** Set what is outside the mask to zero, as after brain extraction. @defaultValue false */
  readonly masked?: boolean;
}

/** What is true of a simulated cohort of volumes. */
export interface PhantomCohortTruth {
  /** Every person once: age, sex, size, thickness, ventricle volume and the like. */
  readonly people: readonly PhantomPerson[];
  /** The same scans without noise: what each would be if it were averaged forever. */
  readonly noiseFree: VolumeCohort;
  /** The bias field of each scan. */
  readonly biasFields: VolumeCohort;
  /** The tissue maps and volumes of a person. */
  phantom(person: PhantomPerson, run?: RunOptions): Promise<Phantom>;
}

/** A simulated cohort and what it was made from. */
export interface SimulatedVolumeCohort {
  /** As measured. Nothing is made before a scan is opened. Covariates are `age` and `sex`. */
  readonly cohort: VolumeCohort;
  readonly truth: PhantomCohortTruth;
}

/**
 * Simulates a multi-site cohort of brain scans with known truth: digital persons (see {@link makePhantom}) at simulated
 * scanners. Scans are named like `P001_ses-siteA`; those of the same person share `Scan.subject`. Each is made when it
 * is opened, the same whenever and in whatever order; the person scanned last is remembered, so that going through
 * the scans in order makes each person once.
 *
 * @throws ConcordError `invalid-option` naming the option, its value and what is allowed.
 *
 * @example
 * ```ts
 * const { cohort, truth } = simulateVolumeCohort({ scanners: 'abcd-like', subjects: 5, traveling: true });
 * ```
 */
export function simulateVolumeCohort(options: SimulateVolumeCohortOptions = {}): SimulatedVolumeCohort {
  requireCall('simulateVolumeCohort', { options });
  const { seed = 1, spacing = 1, shape, head = false, masked = false } = options;
  const plan = planCohort(options);
  const phantom = rememberLast((person, run) => {
    const { age, sex, ...traits } = person.traits;
    return makePhantom({ seed: person.seed, age, sex, traits, spacing, shape, head }, run);
  });
  const scanned =
    (noiseFree: boolean) =>
    async ({ person, scanner, seed: own }: PlannedScan, run: RunOptions): Promise<Volume> =>
      scanPhantom(await phantom(person, run), scanner, { seed: own, noiseFree, masked, ...run });
  const field = async ({ person, scanner, seed: own }: PlannedScan, run: RunOptions): Promise<Volume> =>
    phantomBiasField(scanner, (await phantom(person, run)).tissues, own);
  const record = { ...plan.settings, spacing, shape, head, masked };
  const cohortOf = (open: OpenPlanned, part?: string): VolumeCohort =>
    makeVolumeCohort(plan.participants, scansOf(plan, open), {
      provenance: [provenanceStep('simulateVolumeCohort', { ...record, part }, seed)],
    });
  return {
    cohort: cohortOf(scanned(false)),
    truth: {
      people: plan.people,
      noiseFree: cohortOf(scanned(true), 'truth.noiseFree'),
      biasFields: cohortOf(field, 'truth.biasFields'),
      phantom,
    },
  };
}

type OpenPlanned = (scan: PlannedScan, run: RunOptions) => Promise<Volume>;

function scansOf({ scans }: PhantomPlan, open: OpenPlanned): readonly Scan[] {
  return scans.map((scan) => ({
    id: scan.id,
    subject: scan.person.subject,
    session: scan.scanner.site,
    ...(scan.run === undefined ? {} : { run: scan.run }),
    suffix: scan.scanner.suffix,
    scanner: scannerRecord(scan.scanner),
    open: (run: RunOptions = {}) => open(scan, run),
  }));
}

type MakePerson = (person: PhantomPerson, run?: RunOptions) => Promise<Phantom>;

/** Makes persons, and keeps the last one: scans of one person are together. A failure is not kept. */
function rememberLast(make: MakePerson): MakePerson {
  let last: Phantom | undefined;
  return async (person, run) => {
    if (last?.seed !== person.seed) last = await make(person, run);
    return last;
  };
}
