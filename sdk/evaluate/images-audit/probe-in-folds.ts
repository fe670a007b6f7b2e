import type { ImageCohort } from '../../data/cohort';
import { imageRanges, takeSubjects } from '../../data/cohort';
import { siteNames } from '../../data/people/participants';
import type { RunOptions } from '../../data/run-options';
import { deriveSeed } from '../../math/random';
import type { CovariateClassification, CovariateRegression, Protocol, SiteProbe } from '../audit';
import type { HeldOutPredictions } from '../splits/held-out';
import { emptyPredictions } from '../splits/held-out';
import type { PredictionTarget } from '../predictors/prediction-target';
import type { ScanProducts } from '../probes/pixel-prediction';
import { predictFromPixels, scanProducts } from '../probes/pixel-prediction';
import { probeAnswer } from '../probes/probe-network';
import { applyProbe, trainProbe } from '../probes/train-probe';
import type { SplitPlan } from '../splits/split-plan';
import { standardizedScans } from './standardize';
import { summarizeClassification, summarizeRegression } from '../predictors/summarize-predictions';
import { summarizeProbe } from '../predictors/summarize-probes';

/** What is trained on which splits: made once, so that every state of the images is judged on the same ones. */
export interface ImageProbeDesign {
  readonly plan: SplitPlan;
  readonly targets: readonly PredictionTarget[];
  readonly seed: number;
  readonly steps: number;
  /**
   * What predicts the targets: the pixels of whole scans, which takes as many slices of each and learns far more from some
   * hundred persons, or a network that looks at one slice at a time.
   */
  readonly predictor: 'pixels' | 'cnn';
}

/** What the probes of one state of the images found, and what they predicted. */
export interface ImageProbeRun {
  readonly probe: SiteProbe<'cnn'>;
  readonly regressions: readonly CovariateRegression[];
  readonly classifications: readonly CovariateClassification[];
  /** Predictions per target and seed, for other states to be compared with. */
  readonly held: readonly (readonly HeldOutPredictions[])[];
}

/** Options of {@link probeInFolds}. */
export interface ProbeInFoldsOptions extends Pick<RunOptions, 'signal'> {
  readonly protocol: Protocol;
  /** The same run on raw images, to say how much predictions changed. */
  readonly raw?: ImageProbeRun;
  /** Called after every network that was trained. */
  readonly onTrained: () => void;
}

/**
 * Trains a convolutional network anew in every fold on images of the training persons, and evaluates it for the site of
 * the persons held out. What is said of a scan is the mean over its slices. Targets are predicted by ridge regression on
 * the pixels, or by such networks too: from scans at one brightness and contrast, since scanners set these, some of them
 * by the size of the head.
 *
 * Targets are learned as their difference from the mean of the site (of the training persons; levels by a network as they
 * are), and the area under the curve of a level is taken within sites (and folds), so that nothing is gained by
 * recognizing the site: what is predicted beyond that is seen in the brain.
 */
export async function probeInFolds(
  cohort: ImageCohort,
  { plan, targets, seed, steps, predictor }: ImageProbeDesign,
  { protocol, raw, signal, onTrained }: ProbeInFoldsOptions,
): Promise<ImageProbeRun> {
  const used = takeSubjects(cohort, plan.rows);
  const atOneBrightness = targets.length === 0 ? used : standardizedScans(used);
  const products = targets.length > 0 && predictor === 'pixels' ? scanProducts(atOneBrightness) : undefined;
  const named = plan.assignments.map(() => new Int32Array(plan.rows.length).fill(-1));
  const held = targets.map(() => plan.assignments.map(() => emptyPredictions(plan.rows.length)));
  for (const [repeat, assignment] of plan.assignments.entries()) {
    for (let fold = 0; fold < plan.folds; fold++) {
      const at = [...assignment.keys()];
      const split = {
        train: at.filter((i) => assignment[i] !== fold),
        test: at.filter((i) => assignment[i] === fold),
      };
      const own = { steps, seed: deriveSeed(seed, repeat * plan.folds + fold), signal };
      const sites = await classesOf(used, split, plan.sites, { ...own, classes: plan.siteNames.length });
      sites.forEach((logits, i) => (named[repeat][split.test[i]] = logits.indexOf(Math.max(...logits))));
      onTrained();
      for (const [index, target] of targets.entries()) {
        const seedOfTarget = deriveSeed(own.seed, index + 1);
        const into = held[index][repeat];
        for (const row of split.test) into.model[row] = fold;
        if (products !== undefined) predictByPixels(products, { plan, target, split }, into);
        else {
          const lesson = { ...own, seed: seedOfTarget, into };
          await predictByNetwork(atOneBrightness, { plan, target, split }, lesson);
          onTrained();
        }
      }
    }
  }
  const auditSites = siteNames(cohort.participants);
  const probe = summarizeProbe(plan, named, {
    probe: 'cnn',
    protocol,
    seed: deriveSeed(seed, 2000),
    auditSites,
  });
  return { probe, ...summaries(plan, targets, { held, raw, protocol, seed }), held };
}

function summaries(
  plan: SplitPlan,
  targets: readonly PredictionTarget[],
  run: Pick<ImageProbeRun, 'held'> & {
    readonly raw?: ImageProbeRun;
    readonly protocol: Protocol;
    readonly seed: number;
  },
): Pick<ImageProbeRun, 'regressions' | 'classifications'> {
  const regressions: CovariateRegression[] = [];
  const classifications: CovariateClassification[] = [];
  targets.forEach((target, index) => {
    const { protocol } = run;
    const about = { protocol, scheme: 'within-site' as const, seed: deriveSeed(run.seed, 1000 + index) };
    const context = { ...about, raw: run.raw?.held[index] };
    const predictions = { target, held: run.held[index] };
    const number = target.kind === 'regression' ? summarizeRegression(plan, predictions, context) : undefined;
    const level =
      target.kind === 'classification' ? summarizeClassification(plan, predictions, context) : undefined;
    if (number !== undefined) regressions.push(number);
    if (level !== undefined) classifications.push(level);
  });
  return { regressions, classifications };
}

