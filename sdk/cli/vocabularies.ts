import { isMarkList } from '../io/cells/missing-marks';
import type { AnyModel } from '../methods/method';
import type { MethodCommand } from '../methods/method-command';
import { allMethods } from '../methods/methods';
import type { RemedyValue } from '../remedy';
import { missingMarks } from './option-values';
import { scanSelectionNames } from './scans/bids-selection';
import type { Vocabulary, Wording } from './wording';
import { prefixed, worded } from './wording';

/** The commands whose words differ: harmonize has one set for tables and one for scans. */
export type CommandName =
  | 'harmonize tables'
  | 'harmonize scans'
  | 'apply'
  | 'apply scans'
  | 'audit'
  | 'audit scans'
  | 'compare'
  | 'compare scans'
  | 'federate'
  | 'maps'
  | 'preprocess'
  | 'train'
  | 'slurm'
  | 'demo'
  | 'example'
  | 'setup-tensorflow'
  | 'kernel'
  | 'doctor';

/** Which labels are the same, and how old is old: of tables, and of those of a dataset. */
const sameLabels: Vocabulary = {
  ageCap: '--age-cap AGE',
  sameSite: '--same-site NAMES',
  'sameSite.*': (as, name = 'NAME') => worded('--same-site NAMES', `${name}=${as ?? 'NAME'}`),
  // One label is named by `sameLevel.sex.male`, whose name ends with it.
  'sameLevel.*': (labels = 'fold', name = 'NAME') =>
    worded(
      '--same-level NAMES',
      labels === 'fold' ? `${name}=fold` : `${name.replace(/\.([^.]*)$/, ':$1')}=${labels}`,
    ),
};

/** How a table is read. */
const reading: Vocabulary = {
  id: '--id COLUMN',
  site: '--site COLUMN',
  person: '--person COLUMN',
  family: '--family COLUMN',
  visit: '--visit COLUMN',
  participants: '--participants TABLE',
  'participants.id': '--participants-id COLUMN',
  'participants.site': '--participants-site COLUMN',
  'participants.visit': '--participants-visit COLUMN',
  persons: '--person COLUMN',
  // A comma separates marks here.
  missing: (mark) => (isOneMark(mark) ? worded('--missing MARKS', mark) : undefined),
  decimal: '--decimal SIGN',
  thousands: (sign) => worded('--thousands SIGN', sign === ' ' ? 'space' : sign),
  ...sameLabels,
};

/** The options of a folder of FreeSurfer. */
const folders: Vocabulary = { parcellation: '--parcellation NAME', measures: '--measures NAMES' };

/** Which columns of a table are covariates and features. */
const choosing: Vocabulary = {
  covariates: '--preserve NAMES',
  preserve: '--preserve NAMES',
  'covariates.kind': (kind) =>
    kind === 'categorical' || kind === 'continuous'
      ? `--${kind} NAME`
      : '--categorical NAME or --continuous NAME',
  categorical: '--categorical NAME',
  continuous: '--continuous NAME',
  'covariates.unit': '--unit NAME=UNIT',
  features: '--features PATTERNS',
  ...folders,
};

/** How ComBat is fitted feature by feature. */
const fittingAlone: Vocabulary = {
  preserve: '--preserve NAMES',
  eb: '--eb KIND',
  transform: '--transform KIND',
  smooth: '--smooth NAMES',
  smoothing: '--smoothing SCORE',
  penalties: '--penalties NUMBERS',
  penalty: '--smoothing NAME=NUMBER',
  knots: '--knots NAME=FIRST:LAST',
  basis: '--basis NAME',
  scaleCovariates: '--scale-covariates NAMES',
  robust: '--robust',
  meanOnly: (form) => (typeof form === 'string' ? `--mean-only ${form}` : '--mean-only'),
};

/** What is read of a table, and how ComBat is fitted on it. */
const fitting: Vocabulary = {
  ...choosing,
  ...fittingAlone,
  variance: '--variance SHARE',
  batches: '--batch NAMES',
  mixture: '--mixture USE',
  randomSlope: '--random-slope NAME',
  maxSubjects: '--max-subjects COUNT',
};

/** What is decided when a model is fitted, in the words of a command that only uses one. */
const fittedBefore: Vocabulary = byHarmonize(fitting);

