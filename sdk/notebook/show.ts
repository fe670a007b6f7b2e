import type { FeatureCohort, ImageCohort, VolumeCohort } from '../data/cohort';
import type { FeatureMatrix } from '../data/feature-matrix';
import type { ImageSet } from '../data/images/image-set';
import { isIssue } from '../data/issue';
import type { TrainingRecord } from '../data/networks/training-record';
import { isTrainingRecord } from '../data/networks/training-record';
import type { Participants } from '../data/people/participants';
import type { Picture } from '../data/images/picture';
import type { Volume } from '../data/images/volume';
import type { TableAudit } from '../evaluate/audit';
import type { MethodComparison } from '../evaluate/comparison/method-comparison';
import type { ImageAudit } from '../evaluate/images-audit/image-audit';
import type { AnyModel } from '../methods/method';
import { aboutModel } from '../methods/methods';
import { isFigure } from '../plot/figure';
import { montage } from '../plot/panels/montage';
import type { MontageOptions } from '../plot/panels/montage-options';
import type { Viewer } from '../plot/viewer/viewer';
import { auditView } from './audit-view';
import { cohortView, matrixView, participantsView } from './cohort-view';
import { comparisonView } from './comparison-view';
import type { FigureOptions } from './figure-view';
import { figureBundle, figureMetadata, figureText } from './figure-view';
import { issuesView } from './issues-view';
import { notebookDisplay } from './kernel';
import type { MimeBundle } from './kernel';
import { modelView } from './model-view';
import { pictureBundle, pictureMetadata, pictureText } from './picture-view';
import type { TableLimits } from './table-view';
import type { View } from './view';
import { viewBundle } from './view';
import type { ViewerDisplayOptions } from './viewer-view';
import { viewerBundle, viewerText } from './viewer-view';
import { anyView } from './values/object-view';
import { isTissues, tissuePicture, tissuesView } from './tissues-view';
import { plotTraining } from '../plot/plot-training';
import { recordView } from './values/record-view';
import { volumeCohortView } from './volume-cohort-view';
import { imagesNote, volumeNote } from './volume-view';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link show}: how much of a table, and which slices of images. */
export interface ShowOptions extends TableLimits, FigureOptions, ViewerDisplayOptions, MontageOptions {}

/**
 * Shows a value under the running notebook cell: a figure or picture, drawn; a volume, a set or cohort of images, as
 * slices; a cohort, feature matrix, participants, data frame or array of row objects, as a table with its missing
 * values marked and what is hidden counted; a model or an audit, as a summary card; a training, as its curve; issues,
 * as a list. Any other record is shown in brief: its fields, tables and issues, with what is long counted; other values
 * as text. To see what is hidden, show it by itself: `show(result.scans)`. Outside a notebook it writes the text form
 * to standard output.
 *
 * @example
 * ```ts
 * show(cohort, { maxRows: 20 });
 * show(plotPca(cohort, after));
 * ```
 */
export function show(value: unknown, options: ShowOptions = {}): void {
  requireCall('show', { value, options });
  const display = notebookDisplay();
  for (const output of outputsOf(value, options)) {
    if (display === null) process.stdout.write(`${output.text}\n`);
    else {
      const { bundle, metadata } = madeOf(output);
      display.show(bundle, undefined, metadata);
    }
  }
}

/** A value in the forms in which `show` puts it into a notebook: several where it is several outputs. */
export function shownForms(
  value: unknown,
  options: ShowOptions = {},
): readonly { readonly bundle: MimeBundle; readonly metadata: MimeBundle }[] {
  return outputsOf(value, options).map(madeOf);
}

/** All forms of an output, and what goes with those that it has. */
function madeOf({ bundle, metadata = {} }: Output): {
  readonly bundle: MimeBundle;
  readonly metadata: MimeBundle;
} {
  const made = bundle();
  const own = Object.entries(metadata).filter(([type]) => Object.hasOwn(made, type));
  return { bundle: made, metadata: Object.fromEntries(own) };
}

/** One output: its text, and all its forms, made only where they are shown. */
interface Output {
  readonly text: string;
  readonly bundle: () => MimeBundle;
  readonly metadata?: MimeBundle;
}

function outputsOf(value: unknown, options: ShowOptions): Output[] {
  if (isFigure(value)) {
    const metadata = figureMetadata(value);
    return [{ text: figureText(value), bundle: () => figureBundle(value, options), metadata }];
  }
  if (typeof value === 'object' && value !== null) {
    if (isKind<Picture>(value, 'picture')) return [pictureOutput(value)];
    if (isKind<Viewer>(value, 'viewer')) {
      return [{ text: viewerText(value), bundle: () => viewerBundle(value, options) }];
    }
    if (isKind<Volume>(value, 'volume')) return slices(value, volumeNote(value), options);
    if (
      isKind<ImageSet | ImageCohort>(value, 'images') &&
      'shape' in ('images' in value ? value.images : value)
    ) {
      return slices(value, imagesNote(value), options);
    }
    if (isTissues(value))
      return [pictureOutput(tissuePicture(value, options)), viewOutput(tissuesView(value))];
    if (isTrainingRecord(value) && value.history.length > 0) return trainingOutputs(value, options);
    if (Array.isArray(value) && value.length > 0 && value.length <= mostDrawn && value.every(isDrawn)) {
      return value.flatMap((one) => outputsOf(one, options));
    }
  }
  return [viewOutput(viewOf(value, options))];
}

/** Lists of up to so many figures and pictures are drawn, one below the other. */
const mostDrawn = 12;

function isDrawn(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return isFigure(value) || isKind<Picture>(value, 'picture');
}

/** The curve of a training, and below it how it went. */
function trainingOutputs(record: TrainingRecord, options: ShowOptions): Output[] {
  return [
    ...outputsOf(plotTraining(record), options),
    viewOutput(recordView(record, { title: 'Training', without: ['history'] })),
  ];
}

/** Slices as a picture, and below it what else there is to say. */
function slices(source: Volume | ImageSet | ImageCohort, note: View | null, options: ShowOptions): Output[] {
  const { maxRows, maxColumns, embedPlotly, embedViewer, figureForm, picture: asPicture, ...drawn } = options;
  const picture = pictureOutput(montage(source, drawn));
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
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return anyView(value, limits);
  if (isIssue(value)) return issuesView([value]);
  if (isKind<FeatureCohort>(value, 'features') && 'participants' in value) return cohortView(value, limits);
  if (isKind<VolumeCohort>(value, 'volumes') && 'participants' in value) {
    return volumeCohortView(value, limits);
  }
  if (isKind<TableAudit>(value, 'table-audit')) return auditView(value);
  if (isKind<ImageAudit>(value, 'image-audit')) return auditView(value);
  if (isKind<MethodComparison>(value, 'method-comparison')) return comparisonView(value);
  const model = aboutModel(value);
  // A harmonizer of features, and a schedule, have a kind as well.
  if (model !== undefined && 'issues' in value) {
    return modelView(value as AnyModel, model.kind.card(value as AnyModel), limits);
  }
  if (isMatrix(value)) return matrixView(value, limits);
  return isParticipants(value) ? participantsView(value, limits) : anyView(value, limits);
}

function isKind<Kind extends { readonly kind: string }>(value: object, kind: Kind['kind']): value is Kind {
  return 'kind' in value && value.kind === kind;
}

function isMatrix(value: object): value is FeatureMatrix {
  return (
    'values' in value && value.values instanceof Float64Array && 'subjects' in value && 'features' in value
  );
}

function isParticipants(value: object): value is Participants {
  return 'ids' in value && 'sites' in value && 'covariates' in value;
}
