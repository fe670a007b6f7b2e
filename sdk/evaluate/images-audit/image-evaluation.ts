import type { ImageCohort } from '../../data/cohort';
import { takeSubjects } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { backendIssues } from '../../nn/backend/use-backend';
import { distinctIssues, isIssue, makeIssue } from '../../data/issue';
import { familyCount, kinOf } from '../../data/people/families';
import { personNames, siteNames } from '../../data/people/participants';
import { progressReporter } from '../../data/run-options';
import { deriveSeed } from '../../math/random';
import type { SplitDesign } from '../splits/evaluate-splits';
import { imageDistanceCorrelation } from '../images/image-distance-correlation';
import { makeTargets } from '../predictors/prediction-target';
import type { ImageFeatureModel } from '../probes/image-features';
import { fitImageFeatures } from '../probes/image-features';
import { equalSlices } from '../probes/pixel-prediction';
import { probeNetworkName } from '../probes/probe-network';
import type { SplitPlan } from '../splits/split-plan';
import { planSplits } from '../splits/split-plan';
import type { ImageTruth } from './against-truth';
import { agreementWithTruth, findTruth } from './against-truth';
import { comparedMask, inMask, inMaskOf } from './common-mask';
import type { ImageAudit, ImageStateAudit } from './image-audit';
import type { EvaluateImagesOptions, ImageAuditSettings } from './image-audit-options';
import { imageAuditNotes, inSampleIssue } from './image-audit-notes';
import { covariateFloor, maskFloor } from './image-floors';
import { imageRows } from './image-rows';
import { edgesKept } from './kept-persons';
import type { ImageProbeDesign, ImageProbeRun } from './probe-in-folds';
import { probeInFolds } from './probe-in-folds';
import type { RawFindings, RawResults } from './raw-results';
import { rawDigest, resultsOf } from './raw-results';
import { standardizedScans } from './standardize';
import type { ImageSetDistances, ImageSetPlan } from './set-distances';
import { imageSetDistances, imageSetFloor, planImageSets } from './set-distances';
import { sampledRows } from './sampled-rows';

/** An audit while it is made. */
export class ImageEvaluation {
  readonly issues: Issue[] = [];
  /** The raw images of those who take part, in the mask. */
  readonly raw: ImageCohort;
  private readonly mask: Uint8Array;
  private readonly rows: Int32Array;
  private readonly design: ImageProbeDesign;
  private readonly auditSites: readonly string[];
  private readonly sets: ImageSetPlan | undefined;
  private readonly truth: ImageTruth | undefined;
  private trained = 0;
  private report: (done: number) => void = () => undefined;

  constructor(
    before: ImageCohort,
    private readonly settings: ImageAuditSettings,
    private readonly options: EvaluateImagesOptions,
  ) {
    const { seed, steps, covariates, target, maxSubjects } = settings;
    this.rows = sampledRows(before, settings, this.issues);
    const some = takeSubjects(before, this.rows);
    this.mask = comparedMask(some, settings.mask);
    this.raw = inMask(some, this.mask);
    const plan = planSplits(this.raw, { ...settings, maxSubjects: Math.max(maxSubjects, this.rows.length) });
    const { targets, issues } = makeTargets(this.raw, plan, covariates);
    this.design = { plan, targets, seed, steps, predictor: equalSlices(this.raw) ? 'pixels' : 'cnn' };
    this.auditSites = siteNames(this.raw.participants);
    this.issues.push(...plan.issues, ...issues);
    this.sets = this.planSets();
    const found = findTruth(this.raw, this.truthOf(options), target);
    this.truth = isIssue(found) ? undefined : found;
    if (isIssue(found)) this.issues.push(found);
  }

  /** The scans that are true, where all are compared. */
  private truthOf({ truth }: EvaluateImagesOptions): ImageCohort {
    if (truth === undefined) return this.raw;
    return this.settings.mask === 'common' ? inMaskOf(this.raw, truth) : truth;
  }

  get plan(): SplitPlan {
    return this.design.plan;
  }

  /** The images of those who take part. */
  chosen(cohort: ImageCohort): ImageCohort {
    return takeSubjects(cohort, this.rows);
  }

