import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageSource } from '../../sdk/data/images/memory-source';
import { makeIssue } from '../../sdk/data/issue';
import { provenanceStep } from '../../sdk/data/provenance';
import type { TableAudit } from '../../sdk/evaluate/audit';
import * as concord from '../../sdk/index';
import { nothingMet } from '../../sdk/maps/journal';
import { sampleAudit } from '../evaluate/sample-audit';
import {
  contractFeatures,
  contractImages,
  contractVisits,
  contractVolumes,
} from '../support/contract-cohorts';
import { tissueValues, tissueVolume } from '../support/tissue-values';
import { trainingRecord } from '../support/training-records';
import { travelingImages } from '../support/traveling-images';

/** What would run as script wherever it is not escaped. */
export const hostile = `<img src=x onerror=alert(1)>"'`;

const tiny = { size: 'tiny', steps: 2, batchSize: 4, seed: 3 } as const;
const sizes = { A: 6, [`B${hostile}`]: 5, C: 6 };
const issue = makeIssue('unusable-scan', `${hostile} is odd`, { subject: hostile });

const features = contractFeatures(sizes);
const visits = contractVisits(sizes);
const images = contractImages({ A: 4, B: 4 });
const volumes = contractVolumes({ A: 4, B: 4, C: 3 });
const volume = tissueVolume(tissueValues(600));
const travelers = travelingImages(
  ['p', 'q', 'r'].flatMap((subject) => [
    { subject, site: 'target' },
    { subject, site: 'other', gain: 1.2, offset: 0.1 },
  ]),
);
const grid = { shape: [6, 5, 4], affine: concord.affine.make([1, 1, 3]) } as const;
const registration = concord.registrations.fromJson({
  kind: 'affine-registration',
  schema: 1,
  transform: 'rigid',
  matrix: concord.affine.make([1, 1, 1]),
  movingGrid: grid,
  fixedGrid: grid,
  provenance: [provenanceStep('registerAffine', {})],
  metric: { name: 'normalized mutual information', before: 1.01, after: 1.2 },
});
const fractions = { csf: new Float32Array(120).fill(0.5), whiteMatter: new Float32Array(120).fill(0.5) };
const mapCounts = { ...nothingMet, empty: 14_000, negative: 3 };
const interval = { estimate: 0.8, low: 0.7, high: 0.9, level: 0.95 };
const points = { values: Float64Array.from({ length: 60 }, (_, i) => Math.sin(i)), rows: 20, columns: 3 };
const reports = concord.reports.audit({ before: features, after: features, audit: sampleAudit() });
const watcher = { onProgress: () => undefined, onPoint: () => undefined, onEnd: () => undefined };

/** Networks are trained once for all examples. */
async function networks(): Promise<Readonly<Record<string, unknown>>> {
  await concord.useBackend('wasm');
  const ddae = await concord.fitDdae(images, tiny);
  const murd = await concord.fitMurd(images, tiny);
  return {
    DdaeModel: ddae,
    MurdModel: murd,
    CvaeModel: await concord.baselines.fitCvae(images, tiny),
    'Harmonizer<CvaeModel, "images">': concord.baselines.cvaeHarmonizer(),
    CycleganModel: await concord.baselines.fitCyclegan(images, tiny),
    'Harmonizer<CycleganModel, "images">': concord.baselines.cycleganHarmonizer(),
    StarganModel: await concord.baselines.fitStargan(images, {
      ...tiny,
      architecture: { criticHalvings: 2 },
    }),
    'Harmonizer<StarganModel, "images">': concord.baselines.starganHarmonizer(),
    'DdaeCodes<Some> & { readonly issues: readonly Issue[]; }': await concord.ddae.encode(ddae, images, {
      steps: 2,
    }),
    ImageRepresentation: await concord.murd.contentOf(murd, images),
    AutoencoderModel: await concord.networks.fitAutoencoder(images, { steps: 2, batchSize: 4, seed: 3 }),
    'Harmonizer<DdaeModel, "images">': concord.ddaeHarmonizer({ model: ddae }),
    'Harmonizer<DdaeModel, "features">': concord.ddaeHarmonizer({ kind: 'features', fit: {} }),
    'Harmonizer<MurdModel, "images">': concord.murdHarmonizer({ model: murd }),
    BackendReport: concord.networks.backendReport(),
    ImageFeatureModel: await concord.metrics.fitImageFeatures(images, { steps: 2, target: 'site' }),
    'readonly ImageCohort[]': [images, images],
  };
}

/** A study that was just begun. */
function federatedStudy(): Readonly<{
  keys: concord.federated.FederatedKeys;
  study: concord.federated.FederatedMessage;
}> {
  const keys = concord.federated.makeKeys();
  return { keys, study: concord.federated.makeStudy(keys, { hospitals: [hostile, 'B'] }) };
}

