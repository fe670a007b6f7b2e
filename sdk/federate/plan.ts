import type { JsonObject } from '../data/json';
import { counted } from '../data/counted';
import { listNames, quoteName } from '../data/list-names';
import { unknownTarget } from '../data/people/unknown-site';
import type { CombatCovariate, CombatSmooth } from '../combat/combat-model';
import type { CombatTerm } from '../combat/design/formula';
import { spacedKnots } from '../combat/design/smooth-basis';
import { withMargins } from '../combat/design/term-columns';
import { ConcordError } from '../errors';
import { advise, option } from '../remedy';
import type { CountedCovariate, HospitalCounts } from './counts';
import { keyFingerprint, refusedMessage } from './message';
import type { FederatedStudy } from './study';

/** A covariate of the study: what is known of it in all hospitals together. */
export type PlannedCovariate =
  | {
      readonly kind: 'continuous';
      readonly name: string;
      readonly unit?: string;
      readonly low: number;
      readonly high: number;
    }
  | { readonly kind: 'categorical'; readonly name: string; readonly levels: readonly string[] };

/** A site, and the hospitals that have scans of it. */
export interface PlannedSite {
  readonly name: string;
  readonly hospitals: readonly string[];
}

/** What all hospitals agree on after the first round: the content of the second request. */
export interface FederatedPlan {
  readonly hospitals: readonly {
    readonly name: string;
    /** By which it sees that its key arrived unchanged, and that of the others. */
    readonly fingerprint: string;
  }[];
  /** Those that every hospital has. */
  readonly features: readonly string[];
  readonly leftOut: readonly string[];
  readonly sites: readonly PlannedSite[];
  readonly covariates: readonly PlannedCovariate[];
  /** Their linear effects, with those that an interaction needs below it. */
  readonly terms: readonly CombatTerm[];
  /** Their curves: one for each level, where these differ by a covariate. */
  readonly smooths: readonly PlannedSmooth[];
}

/** A curve before all scans were counted. */
export type PlannedSmooth = Pick<CombatSmooth, 'name' | 'by' | 'knots'>;

/** What one hospital answered in the first round. */
export interface NamedCounts {
  readonly name: string;
  readonly publicKey: string;
  readonly counts: HospitalCounts;
}

/**
 * Agrees on features, sites and levels.
 *
 * @param sharedSites - the sites of several hospitals that are one and the same
 * @throws ConcordError `invalid-option` where a site of the same name is in two hospitals and nobody said that it is one, or where
 * a covariate differs in kind or unit; `too-little-data`, `unknown-site`.
 */
export function planStudy(
  study: FederatedStudy,
  answers: readonly NamedCounts[],
  sharedSites: readonly string[],
): FederatedPlan {
  const { settings, preserve } = study;
  answers.forEach((answer) => requireCounted(answer, preserve));
  const sites = plannedSites(answers);
  requireAgreed(sites, sharedSites);
  const names = sites.map(({ name }) => name);
  if (names.length < 2) {
    throw new ConcordError(
      'too-little-data',
      `too few sites: ${listNames(names)} (ComBat requires at least two)`,
    );
  }
  if (settings.reference !== null && !names.includes(settings.reference)) {
    throw unknownTarget(settings.reference, names, { what: 'reference site' });
  }
  const own = answers.map(({ counts }) => new Set(counts.features));
  const all = new Set(answers.flatMap(({ counts }) => counts.features));
  const features = [...all].filter((name) => own.every((names) => names.has(name)));
  if (features.length === 0) {
    throw new ConcordError('too-little-data', 'missing features: none is in the tables of all hospitals', {
      remedy: advise`let all tables have the same names of columns`,
    });
  }
  const covariates = preserve.map(({ name }) => plannedCovariate(name, answers));
  return {
    hospitals: answers.map(({ name, publicKey }) => ({ name, fingerprint: keyFingerprint(publicKey) })),
    features,
    leftOut: [...all].filter((name) => !own.every((names) => names.has(name))),
    sites,
    covariates,
    ...plannedEffects(study, covariates),
  };
}

/** What covariates do, once their levels are known. */
export function plannedEffects(
  { terms, smooths }: Pick<FederatedStudy, 'terms' | 'smooths'>,
  covariates: readonly PlannedCovariate[],
): Pick<FederatedPlan, 'terms' | 'smooths'> {
  const described = covariates.map((one): CombatCovariate =>
    one.kind === 'continuous'
      ? { kind: 'continuous', name: one.name, min: one.low, max: one.high }
      : { ...one, reference: one.levels[0] },
  );
  return {
    terms: withMargins(
      terms,
      described,
      smooths.map(({ name }) => [name]),
    ),
    smooths: smooths.flatMap(({ name, by, knots, splines }): readonly PlannedSmooth[] => {
      const whole = { name, knots: spacedKnots(knots, splines) };
      if (by === undefined) return [whole];
      const factor = covariates.find((one) => one.name === by);
      if (factor?.kind !== 'categorical') return [];
      return factor.levels.map((level) => ({ ...whole, by: { covariate: by, level } }));
    }),
  };
}