  /** The images of those who take part, in the mask. */
  take(cohort: ImageCohort): ImageCohort {
    return this.masked(this.chosen(cohort));
  }

  masked(cohort: ImageCohort): ImageCohort {
    return inMask(cohort, this.mask);
  }

  /** What is found of the raw scans alone. */
  async judgeRaw(): Promise<RawResults> {
    this.begin(1, true);
    return { kind: 'judged-raw', digest: this.digest(), ...(await this.rawFindings()) };
  }

  async audit(
    cohorts: readonly (readonly [string, ImageStateAudit['protocol'], ImageCohort])[],
    noticed: readonly Issue[],
  ): Promise<ImageAudit> {
    const { settings, options, raw, design } = this;
    const { plan } = design;
    const judged = options.raw === undefined ? undefined : resultsOf(options.raw, this.digest());
    this.begin(cohorts.length - Number(judged !== undefined), judged === undefined);
    const found = judged ?? (await this.rawFindings());
    this.issues.push(...(judged?.issues ?? []));
    const { features, setFloor, floors, run: before } = found;
    const states: ImageStateAudit[] = [found.state];
    for (const [name, protocol, cohort] of cohorts.slice(1)) {
      const run = await this.probe(cohort, protocol ?? 'raw', before);
      states.push(await this.state(cohort, { name, protocol, run, features }));
    }
    const { participants, images } = raw;
    const figures = { states, floors, setFloor, kin: kinOf(participants), ...settings };
    return {
      kind: 'image-audit',
      method: settings.method,
      subjects: participants.ids.length,
      persons: personNames(participants).length,
      ...familyCount(participants),
      images: images.shape[0],
      imageSize: [images.shape[1], images.shape[2]],
      sites: this.auditSites.map((name) => this.siteOf(name)),
      covariates: settings.covariates,
      target: settings.target,
      mask: settings.mask,
      seed: settings.seed,
      seeds: settings.seeds,
      folds: plan.folds,
      network: probeNetworkName,
      steps: settings.steps,
      floors,
      states,
      rows: imageRows(figures),
      notes: imageAuditNotes(settings, { design, features, sets: this.sets }),
      issues: distinctIssues([...backendIssues(), ...noticed, ...this.issues, ...inSampleIssue(settings)]),
    };
  }

  /** Starts to report: how many states have probes of their own, and whether the floors are still to be found. */
  private begin(states: number, floors: boolean): void {
    const { settings, options, design } = this;
    const { plan, targets, predictor } = design;
    const networks = predictor === 'cnn' ? 1 + targets.length : 1;
    const perState = plan.folds * plan.assignments.length * networks;
    const masks = !floors || settings.mask === 'common' ? 0 : plan.folds * plan.assignments.length;
    const probed = plan.siteNames.length > 1 ? masks + perState * states : 0;
    const total = probed + Number(floors && this.sets !== undefined);
    this.report = progressReporter('auditing images', Math.max(1, total), options);
  }

  private digest(): string {
    return rawDigest(this.raw, this.options.truth, this.settings);
  }

  private async rawFindings(): Promise<RawFindings> {
    const { raw } = this;
    const known = this.issues.length;
    const features = await this.fitFeatures();
    const setFloor = await this.setFloor(features);
    const floors = await this.floors();
    const run = await this.probe(raw, 'raw');
    const state = await this.state(raw, { name: 'raw', protocol: 'raw', run, features });
    return { run, state, features, setFloor, floors, issues: this.issues.slice(known) };
  }

  /** What one state of the images gives besides its probes. */
  private async state(
    cohort: ImageCohort,
    about: Pick<ImageStateAudit, 'name' | 'protocol'> & {
      readonly run: ImageProbeRun | undefined;
      readonly features: ImageFeatureModel | undefined;
    },
  ): Promise<ImageStateAudit> {
    const { raw, truth, options } = this;
    const { name, protocol, run, features } = about;
    const { signal } = options;
    const probes = {
      probe: run?.probe,
      regressions: run?.regressions ?? [],
      classifications: run?.classifications ?? [],
    };
    const travelers =
      truth === undefined ? undefined : await agreementWithTruth(cohort, truth, { name, signal });
    const agreed = isIssue(travelers) ? undefined : travelers;
    this.issues.push(...(isIssue(travelers) ? [travelers] : (travelers?.issues ?? [])));
    const { sets: plan } = this;
    const { target } = this.settings;
    const sets =
      plan === undefined || features === undefined
        ? undefined
        : await imageSetDistances(cohort, raw, { plan, features, target, signal });
    const compared = protocol === 'raw' ? {} : await this.keptOf(cohort);
    return { name, protocol, ...probes, ...compared, travelers: agreed, sets };
  }

