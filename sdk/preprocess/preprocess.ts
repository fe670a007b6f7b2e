import { invalidArgument } from '../data/require-cohort';
import type { VolumeCohort } from '../data/cohort';
import { makeVolumeCohort } from '../data/cohort';
import { provenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import { throwIfAborted } from '../data/run-options';
import type { Volume } from '../data/images/volume';
import { keepMark } from '../math/images/scan-mark';
import { requireCall } from '../data/calls/require-call';

/** How steps are run on one volume: what may be known of the scan besides its voxels. */
export interface StepRun extends RunOptions {
  /** What was measured, by its BIDS suffix: `T1w`, `T2w` … Steps that look for a tissue take the contrast from it. */
  readonly suffix?: string;
}

/** One step of a pipeline: a pure function from volume to volume, with its name and options for the record. */
export interface VolumeStep {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  /**
   * Does it; what came in stays as it was.
   *
   * @param suffix - what was measured, by the BIDS suffix of the scan: `T1w`, `T2w` …; empty where that is not known
   */
  run(volume: Volume, run?: RunOptions, suffix?: string): Volume | Promise<Volume>;
}

/**
 * Does the steps one after the other to one volume.
 *
 * @throws ConcordError whatever a step throws; `aborted` when canceled.
 */
export async function preprocessVolume(
  volume: Volume,
  steps: readonly VolumeStep[],
  run: StepRun = {},
): Promise<Volume> {
  requireCall('volumes.preprocess', { volume, steps, run });
  const { suffix, ...own } = run;
  let current = volume;
  for (const step of steps) {
    throwIfAborted(run.signal);
    current = await step.run(current, own, suffix);
  }
  return current;
}

/**
 * The cohort as the steps make it. Nothing is computed yet: each scan goes through the steps when it is opened, one
 * at a time, so that a cohort of any size passes through in the memory of one scan. Steps that look for a tissue
 * (`brainMask`, `whiteStripe`, `kdeNormalize`, `fcmNormalize`) take the contrast from the suffix of each scan, unless they
 * are told one.
 *
 * @example
 * ```ts
 * const prepared = preprocess(cohort, [steps.reorient(), steps.resample({ spacing: 2 }), steps.brainMask(),
 * steps.zScore()]);
 * ```
 */
export function preprocess(cohort: VolumeCohort, steps: readonly VolumeStep[]): VolumeCohort {
  requireCall('preprocess', { cohort, steps });
  requireSteps(steps);
  const scans = cohort.scans.map((scan) => ({
    ...scan,
    open: async (run?: RunOptions) => {
      const volume = await scan.open(run);
      const prepared = await preprocessVolume(volume, steps, { ...run, suffix: scan.suffix });
      return keepMark(volume, prepared, 'after');
    },
  }));
  return makeVolumeCohort(cohort.participants, scans, {
    provenance: [...cohort.provenance, ...steps.map(({ name, options }) => provenanceStep(name, options))],
    issues: cohort.issues,
  });
}

/** Callers from JavaScript, who have no compiler, give names, or do not call what makes a step. */
function requireSteps(steps: unknown): void {
  const allowed = 'a list of steps, each made by calling its function, is allowed';
  if (!Array.isArray(steps)) throw invalidArgument('preprocess', 'steps', { given: steps, allowed });
  for (const step of steps as readonly unknown[]) {
    if (typeof step === 'object' && step !== null && 'run' in step) continue;
    throw invalidArgument('preprocess', 'step', { given: step, allowed });
  }
}
