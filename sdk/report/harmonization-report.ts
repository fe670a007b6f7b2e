import type { FeatureCohort } from '../data/cohort';
import { distinctIssues } from '../data/issue';
import { sizedSites } from '../data/people/sized-sites';
import type { TableAudit } from '../evaluate/audit';
import type { CombatModel } from '../combat/combat-model';
import type { AnyModel, ModelCard } from '../methods/method';
import { count } from '../plot/layout';
import { plotAudit } from '../plot/plot-audit';
import { plotDensities } from '../plot/plot-densities';
import { projectOnComponents } from '../plot/pca-projection';
import { drawPca } from '../plot/plot-pca';
import { plotSlopes } from '../plot/plot-slopes';
import { plotVariance } from '../plot/plot-variance';
import { described } from './described-model';
import { featurePicker } from './feature-picker';
import { featureTable } from './feature-table';
import { featureUnit } from './feature-unit';
import { sitesFact } from './listed-sites';
import { methodsSection, studiedData } from './methods-section';
import { readingSection } from './reading-section';
import { siteTables } from './site-tables';
import type { ReportContent, ReportFact, ReportFigure } from './report-content';
import { requireCall } from '../data/calls/require-call';
import { counted } from '../data/counted';

/** What a report on one harmonization is made from. */
export interface HarmonizationResult {
  readonly before: FeatureCohort;
  readonly after: FeatureCohort;
  readonly model: AnyModel;
  readonly audit?: TableAudit;
}

/** Options of {@link harmonizationReport}. */
export interface HarmonizationReportOptions {
  /** @defaultValue `'Harmonization report'` */
  readonly title?: string;
  /** Where the table came from, for the summary: a file name or a description. */
  readonly source?: string;
  /** The unit of the features, for the axes. @defaultValue what FreeSurfer's names of features say, else none */
  readonly unit?: string;
}

/**
 * Composes the report on one harmonization of a table: the facts, the audit, and the figures with their captions.
 *
 * @throws ConcordError `invalid-option` for a model of a kind that no method has.
 */
export function harmonizationReport(
  result: HarmonizationResult,
  options: HarmonizationReportOptions = {},
): ReportContent {
  requireCall('reports.harmonization', { result, options });
  const { before, after, model, audit } = result;
  const { title = 'Harmonization report', source, unit = featureUnit(before) } = options;
  const { name, card } = described(model);
  const { preserves = [] } = card;
  return {
    title,
    lead:
      `Site effects were removed from ${counted(before.features.features.length, 'feature')} of ` +
      `${counted(before.participants.ids.length, 'subject')} by ${name}` +
      (preserves.length === 0
        ? ', with no covariate preserved.'
        : `, preserving the effects of ${preserves.join(' and ')}.`),
    reading: readingSection(before, card),
    facts: [
      ...facts(result, source),
      { label: 'Method', value: name },
      ...settingsFacts(card),
      ...auditFacts(audit),
    ],
    methods: methodsSection({
      studied: studiedData(before.participants, counted(before.features.features.length, 'feature')),
      model,
      audit,
      provenance: [...(model.provenance ?? []), ...after.provenance],
    }),
    audit,
    tables: [...siteTables(before), ...(audit === undefined ? [] : [featureTable(audit, combatOf(model))])],
    picker: featurePicker(before, after, unit),
    figures: [...auditFigures(audit), ...dataFigures(before, after, unit), ...(card.figures?.() ?? [])],
    issues: distinctIssues([...model.issues, ...after.issues, ...(audit?.issues ?? [])]),
    provenance: after.provenance,
  };
}

/** The model whose shifts and factors were taken from the features themselves: not the second step of one that has two. */
function combatOf(model: AnyModel): CombatModel | undefined {
  return 'gammaStar' in model && 'pooledSd' in model ? (model as CombatModel) : undefined;
}

function facts({ before, after }: HarmonizationResult, source: string | undefined): ReportFact[] {
  const { participants, features } = before;
  const missing = features.values.reduce((sum, value) => sum + Number(Number.isNaN(value)), 0);
  const fact = (label: string, value: string): ReportFact => ({ label, value });
  return [
    ...(source === undefined ? [] : [fact('Data', source)]),
    fact('Subjects', count(participants.ids.length)),
    ...(after.participants.ids.length === participants.ids.length
      ? []
      : [fact('Subjects harmonized', count(after.participants.ids.length))]),
    sitesFact(sizedSites(participants)),
    fact('Features', count(features.features.length)),
    fact('Missing cells', missing === 0 ? 'none' : `${count(missing)}, left missing`),
  ];
}

/** Settings as a methods section would say them. */
export function settingsFacts({ facts: settings }: ModelCard): readonly ReportFact[] {
  return settings.map(({ label, value }) => ({
    label: `${label[0].toUpperCase()}${label.slice(1)}`,
    value,
  }));
}

function auditFacts(audit: TableAudit | undefined): readonly ReportFact[] {
  if (audit === undefined) return [];
  const { seeds, seed } = audit;
  return [{ label: 'Audit', value: `${counted(seeds, 'repetition')} of cross-validation, seed ${seed}` }];
}

/** The figures of an audit, with their captions. */
export function auditFigures(audit: TableAudit | undefined): ReportFigure[] {
  if (audit === undefined) return [];
  return [
    {
      name: 'audit',
      table: 'numbers',
      figure: plotAudit(audit),
      caption:
        'Every figure of the audit. For the site, less is better, and the dotted mark is what guessing achieves. ' +
        'For the biology, the three states should agree.',
    },
    ...(audit.variance.length === 0
      ? []
      : [
          {
            name: 'variance',
            table: 'features',
            figure: plotVariance(audit),
            caption: "The site's share should fall to zero while the covariates' stay.",
          },
        ]),
    ...audit.slopes.map((slopes) => ({
      name: `slopes-${slopes.column}`,
      table: 'features',
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
      name: 'components-by-site',
      figure: drawPca(projection),
      caption:
        'Subjects of one site should not be a group apart after harmonization. Two components show only the largest differences.',
    },
    ...(biology === undefined
      ? []
      : [
          {
            name: `components-by-${biology.name}`,
            figure: drawPca(projection, biology.name),
            caption: `The same points, colored by ${biology.name}: an order that is there before should be there after.`,
          },
        ]),
    {
      name: 'densities',
      figure: plotDensities(before, after, { unit }),
      caption:
        'Curves need not coincide after harmonization where sites differ in age or sex: those differences are kept on purpose.',
    },
  ];
}
