import type { MethodComparison } from '../evaluate/comparison/method-comparison';
import type { Provenance } from '../data/provenance';
import { modelText, shownMemory, shownSeconds } from '../evaluate/comparison/format-comparison';
import { subjectsText } from '../evaluate/rows/audit-numbers';
import { comparisonMethods } from './comparison-methods';
import { plotComparison } from '../plot/plot-comparison';
import type { AuditReportOptions } from './audit-report';
import { sitesFact, allSitesTable } from './listed-sites';
import type { ReportContent } from './report-content';
import { requireCall } from '../data/calls/require-call';
import { counted } from '../data/counted';

/** Composes the report on a comparison of methods: what it says, every figure as a table, and as panels. */
export function comparisonReport(
  comparison: MethodComparison,
  provenance: Provenance,
  options: AuditReportOptions = {},
): ReportContent {
  requireCall('reports.comparison', { comparison, provenance, options });
  const { title = 'Comparison of methods', source } = options;
  const { methods, leftOut, sites, evaluated, covariates, folds, issues, seeds, seed } = comparison;
  return {
    title,
    lead: `${evaluated} of ${subjectsText(comparison)} at ${counted(sites.length, 'site')}: raw, and harmonized by ${counted(methods.length, 'method')}.`,
    facts: [
      ...(source === undefined ? [] : [{ label: 'Data', value: source }]),
      { label: 'Participants', value: subjectsText(comparison) },
      sitesFact(sites),
      { label: 'Covariates', value: covariates.length === 0 ? 'none' : covariates.join(', ') },
      { label: 'Fitted', value: folds ? 'in folds, on the training persons of each' : 'on all participants' },
      ...methods.map(({ name, target, seconds, memory, model }) => ({
        label: name,
        value:
          `harmonized to ${target}, in ${shownSeconds(seconds)} s, memory grew by ${shownMemory(memory)} MiB` +
          (model === undefined ? '' : `; model: ${modelText(model)}`),
      })),
      ...leftOut.map(({ name, reason }) => ({ label: name, value: `left out: ${reason}` })),
      {
        label: 'Comparison',
        value: `${counted(seeds, 'repetition')} of cross-validation, seed ${seed}`,
      },
    ],
    methods: comparisonMethods(comparison, provenance),
    comparison,
    tables: allSitesTable(sites),
    figures: [
      {
        name: 'comparison',
        table: 'numbers',
        figure: plotComparison(comparison),
        caption:
          'A panel for each figure, a line for raw data and each method. A method is better or worse than raw data (+, −), or ' +
          'the best of those better (*), only where intervals are apart. Open circles of methods are in-sample, which flatters; ' +
          'what is pale with a question mark is inconclusive, for a reason given below the table.',
      },
    ],
    issues,
    provenance,
  };
}
