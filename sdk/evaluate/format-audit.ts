import type { Interval, Protocol, TableAudit } from './audit';
import { auditQuestions, protocols } from './audit-rows';

/** One line of the table: what is measured, and its figure in each state of the data. */
type Row = readonly [string, string, string, string];

/**
 * Writes an audit as a short table of aligned plain text, for a terminal: raw data; after harmonization fitted on
 * everyone (in-sample); and after harmonization fitted inside the folds.
 */
export function formatAudit(audit: TableAudit): string {
  const sites = audit.sites.map(({ name, subjects }) => `${name} ${subjects}`).join(', ');
  const rows: Row[] = [
    ['', 'raw', 'after, in-sample', 'after, in folds'],
    ...siteRows(audit),
    ...biologyRows(audit),
    [auditQuestions.person, '', '', ''],
    ['  distances within sites, correlation with raw', '', figure(audit.distances.mean, 3), ''],
  ];
  return [
    `${audit.method}: ${audit.subjects} subjects, ${audit.features.length} features, ${audit.sites.length} sites (${sites})`,
    '',
    ...align(rows),
    '',
    `mean over ${audit.seeds} ${audit.seeds === 1 ? 'run' : 'runs'} of cross-validation, seed ${audit.seed}, and 95% bootstrap interval: over subjects for probes and where sites are left out, over runs for predictions within sites`,
    'in-sample: harmonized with the subjects it is tested on; in folds: without them, and without what is predicted of them',
    ...(audit.floor.length === 0
      ? []
      : [
          `site named from ${audit.covariates.join(', ')} alone: what harmonized data that keep these still give away`,
        ]),
    ...audit.issues.map(({ severity, message, suggestion }) => `${severity}: ${message} (${suggestion})`),
  ].join('\n');
}

function siteRows(audit: TableAudit): Row[] {
  const chance = audit.probes[0]?.chance;
  const probeRow = (probe: 'linear' | 'rbf', label: string): Row =>
    row(label, (protocol) =>
      interval(audit.probes.find((one) => one.probe === probe && one.protocol === protocol)?.overSubjects, 2),
    );
  const floorRow = (probe: 'linear' | 'rbf', label: string): Row[] => {
    const found = audit.floor.find((one) => one.probe === probe);
    return found === undefined ? [] : [[label, interval(found.overSubjects, 2), '', '']];
  };
  const alone = `${audit.covariates.join(', ')} alone`;
  const testRow = (test: 'anova' | 'kruskal' | 'levene', label: string): Row =>
    row(label, (protocol) => {
      const found = audit.tests.find((one) => one.protocol === protocol);
      return found === undefined ? '' : `${found.significant[test]} of ${found.features.length}`;
    });
  const alpha = audit.tests[0]?.alpha;
  return [
    [auditQuestions.site, '', '', ''],
    probeRow('linear', `  linear probe, balanced accuracy (chance ${figure(chance, 2)})`),
    ...floorRow('linear', `  linear probe, site named from ${alone}`),
    probeRow('rbf', `  RBF probe, balanced accuracy (chance ${figure(chance, 2)})`),
    ...floorRow('rbf', `  RBF probe, site named from ${alone}`),
    testRow('anova', `  features whose mean differs (ANOVA, q < ${alpha})`),
    testRow('kruskal', `  features whose rank differs (Kruskal–Wallis)`),
    testRow('levene', '  features whose spread differs (Brown–Forsythe)'),
    varianceRow(audit, 'site', '  variance by site, median partial R²'),
  ];
}

function biologyRows(audit: TableAudit): Row[] {
  const schemes = [
    { scheme: 'within-site', label: 'within sites' },
    { scheme: 'leave-one-site-out', label: 'site left out' },
  ] as const;
  const rows: Row[] = [[auditQuestions.biology, '', '', '']];
  for (const covariate of audit.covariates) {
    rows.push(varianceRow(audit, covariate, `  variance by ${covariate}, median partial R²`));
    for (const { scheme, label } of schemes) {
      const mae = audit.regressions.filter((one) => one.covariate === covariate && one.scheme === scheme);
      const auc = audit.classifications.filter((one) => one.covariate === covariate && one.scheme === scheme);
      if (mae.length > 0) {
        const unit = mae[0].unit === undefined ? '' : `, ${mae[0].unit}`;
        const title = `  ${covariate}, mean error${unit}, ${label} (by mean ${figure(mae[0].baselineMae, 1)})`;
        rows.push(row(title, (protocol) => interval(mae.find((one) => one.protocol === protocol)?.mae, 2)));
      }
      if (auc.length > 0) {
        const title = `  ${covariate} (${auc[0].positive}), AUC, ${label}`;
        rows.push(row(title, (protocol) => interval(auc.find((one) => one.protocol === protocol)?.auc, 2)));
      }
    }
  }
  return rows.length > 1 ? rows : [];
}

function varianceRow(audit: TableAudit, source: string, label: string): Row {
  return row(label, (protocol) => {
    const found = audit.variance.find((one) => one.source === source && one.protocol === protocol);
    return found === undefined ? '' : figure(found.median, 3);
  });
}

function row(label: string, cell: (protocol: Protocol) => string): Row {
  const [raw, inSample, inFolds] = protocols.map(cell);
  return [label, raw, inSample, inFolds];
}

function interval(value: Interval | undefined, digits: number): string {
  if (value === undefined) return '';
  return `${figure(value.estimate, digits)} [${figure(value.low, digits)}, ${figure(value.high, digits)}]`;
}

function figure(value: number | undefined, digits: number): string {
  return value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits);
}

/** Pads the columns to one width each: the first to the left, figures to the right. */
function align(rows: readonly Row[]): string[] {
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((cells) => cells[column].length)));
  return rows.map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd(),
  );
}
