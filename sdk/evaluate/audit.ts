import type { Issue } from '../data/issue';
import type { SiteMahalanobis } from './site-figures/mahalanobis-between-sites';
import type { PersonAgreement } from './site-figures/person-agreement';
import type { SiteEffectSizes } from './site-figures/site-effect-sizes';
import type { SiteShareOfComponents } from './site-figures/site-share-of-components';

/** An estimate with its interval. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** The coverage of the interval, for example 0.95. */
  readonly level: number;
}

/**
 * Which data a figure was computed on. `raw`: nothing harmonized. `in-sample`: the harmonizer was fitted on all
 * subjects at once, those being tested among them, and given the very covariates that are predicted afterwards; its
 * figures are flattering. `held-out`: harmonized by what had learned from other persons only. `in-folds`: within each
 * fold the harmonizer was fitted on the training subjects only and applied to the held-out ones, whose value of a
 * covariate it is not given when that covariate is predicted.
 */
export type Protocol = 'raw' | 'in-sample' | 'held-out' | 'in-folds';

/**
 * How well a classifier, retrained on this data, separates the sites in cross-validation: a support vector machine
 * with a kernel, or, of images, a convolutional network (`cnn`).
 */
export interface SiteProbe<Kind extends string = 'linear' | 'rbf'> {
  readonly probe: Kind;
  readonly protocol: Protocol;
  /**
   * Mean over seeds of the balanced accuracy, with a bootstrap interval over seeds: how much it depends on how these
   * subjects were split. It says nothing about other subjects, and has no width with one seed.
   */
  readonly balancedAccuracy: Interval;
  /**
   * The same estimate with a bootstrap interval over persons: they are drawn within each site, with all their scans,
   * and for each of them one of the seeds, which says whether the subject was named correctly. It shows how much the
   * figure depends on who was scanned; verdicts rest on it.
   */
  readonly overSubjects: Interval;
  /** The balanced accuracy of guessing: one over the number of sites. */
  readonly chance: number;
  readonly perSeed: readonly number[];
  /**
   * Share of correctly named subjects per site, mean over seeds, in the order of the audit's sites; `NaN` if left out.
   */
  readonly recall: readonly number[];
  readonly folds: number;
  /**
   * Share of the folds of all seeds in which everybody tested was given one and the same site. A probe that does so has
   * learned nothing: its score is that of guessing whatever the data are like.
   */
  readonly oneAnswer: number;
}

/** One feature's tests for differences between sites, adjusted for the covariates. */
export interface FeatureTest {
  readonly feature: string;
  /** F of the site term after the covariates, with its p value and false-discovery-rate q value. */
  readonly anova: TestResult;
  /**
   * Kruskal–Wallis H on ranks of the residuals after the covariates. Differences in rank that covariates explain do not
   * count, so their confounding with site neither hides nor creates a difference.
   */
  readonly kruskal: TestResult;
  /** Brown–Forsythe (median-centered Levene) F on residuals after the covariates and the site. */
  readonly levene: TestResult;
  /**
   * F of effects of the covariates at each site by itself, beside effects that all sites share. Scanners that see an effect larger
   * or smaller make it significant, and so do persons: an effect that is curved where sites differ in range. Not there without
   * covariates, and where sites are compared within persons.
   */
  readonly slopes?: TestResult;
}

/** A test statistic, its p value, and its q value (Benjamini–Hochberg over the features). */
export interface TestResult {
  readonly statistic: number;
  readonly p: number;
  readonly q: number;
}

/** The per-feature tests of one state of the data. */
export interface SiteTests {
  readonly protocol: Protocol;
  readonly features: readonly FeatureTest[];
  readonly medianAnovaF: number;
  /** How many features have q below `alpha`. */
  readonly significant: {
    readonly anova: number;
    readonly kruskal: number;
    readonly levene: number;
    readonly slopes?: number;
  };
  readonly alpha: number;
}

/** The per-feature tests for differences between the levels of a batch variable that is not the site. */
export interface BatchTests {
  readonly batch: string;
  readonly levels: readonly string[];
  /** Of raw and of harmonized data. */
  readonly tests: readonly SiteTests[];
}

/** One feature's tests for differences between sites on all scans of all persons, in a mixed model with a level of each person. */
export interface PersonFeatureTest {
  readonly feature: string;
  /** F of the site term after the covariates by Kenward and Roger, and the degrees of freedom of its denominator. */
  readonly mean: TestResult & { readonly degreesOfFreedom: number };
  /** Fligner–Killeen χ² on the residuals after covariates, site and person. */
  readonly spread: TestResult;
}

/** The same of one state of the data. */
export interface PersonSiteTests {
  readonly protocol: 'raw' | 'in-sample';
  readonly features: readonly PersonFeatureTest[];
  /** How many features have q below `alpha`. */
  readonly significant: { readonly mean: number; readonly spread: number };
  readonly alpha: number;
}

/** Share of a feature's variance that one source explains beyond all others (partial R²), over features. */
export interface VarianceShare {
  readonly protocol: Protocol;
  /** `site`, or a covariate's name. */
  readonly source: string;
  /** Partial R² per feature, in the order of the audit's features; `NaN` where it cannot be computed. */
  readonly perFeature: Float64Array;
  readonly median: number;
}

