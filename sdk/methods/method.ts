import type { ImageCohort, VolumeCohort } from '../data/cohort';
import type { Harmonizer } from '../data/harmonizer';
import type { Issue } from '../data/issue';
import type { JsonObject } from '../data/json';
import type { Provenance } from '../data/provenance';
import type { Reference } from '../data/references';
import type { RunOptions } from '../data/run-options';
import type { StoredNetwork } from '../data/networks/stored-network';
import type { StoredModel } from '../io/models/model-file';
import type { ImageGeometry } from '../nn/images/image-geometry';
import type { Figure } from '../plot/figure';
import type { MethodCommand } from './method-command';

/** What every model is: a plain value that says of what kind it is, and what was noticed while it was fitted. */
export interface AnyModel {
  readonly kind: string;
  readonly issues: readonly Issue[];
  /** How the cohort it was fitted on was made, and the fit. */
  readonly provenance?: Provenance;
}

/**
 * A kind of model: how it is written down, and what there is to say of one. Several methods can make models of one kind,
 * as all intensity normalizations do.
 */
export interface ModelKind<Model extends AnyModel = AnyModel> {
  /** As in `model.kind` and `loadModel(path, kind)`. */
  readonly kind: Model['kind'];
  /** How it is kept: one sealed file, or a folder with weights. */
  readonly storage: FileStorage<Model> | FolderStorage<Model>;
  /** What there is to know of a model, for `show` and reports. */
  card(model: Model): ModelCard;
}

/** A model that is one sealed JSON file, with large arrays beside it. */
export interface FileStorage<Model> {
  readonly as: 'file';
  /** Takes a model apart; what comes back from `fromStored` has the same bits. */
  toStored(model: Model): StoredModel;
  /**
   * Puts a model together.
   *
   * @throws ConcordError `malformed-model` naming the part that is wrong.
   */
  fromStored(stored: StoredModel): Model;
}

/** A model that is a folder of a sealed description and weights. */
export interface FolderStorage<Model> {
  readonly as: 'folder';
  /** Takes a model apart; what comes back from `fromStored` has the same bits. */
  toStored(model: Model): StoredNetwork;
  /**
   * Puts a model together; a promise, so that what makes networks is loaded only where one is.
   *
   * @throws ConcordError `malformed-model` naming the part that is wrong.
   */
  fromStored(stored: StoredNetwork): Promise<Model>;
}

/** What there is to know of a model, in words and numbers that need no explanation. */
export interface ModelCard {
  /** What it is, in a line: `ComBat model: 62 features, 3 sites, 559 subjects`. */
  readonly title: string;
  /** The covariates whose effects it keeps; missing where it keeps none by design. */
  readonly preserves?: readonly string[];
  /** The batch variables whose effects it takes out, where there are others than the site. */
  readonly removes?: readonly string[];
  /** Settings and sizes. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly tables?: readonly CardTable[];
  /** How it was fitted, in sentences of a methods section; a report makes one of the facts where there are none. */
  readonly sentences?: readonly string[];
  /** What its options ask to be cited, beside the papers of the method. */
  readonly references?: readonly Reference[];
  /** What a report draws of it. */
  readonly figures?: () => readonly {
    readonly figure: Figure;
    readonly caption: string;
    readonly name: string;
    /** The table of the report that has its numbers. */
    readonly table?: string;
  }[];
}

/** A table of a card: a row per site, say. `NaN` where there is no number. */
export interface CardTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/**
 * A method of harmonization, as one record: whatever saves, loads, shows, compares or runs methods on the command line
 * reads it here, and nothing else asks for a method by its name.
 */
export interface Method<Model extends AnyModel = AnyModel> {
  /** Its name on the command line and in comparisons: `combat`. */
  readonly name: string;
  /** Its name in text: `ComBat`. */
  readonly title: string;
  /** What it does, in half a sentence that can follow its name. */
  readonly summary: string;
  /** The papers that describe it; missing for what no paper is cited for. */
  readonly references?: readonly Reference[];
  /** Whether it is fitted in moments, so that comparisons fit it anew; networks are trained before. */
  readonly quick: boolean;
  readonly model: ModelKind<Model>;
  /** Whether a model of that kind is one of this method; missing where no other makes models of that kind. */
  made?(model: Model): boolean;
  /** What makes its harmonizers, by what they harmonize. */
  readonly harmonizers: HarmonizerMakers<Model>;
  /** Of a network of slices: what it was made for, and how it takes the slices of whole scans. */
  readonly slices?: SliceMethod<Model>;
  /** Its options and examples on the command line; without it, it is there for comparisons only. */
  readonly command?: MethodCommand<Model>;
}

/** What a harmonizer is made with. */
export interface HarmonizerOptions<Model = AnyModel> {
  /** Options of fitting, as those of the method's own function. */
  readonly fit?: object;
  /** Options of applying, except the target. */
  readonly apply?: object;
  /** A model that has been fitted already: `fit` then returns it, and learns nothing. */
  readonly model?: Model;
}

/** Makes a method's harmonizers of each payload that it knows. */
export interface HarmonizerMakers<Model> {
  /** For tables. */
  features?(options: HarmonizerOptions<Model>): Harmonizer<Model, 'features'>;
  /** For slices. */
  images?(options: HarmonizerOptions<Model>): Harmonizer<Model, 'images'>;
  /** For whole scans, which are opened when they are needed. */
  volumes?(options: HarmonizerOptions<Model>): Harmonizer<Model, 'volumes'>;
}

/** How a network of slices takes whole scans. */
export interface SliceMethod<Model> {
  /** The slices that a model was made for. */
  input(model: Model): SliceInput;
  /**
   * Gets ready for the scans of a cohort: whatever is wrong and can be known before a scan is opened is said here.
   *
   * @param options - those of the method's own function of slices
   * @throws ConcordError `invalid-option`, `unknown-site` and others of that function.
   */
  prepare(model: Model, cohort: VolumeCohort, options: object): PreparedSlices;
}

/** The slices that a network was made for. */
export interface SliceInput {
  readonly geometry: ImageGeometry;
  /** Rows, columns and channels. */
  readonly shape: readonly number[];
  /** What the scans measured, by their BIDS suffixes; empty where that is not known. */
  readonly suffixes: readonly string[];
}

/** A model of slices, ready for the scans of a cohort. */
export interface PreparedSlices {
  /** The options, for provenance. */
  readonly record: JsonObject;
  /** Harmonizes the slices of one scan. */
  apply(images: ImageCohort, run: RunOptions): Promise<ImageCohort>;
}