/** What a function of the front door returns, by its type: an example of each. */
export async function examples(): Promise<Readonly<Record<string, unknown>>> {
  const combat = await concord.fitCombat(features);
  const quality = await concord.qualityReport(volumes);
  const federated = federatedStudy();
  return {
    ...(await networks()),
    CombatModel: combat,
    AnyModel: combat,
    string: concord.formatAudit(sampleAudit()),
    number: 3.14159,
    'readonly string[]': concord.siteNames(features.participants),
    ContinuousCovariate: features.participants.covariates[0],
    CategoricalCovariate: concord.categorical('sex', ['F', hostile, null]),
    Covariate: features.participants.covariates[1],
    Participants: features.participants,
    FeatureMatrix: features.features,
    'Float64Array<ArrayBufferLike>': concord.featureColumn(features, features.features.features[0]),
    'Uint8Array<ArrayBufferLike>': new Uint8Array(2000),
    'Float32Array<ArrayBufferLike>': Float32Array.of(1, NaN, 3),
    Neighborhood: concord.surfaces.makeNeighborhood(3, [0, 1, 1, 2]),
    Surface: concord.surfaces.makeSurface(
      [0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0, 9],
      [0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3],
    ),
    FeatureCohort: features,
    ImageCohort: images,
    VolumeCohort: volumes,
    Volume: volume,
    Affine: concord.affine.make([1, 1, 3], [4, 5, 6]),
    Triple: concord.affine.transformPoint(concord.affine.make([1, 1, 3]), [1, 2, 3]),
    ImageSet: images.images,
    StreamResult: await concord.streamVolumes(volumes, () => undefined),
    SystemReport: await concord.systemReport({ backends: [] }),
    WrittenTable: { files: ['a.csv'], issues: [issue] },
    RewrittenTable: { leftOut: 3, columns: [hostile, 'b'] },
    DataFrameLike: concord.toDataFrame(features),
    VolumeFileHeader: { ...grid, spacing: [1, 1, 3], datatype: 'float32', header: { description: hostile } },
    '(run?: RunOptions | undefined) => Promise<Volume>': concord.volumes.scanFile('sub-1_T1w.nii.gz'),
    WrittenBids: { root: 'out', files: ['a', 'b'], kept: [], cohort: volumes, issues: [issue, issue] },
    HarmonizedMaps: {
      model: combat,
      parts: [{ name: hostile, vertices: 163_842 }],
      ids: features.participants.ids,
      counts: mapCounts,
      files: [`${hostile}/lh.thickness.mgh`],
      effects: [],
      audit: sampleAudit(),
      issues: [issue],
    } satisfies Awaited<ReturnType<typeof concord.surfaces.harmonizeMaps>>,
    AppliedMaps: {
      ids: features.participants.ids,
      counts: mapCounts,
      files: [`${hostile}/lh.thickness.mgh`],
      issues: [issue],
      provenance: [provenanceStep('applyToMaps', { out: hostile })],
    } satisfies Awaited<ReturnType<typeof concord.surfaces.applyToMaps>>,
    '() => void': () => undefined,
    'readonly Method<AnyModel>[]': concord.methods.all(),
    Method: concord.methods.all()[0],
    'MethodOption<Choice>': concord.methods.choiceOption('--kind <name>', hostile, { values: ['a', 'b'] }),
    OpenImages: { ...imageSource(images), close: () => Promise.resolve() },
    SimulatedFeatureCohort: concord.simulateFeatureCohort({ seed: 1, subjects: 20, features: 6 }),
    SimulatedVertexCohort: concord.simulateVertexCohort({ seed: 1, subjects: 12, divisions: 1 }),
    Phantom: {
      kind: 'phantom',
      seed: 1,
      traits: concord.phantoms.expectedTraits(40, 'F'),
      volumes: { csf: 200 },
      tissues: concord.phantoms.makeTissueMaps(fractions, grid),
      provenance: [provenanceStep('makePhantom', {}, 1)],
    },
    PhantomTraits: concord.phantoms.expectedTraits(40, 'F'),
    TissueMaps: concord.phantoms.makeTissueMaps(fractions, grid),
    TissueProperties: concord.phantoms.tissueProperties('csf', 3),
    'readonly PhantomScanner[]': concord.phantoms.scannerPreset('seven-site'),
    SimulatedVolumeCohort: concord.simulateVolumeCohort({ seed: 1, scanners: 'seven-site', subjects: 1 }),
    SimulatedSlices: await concord.simulateSlices({
      seed: 1,
      scanners: 'seven-site',
      subjects: 1,
      size: 16,
      slices: 1,
    }),
    AffineRegistration: registration,
    JsonObject: concord.audits.toJson(sampleAudit()),
    CohortSource: imageSource(images),
    SliceSource: imageSource(images.images),
    BiasField: {
      field: volume,
      corrected: volume,
      levels: [{ level: 1 }, { level: 2 }],
      mask: 'otsu',
      samples: 9,
    },
    'Contrast | undefined': concord.intensity.contrastOf('flair'),
    PixelCombatModel: await concord.baselines.fitPixelCombat(images),
    NyulModel: await concord.intensity.fitNyul(volumes),
    HistogramMatchingModel: await concord.intensity.fitHistogramMatching(volumes),
    'Harmonizer<CombatModel, "features">': concord.combatHarmonizer({ preserve: ['age', hostile] }),
    FederatedKeys: federated.keys,
    FederatedMessage: federated.study,
    FederatedRound: await concord.federated.combineAnswers([federated.study], [], { keys: federated.keys }),
    CovbatModel: await concord.combat.fitCovbat(features),
    '{ readonly model: CovbatModel; readonly after: FeatureCohort; }':
      await concord.combat.harmonizeCovbat(features),
    'Harmonizer<CovbatModel, "features">': concord.combat.covbatHarmonizer({ preserve: [hostile] }),
    NestedCombatModel: await concord.combat.fitNestedCombat(features, {
      batches: ['site'],
      mixture: 'batch',
    }),
    'Harmonizer<NestedCombatModel, "features">': concord.combat.nestedCombatHarmonizer({
      batches: [hostile],
    }),
    NewSiteError: await concord.combat.newSiteError(await concord.fitCombat(features), {
      unseen: 'creb',
      scans: 5,
    }),
    LongitudinalModel: await concord.combat.fitLongitudinal(visits),
    'Harmonizer<LongitudinalModel, "features">': concord.combat.longitudinalHarmonizer({
      preserve: [hostile],
    }),
    'Harmonizer<SiteScalingModel, "features">': concord.siteScaling(),
    'Harmonizer<PixelCombatModel, "images">': concord.baselines.pixelCombatHarmonizer({
      preserve: [hostile],
    }),
    'Harmonizer<IntensityModel, Kind>': concord.intensityHarmonizer('z-score', { kind: 'volumes' }),
    'Readonly<Record<MurdPart, number>>': concord.murd.parameters(
      { ...concord.murd.sizes.tiny, imageShape: [16, 16, 1] },
      2,
    ),
    NoiseSchedule: concord.ddae.makeNoiseSchedule({ steps: 50 }),
    'Required<CheckpointStore>': concord.networks.checkpointFolder(join(tmpdir(), 'never-written'), {
      keep: 1,
    }),
    TableAudit: sampleAudit(),
    MethodComparison: await concord.compareMethods(
      features,
      { combat: concord.combatHarmonizer(), [hostile]: concord.siteScaling() },
      { seeds: 1, splits: 2 },
    ),
    JudgedRaw: { kind: 'judged-raw', digest: '0123456789abcdef' },
    AlignedCohorts: concord.audits.alignCohorts(features, features),
    SplitEvaluation: { rows: [1, 2], results: [{ split: 1 }, { split: 2 }] },
    SiteProbeResult: await concord.metrics.siteProbe(features, { seeds: 1 }),
    SiteEffectSizes: concord.metrics.siteEffectSizes(features),
    SiteMahalanobis: concord.metrics.mahalanobisBetweenSites(features),
    SiteShareOfComponents: concord.metrics.siteShareOfComponents(features),
    PersonAgreement: concord.metrics.personAgreement(features),
    ImageProbeResult: {
      kind: 'image-probe',
      target: hostile,
      score: 'balanced-accuracy',
      value: interval,
      chance: 0.5,
      perSeed: [0.7, 0.9],
      scans: 20,
    },
    ImageSetDistance: {
      kind: 'image-set-distance',
      frechet: 3,
      kernel: NaN,
      features: 'features of a probe',
    },
    FeaturePoints: points,
    QualityReport: { ...quality, issues: [...quality.issues, issue] },
    TravelerComparison: await concord.compareTravelers(travelers, travelers, {
      target: 'target',
      dataRange: 1,
    }),
    'readonly TravelerRow[]': await concord.metrics.travelerTable({ raw: travelers }, travelers, {
      target: 'target',
    }),
    ImageAgreement: { mae: 0.1, psnr: Infinity, ssim: 0.9, msssim: NaN, gradientCorrelation: 0.5 },
    TissueVolumeChange: {
      kind: 'tissue-volume-change',
      scans: [{ scan: hostile, subject: 'a', change: 3 }],
      parts: [{ region: hostile, tissue: 'dark', change: NaN }],
      mean: 3,
      issues: [issue],
    },
    MultiScaleSimilarity: { similarity: 0.9, scales: [0.9, 0.8] },
    '{ readonly distances: readonly SiteDistance[]; readonly issues: readonly Issue[]; }':
      await concord.metrics.siteDistances(images, { target: 'A' }),
    'readonly FeatureReliability[]': [
      { feature: hostile, icc: 0.9, cv: NaN },
      { feature: 'b', icc: 0.8, cv: 3 },
    ],
    RepresentationComparison: { samePersonSameSite: { pairs: 3, mean: 0.9, lowest: 0.8 } },
    DistanceCorrelation: { correlation: 0.3, p: 0.01 },
    Picture: concord.montage(volume),
    Figure: concord.plotTraining(trainingRecord(8)),
    Viewer: concord.reports.volumeViewer(volume),
    'readonly AuditRow[]': concord.audits.rows(sampleAudit()),
    'readonly GroupSummaryRow[]': concord.groupSummary(features, ['age']),
    'readonly Readonly<Record<string, string | number>>[]': concord.describeSites(features),
    'readonly FeatureResult[]': concord.audits.featureResults(sampleAudit()),
    'readonly AuditFinding[]': concord.audits.findings(sampleAudit()),
    '(progress: Progress) => void': concord.progressBar(),
    AbortSignal: new AbortController().signal,
    TrainingWatcher: watcher,
    TrainingRecord: trainingRecord(8),
    ReportContent: { ...reports, title: hostile, issues: [issue] },
    Issue: issue,
    ...constants(),
    ...ofTheLanguage(),
  };
}

