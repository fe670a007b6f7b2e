import { median } from 'simple-statistics';
import { applyCombat } from '../combat/apply-combat';
import { combatHarmonizer } from '../combat/combat-harmonizer';
import type { CombatModel } from '../combat/combat-model';
import { combatModelFromJson, combatModelToStored } from '../combat/combat-model-json';
import { meanOnlyText } from '../combat/mean-only';
import { plotPriors } from '../plot/plot-priors';
import { plotSiteEffects } from '../plot/plot-site-effects';
import { withModel } from './fitted-harmonizer';
import type { CardTable, Method, ModelCard, ModelKind } from './method';
import type { ApplyCall, TablesCall } from './method-command';
import type { CommandPart } from './method-option';
import { choiceOption, commandPart, valueOption } from './method-option';
import { counted } from '../data/counted';

const combatKind: ModelKind<CombatModel> = {
  kind: 'combat',
  storage: {
    as: 'file',
    toStored: combatModelToStored,
    fromStored: ({ description, arrays }) => combatModelFromJson(description, arrays),
  },
  card,
};

const dropMissing = valueOption(
  'switch',
  '--drop-missing',
  'leave out subjects without a covariate value instead of refusing',
  false,
);

const tables: CommandPart<TablesCall<CombatModel>> = commandPart(
  {
    preserve: valueOption(
      'list',
      '--preserve <names>',
      'covariates whose effects are kept, for example age,sex',
      [],
    ),
    unseen: choiceOption('--unseen <policy>', 'how the audit treats a site not trained on', {
      values: ['error', 'covariates', 'estimate'],
      initial: 'estimate',
    }),
    dropMissing,
    eb: choiceOption('--eb <kind>', 'empirical Bayes', {
      values: ['parametric', 'nonparametric', 'none'],
      initial: 'parametric',
    }),
    meanOnly: choiceOption(
      '--mean-only [form]',
      'adjust the location of each site, not its scale: published, which leaves much of the site effect, or shrunk-by-size',
      { values: ['published', 'shrunk-by-size'], alone: 'published' },
    ),
    reference: valueOption('text', '--reference <site>', 'harmonize to this site instead of the average'),
    transform: choiceOption('--transform <kind>', 'fit values or their logarithm', {
      values: ['none', 'log'],
      initial: 'none',
    }),
  },
  ({ dropMissing: drops, meanOnly, reference, ...others }) => ({
    harmonizer: combatHarmonizer({
      ...others,
      meanOnly: meanOnly === 'published' || (meanOnly ?? false),
      missingCovariates: drops ? 'drop' : 'error',
      ...(reference === undefined ? {} : { reference }),
    }),
  }),
);

const apply: CommandPart<ApplyCall<CombatModel>> = commandPart(
  {
    unseen: choiceOption('--unseen <policy>', 'what to do with a site the model was not fitted on', {
      values: ['error', 'covariates', 'estimate'],
      initial: 'error',
    }),
    dropMissing,
  },
  ({ unseen, dropMissing: drops }) => ({
    table: (model) => ({ ...model, sites: model.sites.map(({ name }) => name) }),
    apply: (model, cohort, run) =>
      applyCombat(model, cohort, { unseen, missingCovariates: drops ? 'drop' : 'error', ...run }),
    range: ({ features, grandMean, pooledSd, settings }) => ({
      features,
      means: grandMean,
      sds: pooledSd,
      scale: settings.transform === 'log' ? 'logarithm' : 'as measured',
    }),
  }),
);

/** ComBat, on tables of features. */
export const combatMethod: Method<CombatModel> = {
  name: 'combat',
  title: 'ComBat',
  summary: 'shifts and rescales every feature of a table site by site, by empirical Bayes',
  quick: true,
  model: combatKind,
  harmonizers: {
    features: ({ fit, apply: applied, model }) => withModel(combatHarmonizer({ ...fit, ...applied }), model),
  },
  command: {
    tables,
    apply,
    examples: [
      'concord harmonize TABLE.csv --site SITE --preserve age,sex --out OUT',
      'concord apply OUT/model.json NEW.csv --out OUT2',
    ],
  },
};

function card(model: CombatModel): ModelCard {
  const { settings, features, sites } = model;
  const passed = model.status.filter((status) => status !== 'harmonized').length;
  const subjects = sites.reduce((sum, site) => sum + site.subjects, 0);
  const fact = (label: string, value: string): ModelCard['facts'][number] => ({ label, value });
  return {
    title: `ComBat model: ${counted(features.length, 'feature')}, ${counted(sites.length, 'site')}, ${counted(subjects, 'subject')}`,
    preserves: settings.preserve,
    facts: [
      fact('preserves', settings.preserve.length === 0 ? 'no covariate' : settings.preserve.join(', ')),
      fact('empirical Bayes', settings.eb === 'nonparametric' ? 'non-parametric' : settings.eb),
      fact('adjusts', meanOnlyText(settings.meanOnly)),
      fact(
        'harmonizes to',
        settings.reference === null ? 'the average of all subjects' : `site ${settings.reference}`,
      ),
      ...(settings.transform === 'log' ? [fact('scale', 'logarithm')] : []),
      ...(passed === 0 ? [] : [fact('passed through unchanged', counted(passed, 'feature'))]),
    ],
    tables: [sitesTable(model)],
    figures: () => [
      {
        name: 'site-effects',
        figure: plotSiteEffects(model),
        caption:
          'What was removed: blue is below or narrower, red above or wider. Empty cells could not be estimated.',
      },
      ...(settings.eb === 'none'
        ? []
        : [
            {
              name: 'priors',
              figure: plotPriors(model),
              caption:
                'Empirical Bayes pulls each estimate towards the prior; it does so well where the dashed line follows the filled curve.',
            },
          ]),
    ],
  };
}

function sitesTable(model: CombatModel): CardTable {
  return {
    title: 'What each site does to the features',
    columns: ['site', 'subjects', 'adjusts', 'median |shift| (SD)', 'median widening (×)', 'iterations'],
    rows: model.sites.map(({ name, subjects, adjusts, iterations }, site) => [
      ...[name, subjects, adjusts],
      siteMedian(model, model.gammaStar, site),
      Math.sqrt(siteMedian(model, model.deltaStar, site)),
      iterations,
    ]),
  };
}

/** The median size over the features of one site's row; `NaN` where nothing was estimated. */
function siteMedian(model: CombatModel, effects: Float64Array, site: number): number {
  const width = model.features.length;
  const own = Array.from(effects.subarray(site * width, (site + 1) * width), Math.abs).filter(
    Number.isFinite,
  );
  return own.length === 0 ? NaN : median(own);
}
