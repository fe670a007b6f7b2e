import type { CombatModel, CombatSettings } from '../combat/combat-model';
import { meanOnlyText } from '../combat/mean-only';
import type { FeatureCohort } from '../data/cohort';
import { distinctIssues } from '../data/issue';
import { siteNames } from '../data/participants';
import type { TableAudit } from '../evaluate/audit';
import { count } from '../plot/layout';
import { plotAudit } from '../plot/plot-audit';
import { plotDensities } from '../plot/plot-densities';
import { projectOnComponents } from '../plot/pca-projection';
import { drawPca } from '../plot/plot-pca';
import { plotPriors } from '../plot/plot-priors';
import { plotSiteEffects } from '../plot/plot-site-effects';
import { plotSlopes } from '../plot/plot-slopes';
import { plotVariance } from '../plot/plot-variance';
import { readingSection } from './reading-section';
import type { ReportContent, ReportFact, ReportFigure } from './report-content';

/** What a report on one harmonization is made from. */
export interface HarmonizationResult {
  readonly before: FeatureCohort;
  readonly after: FeatureCohort;
  readonly model: CombatModel;
  readonly audit?: TableAudit;
}

/** Options of {@link harmonizationReport}. */
export interface HarmonizationReportOptions {
  /** @defaultValue `'Harmonization report'` */
  readonly title?: string;
  /** Where the table came from, for the summary: a file name or a description. */
  readonly source?: string;
  /** The unit of the features, for the axes. */
  readonly unit?: string;
}

/** Composes the report on one ComBat harmonization: the facts, the audit, and the figures with their captions. */
export function harmonizationReport(
  result: HarmonizationResult,
  options: HarmonizationReportOptions = {},
): ReportContent {
  const { before, after, model, audit } = result;
  const { title = 'Harmonization report', source, unit } = options;
  const preserved = model.settings.preserve;
  return {
    title,
    lead:
      `Site effects were removed from ${count(before.features.features.length)} features of ` +
      `${count(before.participants.ids.length)} subjects by ComBat` +
      (preserved.length === 0
        ? ', with no covariate preserved.'
        : `, preserving the effects of ${preserved.join(' and ')}.`),
    reading: readingSection(before, preserved),
    facts: facts(result, source),
    audit,
    figures: [...auditFigures(audit), ...dataFigures(before, after, unit), ...modelFigures(model)],
    issues: distinctIssues([...model.issues, ...after.issues, ...(audit?.issues ?? [])]),
    provenance: after.provenance,
  };
}

function facts(
  { before, after, model, audit }: HarmonizationResult,
  source: string | undefined,
): ReportFact[] {
  const { participants, features } = before;
  const sizes = siteNames(participants).map(
    (site) => `${site} (${count(participants.sites.filter((own) => own === site).length)})`,
  );
  const missing = features.values.reduce((sum, value) => sum + Number(Number.isNaN(value)), 0);
  const passed = model.status.filter((status) => status !== 'harmonized').length;
  const fact = (label: string, value: string): ReportFact => ({ label, value });
  return [
    ...(source === undefined ? [] : [fact('Data', source)]),
    fact('Subjects', count(participants.ids.length)),
    ...(after.participants.ids.length === participants.ids.length
      ? []
      : [fact('Subjects harmonized', count(after.participants.ids.length))]),
    fact('Sites', `${sizes.length}: ${sizes.join(', ')}`),
    fact(
      'Features',
      count(features.features.length) +
        (passed === 0 ? '' : `, of which ${count(passed)} passed through unchanged`),
    ),
    fact('Missing cells', missing === 0 ? 'none' : `${count(missing)}, left missing`),
    fact('Method', `ComBat; ${settingsText(model.settings)}`),
    ...(audit === undefined
      ? []
      : [fact('Audit', `${audit.seeds} repetitions of cross-validation, seed ${audit.seed}`)]),
  ];
}

/** Settings as a methods section would say them. */
function settingsText(settings: CombatSettings): string {
  const eb = {
    parametric: 'parametric empirical Bayes',
    nonparametric: 'non-parametric empirical Bayes',
    none: 'no empirical Bayes',
  }[settings.eb];
  const preserved =
    settings.preserve.length === 0 ? 'no covariate preserved' : `${settings.preserve.join(', ')} preserved`;
  return [
    preserved,
    eb,
    meanOnlyText(settings.meanOnly),
    settings.reference === null
      ? 'harmonized to the average of all subjects'
      : `harmonized to site ${settings.reference}`,
    ...(settings.transform === 'log' ? ['on the log scale'] : []),
  ].join('; ');
}

/** The figures of an audit, with their captions. */
export function auditFigures(audit: TableAudit | undefined): ReportFigure[] {
  if (audit === undefined) return [];
  return [
    {
      figure: plotAudit(audit),
      caption:
        'Every figure of the audit. For the site, less is better, and the dotted mark is what guessing achieves. ' +
        'For the biology, the three states should agree.',
    },
    ...(audit.variance.length === 0
      ? []
      : [
          {
            figure: plotVariance(audit),
            caption: "The site's share should fall to zero while the covariates' stay.",
          },
        ]),
    ...audit.slopes.map((slopes) => ({
      figure: plotSlopes(audit, slopes.column),
      caption: 'Each point is a feature. On the dashed line its covariate effect is what it was.',
    })),
  ];
}

/** Figures of the data themselves, before and after, with their captions. */
export function dataFigures(
  before: FeatureCohort,
  after: FeatureCohort,
  unit: string | undefined,
): ReportFigure[] {
  const biology = before.participants.covariates[0];
  const projection = projectOnComponents(before, after);
  return [
    {
      figure: drawPca(projection),
      caption:
        'Subjects of one site should not stand apart after harmonization. Two components show only the largest differences.',
    },
    ...(biology === undefined
      ? []
      : [
          {
            figure: drawPca(projection, biology.name),
            caption: `The same points, coloured by ${biology.name}: an order that is there before should be there after.`,
          },
        ]),
    {
      figure: plotDensities(before, after, { unit }),
      caption:
        'Curves need not coincide after harmonization where sites differ in age or sex: those differences are kept on purpose.',
    },
  ];
}

function modelFigures(model: CombatModel): ReportFigure[] {
  return [
    {
      figure: plotSiteEffects(model),
      caption:
        'What was removed: blue is below or narrower, red above or wider. Empty cells could not be estimated.',
    },
    ...(model.settings.eb === 'none'
      ? []
      : [
          {
            figure: plotPriors(model),
            caption:
              'Empirical Bayes pulls each estimate towards the prior; it does so well where the dashed line follows the filled curve.',
          },
        ]),
  ];
}
