import type { FeatureCohort, VolumeCohort } from '../data/cohort';
import type { CheckpointStore } from '../data/networks/checkpoint';
import type { Harmonizer } from '../data/harmonizer';
import type { Provenance } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import type { CohortSource } from '../data/images/slice-source';
import type { TableReading } from '../data/table-reading';
import type { CommandPart } from './method-option';

/** What a method is on the command line: a part for each command that knows it. */
export interface MethodCommand<Model> {
  /** For `concord harmonize` on a table: the method is fitted on it, and applied. */
  readonly tables?: CommandPart<TablesCall<Model>>;
  /** Names of its options that choose it where `--method` is not given. */
  readonly impliedBy?: readonly string[];
  /** For `concord apply`: new subjects by a model fitted before. */
  readonly apply?: CommandPart<ApplyCall<Model>>;
  /** For `concord harmonize` on scans, and `concord apply` where the model is stored. */
  readonly scans?: ScansPart<Model>;
  /** For `concord train`. */
  readonly train?: TrainingPart<Model>;
  /** Command lines that anyone can try after changing the names in capitals. */
  readonly examples: readonly string[];
}

/** What `concord harmonize` does to a table. */
export interface TablesCall<Model> {
  readonly harmonizer: Harmonizer<Model>;
}

/** What `concord apply` does to a table. */
export interface ApplyCall<Model> {
  /** What the model knows of its table, by which another is read like it. */
  table(model: Model): ModelTable;
  /** Harmonizes new subjects. */
  apply(model: Model, cohort: FeatureCohort, run: RunOptions): Promise<FeatureCohort>;
  /** Where the values were that the model was fitted on, for the report; missing where it does not keep that. */
  range?(model: Model): TrainingRange;
}

/** Where the values were that a model was fitted on, feature by feature. */
export interface TrainingRange {
  readonly features: readonly string[];
  /** The mean of each, on the scale that the model works on. */
  readonly means: ArrayLike<number>;
  /** How far values are from it, covariates and sites taken into account. */
  readonly sds: ArrayLike<number>;
  /** The scale that the model works on. */
  readonly scale: 'as measured' | 'logarithm';
}

/** The table that a model was fitted on. */
export interface ModelTable {
  readonly features: readonly string[];
  readonly sites: readonly string[];
  readonly covariates: readonly ModelCovariate[];
  /** How it was read; missing in models of earlier versions. */
  readonly reading?: TableReading;
  readonly provenance: Provenance;
  /** The version of this package that fitted it. */
  readonly version: string;
}

/** A covariate that a model needs: its unit, or its levels. */
export type ModelCovariate =
  | {
      readonly kind: 'continuous';
      readonly name: string;
      readonly unit?: string;
      /** The least and largest value that the model was fitted on, where it keeps them. */
      readonly min?: number;
      readonly max?: number;
    }
  | { readonly kind: 'categorical'; readonly name: string; readonly levels: readonly string[] };

/** A method of scans on the command line. */
export interface ScansPart<Model> extends CommandPart<ScansCall<Model>> {
  /**
   * The names of its options that are decided when a model is fitted, where `concord harmonize` fits it; missing where
   * models come from `concord train`.
   */
  readonly fitted?: readonly string[];
  /** The names of its options that say what to harmonize to. */
  readonly chosen?: readonly string[];
  /** The names of its options that are about other scans of the dataset: with these, no scan can be made by itself. */
  readonly together?: readonly string[];
}

/** What `concord harmonize` does to scans. */
export interface ScansCall<Model> {
  /** What the scans will be like, for the last line: the name of a site. */
  readonly target: string;
  /**
   * Options of a harmonizer that does the same in a comparison, where the target is given separately; missing where
   * there is none.
   */
  readonly harmonizer?: { readonly fit?: object; readonly apply?: object };
  /** The covariates that the model must know of every participant. */
  covariates(model: Model): readonly string[];
  /** Options of `harmonizeVolumes`. */
  options(model: Model, cohort: VolumeCohort, run: RunOptions): Promise<object>;
  /** Fits the method on the scans, each opened once; missing where models come from `concord train`. */
  fit?(cohort: VolumeCohort, run: RunOptions & { readonly strict?: boolean }): Promise<Model>;
  /** Makes the scans when they are opened; missing where their slices go through a network, by `harmonizeVolumes`. */
  harmonize?(model: Model, cohort: VolumeCohort, run: RunOptions): Promise<VolumeCohort>;
}

/** How a network is trained on the command line. */
export interface TrainingPart<Model> extends CommandPart<TrainingCall<Model>> {
  /** The sizes it comes in, and the images that each is meant for. */
  readonly sizes: Readonly<Record<string, TrainingImages>>;
  /** The highest learning rate, unless told otherwise. */
  readonly learningRate: number;
  /** Whether it can start from a fitted model. */
  readonly starts?: true;
  /** What came of it, in a line. */
  summary(model: Model): string;
}

/** The images that a size of network is meant for. */
export interface TrainingImages {
  /** Pixels along each side. */
  readonly imageSize: number;
  /** 3 where it sees the slices on both sides too. */
  readonly channels: 1 | 3;
}

/** One training on the command line. */
export interface TrainingCall<Model> {
  /** The covariates that it learns to know. */
  readonly covariates: readonly string[];
  /** Trains on slices of the scans, cut as the size of network wants them. */
  fit(slices: CohortSource, settings: TrainingSettings & { readonly startFrom?: Model }): Promise<Model>;
}

/** The options of every training. */
export interface TrainingSettings extends RunOptions {
  readonly size: string;
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate?: number;
  readonly seed: number;
  readonly checkpoints: CheckpointStore;
}
