import { references } from '../data/references';
import type { ApplyPixelCombatOptions } from '../baselines/pixel-combat/apply-pixel-combat';
import { applyPixelCombat } from '../baselines/pixel-combat/apply-pixel-combat';
import { gridSides } from '../baselines/pixel-combat/aligned-pixels';
import { fitPixelCombat } from '../baselines/pixel-combat/fit-pixel-combat';
import { pixelCombatHarmonizer } from '../baselines/pixel-combat/pixel-combat-harmonizer';
import type { PixelCombatModel } from '../baselines/pixel-combat/pixel-combat-model';
import { pixelCombatFromStored, pixelCombatToStored } from '../baselines/pixel-combat/pixel-combat-stored';
import { estimatesNewSites } from '../combat/new-site-policy';
import type { VolumeCohort } from '../data/cohort';
import { unknownTarget } from '../data/people/unknown-site';
import { siteNames } from '../data/people/participants';
import type { RunOptions } from '../data/run-options';
import { ConcordError } from '../errors';
import { pixelSizeOf } from '../nn/images/image-geometry';
import { applyMask } from '../preprocess/apply-mask';
import { preprocess } from '../preprocess/preprocess';
import { toImages } from '../preprocess/to-images';
import { advise, option } from '../remedy';
import { combatFitting } from './combat-fitting';
import { preservedText } from './combat-method';
import { withModel } from './fitted-harmonizer';
import type { Method, ModelCard, ModelKind, SliceMethod } from './method';
import type { ScansPart } from './method-command';
import { choiceOption, commandPart, valueOption } from './method-option';
import { imagesFact } from './network-card';

const pixelCombatKind: ModelKind<PixelCombatModel> = {
  kind: 'pixel-combat',
  storage: {
    as: 'file',
    toStored: pixelCombatToStored,
    fromStored: ({ description, arrays }) => pixelCombatFromStored(description, arrays),
  },
  card,
};

const slices: SliceMethod<PixelCombatModel> = {
  input: (model) => {
    const [, rows, columns] = gridSides(model);
    return {
      geometry: { plane: model.plane, pixelSize: pixelSizeOf(model) },
      shape: [rows, columns, 1],
      suffixes: model.suffixes.filter((suffix) => suffix !== ''),
    };
  },
  prepare: (model, cohort, options: Omit<ApplyPixelCombatOptions, keyof RunOptions>) => {
    requireKnownSites(model, cohort, options);
    return {
      record: { ...options },
      apply: (images, run) => applyPixelCombat(model, images, { ...options, ...run }),
    };
  },
};

const scans: ScansPart<PixelCombatModel> = {
  fitted: ['preserve', 'eb', 'reference', 'plane', 'share', 'effectFwhm'],
  ...commandPart(
    {
      preserve: combatFitting.preserve,
      eb: combatFitting.eb,
      reference: combatFitting.reference,
      plane: choiceOption('--plane <plane>', 'how scans are cut', {
        values: ['axial', 'coronal', 'sagittal'],
        initial: 'axial',
      }),
      share: valueOption(
        'share',
        '--share <share>',
        'the share of the masks of each site in which a pixel must be',
        0.5,
      ),
      effectFwhm: valueOption(
        'positive',
        '--effect-fwhm <mm>',
        'spread the effects of each site over neighboring pixels by a Gaussian this wide at half maximum: 12 keeps edges better',
      ),
      unseen: choiceOption('--unseen <policy>', 'what to do with a site the model was not fitted on', {
        values: ['error', 'covariates'],
        initial: 'error',
      }),
    },
    ({ plane, unseen, reference, effectFwhm, ...settings }) => {
      const fit = {
        ...settings,
        ...(reference === undefined ? {} : { reference }),
        ...(effectFwhm === undefined ? {} : { effectFwhm }),
      };
      return {
        target: reference === undefined ? 'the average of all scans' : reference,
        harmonizer: { fit, apply: { unseen } },
        covariates: ({ combat }) => combat.covariates.map(({ name }) => name),
        options: () => Promise.resolve({ unseen }),
        fit: async (cohort, { strict, ...run }) => {
          const brains = preprocess(cohort, [
            { name: 'applyMask', options: {}, run: (volume) => applyMask(volume) },
          ]);
          return fitPixelCombat(await toImages(brains, { plane, strict, ...run }), { ...fit, ...run });
        },
      };
    },
  ),
};

/** ComBat on every pixel of registered slices. */
export const pixelCombatMethod: Method<PixelCombatModel> = {
  name: 'pixel-combat',
  title: 'ComBat by pixels',
  summary: 'shifts and rescales every pixel of registered slices site by site, by empirical Bayes',
  references: [references.johnson2007, references.fortin2018],
  quick: true,
  model: pixelCombatKind,
  harmonizers: {
    images: ({ fit, apply, model }) => withModel(pixelCombatHarmonizer({ ...fit, ...apply }), model),
  },
  slices,
  command: {
    scans,
    examples: ['concord harmonize BIDS --method pixel-combat --preserve age,sex --out OUT'],
  },
};

/** Whole scans come one by one, so that nothing can be estimated from the scans of a site. */
function requireKnownSites(
  { combat }: PixelCombatModel,
  { participants }: VolumeCohort,
  { unseen = 'error' }: ApplyPixelCombatOptions,
): void {
  if (estimatesNewSites(unseen)) {
    throw new ConcordError(
      'invalid-option',
      'an unknown site is estimated from all its scans at once, and whole scans are harmonized one by one',
      { remedy: advise`choose ${option('unseen', 'covariates')}, or harmonize their slices together` },
    );
  }
  if (unseen === 'covariates') return;
  const known = combat.sites.map(({ name }) => name);
  const stranger = siteNames(participants).find((site) => !known.includes(site));
  if (stranger !== undefined) throw unknownTarget(stranger, known, { what: 'site' });
}

function card(model: PixelCombatModel): ModelCard {
  const { combat, share, effectFwhm } = model;
  const scanCount = combat.sites.reduce((sum, { subjects }) => sum + subjects, 0);
  const { preserve, reference, eb } = combat.settings;
  return {
    title: `Model of ComBat by pixels: ${combat.features.length.toLocaleString('en-US')} pixels, ${combat.sites.length} sites, ${scanCount} scans`,
    preserves: preserve,
    facts: [
      { label: 'sites', value: combat.sites.map(({ name }) => name).join(', ') },
      { label: 'preserves', value: preservedText(combat) },
      { label: 'empirical Bayes', value: eb === 'nonparametric' ? 'non-parametric' : eb },
      {
        label: 'harmonizes to',
        value: reference === null ? 'the average of all scans' : `site ${reference}`,
      },
      imagesFact(slices.input(model)),
      {
        label: 'pixels',
        value: `those in the masks of at least ${Math.round(100 * share)} % of the scans of every site`,
      },
      ...(effectFwhm === undefined
        ? []
        : [
            {
              label: 'effects of sites',
              value: `spread by a Gaussian of ${effectFwhm} mm full width at half maximum`,
            },
          ]),
    ],
  };
}
