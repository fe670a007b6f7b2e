import type { FeatureCohort } from '../data/cohort';
import { counted } from '../data/counted';
import type { Issue } from '../data/issue';
import type { JsonValue } from '../data/json';
import { distinctIssues } from '../data/issue';
import { siteNames } from '../data/people/participants';
import type { AnyModel } from '../methods/method';
import type { ModelTable, TrainingRange } from '../methods/method-command';
import { count } from '../plot/layout';
import { plotDensities } from '../plot/plot-densities';
import { plotTrainingRange } from '../plot/plot-training-range';
import { described } from './described-model';
import { featurePicker } from './feature-picker';
import { featureUnit } from './feature-unit';
import { settingsFacts } from './harmonization-report';
import { someOf } from './listed-sites';
import { methodsSection, studiedData } from './methods-section';
import { readingSection } from './reading-section';
import type { ReportContent, ReportFact, ReportFigure, ReportTable } from './report-content';
import { siteTables } from './site-tables';
import type { RangedFeature } from './training-distances';
import { trainingDistances } from './training-distances';
import { requireCall } from '../data/calls/require-call';
import { estimatesNewSites } from '../combat/new-site-policy';

/** What a report on new subjects is made from. */
export interface ApplicationResult {
  /** The new subjects as they were read. */
  readonly before: FeatureCohort;
  /** The same, harmonized; those left out are missing. */
  readonly after: FeatureCohort;
  readonly model: AnyModel;
  /** The table that the model was fitted on. */
  readonly trained?: ModelTable;
  /** Mean and spread of the values that it was fitted on, by feature. */
  readonly range?: TrainingRange;
  /** What was noticed on the way. */
  readonly issues?: readonly Issue[];
}

/** Options of {@link applicationReport}. */
export interface ApplicationReportOptions {
  /** @defaultValue `'Report on new subjects'` */
  readonly title?: string;
  /** Where the new subjects came from, for the summary. */
  readonly source?: string;
  /** More facts of what was done: options of applying. */
  readonly facts?: readonly ReportFact[];
}

/**
 * Composes the report on new subjects harmonized by a model that was fitted before: what was read, what was done, how far
 * the new values are from those that the model was fitted on, distributions before and after, and everything noticed.
 *
 * @throws ConcordError `invalid-option` for a model of a kind that no method has.
 */
export function applicationReport(
  result: ApplicationResult,
  options: ApplicationReportOptions = {},
): ReportContent {
  requireCall('reports.application', { result, options });
  const { before, after, model, trained, range, issues = [] } = result;
  const { title = 'Report on new subjects', source, facts = [] } = options;
  const { name, card } = described(model);
  const subjects = after.participants.ids.length;
  const lost = before.participants.ids.length - subjects;
  const policy = after.provenance.at(-1)?.options['unseen'];
  const distances = range === undefined ? [] : trainingDistances(range, before, after);
  return {
    title,
    lead:
      `${count(subjects)} new ${subjects === 1 ? 'subject' : 'subjects'} harmonized by a ${name} model that was fitted before` +
      `${lost === 0 ? '' : `; ${count(lost)} left out`}. A model cannot show whether the site is gone from new subjects: ` +
      'what it learned is removed, and the figures below show whether the new subjects are like those it learned from.',
    reading: readingSection(before, card),
    facts: [
      ...(source === undefined ? [] : [{ label: 'Data', value: source }]),
      { label: 'Subjects harmonized', value: count(subjects) },
      ...(trained === undefined ? [] : siteFacts(before, trained, policy)),
      { label: 'Method', value: name },
      { label: 'Model', value: card.title },
      ...settingsFacts(card),
      ...facts,
      ...(trained === undefined ? [] : covariateFacts(before, trained)),
    ],
    methods: methodsSection({
      studied: studiedData(before.participants, counted(before.features.features.length, 'feature')),
      model,
      fittedBefore: true,
      provenance: [...(model.provenance ?? []), ...after.provenance],
    }),
    tables: [
      ...siteTables(before),
      ...(distances.length === 0 ? [] : [distanceTable(distances, range?.scale ?? 'as measured')]),
    ],
    picker: subjects === 0 ? undefined : featurePicker(before, after, featureUnit(before)),
    figures: subjects === 0 ? [] : figures(before, after, distances),
    issues: distinctIssues([...after.issues, ...issues]),
    provenance: after.provenance,
  };
}