/** How well a continuous covariate (age) is predicted from the features. */
export interface CovariateRegression {
  readonly protocol: Protocol;
  readonly covariate: string;
  readonly unit?: string;
  /** Cross-validated within each site, or trained on the other sites and tested on one left out. */
  readonly scheme: 'within-site' | 'leave-one-site-out';
  /**
   * Mean absolute error over the pooled subjects, in the covariate's unit. The bootstrap interval is over persons and,
   * where there are several, seeds: each resample draws persons with replacement and one of the seeds.
   */
  readonly mae: Interval;
  /**
   * How much larger the error is than on raw data, for harmonized data: the paired difference, from resamples that
   * draw the same persons and seed for both.
   */
  readonly change?: Interval;
  /** Share of the squared error of the baseline that the prediction saves; negative when it does worse. */
  readonly r2: number;
  /** The error of always predicting the training mean. */
  readonly baselineMae: number;
  readonly subjects: number;
}

/** How well a two-level covariate (sex) is predicted from the features. */
export interface CovariateClassification {
  readonly protocol: Protocol;
  readonly covariate: string;
  /** The level that counts as positive. */
  readonly positive: string;
  readonly scheme: 'within-site' | 'leave-one-site-out';
  /**
   * Area under the receiver operating characteristic from pairs of a positive and a negative subject of one site, held
   * out in one fold; 0.5 is chance. Its interval is as for {@link CovariateRegression.mae}.
   */
  readonly auc: Interval;
  /** How much larger the area is than on raw data, for harmonized data, as {@link CovariateRegression.change}. */
  readonly change?: Interval;
  readonly subjects: number;
}

/** Whether individuals keep their place: correlation of subject-by-subject distances before and after. */
export interface DistanceCorrelation {
  readonly perSite: readonly {
    readonly site: string;
    readonly subjects: number;
    /** Pearson correlation; `NaN` with fewer than three subjects. */
    readonly correlation: number;
  }[];
  /** Mean over sites, weighted by pairs of subjects. */
  readonly mean: number;
}

/** A covariate's slope per feature, before and after (adjusted for site and the other covariates). */
export interface CovariateSlopes {
  readonly covariate: string;
  /** The design column, for example `age` or `sex=M`. */
  readonly column: string;
  readonly unit?: string;
  /** Change of the feature in pooled standard deviations of the raw residuals, per unit of the column. */
  readonly before: Float64Array;
  readonly after: Float64Array;
}

/** How far sites are apart in one state of the data, by the figures that reports customarily give. */
export interface SiteSeparation {
  readonly protocol: 'raw' | 'in-sample';
  /** Whether the effects of the audit's covariates were taken out first. */
  readonly adjusted: boolean;
  readonly effects: Omit<SiteEffectSizes, 'issues'>;
  readonly mahalanobis: Omit<SiteMahalanobis, 'issues'>;
  readonly components: Omit<SiteShareOfComponents, 'issues'>;
}

/** How well the scans of one person agree in one state of the data. */
export interface PersonReliability extends PersonAgreement {
  readonly protocol: 'raw' | 'in-sample';
}

/** Everything measured about one harmonization of a table: the three questions of an honest evaluation. */
export interface TableAudit {
  readonly kind: 'table-audit';
  /** The harmonizer's name. */
  readonly method: string;
  /** Rows of the table: scans or visits. */
  readonly subjects: number;
  /** How many persons these rows come from; fewer than `subjects` where a person was scanned several times. */
  readonly persons: number;
  /** How many families these persons are of, where some are known to be related: folds and intervals go by family then. */
  readonly families?: number;
  readonly features: readonly string[];
  readonly sites: readonly {
    readonly name: string;
    readonly subjects: number;
    readonly persons: number;
  }[];
  readonly covariates: readonly string[];
  readonly seed: number;
  readonly seeds: number;
  /** Is the site gone? */
  readonly probes: readonly SiteProbe[];
  /**
   * The same probes on the same splits, but given the audit's covariates and no features: how well the site is named
   * by someone who knows only age and sex, say. Where these differ between sites, features that keep the biology give
   * the site away to that extent, so not even a perfect harmonizer comes below it. Empty without covariates.
   */
  readonly floor: readonly SiteProbe[];
  readonly tests: readonly SiteTests[];
  /** Where the harmonizer takes out several batch variables: tests of those that are not the site. */
  readonly batchTests?: readonly BatchTests[];
  /** Where persons have several scans; otherwise empty. */
  readonly personTests: readonly PersonSiteTests[];
  readonly variance: readonly VarianceShare[];
  /** Cohen's d, Mahalanobis distances, components; of the values as they are and, with covariates, adjusted for them. */
  readonly separations: readonly SiteSeparation[];
  /** Is the biology still there? */
  readonly regressions: readonly CovariateRegression[];
  readonly classifications: readonly CovariateClassification[];
  readonly slopes: readonly CovariateSlopes[];
  /**
   * The covariates that the harmonizer does not keep though sites differ in them: what differs is removed with the site, which
   * figures within sites cannot show. With the share of each that sites explain.
   */
  readonly removedWithSite?: readonly { readonly covariate: string; readonly share: number }[];
  /** Is the person still there? */
  readonly distances: DistanceCorrelation;
  /** Where persons have several scans; otherwise empty. */
  readonly reliability: readonly PersonReliability[];
  readonly issues: readonly Issue[];
}
