import type { ImageCohort, VolumeCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import type { Issue } from '../data/issue';
import { distinctIssues, makeIssue } from '../data/issue';
import { kinOf } from '../data/people/families';
import type { RunOptions } from '../data/run-options';
import { comparisonFindings } from '../evaluate/comparison/comparison-findings';
import { baselineRows, comparisonRows } from '../evaluate/comparison/comparison-rows';
import type { ComparedMethod, MethodComparison } from '../evaluate/comparison/method-comparison';
import { evaluateImageStates } from '../evaluate/images-audit/evaluate-images';
import type { EvaluateImagesOptions } from '../evaluate/images-audit/image-audit-options';
import { imageAuditSettings } from '../evaluate/images-audit/image-audit-options';
import { payloadText } from '../evaluate/rows/audit-numbers';
import type { SplitPlan } from '../evaluate/splits/split-plan';
import { planSplits } from '../evaluate/splits/split-plan';
import { version } from '../version';
import { cutAlike } from '../preprocess/slices/cut-alike';
import type { CompareMethodsOptions } from './compare-options';
import type { NamedHarmonizer, Noticed } from './compared-harmonizer';
import { leaveOut, ofMethod } from './compared-harmonizer';
import { comparedModel } from './compared-model';
import { CostMeter } from './cost';
import type { ComparedScans, ScansSplit } from './harmonize-slices';
import { harmonizeSlices } from './harmonize-slices';
import type { SharedProgress } from '../data/shared-progress';
import { sharedProgress } from '../data/shared-progress';

/** How long the parts of a comparison take, beside each other. */
const weights = { cut: 10, harmonize: 10, evaluate: 40 };

/** Compares methods on slices, or on whole scans cut into slices: all states in one pass. */
export async function compareOnScans(
  cohort: ImageCohort | VolumeCohort,
  harmonizers: readonly NamedHarmonizer[],
  options: CompareMethodsOptions,
): Promise<MethodComparison> {
  const { folds = false, target } = options;
  const evaluation = evaluationOf(options);
  // Wrong options are said before any scan is read.
  const settings = imageAuditSettings(cohort, evaluation);
  const total =
    weights.cut + weights.harmonize * harmonizers.length + weights.evaluate * (1 + harmonizers.length);
  const progress = sharedProgress('comparing methods', total, options);
  const scans = await scansOf(cohort, options, progress);
  const noticed: Noticed = { issues: [], leftOut: [] };
  const { issues } = noticed;
  const methods: ComparedMethod[] = [];
  const { images } = scans;
  let auditing: RunOptions = {};
  const judged = folds ? inFolds(images, settings, issues) : images;
  const audit = await evaluateImageStates(
    judged,
    async (raw, plan) => {
      const states = new Map<string, ImageCohort>();
      for (const one of harmonizers) {
        const work = { raw, plan, options, noticed, run: progress.next(weights.harmonize) };
        const found = await harmonizeOne(one, scans, work);
        if (found === undefined) continue;
        states.set(one.name, found.images);
        methods.push(found.method);
      }
      auditing = progress.next(weights.evaluate * (1 + harmonizers.length));
      return states;
    },
    {
      ...evaluation,
      truth: options.truth ?? (folds ? images : undefined),
      onProgress: (made) => auditing.onProgress?.(made),
    },
  );
  const rows = comparisonRows(
    audit.rows,
    methods.map(({ name, protocol }) => ({
      name,
      rows: baselineRows(audit.rows, name),
      protocol: protocol === 'in-sample' ? protocol : 'held-out',
    })),
  );
  progress.finish();
  const { subjects, persons, families, sites, covariates, seed, seeds, notes } = audit;
  return {
    kind: 'method-comparison',
    payload: cohort.kind,
    subjects,
    persons,
    ...(families === undefined ? {} : { families }),
    evaluated: payloadText(audit),
    sites,
    covariates,
    target,
    seed,
    seeds,
    folds,
    budget: {
      splits: settings.folds,
      maxSubjects: settings.maxSubjects,
      steps: settings.steps,
      mask: settings.mask,
    },
    version,
    methods,
    leftOut: noticed.leftOut,
    rows,
    findings: comparisonFindings(
      rows,
      methods.map(({ name }) => name),
    ),
    notes,
    issues: distinctIssues([...issues, ...audit.issues]),
  };
}

/** How scans are judged in a comparison. */
export function evaluationOf(options: CompareMethodsOptions): EvaluateImagesOptions {
  const { seed, seeds, splits, steps, covariates, target, mask, maxSubjects, truth, raw, signal } = options;
  return { seed, seeds, folds: splits, steps, covariates, target, mask, maxSubjects, truth, raw, signal };
}

async function scansOf(
  cohort: ImageCohort | VolumeCohort,
  { slices }: CompareMethodsOptions,
  progress: SharedProgress,
): Promise<ComparedScans> {
  const run = progress.next(weights.cut);
  if (cohort.kind === 'images') return { images: cohort };
  const { before: images } = await cutAlike(cohort, cohort, { ...slices, ...run });
  const rowOf = new Map(cohort.participants.ids.map((id, row) => [id, row]));
  const rows = images.participants.ids.map((id) => rowOf.get(id) ?? -1);
  return { images, volumes: takeSubjects(cohort, rows), slices };
}

/** The scans of the sites that have persons enough for every fold. */
function inFolds(
  images: ImageCohort,
  settings: ReturnType<typeof imageAuditSettings>,
  issues: Issue[],
): ImageCohort {
  const plan = planSplits(images, { ...settings, maxSubjects: Infinity });
  if (plan.rows.length === images.participants.ids.length || plan.siteNames.length < 2) return images;
  issues.push(...plan.issues);
  return takeSubjects(images, plan.rows);
}

interface HarmonizeWork {
  readonly raw: ImageCohort;
  readonly plan: SplitPlan;
  readonly options: CompareMethodsOptions;
  readonly noticed: Noticed;
  readonly run: RunOptions;
}

/** The scans that take part, harmonized by one method; nothing, with an issue, where it fails. */
async function harmonizeOne(
  { name, harmonizer }: NamedHarmonizer,
  scans: ComparedScans,
  { raw, plan, options, noticed, run }: HarmonizeWork,
): Promise<{ readonly images: ImageCohort; readonly method: ComparedMethod } | undefined> {
  const { target, folds = false, heldOut = [] } = options;
  const { issues } = noticed;
  const meter = new CostMeter();
  try {
    const splits = splitsOf(scans, raw, folds ? plan : undefined);
    const made = await meter.of(() =>
      harmonizeSlices(harmonizer, scans, { splits, wanted: raw, target, run }),
    );
    const [first, ...others] = made.models;
    const isOne = typeof first === 'object' && first !== null && others.every((model) => model === first);
    if (folds && isOne && !heldOut.includes(name)) {
      const message = `${name} was fitted before, and so is not fitted in folds: its figures count as in-sample`;
      issues.push(
        makeIssue('figure-not-available', message, {}, ['check which participants it was fitted on']),
      );
    }
    issues.push(...ofMethod(name, made.issues));
    const honest = heldOut.includes(name) || (folds && !isOne);
    const protocol = honest ? 'held-out' : 'in-sample';
    const method = {
      name,
      target: made.target,
      protocol,
      ...meter.cost,
      model: isOne ? comparedModel(first) : undefined,
      issues: made.issues,
    } as const;
    return { images: made.images, method };
  } catch (error) {
    leaveOut(noticed, name, error);
    return undefined;
  }
}

/** All participants at once; in folds, the persons of each fold by what all others, who are no relatives, have taught. */
function splitsOf(
  { images }: ComparedScans,
  raw: ImageCohort,
  plan: SplitPlan | undefined,
): readonly ScansSplit[] {
  const { ids } = images.participants;
  const kin = kinOf(images.participants);
  const all = [...ids.keys()];
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  const rowsOf = (some: readonly string[]): number[] => some.map((id) => rowOf.get(id) ?? -1);
  if (plan === undefined) return [{ train: all, test: rowsOf(raw.participants.ids) }];
  const [assignment] = plan.assignments;
  return Array.from({ length: plan.folds }, (_, fold) => {
    const own = [...plan.rows].filter((__, at) => assignment[at] === fold);
    const test = rowsOf(own.map((row) => raw.participants.ids[row]));
    const tested = new Set(test.map((row) => kin[row]));
    return { train: all.filter((row) => !tested.has(kin[row])), test };
  }).filter(({ test }) => test.length > 0);
}