const aMask = 'a file …_desc-brain_mask.nii.gz beside the scan';

/** How the scans of a dataset are read. */
const scans: Vocabulary = {
  suffix: '--suffix SUFFIX',
  space: '--space LABEL',
  desc: '--desc LABEL',
  'entities.*': (label, key = 'KEY') => worded(entityOption(key), label),
  entities: '--entity KEY=LABEL',
  frame: '--frame NUMBER',
  person: '--person COLUMN',
  family: '--family COLUMN',
  'site.column': '--site column:NAME',
  'site.name': '--site name:SITE',
  site: '--site SOURCE',
  'site.session': '--site session',
  'site.sidecar': '--site sidecar:FIELD',
  nonFinite: '--non-finite POLICY',
  resume: '--resume',
  overwrite: '--overwrite',
  takeSubjects: '--participant-label LABELS',
  subjects: '--participant-label LABELS',
  'volumes.withMask': aMask,
  'covariates.kind': 'Levels or Units in participants.json',
  categorical: 'Levels in participants.json',
  continuous: 'Units in participants.json',
  'covariates.unit': 'Units in participants.json',
  // The tables of a dataset are written in one way only, which cannot be chosen.
  ...Object.fromEntries(['id', 'participants.id'].map((name) => [name, 'the column participant_id'])),
  ...Object.fromEntries(['decimal', 'thousands'].map((name) => [name, 'plain numbers in participants.tsv'])),
  missing: 'n/a in participants.tsv',
  ...sameLabels,
};

/** Commands that fit methods on the table they are given. */
const fittedTables: Vocabulary = {
  ...reading,
  ...fitting,
  overwrite: '--overwrite',
  missingCovariates: '--drop-missing',
  unseen: '--unseen POLICY',
  unseenPersons: '--unseen-persons POLICY',
  allowSingleSite: 'concord apply',
  takeSubjects: 'a table without its rows',
};

/** What brings scans to one grid. */
const registered: Vocabulary = { 'registrations.registerAffine': 'concord preprocess --template IMAGE' };

/** How ComBat is fitted on the pixels of scans. */
const fittingPixels: Vocabulary = {
  preserve: '--preserve NAMES',
  eb: '--eb KIND',
  share: '--share SHARE',
  effectFwhm: '--effect-fwhm MM',
};

/** Commands that harmonize scans. */
const harmonizedScans: Vocabulary = {
  guided: '--guided MM',
  ...scans,
  ...registered,
  missingCovariates: 'other scans with --participant-label',
  unseen: '--unseen POLICY',
  batchSize: '--batch-size COUNT',
  backend: '--backend NAME',
  threads: '--n-cpus COUNT',
  reference: '--like SCANS',
  steps: '--sampling-steps COUNT',
  'volumes.brainMask': 'concord preprocess',
  'volumes.correctBias': 'concord preprocess',
  covariates: 'concord train --preserve NAMES',
};