/** A hospital that answers with what it was not asked for has another version, or another study. */
function requireCounted({ name, counts }: NamedCounts, preserve: FederatedStudy['preserve']): void {
  const asked = preserve.map((one) => one.name).join();
  const kinds = counts.covariates.every((one) => {
    const { kind } = preserve.find((known) => known.name === one.name) ?? {};
    return kind === undefined || kind === one.kind;
  });
  if (kinds && counts.covariates.map((one) => one.name).join() === asked) return;
  throw refusedMessage(
    `the "counts" of ${quoteName(name)} are of other covariates than the study preserves`,
    advise`have the hospital answer by the same version of concord-mri`,
  );
}

function plannedSites(answers: readonly NamedCounts[]): readonly PlannedSite[] {
  const names = [...new Set(answers.flatMap(({ counts }) => counts.sites.map(({ name }) => name)))].sort();
  return names.map((name) => ({
    name,
    hospitals: answers
      .filter(({ counts }) => counts.sites.some((site) => site.name === name))
      .map((answer) => answer.name),
  }));
}

/** Two hospitals may each call a scanner "1": that they are the same one is for the coordinator to say. */
function requireAgreed(sites: readonly PlannedSite[], sharedSites: readonly string[]): void {
  const shared = sites.filter(({ hospitals }) => hospitals.length > 1);
  const stray = sharedSites.find((name) => !shared.some((site) => site.name === name));
  if (stray !== undefined) {
    throw new ConcordError(
      'unknown-site',
      `unknown shared site: ${quoteName(stray)} is not in the tables of two hospitals`,
    );
  }
  const unsaid = shared.find(({ name }) => !sharedSites.includes(name));
  if (unsaid === undefined) return;
  const { name, hospitals } = unsaid;
  throw new ConcordError(
    'invalid-option',
    `site ${quoteName(name)} is in the tables of ${listNames(hospitals)}`,
    {
      where: { site: name },
      remedy: advise`if it is one scanner, say so with ${option('sharedSites', name)}; if not, have one of them renamed and its first answer replaced with ${option('drop', hospitals[1])}`,
    },
  );
}

function plannedCovariate(name: string, answers: readonly NamedCounts[]): PlannedCovariate {
  const found = answers.flatMap(({ name: hospital, counts }) =>
    counts.covariates.filter((one) => one.name === name).map((one) => ({ hospital, one })),
  );
  const [first, ...others] = found;
  for (const { hospital, one } of others) {
    const problem = difference(first.one, one);
    if (problem === undefined) continue;
    throw new ConcordError(
      'invalid-option',
      `covariate ${name} is ${problem} at ${quoteName(first.hospital)} and ${quoteName(hospital)}`,
      {
        where: { column: name },
        remedy: advise`let tables agree, and replace a first answer with ${option('drop', hospital)}; or begin the study anew and state its kind`,
      },
    );
  }
  const { one } = first;
  if (one.kind === 'continuous') {
    const ranges = found.map((each) => each.one).filter((each) => each.kind === 'continuous');
    const low = Math.min(...ranges.map((range) => range.low));
    return { ...one, low, high: Math.max(...ranges.map((range) => range.high)) };
  }
  const levels = found.flatMap((each) => (each.one.kind === 'categorical' ? each.one.levels : []));
  return { kind: 'categorical', name, levels: [...new Set(levels)].sort() };
}

function difference(a: CountedCovariate, b: CountedCovariate): string | undefined {
  if (a.kind !== b.kind) return `${a.kind} and ${b.kind}, in turn,`;
  const [one, other] = [a, b].map((each) => (each.kind === 'continuous' ? each.unit : undefined));
  return one === other
    ? undefined
    : `in ${one ?? 'an unknown unit'} and ${other ?? 'an unknown unit'}, in turn,`;
}

/** What the second request discloses, in words. */
export function planDiscloses({
  hospitals,
  features,
  leftOut,
  sites,
  covariates,
}: FederatedPlan): readonly string[] {
  const left =
    leftOut.length === 0
      ? ''
      : `; ${listNames(leftOut)} left out, since a hospital lacks ${leftOut.length === 1 ? 'it' : 'them'}`;
  return [
    ...hospitals.map(({ name, fingerprint }) => `${quoteName(name)} takes part, its key is ${fingerprint}`),
    ...sites.map(({ name, hospitals: at }) => `site ${quoteName(name)} is at ${listNames(at)}`),
    `${counted(features.length, 'feature')}${left}`,
    ...covariates.map((one) =>
      one.kind === 'continuous'
        ? `${one.name}: between ${one.low} and ${one.high} in all`
        : `${one.name}: its levels are ${listNames(one.levels)}`,
    ),
  ];
}

/** The plan that a message has. */
export function planOf(content: JsonObject): FederatedPlan {
  return content as JsonObject & FederatedPlan;
}
