import type { FeatureMatrix } from '../../data/feature-matrix';
import { takeRows } from '../../data/feature-matrix';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import type { FoldFeatures, FoldSource } from './fold-source';
import type { HeldOutPredictions } from './held-out';
import { emptyPredictions } from './held-out';
import type { PredictionTarget } from '../predictors/prediction-target';
import { predictPrepared, prepareRidge } from '../predictors/ridge-prediction';
import type { SplitPlan } from './split-plan';
import { applyScaling, fitScaling } from './scaling';
import type { NamedBySvm } from '../predictors/svm/name-by-svm';
import { startNaming } from '../predictors/svm/name-by-svm';
import type { PendingKernels } from '../../math/wasm/background-kernels';
import type { SvmKernel } from '../predictors/svm/svm-task';

/** What is trained anew on every split. */
export interface CrossValidationTasks {
  readonly probes: readonly SvmKernel[];
  readonly targets: readonly PredictionTarget[];
}

/** Everything predicted in one protocol. */
export interface CrossValidation {
  /** Waits for the site named by each probe, per probe and seed: probes are trained while the caller does something else. */
  readonly sites: () => Promise<readonly (readonly Int32Array[])[]>;
  /** Does without the sites. */
  readonly drop: () => void;
  /** Predictions within sites, per target and seed. */
  readonly targets: readonly (readonly HeldOutPredictions[])[];
}

/**
 * Repeats cross-validation once per seed of the plan. In each fold the site probes are trained on all training
 * subjects, and each covariate is predicted within every eligible site from that site's training subjects alone.
 */
export async function crossValidate(
  plan: SplitPlan,
  tasks: CrossValidationTasks,
  { source, run }: { readonly source: FoldSource; readonly run: RunOptions },
): Promise<CrossValidation> {
  const seeds = plan.assignments.length;
  const sites = tasks.probes.map(() => plan.assignments.map(() => new Int32Array(plan.rows.length).fill(-1)));
  const targets = tasks.targets.map(() => plan.assignments.map(() => emptyPredictions(plan.rows.length)));
  const pending: PendingFold[] = [];
  const drop = (): void => pending.forEach(({ named }) => named.drop());
  const report = progressReporter(`cross-validation, ${source.protocol}`, seeds * plan.folds, run);
  const predictFold = async (seed: number, fold: number): Promise<void> => {
    await breathe(run.signal);
    const split = splitPositions(plan.assignments[seed], fold);
    const rowsAt = (positions: Int32Array): Int32Array => positions.map((at) => plan.rows[at]);
    const features = await source.split(rowsAt(split.train), rowsAt(split.test), run);
    if (tasks.probes.length > 0) {
      const sides = { train: features.train, test: await features.test() };
      pending.push({ seed, test: split.test, named: startNamingSites(plan, split, sides) });
    }
    const cases = await targetCases(tasks.targets, features);
    predictWithinSites(plan, split, { train: features.train, cases }, (target, at, prediction) => {
      targets[target][seed].predicted[at] = prediction.predicted;
      targets[target][seed].baseline[at] = prediction.baseline;
      targets[target][seed].model[at] = fold;
    });
  };
  try {
    for (let seed = 0; seed < seeds; seed++) {
      for (let fold = 0; fold < plan.folds; fold++) {
        await predictFold(seed, fold);
        report(seed * plan.folds + fold + 1);
      }
    }
  } catch (error) {
    drop();
    throw error;
  }
  const collect = async (): Promise<typeof sites> => {
    for (const { seed, test, named } of pending) {
      await breathe(run.signal);
      const made = named.finish();
      tasks.probes.forEach((kernel, probe) => {
        made[kernel].forEach((site, at) => (sites[probe][seed][test[at]] = site));
      });
    }
    return sites;
  };
  return { sites: collect, drop, targets };
}

/** Sites that are being named for the test subjects of a fold. */
interface PendingFold {
  readonly seed: number;
  readonly test: Int32Array;
  readonly named: PendingKernels<NamedBySvm>;
}

/** The positions in the plan on both sides of a split. */
interface SplitPositions {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

function splitPositions(assignment: Int32Array, fold: number): SplitPositions {
  const all = Int32Array.from(assignment.keys());
  return {
    train: all.filter((at) => assignment[at] !== fold),
    test: all.filter((at) => assignment[at] === fold),
  };
}

/** Names the site of each test subject, on other threads. */
function startNamingSites(
  plan: SplitPlan,
  split: SplitPositions,
  sides: { readonly train: FeatureMatrix; readonly test: FeatureMatrix },
): PendingKernels<NamedBySvm> {
  const scaling = fitScaling(sides.train);
  return startNaming({
    train: applyScaling(scaling, sides.train),
    test: applyScaling(scaling, sides.test),
    width: sides.train.features.length,
    labels: split.train.map((at) => plan.sites[at]),
    classes: plan.siteNames.length,
    // 1 / (features × variance of the scaled table), which is one over the number of features that vary.
    gamma: 1 / Math.max(scaling.varying, 1),
  });
}

/** A covariate to be predicted, and the features it is predicted from, made without knowing it. */
interface TargetCase {
  readonly target: PredictionTarget;
  readonly test: FeatureMatrix;
}

async function targetCases(
  targets: readonly PredictionTarget[],
  features: FoldFeatures,
): Promise<readonly TargetCase[]> {
  const cases: TargetCase[] = [];
  for (const target of targets) cases.push({ target, test: await features.test(target.covariate) });
  return cases;
}

/** Trains and predicts every target within every site that is eligible for it. */
function predictWithinSites(
  plan: SplitPlan,
  split: SplitPositions,
  { train: all, cases }: { readonly train: FeatureMatrix; readonly cases: readonly TargetCase[] },
  store: (
    target: number,
    at: number,
    made: { readonly predicted: number; readonly baseline: number },
  ) => void,
): void {
  const sites = plan.siteNames.map((_, site) => {
    const here = [...cases.keys()].filter((target) => cases[target].target.eligible[site]);
    if (here.length === 0) return { here, testAt: new Int32Array(0), prepared: [] };
    const part = (matrix: FeatureMatrix, positions: Int32Array): [FeatureMatrix, Int32Array] => {
      const kept = Int32Array.from(positions.keys()).filter((at) => plan.sites[positions[at]] === site);
      return [takeRows(matrix, kept), kept.map((at) => positions[at])];
    };
    const [train, trainAt] = part(all, split.train);
    const testAt = split.test.filter((at) => plan.sites[at] === site);
    const tests = new Map<FeatureMatrix, FeatureMatrix>();
    const testOf = (matrix: FeatureMatrix): FeatureMatrix => {
      const known = tests.get(matrix) ?? part(matrix, split.test)[0];
      tests.set(matrix, known);
      return known;
    };
    const tasks = here.map((index) => ({
      outcome: Float64Array.from(trainAt, (at) => cases[index].target.outcome[at]),
      test: testOf(cases[index].test),
    }));
    return { here, testAt, prepared: prepareRidge(train, tasks) };
  });
  // The sites are solved together, on all cores where it is worth it.
  predictPrepared(sites.map(({ prepared }) => prepared)).forEach((made, site) => {
    const { here, testAt } = sites[site];
    made.forEach(({ predicted, baseline }, index) => {
      predicted.forEach((value, item) => store(here[index], testAt[item], { predicted: value, baseline }));
    });
  });
}