/** What remedies are called, command by command. */
export const vocabularies: Readonly<Record<CommandName, Vocabulary>> = {
  'harmonize tables': fittedTables,
  'harmonize scans': {
    ...harmonizedScans,
    ...fittingPixels,
    region: '--region WHICH',
    'intensity.zScore': '--method z-score',
    'intensity.fcmNormalize': '--method fcm',
    contrast: '--contrast SUFFIX',
    kind: (kind) => (methodOfKind(kind)?.apply === undefined ? scanMethod(kind) : 'concord apply'),
  },
  apply: {
    ...fittedBefore,
    ...reading,
    ...folders,
    overwrite: '--overwrite',
    missingCovariates: '--drop-missing',
    unseen: '--unseen POLICY',
    unseenPersons: '--unseen-persons POLICY',
    takeSubjects: 'a table without its rows',
    kind: (kind) => prefixed('concord harmonize', scanMethod(kind)),
  },
  'apply scans': {
    ...harmonizedScans,
    ...byHarmonize(fittingPixels),
    'intensity.zScore': 'concord harmonize --method z-score',
    'intensity.fcmNormalize': 'concord harmonize --method fcm',
    region: (which) => worded('concord harmonize --region WHICH', which),
    kind: (kind) => prefixed('concord harmonize', scanMethod(kind)),
  },
  audit: {
    ...reading,
    ...choosing,
    maxSubjects: '--max-subjects COUNT',
    overwrite: '--overwrite',
    allowSingleSite: 'concord apply',
    auditTable: 'concord harmonize',
  },
  'audit scans': {
    ...scans,
    space: ofEither('space'),
    desc: ofEither('desc'),
    'entities.*': (label, key = 'KEY') => worded(`--entity or --after-entity ${key}=LABEL`, label),
    steps: '--steps COUNT',
    'intensity.zScore': '--baselines z-score',
    'intensity.fcmNormalize': '--baselines fcm',
    maxSubjects: '--max-subjects COUNT',
    target: '--target SITE',
    heldOut: '--held-out',
    mask: '--mask WHICH',
    covariates: '--preserve NAMES',
    backend: '--backend NAME',
    size: '--image-size PIXELS',
    'volumes.brainMask': 'concord preprocess',
    'volumes.correctBias': 'concord preprocess',
    resume: () => undefined,
  },
  compare: {
    ...fittedTables,
    target: '--target SITE',
    kind: storedModel,
  },
  'compare scans': {
    ...scans,
    ...registered,
    missingCovariates: 'other scans with --participant-label',
    eb: (kind) => worded('--option pixel-combat.eb=KIND', kind),
    share: (share) => worded('--option pixel-combat.share=SHARE', share),
    effectFwhm: '--option pixel-combat.effect-fwhm=MM',
    guided: '--option METHOD.guided=MM',
    steps: '--steps COUNT',
    'intensity.zScore': '--methods z-score',
    'intensity.fcmNormalize': '--methods fcm',
    contrast: (suffix) => worded('--option METHOD.contrast=SUFFIX', suffix),
    maxSubjects: '--max-subjects COUNT',
    target: '--target SITE',
    heldOut: '--held-out METHODS',
    preserve: '--preserve NAMES',
    kind: storedModel,
    unseen: () => 'other scans with --participant-label',
    toImages: () => '--image-size and --pixel-size',
    reference: () => 'concord harmonize --like SCANS',
    mask: '--mask WHICH',
    covariates: '--preserve NAMES',
    backend: '--backend NAME',
    size: '--image-size PIXELS',
    batchSize: '--batch-size COUNT',
    learningRate: '--learning-rate RATE',
    'volumes.brainMask': 'concord preprocess',
    'volumes.correctBias': 'concord preprocess',
    resume: () => undefined,
  },
  federate: {
    ...reading,
    ...choosing,
    eb: fitting['eb'],
    transform: fitting['transform'],
    smooth: fitting['smooth'],
    smoothing: fitting['smoothing'],
    penalty: fitting['penalty'],
    basis: fitting['basis'],
    scaleCovariates: fitting['scaleCovariates'],
    knots: '--knots NAME=FIRST:LAST',
    meanOnly: fitting['meanOnly'],
    overwrite: '--overwrite',
    missingCovariates: '--drop-missing',
    takeSubjects: 'a table without its rows',
    hospital: '--hospital NAME',
    hospitals: '--hospitals NAMES',
    minimum: '--minimum COUNT',
    differences: '--differences POLICY',
    sharedSites: '--shared-sites NAMES',
    drop: '--drop NAMES',
    again: '--again',
    robust: '--robust',
  },
  maps: {
    id: '--id COLUMN',
    site: '--site COLUMN',
    person: '--person COLUMN',
    family: '--family COLUMN',
    participants: 'ids, sites and files',
    ...Object.fromEntries(
      ['decimal', 'thousands', 'ageCap'].map((name) => [name, 'plain numbers in the table']),
    ),
    sameSite: 'one spelling in the table',
    'sameSite.*': 'one spelling in the table',
    'sameLevel.*': 'one spelling in the table',
    missing: reading['missing'],
    'covariates.kind': choosing['covariates.kind'],
    categorical: '--categorical NAME',
    continuous: '--continuous NAME',
    'covariates.unit': '--unit NAME=UNIT',
    covariates: '--preserve NAMES',
    ...fittingAlone,
    files: '--files COLUMNS',
    cortex: '--cortex NAME=FILE',
    root: '--root FOLDER',
    out: '--out FOLDER',
    resume: '--resume',
    overwrite: '--overwrite',
    auditVertices: '--audit-vertices COUNT',
    personEffects: '--method longitudinal',
    randomSlope: '--random-slope NAME',
    residualVariance: '--residual-variance HOW',
    unseenPersons: '--unseen-persons POLICY',
    missingCovariates: '--drop-missing',
    unseen: '--unseen POLICY',
    takeSubjects: 'a table without its rows',
  },
  preprocess: {
    ...scans,
    spacing: '--spacing MM',
    threads: '--n-cpus COUNT',
    size: '--size PIXELS',
    transform: '--transform KIND',
    kind: (kind) => prefixed('concord harmonize', scanMethod(kind)),
    'intensity.zScore': '--normalize z-score',
    'intensity.fcmNormalize': '--normalize fcm',
    contrast: '--contrast NAME',
    'volumes.correctBias': 'the bias field: --no-bias',
    'volumes.robustFieldOfView': 'the cut of the neck: --no-field-of-view',
    'volumes.brainMask': 'concord preprocess without --no-mask',
    covariates: 'concord train --preserve NAMES',
  },
  train: {
    ...scans,
    steps: '--steps COUNT',
    batchSize: '--batch-size COUNT',
    learningRate: '--learning-rate RATE',
    backend: '--backend NAME',
    size: '--size NAME',
    toImages: '--image-size PIXELS',
    'volumes.brainMask': 'concord preprocess',
    'volumes.correctBias': 'concord preprocess',
    covariates: '--preserve NAMES',
  },
  slurm: {
    ...byPreprocess(scans),
    measure: '--measure LABELS',
    containerBind: '--container-bind FOLDER',
    overwrite: '--overwrite',
  },
  demo: { overwrite: '--overwrite' },
  example: { overwrite: '--overwrite' },
  'setup-tensorflow': {},
  kernel: {},
  doctor: {},
};

