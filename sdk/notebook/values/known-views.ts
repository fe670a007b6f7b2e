import type { AffineRegistration } from '../../data/images/affine-registration';
import type { Covariate } from '../../data/people/covariate';
import type { Harmonizer } from '../../data/harmonizer';
import type { Provenance } from '../../data/provenance';
import type { AuditFinding } from '../../evaluate/findings/audit-finding';
import { findingLines } from '../../evaluate/findings/audit-finding';
import type { QualityReport } from '../../evaluate/quality/quality-report';
import type { Method } from '../../methods/method';
import type { BackendReport } from '../../nn/backend/backend-report';
import { formatBackend } from '../../nn/backend/format-backend';
import { findingsHtml } from '../../plot/html/audit-html';
import { escapeHtml } from '../../plot/html/html';
import type { ReportContent } from '../../report/report-content';
import { factsView } from '../facts-view';
import { rowsView } from '../rows-view';
import type { TableLimits } from '../table-view';
import type { View } from '../view';
import { stacked } from '../view';
import { briefText, briefNumber, oneLine, rangeText } from './brief-text';
import { affineView } from './list-view';
import { textView } from './plain-view';
import { briefIssues } from './record-view';
import { counted } from '../../data/counted';

/** A view of a kind of record that the view of any record would show badly. */
interface KnownView {
  is(value: object): boolean;
  view(value: object, limits: TableLimits): View;
}

/** The views of such kinds of records: a new one is a line here. */
const known: readonly KnownView[] = [
  knownView<QualityReport>(hasKind('quality-report'), qualityView),
  knownView<AffineRegistration>(hasKind('affine-registration'), registrationView),
  knownView<BackendReport>(hasFields('backend', 'requested', 'failed', 'tensors'), (report) =>
    textView(formatBackend(report)),
  ),
  knownView<ReportContent>(hasFields('lead', 'facts', 'figures', 'provenance'), reportView),
  knownView<Harmonizer>(hasFields('name', 'kind', 'fit', 'apply', 'targets'), harmonizerView),
  knownView<Method>(hasFields('name', 'title', 'summary', 'model', 'harmonizers'), (method) =>
    factsView(`Method ${method.title}`, methodFacts(method)),
  ),
  knownView<Covariate>(isCovariate, covariateView),
  { is: (value) => value instanceof AbortSignal, view: (value) => signalView(value as AbortSignal) },
];

/** The view of a record of a kind that has one of its own. */
export function knownRecordView(value: object, limits: TableLimits): View | undefined {
  return known.find((one) => one.is(value))?.view(value, limits);
}

/** The view of a list of records for which there is a better table than one of their fields. */
export function knownListView(values: readonly unknown[], limits: TableLimits): View | undefined {
  if (values.length === 0) return undefined;
  const all = (is: (value: object) => boolean): boolean =>
    values.every((value) => typeof value === 'object' && value !== null && is(value));
  if (all(hasFields('name', 'title', 'summary', 'model', 'harmonizers'))) {
    return rowsView(
      (values as readonly Method[]).map((method) =>
        Object.fromEntries(methodFacts(method).map(({ label, value }) => [label, value])),
      ),
      { maxRows: 20, ...limits },
      counted(values.length, 'method'),
    );
  }
  if (all(hasFields('question', 'title', 'grade', 'sentences', 'against'))) {
    const findings = values as readonly AuditFinding[];
    return { html: findingsHtml(findings), text: findingLines(findings).join('\n') };
  }
  if (all((value) => hasFields('step', 'options', 'version')(value))) {
    return provenanceView(values as Provenance, limits);
  }
  return undefined;
}

function knownView<Value extends object>(
  is: (value: object) => boolean,
  view: (value: Value, limits: TableLimits) => View,
): KnownView {
  return { is, view: (value, limits) => view(value as Value, limits) };
}

function hasKind(kind: string): (value: object) => boolean {
  return (value) => 'kind' in value && value.kind === kind;
}

function hasFields(...names: readonly string[]): (value: object) => boolean {
  return (value) => names.every((name) => name in value);
}

function isCovariate(value: object): boolean {
  return hasFields('kind', 'name', 'values')(value) || hasFields('kind', 'name', 'levels', 'codes')(value);
}

/** A covariate: its unit and range, or its levels with how many participants have each. */
function covariateView(covariate: Covariate): View {
  const title = `Covariate ${oneLine(covariate.name, 80)}, ${covariate.kind}`;
  if (covariate.kind === 'continuous') {
    const { unit, values } = covariate;
    return factsView(title, [
      { label: 'participants', value: String(values.length) },
      { label: 'unit', value: unit ?? null },
      { label: 'range', value: values.length === 0 ? null : rangeText(values) },
    ]);
  }
  const { levels, codes } = covariate;
  const sizes = levels.map(
    (level, code) => `${oneLine(level, 40)} (${codes.filter((own) => own === code).length})`,
  );
  return factsView(title, [
    { label: 'participants', value: String(codes.length) },
    { label: 'levels', value: briefText(sizes) },
    { label: 'missing', value: String(codes.filter((own) => own === -1).length) },
  ]);
}