/** Positions in the plan on both sides of a split. */
interface Split {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

interface Training extends Pick<RunOptions, 'signal'> {
  readonly steps: number;
  readonly seed: number;
}

/** Trains on classes, and returns the mean logits of each test scan. */
async function classesOf(
  cohort: ImageCohort,
  split: Split,
  codes: ArrayLike<number>,
  { classes, ...training }: Training & { readonly classes: number },
): Promise<readonly number[][]> {
  const one = (row: number): readonly number[] =>
    Array.from({ length: classes }, (_, code) => Number(codes[row] === code));
  return answersOf(cohort, split, { ...training, one, label: (row) => String(codes[row]) });
}

/** What is to be predicted, and on which scans. */
interface Prediction {
  readonly plan: SplitPlan;
  readonly target: PredictionTarget;
  readonly split: Split;
}

/** The scans of the sites that have enough persons for the target; nothing where too few teach. */
function usableSplit({ plan, target, split }: Prediction): Split | undefined {
  const { outcome, eligible } = target;
  const usable = (row: number): boolean => eligible[plan.sites[row]] && !Number.isNaN(outcome[row]);
  const train = split.train.filter(usable);
  const test = split.test.filter((row) => eligible[plan.sites[row]]);
  return train.length < 2 || test.length === 0 ? undefined : { train, test };
}

/** The mean of each site over training scans; `NaN` of a site that has none. */
function siteMeans({ plan, target: { outcome } }: Prediction, train: readonly number[]): readonly number[] {
  return plan.siteNames.map((_, site) =>
    average(train.filter((row) => plan.sites[row] === site).map((row) => outcome[row])),
  );
}

/** Predicts one target for the test scans from the pixels of whole scans. */
function predictByPixels(products: ScanProducts, prediction: Prediction, into: HeldOutPredictions): void {
  const { plan, target } = prediction;
  const split = usableSplit(prediction);
  if (split === undefined) return;
  const means = siteMeans(prediction, split.train);
  const test = split.test.filter((row) => !Number.isNaN(means[plan.sites[row]]));
  const rest = Float64Array.from(split.train, (row) => target.outcome[row] - means[plan.sites[row]]);
  const found = predictFromPixels(products, { train: split.train, test }, rest);
  test.forEach((row, at) => {
    const mean = means[plan.sites[row]];
    // The score of a level is how far it is beyond what the site alone says.
    into.predicted[row] = target.kind === 'regression' ? mean + found[at] : found[at];
    if (target.kind === 'regression') into.baseline[row] = mean;
  });
}

/** Predicts one target for the test scans by a network. */
async function predictByNetwork(
  cohort: ImageCohort,
  prediction: Prediction,
  { into, ...training }: Training & { readonly into: HeldOutPredictions },
): Promise<void> {
  const { plan, target } = prediction;
  const { outcome, kind } = target;
  const split = usableSplit(prediction);
  if (split === undefined) return;
  const { train, test } = split;
  if (kind === 'classification') {
    const code = outcome.map((sign) => Number(sign > 0));
    if (new Set(train.map((row) => code[row])).size < 2) return;
    const logits = await classesOf(cohort, { train, test }, code, { ...training, classes: 2 });
    logits.forEach(([negative, positive], i) => (into.predicted[test[i]] = positive - negative));
    return;
  }
  const center = siteMeans(prediction, train);
  const known = { train, test: test.filter((row) => !Number.isNaN(center[plan.sites[row]])) };
  const rest = (row: number): number => outcome[row] - center[plan.sites[row]];
  const spread = Math.sqrt(average(train.map((row) => rest(row) ** 2))) || 1;
  const answers = await answersOf(cohort, known, { ...training, one: (row) => [rest(row) / spread] });
  answers.forEach(([answer], i) => {
    const row = known.test[i];
    into.baseline[row] = center[plan.sites[row]];
    into.predicted[row] = center[plan.sites[row]] + spread * answer;
  });
}

/** Trains a network, and returns its mean output over the slices of each test scan. */
async function answersOf(
  cohort: ImageCohort,
  { train, test }: Split,
  lesson: Training & {
    readonly one: (row: number) => readonly number[];
    readonly label?: (row: number) => string;
  },
): Promise<readonly number[][]> {
  const { one, label, steps, seed, signal } = lesson;
  const learned = takeSubjects(cohort, train);
  const perImage = imageRanges(learned).flatMap(([from, to], i) =>
    Array.from({ length: to - from }, () => train[i]),
  );
  const answers = Float32Array.from(perImage.flatMap((row) => one(row)));
  const labels = label === undefined ? undefined : perImage.map(label);
  const probe = await trainProbe({ images: learned.images, answers, labels }, { steps, seed, signal });
  const part = takeSubjects(cohort, test);
  const said = await applyProbe(probe, part.images, { compute: probeAnswer, signal });
  return imageRanges(part).map(([from, to]) =>
    Array.from({ length: probe.outputs }, (_, output) =>
      average(Array.from({ length: to - from }, (__, i) => said[(from + i) * probe.outputs + output])),
    ),
  );
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
