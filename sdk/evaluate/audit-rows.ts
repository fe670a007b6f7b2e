import type {
  CovariateClassification,
  CovariateRegression,
  Interval,
  Protocol,
  SiteProbe,
  TableAudit,
  VarianceShare,
} from './audit';

/** The states of the data, in the order in which they are shown. */
export const protocols: readonly Protocol[] = ['raw', 'in-sample', 'in-folds'];

/** The three questions of an honest evaluation, in order. */
export type AuditQuestion = 'site' | 'biology' | 'person';

/** The questions in words. */
export const auditQuestions: Readonly<Record<AuditQuestion, string>> = {
  site: 'Is the site gone?',
  biology: 'Is the biology still there?',
  person: 'Is the person still there?',
};

/** A figure of an audit: an estimate, with its interval where it has one. */
export interface AuditValue {
  readonly estimate: number;
  readonly interval?: Interval;
}

/** One line of an audit: the same figure for each state of the data that it was computed on. */
export interface AuditRow {
  readonly question: AuditQuestion;
  /** What was measured, for example `linear probe`. */
  readonly measure: string;
  /** The quantity and its unit; rows of one quantity share an axis. */
  readonly quantity: string;
  readonly values: Readonly<Partial<Record<Protocol, AuditValue>>>;
  /** What guessing achieves, where that is known. */
  readonly chance?: { readonly label: string; readonly value: number };
  /** What the covariates alone achieve, which no harmonization that keeps them can go below. */
  readonly floor?: { readonly label: string; readonly value: number };
  /** Numbers are shares, to be read as percentages. */
  readonly share: boolean;
  /** Whether figures draw it; tables show every row. */
  readonly drawn: boolean;
}

/** Above this many sites the rows of single sites are summed up. */
const manySites = 8;

/** Every figure of an audit as one row per measure, with raw, in-sample and in-folds side by side. */
export function auditRows(audit: TableAudit): readonly AuditRow[] {
  return [...siteRows(audit), ...biologyRows(audit), ...personRows(audit)];
}

function siteRows(audit: TableAudit): AuditRow[] {
  const kinds = [
    { probe: 'linear', by: 'by a linear probe' },
    { probe: 'rbf', by: 'by a non-linear (RBF) probe' },
  ] as const;
  const alone = `${audit.covariates.join(', ')} alone`;
  const row = (measure: string, own: readonly SiteProbe[], drawn: boolean): AuditRow => ({
    question: 'site',
    measure,
    quantity: 'balanced accuracy',
    values: byProtocol(own, (entry) => withInterval(entry.overSubjects)),
    chance: { label: 'chance', value: own[0].chance },
    share: false,
    drawn,
  });
  const probes = kinds.flatMap(({ probe, by }): AuditRow[] => {
    const own = audit.probes.filter((entry) => entry.probe === probe);
    if (own.length === 0) return [];
    const named = row(`site named ${by}`, own, true);
    const floor = audit.floor.filter((entry) => entry.probe === probe);
    if (floor.length === 0) return [named];
    const mark = { label: `from ${alone}`, value: floor[0].overSubjects.estimate };
    return [{ ...named, floor: mark }, row(`site named from ${alone}, ${by}`, floor, false)];
  });
  return [...probes, ...testRows(audit), ...varianceRows(audit, (source) => source === 'site')];
}

function testRows(audit: TableAudit): AuditRow[] {
  if (audit.tests.length === 0) return [];
  const { alpha } = audit.tests[0];
  const tests = [
    { key: 'anova', measure: 'features whose means differ (ANOVA)' },
    { key: 'kruskal', measure: 'features whose ranks differ (Kruskal–Wallis)' },
    { key: 'levene', measure: 'features whose spreads differ (Brown–Forsythe)' },
  ] as const;
  const shares = tests.map(({ key, measure }): AuditRow => ({
    question: 'site',
    measure,
    quantity: `share of features with q < ${alpha}`,
    values: byProtocol(audit.tests, (entry) => ({
      estimate: entry.significant[key] / entry.features.length,
    })),
    share: true,
    drawn: true,
  }));
  const medianF: AuditRow = {
    question: 'site',
    measure: 'median F of the site',
    quantity: 'F',
    values: byProtocol(audit.tests, (entry) => ({ estimate: entry.medianAnovaF })),
    share: false,
    drawn: false,
  };
  return [...shares, medianF];
}