/** The values of the front door that are no functions, by their names. */
function constants(): Readonly<Record<string, unknown>> {
  const { version, steps, phantoms, murd, baselines } = concord;
  return {
    version,
    steps,
    'murd.sizes': murd.sizes,
    'baselines.cvaeSizes': baselines.cvaeSizes,
    'baselines.cycleganSizes': baselines.cycleganSizes,
    'baselines.starganSizes': baselines.starganSizes,
    'phantoms.tissueNames': phantoms.tissueNames,
    'phantoms.effects': phantoms.effects,
    'phantoms.spread': phantoms.spread,
  };
}

/** What the language itself has, and what can be in any cell. */
function ofTheLanguage(): Readonly<Record<string, unknown>> {
  const circular: Record<string, unknown> = { name: hostile };
  circular['self'] = circular;
  const many = Array.from({ length: 90 }, (_, i) => [`field${i}${hostile}`, i] as const);
  return {
    'a map': new Map<unknown, unknown>([
      [hostile, 1],
      ['b', [1, 2]],
    ]),
    'a map of records': new Map(many.map(([key, n]) => [key, { n, text: hostile }])),
    'a set': new Set([hostile, 2]),
    'a date': new Date(0),
    'no date': new Date(NaN),
    'an error': new TypeError(hostile, { cause: new Error('deeper') }),
    'an error of this package': new concord.ConcordError('unknown-site', hostile, {
      where: { site: hostile },
      remedy: ['do this'],
    }),
    'a function': function named() {},
    'a promise': Promise.resolve(hostile),
    'a bigint': 12n,
    nothing: undefined,
    null: null,
    'not a number': NaN,
    'a symbol': Symbol(hostile),
    'a regular expression': /<b>/,
    'a buffer': new ArrayBuffer(12),
    'big integers': new BigInt64Array(20),
    'a record that holds itself': circular,
    'a record of many fields': Object.fromEntries(many),
    'a record of long fields': Object.fromEntries(many.map(([key]) => [key, hostile.repeat(200)])),
    'a record of tables': Object.fromEntries(
      many.map(([key]) => [key, many.map(([name, n]) => ({ name, n, text: hostile.repeat(30) }))]),
    ),
    'a record whose field throws': Object.defineProperty({ a: 1 }, 'bad', {
      enumerable: true,
      get: () => {
        throw new Error(hostile);
      },
    }),
    'a long text': `${hostile}\n`.repeat(90_000),
    'a list of lists': [[1, 2], [3, NaN], [hostile]],
    'an empty list': [],
    'a mixed list': [1, { a: hostile }, volume, null],
    'an empty record': {},
    'an instance of a class': new (class Thing {
      readonly inside = hostile;
    })(),
    'a record without a prototype': Object.assign(Object.create(null) as object, { a: hostile }),
    pictures: [concord.montage(volume), concord.montage(volume)],
    provenance: [provenanceStep('one', { a: hostile }), provenanceStep('two', {}, 3)],
  };
}

export type { TableAudit };
