import { inspect } from 'node:util';
import type { FeatureCohort, ImageCohort, VolumeCohort } from '../data/cohort';
import type { FeatureMatrix } from '../data/feature-matrix';
import type { ImageSet } from '../data/image-set';
import { isIssue } from '../data/issue';
import type { Participants } from '../data/participants';
import type { Picture } from '../data/picture';
import type { Volume } from '../data/volume';
import type { TableAudit } from '../evaluate/audit';
import type { MethodComparison } from '../evaluate/comparison/method-comparison';
import type { ImageAudit } from '../evaluate/images-audit/image-audit';
import type { AnyModel } from '../methods/method';
import { aboutModel } from '../methods/methods';
import type { Figure } from '../plot/figure';
import { escapeHtml } from '../plot/html';
import { montage } from '../plot/montage';
import type { MontageOptions } from '../plot/montage-options';
import type { Viewer } from '../plot/viewer';
import { auditView } from './audit-view';
import { cohortView, matrixView, participantsView } from './cohort-view';
import { comparisonView } from './comparison-view';
import type { FigureOptions } from './figure-view';
import { figureBundle, figureText } from './figure-view';
import { issuesView } from './issues-view';
import { notebookDisplay } from './kernel';
import type { MimeBundle } from './kernel';
import { modelView } from './model-view';
import { pictureBundle, pictureMetadata, pictureText } from './picture-view';
import { frameView, isFrame, rowsView } from './rows-view';
import type { TableLimits } from './table-view';
import type { View } from './view';
import { viewBundle } from './view';
import type { ViewerDisplayOptions } from './viewer-view';
import { viewerBundle, viewerText } from './viewer-view';
import { volumeCohortView } from './volume-cohort-view';
import { imagesNote, volumeNote } from './volume-view';

/** Options of {@link show}: how much of a table, and which slices of images. */
export interface ShowOptions extends TableLimits, FigureOptions, ViewerDisplayOptions, MontageOptions {}

/**
 * Shows a value under the running notebook cell: a figure or picture, drawn; a volume, a set or cohort of images, as
 * slices; a cohort, feature matrix, participants, data frame or array of row objects, as a table with its missing
 * values marked and what is hidden counted; a model or an audit, as a summary card; issues, as a list. Anything else
 * is shown as text. Outside a notebook it writes the text form to standard output.
 */
export function show(value: unknown, options: ShowOptions = {}): void {
  const display = notebookDisplay();
  for (const output of outputsOf(value, options)) {
    if (display === null) process.stdout.write(`${output.text}\n`);
    else display.show(output.bundle(), undefined, output.metadata);
  }
}

/** One output: its text, and all its forms, made only where they are shown. */
interface Output {
  readonly text: string;
  readonly bundle: () => MimeBundle;
  readonly metadata?: MimeBundle;
}

function outputsOf(value: unknown, options: ShowOptions): Output[] {
  if (isFigure(value)) return [{ text: figureText(value), bundle: () => figureBundle(value, options) }];
  if (typeof value === 'object' && value !== null) {
    if (isKind<Picture>(value, 'picture')) return [pictureOutput(value)];
    if (isKind<Viewer>(value, 'viewer')) {
      return [{ text: viewerText(value), bundle: () => viewerBundle(value, options) }];
    }
    if (isKind<Volume>(value, 'volume')) return slices(value, volumeNote(value), options);
    if (isKind<ImageSet | ImageCohort>(value, 'images')) return slices(value, imagesNote(value), options);
  }
  return [viewOutput(viewOf(value, options))];
}

/** Slices as a picture, and below it what else there is to say. */
function slices(source: Volume | ImageSet | ImageCohort, note: View | null, options: ShowOptions): Output[] {
  const picture = pictureOutput(montage(source, options));
  return note === null ? [picture] : [picture, viewOutput(note)];
}

function pictureOutput(picture: Picture): Output {
  return {
    text: pictureText(picture),
    bundle: () => pictureBundle(picture),
    metadata: pictureMetadata(picture),
  };
}

function viewOutput(view: View): Output {
  return { text: view.text, bundle: () => viewBundle(view) };
}

function viewOf(value: unknown, limits: TableLimits): View {
  if (typeof value !== 'object' || value === null) return textView(value);
  if (Array.isArray(value)) return arrayView(value, limits);
  if (isKind<FeatureCohort>(value, 'features')) return cohortView(value, limits);
  if (isKind<VolumeCohort>(value, 'volumes')) return volumeCohortView(value, limits);
  if (isKind<TableAudit>(value, 'table-audit')) return auditView(value);
  if (isKind<ImageAudit>(value, 'image-audit')) return auditView(value);
  if (isKind<MethodComparison>(value, 'method-comparison')) return comparisonView(value);
  const model = aboutModel(value);
  if (model !== undefined) return modelView(value as AnyModel, model.kind.card(value as AnyModel), limits);
  if (isMatrix(value)) return matrixView(value, limits);
  if (isParticipants(value)) return participantsView(value, limits);
  return isFrame(value) ? frameView(value, limits) : textView(value);
}

function arrayView(values: readonly unknown[], limits: TableLimits): View {
  if (values.length > 0 && values.every(isIssue)) return issuesView(values);
  const rows = values.every(
    (value): value is object => typeof value === 'object' && value !== null && !Array.isArray(value),
  );
  return rows && values.length > 0 ? rowsView(values, limits) : textView(values);
}

function textView(value: unknown): View {
  const text = typeof value === 'string' ? value : inspect(value);
  return { html: `<pre>${escapeHtml(text)}</pre>`, text };
}

function isKind<Kind extends { readonly kind: string }>(value: object, kind: Kind['kind']): value is Kind {
  return 'kind' in value && value.kind === kind;
}

function isFigure(value: unknown): value is Figure {
  return (
    typeof value === 'object' &&
    value !== null &&
    'data' in value &&
    Array.isArray(value.data) &&
    'layout' in value &&
    typeof value.layout === 'object' &&
    value.layout !== null
  );
}

function isMatrix(value: object): value is FeatureMatrix {
  return (
    'values' in value && value.values instanceof Float64Array && 'subjects' in value && 'features' in value
  );
}

function isParticipants(value: object): value is Participants {
  return 'ids' in value && 'sites' in value && 'covariates' in value;
}
