// What the parts of the study hand to each other.
import type { AnyModel, ImageCohort, methods, MethodComparison } from 'concord-mri';
import type { Way } from './way';

/** How long networks are trained, and how large they are. */
export interface Budget {
  /** Of each training: where there are folds, each has as many. */
  readonly minutes: number;
  readonly size: 'tiny' | 'small';
}

/**
 * Images that a network learns from at each step. Networks that play against each other learn from few, as their papers have
 * them do (1 to 8 images): in the same time they are given more steps.
 */
export function batchSizeOf(method: string): number {
  return adversaries.has(method) ? 4 : 16;
}

const adversaries: ReadonlySet<string> = new Set(['murd', 'style-gan', 'stargan-v2', 'cyclegan']);

/** A training as planned: later sittings keep to it, or make it longer. */
export interface TrainingPlan extends Budget {
  readonly steps: number;
  readonly batchSize: number;
  /** Of computing, on each thread, as timed when it was first planned. */
  readonly secondsPerStep: number;
}

/** What one method learns from, and where it is kept. */
export interface Learning {
  readonly training: ImageCohort;
  readonly target: string;
  readonly folder: string;
  readonly seed: number;
  readonly budget: Budget;
  readonly way: Way;
  /** Of another part of the ground, which has the same number of steps then. */
  readonly plan?: TrainingPlan;
}

/** A method that has learned. */
export interface Learned {
  readonly model: AnyModel;
  readonly harmonizer: ReturnType<NonNullable<methods.HarmonizerMakers<AnyModel>['images']>>;
  /** Of networks. */
  readonly plan?: TrainingPlan;
  /** Seconds that fitting took, of methods that are quick. */
  readonly seconds?: number;
}

/** An estimate, with its interval over persons where it has one. */
export interface Value {
  readonly estimate: number | null;
  readonly interval?: { readonly low: number | null; readonly high: number | null };
}

/** A figure that comparisons do not have. */
export interface ExtraFigure {
  readonly id: string;
  readonly name: string;
  readonly quantity: string;
  readonly unit?: string;
  readonly raw?: Value;
  readonly value?: Value;
  /** What it is to be compared with. */
  readonly floor?: Floor;
}

/** What a figure is to be compared with, in words and as a number. */
export interface Floor {
  readonly label: string;
  readonly value: number | null;
}

/** What one step of the study made: one method on one ground with one seed. */
export interface StudyStep extends Way {
  readonly ground: string;
  readonly about: string;
  readonly leftOut: readonly string[];
  readonly method: string;
  readonly seed: number;
  /** What networks were computed on. */
  readonly backend: string;
  /** How many trainings of that plan: one for each fold. */
  readonly trainings: number;
  readonly plan?: TrainingPlan;
  /** Seconds of fitting or training, in all folds together: of networks as planned. */
  readonly learningSeconds: number;
  /** Numbers in the stored weights of a network. */
  readonly parameters?: number;
  /** To harmonize a slice. */
  readonly secondsPerSlice: number;
  /** Beside raw scans, as `concord compare --json` prints it. */
  readonly comparison: Pick<
    MethodComparison,
    'rows' | 'issues' | 'evaluated' | 'persons' | 'target' | 'notes' | 'sites'
  >;
  readonly extra: readonly ExtraFigure[];
}