/** Scans that stand out first, with what stands out beside their names. */
function qualityView({ scans, issues, threshold }: QualityReport, limits: TableLimits): View {
  const outlying = scans.filter((scan) => scan.outlying !== '');
  const ordered = [...outlying, ...scans.filter((scan) => scan.outlying === '')];
  const rows = ordered.map(({ scan, site, outlying: figures, ...rest }) => ({
    scan,
    site,
    outlying: figures === '' ? 'none' : figures,
    ...rest,
  }));
  const title = `Quality: ${counted(scans.length, 'scan')}, ${outlying.length} with outlying figures`;
  const note =
    scans.length === 0
      ? 'no scan could be measured'
      : `outlying: more than ${briefNumber(threshold)} robust deviations from the median of its site; those scans come first`;
  return stacked(
    rowsView(rows, { maxColumns: 18, ...limits }, title),
    textNote(note),
    ...(issues.length === 0 ? [] : [briefIssues(issues)]),
  );
}

function registrationView(registration: AffineRegistration): View {
  const { matrix, transform, movingGrid, fixedGrid, metric } = registration;
  const facts = factsView(`Registration, ${transform}`, [
    { label: 'moving grid', value: `${movingGrid.shape.join(' × ')} voxels` },
    { label: 'fixed grid', value: `${fixedGrid.shape.join(' × ')} voxels` },
    { label: metric.name, value: `${briefNumber(metric.before)} before, ${briefNumber(metric.after)} after` },
  ]);
  return stacked(facts, affineView(matrix));
}

function harmonizerView(harmonizer: Harmonizer): View {
  const { name, kind, preserves = [] } = harmonizer;
  return factsView(`Harmonizer ${oneLine(name, 80)}`, [
    { label: 'harmonizes', value: oneLine(kind, 40) },
    { label: 'preserves', value: preserves.length === 0 ? 'no covariate' : briefText(preserves) },
    { label: 'functions', value: 'fit, apply, targets' },
  ]);
}

function methodFacts(method: Method): readonly { readonly label: string; readonly value: string }[] {
  const { name, title, summary, quick, model, harmonizers, slices, command } = method;
  const { train, scans, tables, apply } = command ?? {};
  const commands = [
    tables === undefined && scans === undefined ? undefined : 'harmonize',
    apply === undefined ? undefined : 'apply',
    train === undefined ? undefined : 'train',
  ].filter((one) => one !== undefined);
  return [
    { label: 'name', value: name },
    { label: 'title', value: title },
    { label: 'summary', value: summary },
    { label: 'harmonizes', value: Object.keys(harmonizers).join(', ') },
    { label: 'model', value: model.kind },
    { label: 'fitted', value: quick ? 'in moments' : 'by training' },
    { label: 'whole scans', value: slices === undefined ? 'no' : 'slice by slice' },
    { label: 'commands', value: commands.length === 0 ? 'none' : commands.join(', ') },
  ];
}

function provenanceView(steps: Provenance, limits: TableLimits): View {
  const rows = steps.map(({ step, options, seed, version }) => ({ step, options, seed, version }));
  return rowsView(rows, { maxRows: 30, ...limits }, `Provenance: ${counted(steps.length, 'step')}`);
}

function reportView(content: ReportContent): View {
  const { title, lead, facts, reading, audit, figures, pictures = [], viewers = [], issues } = content;
  const drawn = [
    counted(figures.length, 'figure'),
    counted(pictures.length, 'picture'),
    counted(viewers.length, 'viewer'),
  ];
  const view = factsView(`Report: ${oneLine(title, 120)}`, [
    { label: 'lead', value: oneLine(lead, 400) },
    ...facts
      .slice(0, 14)
      .map(({ label, value }) => ({ label: oneLine(label, 40), value: oneLine(value, 160) })),
    { label: 'reading', value: reading === undefined ? 'none' : counted(reading.facts.length, 'fact') },
    { label: 'audit', value: audit === undefined ? 'none' : briefText(audit) },
    { label: 'drawn', value: drawn.join(', ') },
    { label: 'steps', value: briefText(content.provenance.map(({ step }) => step)) },
  ]);
  const note = textNote('write it with writeReport(content, path)');
  return stacked(view, ...(issues.length === 0 ? [] : [briefIssues(issues)]), note);
}

function signalView({ aborted, reason }: AbortSignal): View {
  return factsView('AbortSignal', [
    { label: 'aborted', value: aborted ? `yes: ${briefText(reason)}` : 'no' },
  ]);
}

/** A sentence below a table. */
function textNote(text: string): View {
  return { html: `<p class="concord-note">${escapeHtml(text)}</p>`, text };
}
