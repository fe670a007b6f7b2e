import type { VolumeCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import type { Issue } from '../data/issue';
import { distinctIssues } from '../data/issue';
import type { JsonObject } from '../data/json';
import type { ProvenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import type { AnyModel } from '../methods/method';
import { count } from '../plot/layout';
import { plotIntensities } from '../plot/plot-intensities';
import type { KeptMeasures } from './kept-measures';
import { described } from './described-model';
import { settingsFacts } from './harmonization-report';
import { methodsSection, studiedData } from './methods-section';
import type { ReportContent, ReportFact, ReportFigure } from './report-content';
import { chooseScans, drawChosen } from './scan-pictures';
import { measureScans, qualityTable, scanSitesTable } from './scan-quality';
import { scansReading } from './scans-reading';
import { requireCall } from '../data/calls/require-call';
import { counted } from '../data/counted';

/** What a report on whole scans is made from. */
export interface ScansResult {
  /** The scans as they were read. */
  readonly before: VolumeCohort;
  /** The same scans, by their ids, as they were made; those that could not be made are missing. */
  readonly after: VolumeCohort;
  /** The model that harmonized them; missing where they were preprocessed only. */
  readonly model?: AnyModel;
  /** What was noticed on the way, beside what the cohorts have. */
  readonly issues?: readonly Issue[];
}

/** Options of {@link scansReport}. */
export interface ScansReportOptions extends RunOptions {
  /** @defaultValue `'Harmonization report'`, without a model `'Preprocessing report'` */
  readonly title?: string;
  /** Where the scans came from, for the summary: the name of a folder or a description. */
  readonly source?: string;
  /** More facts of what was done: the target, how many were kept from an earlier run. */
  readonly facts?: readonly ReportFact[];
  /**
   * The most scans of which intensities are drawn, spread evenly over the cohort.
   *
   * @defaultValue `60`
   */
  readonly maxScans?: number;
  /** Keeps what is measured of the results: what was measured before is not measured again. @defaultValue nowhere */
  readonly kept?: KeptMeasures;
}

/**
 * Composes the report on whole scans that were preprocessed or harmonized: what was read, what was done, slices of a
 * few scans before and after (the first of up to four sites, and up to two that stand out), intensities by site, the
 * quality of the results, and everything noticed. Scans are opened one at a time.
 *
 * @throws ConcordError `aborted` when canceled; `invalid-option` for a model of a kind that no method has.
 */
export async function scansReport(
  result: ScansResult,
  options: ScansReportOptions = {},
): Promise<ReportContent> {
  requireCall('reports.scans', { result, options });
  const { before, after, model, issues = [] } = result;
  const { source, facts = [], maxScans = 60, kept, signal, onProgress } = options;
  const run = { signal, onProgress };
  const method = model === undefined ? undefined : described(model);
  const measured = await measureScans(after, run, kept);
  const drawn = await drawChosen(before, after, { chosen: chooseScans(after, measured.scans), run });
  const noticed = [...before.issues, ...after.issues, ...issues, ...(model?.issues ?? [])];
  // What is known of the scans as they were read is not said again of the results, whose figures differ a little.
  const known = new Set<string>(noticed.map(({ code }) => code));
  known.delete('same-values');
  const unlike = measured.unlike.filter(({ code }) => !known.has(code));
  const title = method === undefined ? 'Preprocessing report' : 'Harmonization report';
  return {
    title: options.title ?? title,
    lead: leadOf(result, method?.name),
    reading: scansReading(before),
    facts: [
      ...(source === undefined ? [] : [{ label: 'Data', value: source }]),
      { label: 'Scans made', value: `${count(after.scans.length)} of ${count(before.scans.length)}` },
      ...(method === undefined ? [] : [{ label: 'Method', value: method.name }]),
      ...(method === undefined ? [] : settingsFacts(method.card)),
      ...facts,
      ...after.provenance.slice(before.provenance.length).map(stepFact),
    ],
    methods: methodsOf(result, facts),
    tables:
      after.scans.length === 0
        ? []
        : [scanSitesTable(before, after, measured.scans), qualityTable(after, measured.scans)],
    pictures: drawn.pictures,
    figures: after.scans.length === 0 ? [] : [await intensities(before, after, { maxScans, run })],
    issues: distinctIssues([...noticed, ...unlike, ...measured.issues, ...drawn.issues]),
    provenance: after.provenance,
  };
}

/** The methods of the scans that were made, which are those that a study has; where none was, there is nothing to say. */
function methodsOf(
  { before, after, model }: ScansResult,
  facts: readonly ReportFact[],
): ReportContent['methods'] {
  if (after.scans.length === 0) return undefined;
  return methodsSection({
    studied: {
      ...studiedData(after.participants, scanKinds(after)),
      leftOut: before.scans.length - after.scans.length,
    },
    model,
    more: facts.map(({ label, value }) => `${label} ${value}.`),
    provenance: after.provenance,
  });
}

/** What the scans measured: `T1w scans`. */
function scanKinds({ scans }: VolumeCohort): string {
  return `${[...new Set(scans.map(({ suffix }) => suffix ?? 'T1w'))].join(' and ')} scans`;
}

function leadOf({ before, after }: ScansResult, method: string | undefined): string {
  const lost = before.scans.length - after.scans.length;
  const left =
    lost === 0 ? '' : ` ${count(lost)} could not be used and ${lost === 1 ? 'is' : 'are'} among the issues.`;
  const scans = counted(after.scans.length, 'scan');
  if (method === undefined) return `${scans} went through the steps below.${left}`;
  return (
    `${scans} harmonized by ${method}.${left} Whether the site is gone and the biology kept is a question for ` +
    'an audit, which compares the scans before and after.'
  );
}

/** A step with its options, as a methods section would need them. */
function stepFact({ step, options }: ProvenanceStep): ReportFact {
  return { label: `Step ${step}`, value: optionsText(options) };
}

function optionsText(options: JsonObject): string {
  const parts = Object.entries(options).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `${name} ${text.length > 120 ? `${text.slice(0, 119)}…` : text}`;
  });
  return parts.length === 0 ? 'no options' : parts.join(', ');
}

async function intensities(
  before: VolumeCohort,
  after: VolumeCohort,
  { maxScans, run }: { readonly maxScans: number; readonly run: RunOptions },
): Promise<ReportFigure> {
  const rowOf = new Map(before.scans.map(({ id }, row) => [id, row]));
  const rows = after.scans.flatMap(({ id }) => rowOf.get(id) ?? []);
  return {
    name: 'intensities',
    figure: await plotIntensities(takeSubjects(before, rows), { after, maxScans, ...run }),
    caption:
      'The same scans before and after, each state on a scale of its own. Sites whose curves coincide have the same intensities; ' +
      'that does not show where in the brain they differ.',
  };
}
