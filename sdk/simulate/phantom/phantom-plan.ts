import { categorical, continuous } from '../../data/people/covariate';
import type { Participants } from '../../data/people/participants';
import { makeParticipants } from '../../data/people/participants';
import { ConcordError } from '../../errors';
import { deriveSeed, makeRandom } from '../../math/random';
import { phantomTraits } from './phantom';
import type { CompleteScanner, PhantomScanner } from './scanner/phantom-scanner';
import { completeScanner } from './scanner/phantom-scanner';
import type { PhantomSex, PhantomTraits } from './phantom-traits';
import type { ScannerPreset } from './scanner/scanner-presets';
import { scannerPreset } from './scanner/scanner-presets';

/** Who is scanned where: options that simulated cohorts of volumes and of slices share. */
export interface PhantomCohortOptions {
  /** Same seed and options, same bits. @defaultValue 1 */
  readonly seed?: number;
  /** The machines, or the name of a set of them. @defaultValue `'seven-site'` */
  readonly scanners?: ScannerPreset | readonly PhantomScanner[];
  /** Persons at each site; with `traveling` persons in all. @defaultValue 10 */
  readonly subjects?: number;
  /** Everyone is scanned at every site, and is a traveling subject. @defaultValue false */
  readonly traveling?: boolean;
  /** Every scan is made twice, as runs 1 and 2: what differs between them no method can remove. @defaultValue false */
  readonly testRetest?: boolean;
  /** Youngest and oldest in years. @defaultValue [20, 80] */
  readonly ageRange?: readonly [number, number];
  /**
   * How much age depends on the site, from 0, everywhere alike, to 1, where each site has a span of the age range to
   * itself, in the order of the sites. Not with `traveling`.
   *
   * @defaultValue 0
   */
  readonly ageConfounding?: number;
}

/** One digital person of a cohort. */
export interface PhantomPerson {
  readonly subject: string;
  readonly seed: number;
  readonly traits: PhantomTraits;
}

/** One scan to be made. */
export interface PlannedScan {
  readonly id: string;
  readonly person: PhantomPerson;
  readonly scanner: CompleteScanner;
  readonly seed: number;
  readonly run?: string;
}

/** The persons and scans of a cohort: the scans of a person are together. */
export interface PhantomPlan {
  readonly people: readonly PhantomPerson[];
  readonly scans: readonly PlannedScan[];
  readonly participants: Participants;
  /** The options with defaults filled in, for the record. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Plans a cohort. Each person, and each scan of a person, has a seed of its own, so that more persons, sites or runs
 * leave those that were there as they were.
 *
 * @throws ConcordError `invalid-option` naming the option, its value and what is allowed.
 */
export function planCohort(options: PhantomCohortOptions): PhantomPlan {
  const { seed = 1, subjects = 10, traveling = false, testRetest = false } = options;
  const { ageRange = [20, 80], ageConfounding = 0, scanners: chosen = 'seven-site' } = options;
  checkPlan({ seed, subjects, ageRange, ageConfounding, traveling });
  const scanners = (typeof chosen === 'string' ? scannerPreset(chosen) : chosen).map(completeScanner);
  const sites = [...new Set(scanners.map((scanner) => scanner.site))];
  if (sites.length === 0) {
    throw new ConcordError('invalid-option', 'invalid scanners: none (at least one is required)');
  }
  const groups = traveling ? [sites] : sites.map((site) => [site]);
  const people: PhantomPerson[] = [];
  const scans: PlannedScan[] = [];
  groups.forEach((visited, group) => {
    const span = traveling
      ? ageRange
      : siteAges(ageRange, ageConfounding, group / sites.length, 1 / sites.length);
    for (let i = 0; i < subjects; i++) {
      const person = drawPerson(people.length, deriveSeed(deriveSeed(seed, group), i), span);
      people.push(person);
      scans.push(...planScans(person, scanners, { visited, testRetest }));
    }
  });
  const settings = { scanners, subjects, traveling, testRetest, ageRange, ageConfounding };
  return { people, scans, participants: participantsOf(scans), settings };
}

function planScans(
  person: PhantomPerson,
  scanners: readonly CompleteScanner[],
  { visited, testRetest }: { readonly visited: readonly string[]; readonly testRetest: boolean },
): PlannedScan[] {
  return scanners.flatMap((scanner, position) => {
    if (!visited.includes(scanner.site)) return [];
    const several = scanners.filter((other) => other.site === scanner.site).length > 1;
    const base = `${person.subject}_ses-${scanner.site}`;
    const suffix = several ? `_${scanner.suffix}` : '';
    const own = deriveSeed(person.seed, 100 + position);
    if (!testRetest) return [{ id: `${base}${suffix}`, person, scanner, seed: deriveSeed(own, 0) }];
    return ['1', '2'].map((run, repeat) => {
      return { id: `${base}_run-${run}${suffix}`, person, scanner, seed: deriveSeed(own, repeat), run };
    });
  });
}

function drawPerson(
  position: number,
  seed: number,
  [youngest, oldest]: readonly [number, number],
): PhantomPerson {
  const random = makeRandom(deriveSeed(seed, 4));
  const age = Math.round(10 * (youngest + (oldest - youngest) * random.uniform())) / 10;
  const sex: PhantomSex = random.uniform() < 0.5 ? 'F' : 'M';
  const subject = `P${String(position + 1).padStart(3, '0')}`;
  return { subject, seed, traits: phantomTraits(seed, { age, sex }) };
}

/** The ages at a site: the whole range, shrunk towards the site's own part of it. */
function siteAges(
  [youngest, oldest]: readonly [number, number],
  confounding: number,
  from: number,
  share: number,
): readonly [number, number] {
  const width = oldest - youngest;
  const low = youngest + confounding * from * width;
  const high = oldest - confounding * (1 - from - share) * width;
  return [low, high];
}

function participantsOf(scans: readonly PlannedScan[]): Participants {
  return makeParticipants(
    scans.map(({ id }) => id),
    scans.map(({ scanner }) => scanner.site),
    [
      continuous(
        'age',
        scans.map(({ person }) => person.traits.age),
        'years',
      ),
      categorical(
        'sex',
        scans.map(({ person }) => person.traits.sex),
        ['F', 'M'],
      ),
    ],
  );
}

/** What {@link checkPlan} checks. */
type PlanNumbers = Required<
  Pick<PhantomCohortOptions, 'seed' | 'subjects' | 'ageRange' | 'ageConfounding' | 'traveling'>
>;

function checkPlan({ seed, subjects, ageRange, ageConfounding, traveling }: PlanNumbers): void {
  const fail = (name: string, value: string | number, allowed: string): never => {
    throw new ConcordError('invalid-option', `invalid ${name}: ${value} (${allowed} is allowed)`);
  };
  if (!Number.isSafeInteger(seed)) fail('seed', seed, 'a whole number');
  if (!(Number.isInteger(subjects) && subjects >= 1)) fail('subjects', subjects, 'a whole number from 1');
  const [youngest, oldest] = ageRange;
  if (!(youngest >= 5 && oldest <= 100 && youngest <= oldest)) {
    fail('ageRange', `[${youngest}, ${oldest}]`, 'two ages from 5 to 100, the lower first,');
  }
  if (!(ageConfounding >= 0 && ageConfounding <= (traveling ? 0 : 1))) {
    fail('ageConfounding', ageConfounding, traveling ? '0 with traveling' : '0 to 1');
  }
}
