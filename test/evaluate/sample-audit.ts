import type { Interval, Protocol, TableAudit } from '../../sdk/evaluate/audit';

/** What a hand-made audit is to look like. */
export interface SampleAuditOptions {
  readonly sites?: readonly string[];
  readonly features?: number;
  /** Balanced accuracy of the probes in folds. */
  readonly probe?: number;
  /** Balanced accuracy of the probes that know the covariates alone. */
  readonly floor?: number;
}

const interval = (estimate: number, half: number): Interval => ({
  estimate,
  low: estimate - half,
  high: estimate + half,
  level: 0.95,
});

/** Of a feature that does not differ between sites. */
const same = { statistic: 0.5, p: 0.6, q: 0.8 };

const states: readonly Protocol[] = ['raw', 'in-sample', 'in-folds'];

/** An audit with made-up but plausible numbers, close to those of three IXI sites. */
export function sampleAudit(options: SampleAuditOptions = {}): TableAudit {
  const { sites = ['Guys', 'HH', 'IOP'], features = 62, probe = 0.48 } = options;
  const names = Array.from(
    { length: features },
    (_, i) => `${i % 2 === 0 ? 'left' : 'right'}.region.${i >> 1}`,
  );
  const chance = 1 / sites.length;
  const { floor = chance } = options;
  const probes = (['linear', 'rbf'] as const).flatMap((kind) =>
    states.map((protocol, i) => ({
      probe: kind,
      protocol,
      balancedAccuracy: interval([0.93, chance - 0.05, probe][i] + (kind === 'rbf' ? 0.01 : 0), 0.005),
      overSubjects: interval([0.93, chance - 0.05, probe][i] + (kind === 'rbf' ? 0.01 : 0), 0.02),
      chance,
      perSeed: [0.9, 0.92],
      recall: sites.map(() => 0.5),
      folds: 5,
      oneAnswer: 0,
    })),
  );
  const floorProbes = (['linear', 'rbf'] as const).map((kind) => ({
    probe: kind,
    protocol: 'raw' as const,
    balancedAccuracy: interval(floor, 0.005),
    overSubjects: interval(floor, 0.03),
    chance,
    perSeed: [floor, floor],
    recall: sites.map(() => floor),
    folds: 5,
    oneAnswer: 0,
  }));
  const wave = (factor: number): Float64Array =>
    Float64Array.from({ length: features }, (_, i) => factor * (0.5 + 0.5 * Math.sin(i * 1.7) ** 2));
  return {
    kind: 'table-audit',
    method: 'ComBat (age, sex preserved)',
    subjects: 559,
    persons: 559,
    features: names,
    sites: sites.map((name, i) => ({ name, subjects: 100 + i, persons: 100 + i })),
    covariates: ['age', 'sex'],
    seed: 1,
    seeds: 5,
    probes,
    floor: floorProbes,
    tests: states.map((protocol, i) => ({
      protocol,
      features: names.map((feature) => ({
        feature,
        anova: [{ statistic: 26, p: 0.01, q: 0.02 }, same, same][i],
        kruskal: [{ statistic: 20, p: 0.01, q: 0.02 }, same, same][i],
        levene: [{ statistic: 3, p: 0.01, q: 0.02 }, same, same][i],
      })),
      medianAnovaF: [26, 0.1, 0.4][i],
      significant: {
        anova: Math.round([0.97, 0, 0][i] * features),
        kruskal: Math.round([0.95, 0, 0][i] * features),
        levene: Math.round([0.5, 0, 0][i] * features),
      },
      alpha: 0.05,
    })),
    variance: states.flatMap((protocol, i) => [
      {
        protocol,
        source: 'site',
        perFeature: wave([0.12, 0.001, 0.004][i]),
        median: [0.08, 0.0008, 0.003][i],
      },
      { protocol, source: 'age', perFeature: wave([0.2, 0.21, 0.21][i]), median: [0.15, 0.16, 0.16][i] },
      { protocol, source: 'sex', perFeature: wave(0.01), median: 0.007 },
    ]),
    separations: [],
    regressions: (['within-site', 'leave-one-site-out'] as const).flatMap((scheme, k) =>
      states.map((protocol, i) => ({
        protocol,
        covariate: 'age',
        unit: 'years',
        scheme,
        mae: interval([6.6, 6.5, 6.7][i] + 0.8 * k, 0.25),
        r2: 0.7,
        baselineMae: 13.9,
        subjects: 559,
      })),
    ),
    classifications: (['within-site', 'leave-one-site-out'] as const).flatMap((scheme) =>
      states.map((protocol, i) => ({
        protocol,
        covariate: 'sex',
        positive: 'M',
        scheme,
        auc: interval([0.79, 0.8, 0.785][i], 0.03),
        subjects: 559,
      })),
    ),
    slopes: [
      { covariate: 'age', column: 'age', unit: 'years', before: wave(-0.04), after: wave(-0.039) },
      { covariate: 'sex', column: 'sex=M', before: wave(0.2), after: wave(0.21) },
    ],
    distances: {
      perSite: sites.map((site, i) => ({ site, subjects: 100 + i, correlation: 0.97 - 0.001 * i })),
      mean: 0.965,
    },
    reliability: [],
    personTests: [],
    issues: [],
  };
}
