// What the parts of the study hand to each other.
import type { AnyModel, ImageCohort, methods, MethodComparison } from 'concord-mri';

/** How long networks are trained, and how large they are. */
export interface Budget {
  readonly minutes: number;
  readonly size: 'tiny' | 'small';
}

/** A training as planned once: a later sitting keeps to it. */
export interface TrainingPlan extends Budget {
  readonly steps: number;
  /** As timed when it was planned. */
  readonly secondsPerStep: number;
}

/** What one method learns from, and where it is kept. */
export interface Learning {
  readonly training: ImageCohort;
  readonly target: string;
  readonly folder: string;
  readonly seed: number;
  readonly budget: Budget;
}

/** A method that has learned. */
export interface Learned {
  readonly model: AnyModel;
  readonly harmonizer: ReturnType<NonNullable<methods.HarmonizerMakers<AnyModel>['images']>>;
  /** Of networks. */
  readonly plan?: TrainingPlan;
}

/** What one step of the study made: one method on one ground with one seed. */
export interface StudyStep {
  readonly ground: string;
  readonly method: string;
  readonly seed: number;
  readonly plan?: TrainingPlan;
  /** Numbers in the stored weights of a network. */
  readonly parameters?: number;
  /** To harmonize a slice. */
  readonly secondsPerSlice: number;
  /** Beside raw scans, as `concord compare --json` prints it. */
  readonly comparison: Pick<MethodComparison, 'rows' | 'issues' | 'evaluated' | 'persons' | 'target'>;
}
