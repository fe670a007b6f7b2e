/** A site to simulate. What is left out is drawn from the seed. */
export interface SimulatedSite {
  readonly name: string;
  /** At least 1. */
  readonly subjects: number;
  /** Mean age in years, within the range of ages. */
  readonly ageMean?: number;
  /** Standard deviation of age in years, before ages are cut to their range. */
  readonly ageSd?: number;
  /** Probability of a subject being female, 0 to 1. */
  readonly femaleShare?: number;
}

/** Mean and standard deviation over features. */
export interface Spread {
  readonly mean: number;
  readonly sd: number;
}

/** How strong the simulated site effects are. Zero everywhere makes sites that do not differ. */
export interface SiteEffectOptions {
  /** Standard deviation over sites of the shift that a site's features share, in feature SD. @defaultValue 0.6 */
  readonly locationSd?: number;
  /** Standard deviation over features of a site's shifts around their mean, in feature SD. @defaultValue 0.5 */
  readonly featureLocationSd?: number;
  /** Standard deviation over sites of the logarithm of the mean variance ratio. @defaultValue 0.3 */
  readonly scaleSd?: number;
  /** Coefficient of variation over features of a site's variance ratios. @defaultValue 0.3 */
  readonly featureScaleCv?: number;
  /**
   * Share (0 to 1) of the variance of shifts over features that follows the features' common factors, so that
   * features that vary together between persons are also shifted together by a scanner.
   *
   * @defaultValue 0
   */
  readonly correlation?: number;
}

/** What {@link simulateFeatureCohort} takes; every default looks like cortical thickness in millimeters. */
export interface SimulateFeatureCohortOptions {
  /** Same seed and options, same bits. @defaultValue 1 */
  readonly seed?: number;
  /**
   * The sites, or how many. Sites by number have sizes between 40 and 160 subjects, or in these proportions where
   * `subjects` says how many there are in all.
   *
   * @defaultValue 6
   */
  readonly sites?: number | readonly SimulatedSite[];
  /** Subjects in all, at least two per site; only with `sites` by number. */
  readonly subjects?: number;
  /** Feature names, or how many. `lh_x` and `rh_x` are mirror images. @defaultValue 68, Desikan–Killiany regions */
  readonly features?: number | readonly string[];
  /** Lowest and highest mean of a feature. @defaultValue [2, 3.5] */
  readonly meanRange?: readonly [number, number];
  /** Lowest and highest standard deviation of a feature between like subjects. @defaultValue [0.15, 0.25] */
  readonly sdRange?: readonly [number, number];
  /** Youngest and oldest age in years. @defaultValue [20, 80] */
  readonly ageRange?: readonly [number, number];
  /** Change per year of age over features, in feature units. @defaultValue `{ mean: -0.004, sd: 0.0015 }` */
  readonly ageSlope?: Spread;
  /** Men minus women over features, in feature units. @defaultValue `{ mean: 0.01, sd: 0.03 }` */
  readonly sexEffect?: Spread;
  /** Number of factors that features share. @defaultValue 5 */
  readonly factors?: number;
  /** Share of a feature's variance that the factors carry. @defaultValue 0.4 */
  readonly commonVariance?: number;
  /** Share of its variance that a feature has in common with its mirror image alone. @defaultValue 0.25 */
  readonly hemisphericVariance?: number;
  readonly siteEffects?: SiteEffectOptions;
  /** Share of cells to make missing, at random. @defaultValue 0 */
  readonly missing?: number;
}

/** The options with every default filled in, except what is drawn from the seed. */
export type SimulationSettings = Required<Omit<SimulateFeatureCohortOptions, 'subjects' | 'siteEffects'>> & {
  readonly subjects?: number;
  readonly siteEffects: Required<SiteEffectOptions>;
};

/** Fills in the defaults. */
export function simulationSettings(options: SimulateFeatureCohortOptions): SimulationSettings {
  return {
    seed: options.seed ?? 1,
    sites: options.sites ?? 6,
    subjects: options.subjects,
    features: options.features ?? 68,
    meanRange: options.meanRange ?? [2, 3.5],
    sdRange: options.sdRange ?? [0.15, 0.25],
    ageRange: options.ageRange ?? [20, 80],
    ageSlope: options.ageSlope ?? { mean: -0.004, sd: 0.0015 },
    sexEffect: options.sexEffect ?? { mean: 0.01, sd: 0.03 },
    factors: options.factors ?? 5,
    commonVariance: options.commonVariance ?? 0.4,
    hemisphericVariance: options.hemisphericVariance ?? 0.25,
    siteEffects: {
      locationSd: options.siteEffects?.locationSd ?? 0.6,
      featureLocationSd: options.siteEffects?.featureLocationSd ?? 0.5,
      scaleSd: options.siteEffects?.scaleSd ?? 0.3,
      featureScaleCv: options.siteEffects?.featureScaleCv ?? 0.3,
      correlation: options.siteEffects?.correlation ?? 0,
    },
    missing: options.missing ?? 0,
  };
}