/** Which sites the model knows, and what was done with others. */
function siteFacts(
  { participants }: FeatureCohort,
  { sites }: ModelTable,
  policy: JsonValue | undefined,
): readonly ReportFact[] {
  const known = new Set(sites);
  const strange = siteNames(participants).filter((site) => !known.has(site));
  return [
    { label: 'Sites of the model', value: someOf(sites) },
    {
      label: 'Sites it does not know',
      value: strange.length === 0 ? 'none' : `${someOf(strange)}${strangerWords(policy)}`,
    },
  ];
}

/** What was done with sites that a model does not know. */
function strangerWords(policy: JsonValue | undefined): string {
  if (policy === 'covariates') return '; their values are left as they are';
  return estimatesNewSites(policy)
    ? '; what sets their subjects apart from those of the model, beyond covariates, is taken for the effect of the scanner and removed, also where it is a disease'
    : '';
}

/** Continuous covariates beside the range that the model was fitted on. */
function covariateFacts({ participants }: FeatureCohort, { covariates }: ModelTable): readonly ReportFact[] {
  return covariates.flatMap((known) => {
    if (known.kind !== 'continuous' || known.min === undefined || known.max === undefined) return [];
    const own = participants.covariates.find(({ name }) => name === known.name);
    if (own?.kind !== 'continuous') return [];
    const { min, max } = known;
    const outside = own.values.filter((value) => value < min || value > max).length;
    const short = (value: number): string => String(Number(value.toPrecision(5)));
    return [
      {
        label: `${known.name} in training`,
        value:
          `${short(min)} to ${short(max)}${known.unit === undefined ? '' : ` ${known.unit}`}; ` +
          `${outside === 0 ? 'no new subject' : count(outside)} outside`,
      },
    ];
  });
}

function distanceTable(distances: readonly RangedFeature[], scale: TrainingRange['scale']): ReportTable {
  return {
    name: 'training-range',
    title: 'New values compared with those of the training',
    caption:
      'Distances are in standard deviations of the model, which take covariates and sites into account: new subjects of another ' +
      `age or another mix of sites differ without anything being wrong. ${scale === 'logarithm' ? 'Values are logarithms, as the model sees them. ' : ''}` +
      'The farthest after harmonization come first; how many values are beyond 4 SD is counted before it.',
    columns: [
      ...['feature', 'training mean', 'SD', 'mean before', 'mean after'],
      ...['distance before (SD)', 'distance after (SD)', 'beyond 4 SD (%)'],
    ],
    rows: distances.map((one) => [
      ...[one.feature, one.mean, one.sd, one.meanBefore, one.meanAfter],
      ...[one.before, one.after, 100 * one.far],
    ]),
  };
}

function figures(
  before: FeatureCohort,
  after: FeatureCohort,
  distances: readonly RangedFeature[],
): readonly ReportFigure[] {
  const features =
    distances.length === 0
      ? after.features.features.slice(0, 4)
      : distances.slice(0, 4).map(({ feature }) => feature);
  return [
    ...(distances.length === 0
      ? []
      : [
          {
            name: 'training-range',
            table: 'training-range',
            figure: plotTrainingRange(distances, after.participants.ids.length),
            caption:
              'Near 0 the new subjects are on average like those of the training. Far before and near after means that a site effect ' +
              'was removed, or whatever else sets the subjects of a site apart that the model does not know; far after as well means that ' +
              'units, measures and the new subjects themselves need a look.',
          },
        ]),
    {
      name: 'densities',
      figure: plotDensities(before, after, { features }),
      caption:
        'The features that are farthest from the training. Sites of fewer than three subjects have no curve.',
    },
  ];
}