function varianceRows(audit: TableAudit, keep: (source: string) => boolean): AuditRow[] {
  const sources = [...new Set(audit.variance.map((entry) => entry.source))].filter(keep);
  return sources.map((source): AuditRow => {
    const own: readonly VarianceShare[] = audit.variance.filter((entry) => entry.source === source);
    return {
      question: source === 'site' ? 'site' : 'biology',
      measure: `variance explained by ${source}, median feature`,
      quantity: 'partial R²',
      values: byProtocol(own, (entry) => ({ estimate: entry.median })),
      share: true,
      drawn: false,
    };
  });
}

const schemes = { 'within-site': 'within sites', 'leave-one-site-out': 'tested on sites left out' } as const;

function biologyRows(audit: TableAudit): AuditRow[] {
  const errors = groups(audit.regressions).flatMap((own): AuditRow[] => {
    const { covariate, unit, scheme, baselineMae } = own[0];
    return [
      {
        question: 'biology',
        measure: `${covariate} predicted, ${schemes[scheme]}`,
        quantity: `mean absolute error${unit === undefined ? '' : ` (${unit})`}`,
        values: byProtocol(own, (entry) => withInterval(entry.mae)),
        chance: { label: 'predicting the mean', value: baselineMae },
        share: false,
        drawn: true,
      },
      {
        question: 'biology',
        measure: `${covariate} predicted, ${schemes[scheme]}`,
        quantity: 'R²',
        values: byProtocol(own, (entry) => ({ estimate: entry.r2 })),
        share: false,
        drawn: false,
      },
    ];
  });
  const areas = groups(audit.classifications).map((own): AuditRow => ({
    question: 'biology',
    measure: `${own[0].covariate}=${own[0].positive} told, ${schemes[own[0].scheme]}`,
    quantity: 'area under the ROC curve',
    values: byProtocol(own, (entry) => withInterval(entry.auc)),
    chance: { label: 'chance', value: 0.5 },
    share: false,
    drawn: true,
  }));
  return [...errors, ...areas, ...varianceRows(audit, (source) => source !== 'site')];
}

function personRows(audit: TableAudit): AuditRow[] {
  const { perSite, mean } = audit.distances;
  const row = (measure: string, estimate: number): AuditRow => ({
    question: 'person',
    measure,
    quantity: 'correlation of distances before and after',
    values: { 'in-sample': { estimate } },
    share: false,
    drawn: true,
  });
  if (perSite.length === 0) return [];
  const overall = row('distances between subjects, mean of sites', mean);
  if (perSite.length <= manySites) {
    return [overall, ...perSite.map(({ site, correlation }) => row(`distances within ${site}`, correlation))];
  }
  const known = perSite.filter(({ correlation }) => !Number.isNaN(correlation));
  if (known.length === 0) return [overall];
  const lowest = known.reduce((low, entry) => (entry.correlation < low.correlation ? entry : low));
  return [
    overall,
    row(`distances within ${lowest.site}, the lowest of ${known.length} sites`, lowest.correlation),
  ];
}

function withInterval(interval: Interval): AuditValue {
  return { estimate: interval.estimate, interval };
}

function byProtocol<Entry extends { readonly protocol: Protocol }>(
  entries: readonly Entry[],
  value: (entry: Entry) => AuditValue,
): Partial<Record<Protocol, AuditValue>> {
  return Object.fromEntries(
    protocols.flatMap((protocol) => {
      const found = entries.find((entry) => entry.protocol === protocol);
      return found === undefined ? [] : [[protocol, value(found)]];
    }),
  );
}

/** Entries of the same covariate and scheme together, in the order met. */
function groups<Entry extends CovariateRegression | CovariateClassification>(
  entries: readonly Entry[],
): Entry[][] {
  const found = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = JSON.stringify([entry.covariate, entry.scheme]);
    found.set(key, [...(found.get(key) ?? []), entry]);
  }
  return [...found.values()];
}