  private async keptOf(
    cohort: ImageCohort,
  ): Promise<Pick<ImageStateAudit, 'distances' | 'patterns' | 'edges'>> {
    const { raw } = this;
    const { signal } = this.options;
    const equal = equalSlices(raw);
    if (!equal) this.issues.push(unequalSlices());
    return {
      edges: await edgesKept(raw, cohort, { signal }),
      ...(equal
        ? {
            distances: await imageDistanceCorrelation(raw, cohort, { signal }),
            patterns: await imageDistanceCorrelation(standardizedScans(raw), standardizedScans(cohort), {
              signal,
            }),
          }
        : {}),
    };
  }

  private async probe(
    cohort: ImageCohort,
    protocol: 'raw' | 'in-sample' | 'held-out',
    raw?: ImageProbeRun,
  ): Promise<ImageProbeRun | undefined> {
    if (this.design.plan.siteNames.length < 2) return undefined;
    const { signal } = this.options;
    return probeInFolds(cohort, this.design, { protocol, raw, signal, onTrained: () => this.tick() });
  }

  private tick(): void {
    this.report(++this.trained);
  }

  private async floors(): Promise<ImageAudit['floors']> {
    const { raw, mask, design, settings } = this;
    if (design.plan.siteNames.length < 2) return {};
    const run = { signal: this.options.signal, onTrained: () => this.tick() };
    // A mask that all have in common identifies no person.
    const ofMask = settings.mask === 'common' ? undefined : await maskFloor(raw, { mask, design, ...run });
    return { mask: ofMask, covariates: await covariateFloor(raw, this.splits(), run) };
  }

  /** The splits of the networks, for the probes that audits of tables have. */
  private splits(): SplitDesign {
    const { settings, design, auditSites } = this;
    return { settings: { ...settings, alpha: 0.05 }, auditSites, plan: design.plan, targets: [], issues: [] };
  }

  private planSets(): ImageSetPlan | undefined {
    const { seed, target } = this.settings;
    const plan = planImageSets(this.raw, seed);
    const enough = plan !== undefined && (target === undefined || plan.sites.includes(target));
    if (enough) {
      this.issues.push(...plan.issues);
      return plan;
    }
    const where = target === undefined ? 'two sites' : `${target} and another site`;
    const message = `sets of images are not compared: ${where} would need at least twenty persons each`;
    this.issues.push(makeIssue('figure-not-available', message, {}, ['add persons']));
    return undefined;
  }

  private async fitFeatures(): Promise<ImageFeatureModel | undefined> {
    if (this.sets === undefined) return undefined;
    const { seed, steps } = this.settings;
    const { signal } = this.options;
    const model = await fitImageFeatures(standardizedScans(this.raw), {
      seed: deriveSeed(seed, 6000),
      steps,
      signal,
    });
    this.tick();
    return model;
  }

  private async setFloor(features: ImageFeatureModel | undefined): Promise<ImageSetDistances | undefined> {
    const { sets: plan, raw } = this;
    if (plan === undefined || features === undefined) return undefined;
    const { target } = this.settings;
    return imageSetFloor(raw, { plan, features, target, signal: this.options.signal });
  }

  private siteOf(name: string): ImageAudit['sites'][number] {
    const { sites, persons } = this.raw.participants;
    const own = persons.filter((_, row) => sites[row] === name);
    return { name, subjects: own.length, persons: new Set(own).size };
  }
}

function unequalSlices(): Issue {
  return makeIssue(
    'figure-not-available',
    'distances between participants are not compared: scans have different numbers of slices',
    {},
    ['cut as many slices of every scan'],
  );
}