/** Options of fitting, in the words of a command that does not fit. */
function byHarmonize(vocabulary: Vocabulary): Vocabulary {
  return Object.fromEntries(
    Object.entries(vocabulary).map(([name, wording]): [string, Wording] => [
      name,
      (value, own) => prefixed('concord harmonize', worded(wording, value, own)),
    ]),
  );
}

/** The words of the command that jobs run: its flags, as they are after the lone hyphens. */
function byPreprocess(vocabulary: Vocabulary): Vocabulary {
  const ofOther = (words?: string): string | undefined =>
    words?.startsWith('--') ? prefixed('concord preprocess', words) : words;
  return Object.fromEntries(
    Object.entries(vocabulary).map(([name, wording]): [string, Wording] => [
      name,
      (value, own) => ofOther(worded(wording, value, own)),
    ]),
  );
}

/** The option of a stored model, with the method whose models are of a kind where there is one. */
function storedModel(kind?: RemedyValue): string {
  const makers = allMethods().filter(({ model }) => model.kind === kind);
  return `--model ${makers.length === 1 ? makers[0].name : 'METHOD'}=FOLDER`;
}

/** The option that chooses an entity of names: its own, or the one for all. */
function entityOption(key: string): string {
  const own: readonly string[] = scanSelectionNames;
  return own.includes(key) ? `--${key} LABEL` : `--entity ${key}=LABEL`;
}

/** An option of the raw scans that has its like for the harmonized ones. */
function ofEither(name: 'space' | 'desc'): Wording {
  return (value) => ['', 'after-'].map((of) => worded(`--${of}${name} LABEL`, value)).join(' or ');
}

/** What the command line knows of the method whose models are of a kind. */
function methodOfKind(kind?: RemedyValue): MethodCommand<AnyModel> | undefined {
  return allMethods().find(({ model, command }) => model.kind === kind && command !== undefined)?.command;
}

/** The method that harmonizes scans by a model of a kind. */
function scanMethod(kind?: RemedyValue): string | undefined {
  if (kind === undefined) return '--method';
  return methodOfKind(kind)?.scans === undefined ? undefined : `--method ${String(kind)}`;
}

/** Whether `--missing` takes a text for one mark, or for marks of one column. */
function isOneMark(mark?: RemedyValue): boolean {
  return typeof mark !== 'string' || isMarkList(mark) || missingMarks(mark).length === 1;
}
