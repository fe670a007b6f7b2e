import type { FeatureCohort } from '../../data/cohort';
import { columnAt } from '../../data/feature-matrix';
import { ConcordError } from '../../errors';
import { medianPresent } from '../../math/statistics/median';
import { advise, option } from '../../remedy';
import { oneWayReliability } from './one-way-reliability';
import { makeOccasions, orderConsistency } from './order-consistency';
import { personsOf } from './person-site-means';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link personAgreement}. */
export interface PersonAgreementOptions {
  /**
   * The person on each row.
   *
   * @defaultValue the persons of the cohort
   */
  readonly persons?: readonly string[];
  /**
   * What the order of persons is compared between, one per row: visits, for example.
   *
   * @defaultValue the sites where a person was scanned at several, else the first, second, … scan of each person
   */
  readonly occasions?: readonly string[];
}

/** How scans of one person agree in one feature. */
export interface FeatureAgreement {
  readonly feature: string;
  /** ICC(1,1). */
  readonly icc: number;
  /** Within-person standard deviation, in the feature's unit. */
  readonly withinSd: number;
  /** Within-person standard deviation over the mean; it makes sense for quantities with a true zero. */
  readonly withinCv: number;
  /** Spearman's correlation of persons between occasions. */
  readonly orderConsistency: number;
  /** Persons with at least two values. */
  readonly repeated: number;
}

/** How scans of one person agree, see {@link personAgreement}. */
export interface PersonAgreement {
  readonly features: readonly FeatureAgreement[];
  /** Persons with more than one scan. */
  readonly repeated: number;
  /** What the order of persons was compared between: sites, visits as given, or the order of each person's scans. */
  readonly between: 'sites' | 'visits' | 'scans';
  /** Medians over the features for which the figure can be computed; `NaN` where there are none. */
  readonly medians: {
    readonly icc: number;
    readonly withinCv: number;
    readonly orderConsistency: number;
  };
}

/**
 * How well the scans of one person agree, feature by feature, in a table where persons come back or travel: ICC(1,1) and
 * within-person variability from a one-way analysis of variance by person, which takes any number of scans each (Shrout &
 * Fleiss 1979, case 1; Donner 1986; Bland & Altman 1996), and the order consistency of persons, Spearman's rank
 * correlation between every two occasions, averaged with the weight of the persons scanned at both.
 *
 * With travelers the ICC asks for absolute agreement: what a site adds counts against it. Harmonized well, ICC and order
 * go up and the within-person variability down to that of scans at one site. Missing cells are left out, feature by
 * feature. With persons who were all at every site, `metrics.siteReliability` gives ICC(2,1).
 *
 * @throws ConcordError `invalid-option` when there is not one person, or occasion, per row; `too-little-data` when no
 * person was scanned twice.
 */
export function personAgreement(
  cohort: FeatureCohort,
  options: PersonAgreementOptions = {},
): PersonAgreement {
  requireCall('metrics.personAgreement', { cohort, options });
  const persons = personsOf(cohort, options.persons);
  const names = [...new Set(persons)];
  const position = new Map(names.map((name, at) => [name, at]));
  const codes = Int32Array.from(persons, (person) => position.get(person) ?? -1);
  const scans = new Float64Array(names.length);
  codes.forEach((person) => scans[person]++);
  const repeated = scans.filter((count) => count > 1).length;
  if (repeated === 0) {
    throw new ConcordError('too-little-data', 'too few scans per person: no person was scanned twice', {
      remedy: advise`say who is who with ${option('persons')}`,
    });
  }
  const occasions = makeOccasions(codes, cohort.participants.sites, options.occasions);
  const features = cohort.features.features.map((feature, column): FeatureAgreement => {
    const values = columnAt(cohort.features, column);
    const { icc, withinSd, withinCv, repeated: own } = oneWayReliability(values, codes);
    return {
      feature,
      icc,
      withinSd,
      withinCv,
      orderConsistency: orderConsistency(values, occasions),
      repeated: own,
    };
  });
  const median = (of: (feature: FeatureAgreement) => number): number =>
    medianPresent(Float64Array.from(features, of));
  return {
    features,
    repeated,
    between: occasions.kind,
    medians: {
      icc: median(({ icc }) => icc),
      withinCv: median(({ withinCv }) => withinCv),
      orderConsistency: median((own) => own.orderConsistency),
    },
  };
}
