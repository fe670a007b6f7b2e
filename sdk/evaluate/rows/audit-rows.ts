import type { SiteProbe, TableAudit, VarianceShare } from '../audit';
import type { Audit } from '../images-audit/image-audit';
import type { AuditReference, AuditRow } from './audit-row';
import { byProtocol } from './audit-row';
import { counted } from '../../data/counted';
import { batchTestRows } from './batch-test-rows';
import { distanceRows } from './distance-rows';
import { probeValue } from './inconclusive';
import { predictionRows } from './prediction-rows';
import { reliabilityRows } from './reliability-rows';
import { separationRows } from './separation-rows';
import { personTestRows, siteTestRow, testedShare, testedValue } from './site-test-rows';
import { requireCall } from '../../data/calls/require-call';

// Text, pages, figures and answers of one audit share its rows, which are made once.
const made = new WeakMap<TableAudit, readonly AuditRow[]>();

/** Every figure of an audit as one row per measure, with the states of the data side by side. */
export function auditRows(audit: Audit): readonly AuditRow[] {
  requireCall('audits.rows', { audit });
  if (audit.kind === 'image-audit') return audit.rows;
  const rows = made.get(audit) ?? tableRows(audit);
  made.set(audit, rows);
  return rows;
}

function tableRows(audit: TableAudit): readonly AuditRow[] {
  return [
    ...probeRows(audit),
    ...testRows(audit),
    ...personTestRows(audit.personTests),
    ...batchTestRows(audit.batchTests ?? []),
    ...varianceRows(audit, (source) => source === 'site'),
    ...separationRows(audit.separations),
    ...predictionRows(audit),
    ...varianceRows(audit, (source) => source !== 'site'),
    ...removalRows(audit),
    ...distanceRows(audit.distances),
    ...reliabilityRows(audit.reliability),
  ];
}

const probeKinds = [
  { probe: 'linear', by: 'by a linear probe' },
  { probe: 'rbf', by: 'by an RBF probe' },
] as const;

function probeRows(audit: TableAudit): AuditRow[] {
  const alone = `${audit.covariates.join(', ')} alone`;
  const row = (own: readonly SiteProbe[], id: string, name: string): AuditRow => ({
    id,
    question: 'site',
    name,
    quantity: 'balanced accuracy',
    bounds: { low: 0, high: 1 },
    direction: 'lower',
    values: byProtocol(own, probeValue),
    share: false,
    drawn: false,
  });
  return probeKinds.flatMap(({ probe, by }): AuditRow[] => {
    const own = audit.probes.filter((entry) => entry.probe === probe);
    if (own.length === 0) return [];
    const found = {
      ...row(own, `site/probe/${probe}`, `site identified ${by}`),
      rule: 'identification' as const,
      chance: { label: 'by chance', value: own[0].chance },
      ...untestedSites(audit, own[0]),
      drawn: true,
    };
    const floor = audit.floor.filter((entry) => entry.probe === probe);
    if (floor.length === 0) return [found];
    const mark: AuditReference = { label: `from ${alone}`, value: floor[0].overSubjects.estimate };
    return [
      { ...found, floor: mark },
      row(floor, `site/floor/${probe}`, `site identified ${by} from ${alone}`),
    ];
  });
}

/** In how many features an effect of the covariates differs between sites. */
function slopeRows({ tests, covariates }: TableAudit): AuditRow[] {
  const known = tests.filter(({ features }) => features.some(({ slopes }) => Number.isFinite(slopes?.p)));
  if (known.length === 0) return [];
  const name = `features in which effects of ${covariates.join(', ')} differ between sites`;
  const row = testedShare(
    { id: 'slopes', name, alpha: tests[0].alpha },
    known,
    ({ features, significant: { slopes = NaN } }) => ({
      estimate: slopes / features.length,
      of: features.length,
    }),
  );
  return [{ ...row, rule: 'interaction', drawn: false, detail: true }];
}

/** The sites that a probe was not tested on, since they have too few persons. */
function untestedSites({ sites }: TableAudit, { recall }: SiteProbe): Pick<AuditRow, 'untested'> {
  const left = sites.filter((_, at) => Number.isNaN(recall[at]));
  if (left.length === 0) return {};
  const scans = (of: TableAudit['sites']): number => of.reduce((sum, { subjects }) => sum + subjects, 0);
  return {
    untested: `${left.length} of ${counted(sites.length, 'site')}, with ${scans(left)} of ${scans(sites)} subjects, which are too small for folds`,
  };
}

function testRows(audit: TableAudit): AuditRow[] {
  if (audit.tests.length === 0) return [];
  const { alpha } = audit.tests[0];
  const tests = [
    { key: 'anova', name: 'features that differ in mean (ANOVA)', difference: 'mean' },
    { key: 'kruskal', name: 'features that differ in rank (Kruskal–Wallis)', difference: 'mean' },
    { key: 'levene', name: 'features that differ in spread (Brown–Forsythe)', difference: 'spread' },
  ] as const;
  const shares = tests.map(({ key, name, difference }) =>
    siteTestRow({ id: key, name, alpha, difference }, audit.tests, ({ features, significant }) =>
      testedValue(
        features.map((feature) => feature[key]),
        significant[key],
      ),
    ),
  );
  const medianF: AuditRow = {
    id: 'site/median-f',
    question: 'site',
    name: 'difference between sites, median feature',
    quantity: 'F after covariates',
    bounds: { low: 0 },
    direction: 'lower',
    values: byProtocol(audit.tests, (entry) => ({ estimate: entry.medianAnovaF })),
    share: false,
    drawn: false,
  };
  return [...shares, ...slopeRows(audit), medianF];
}

function varianceRows(audit: TableAudit, keep: (source: string) => boolean): AuditRow[] {
  const sources = [...new Set(audit.variance.map((entry) => entry.source))].filter(keep);
  return sources.map((source): AuditRow => {
    const own: readonly VarianceShare[] = audit.variance.filter((entry) => entry.source === source);
    const ofSite = source === 'site';
    return {
      id: ofSite ? 'site/variance' : `biology/${encodeURIComponent(source)}/variance`,
      question: ofSite ? 'site' : 'biology',
      name: `variance by ${source}, median feature`,
      quantity: 'partial R²',
      bounds: { low: 0, high: 1 },
      direction: ofSite ? 'lower' : 'unchanged',
      rule: ofSite ? undefined : 'amount',
      values: byProtocol(own, (entry) => ({ estimate: entry.median })),
      share: true,
      drawn: false,
    };
  });
}

/** Which differences between sites in a covariate went with the site. */
function removalRows({ removedWithSite = [], covariates }: TableAudit): AuditRow[] {
  return removedWithSite.flatMap(({ covariate, share }): AuditRow[] => {
    if (!covariates.includes(covariate)) return [];
    return [
      {
        id: `biology/${encodeURIComponent(covariate)}/between-sites`,
        question: 'biology',
        name: `${covariate} between sites, not preserved`,
        quantity: `share of ${covariate} that sites explain`,
        bounds: { low: 0, high: 1 },
        direction: 'unchanged',
        rule: 'removal',
        values: { raw: { estimate: share } },
        share: true,
        drawn: false,
      },
    ];
  });
}
