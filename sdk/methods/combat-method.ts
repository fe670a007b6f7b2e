import type { Reference } from '../data/references';
import { references } from '../data/references';
import { median } from 'simple-statistics';
import { applyCombat } from '../combat/apply-combat';
import { combatHarmonizer } from '../combat/combat-harmonizer';
import type { CombatModel } from '../combat/combat-model';
import { combatModelFromJson, combatModelToStored } from '../combat/combat-model-json';
import { mainEffects } from '../combat/design/covariate-design';
import { termText } from '../combat/design/formula';
import { smoothLabel } from '../combat/design/smooth-terms';
import { meanOnlyText } from '../combat/mean-only';
import { plotPriors } from '../plot/plot-priors';
import { plotSiteEffects } from '../plot/plot-site-effects';
import { withModel } from './fitted-harmonizer';
import type { CardTable, Method, ModelCard, ModelKind } from './method';
import { applyOptionsOf, combatApplying, combatFitting, combatOptionsOf } from './combat-fitting';
import type { ApplyCall, ModelTable, TablesCall, TrainingRange } from './method-command';
import type { CommandPart } from './method-option';
import { commandPart } from './method-option';
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

const tables: CommandPart<TablesCall<CombatModel>> = commandPart(combatFitting, (values) => ({
  harmonizer: combatHarmonizer(combatOptionsOf(values)),
}));

const apply: CommandPart<ApplyCall<CombatModel>> = commandPart(combatApplying, (values) => ({
  table: combatTable,
  apply: (model, cohort, run) => applyCombat(model, cohort, { ...applyOptionsOf(values), ...run }),
  range: combatRange,
}));

/** What a model knows of its table. */
export function combatTable(model: CombatModel): ModelTable {
  return { ...model, sites: model.sites.map(({ name }) => name) };
}

/** Where the values were that a model was fitted on. */
export function combatRange({ features, grandMean, pooledSd, settings }: CombatModel): TrainingRange {
  return {
    features,
    means: grandMean,
    sds: pooledSd,
    scale: settings.transform === 'log' ? 'logarithm' : 'as measured',
  };
}

/** ComBat, on tables of features. */
export const combatMethod: Method<CombatModel> = {
  name: 'combat',
  title: 'ComBat',
  summary: 'shifts and rescales every feature of a table site by site, by empirical Bayes',
  references: [references.johnson2007, references.fortin2018],
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
      'concord harmonize TABLE.csv --site SITE --preserve sex --smooth age --out OUT',
      'concord harmonize TABLE.csv --site SITE --preserve "sex,dx*age" --scale-covariates age,sex --out OUT',
      'concord apply OUT/model.json NEW.csv --out OUT2',
    ],
  },
};

function card(model: CombatModel): ModelCard {
  const { settings, features, sites } = model;
  const subjects = sites.reduce((sum, site) => sum + site.subjects, 0);
  return {
    title: `ComBat model: ${counted(features.length, 'feature')}, ${counted(sites.length, 'site')}, ${counted(subjects, 'subject')}`,
    preserves: settings.preserve,
    facts: combatFacts(model),
    tables: [sitesTable(model)],
    sentences: combatSentences(model),
    references: combatReferences(model),
    figures: () => [
      {
        name: 'site-effects',
        table: 'features',
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

/** The settings of a model of ComBat. */
export function combatFacts(model: CombatModel): ModelCard['facts'] {
  const { settings, smooths, scaleTerms } = model;
  const passed = model.status.filter((status) => status !== 'harmonized').length;
  const fact = (label: string, value: string): ModelCard['facts'][number] => ({ label, value });
  return [
    fact('preserves', preservedText(model)),
    ...(smooths.length === 0 ? [] : [fact('curves', curves(model))]),
    fact('empirical Bayes', settings.eb === 'nonparametric' ? 'non-parametric' : settings.eb),
    fact('adjusts', meanOnlyText(settings.meanOnly)),
    ...(scaleTerms.length === 0
      ? []
      : [fact('spread depends on', `${scaleTerms.map(termText).join(', ')} (ComBatLS)`)]),
    ...(settings.robust ? [fact('measured by', 'medians and biweight midvariances')] : []),
    fact(
      'harmonizes to',
      settings.reference === null ? 'the average of all subjects' : `site ${settings.reference}`,
    ),
    ...(settings.transform === 'log' ? [fact('scale', 'logarithm')] : []),
    ...(passed === 0 ? [] : [fact('passed through unchanged', counted(passed, 'feature'))]),
  ];
}

/** How a model of ComBat was fitted, as a methods section says it. */
export function combatSentences(model: CombatModel): readonly string[] {
  const { settings, smooths, scaleTerms, status, sites } = model;
  const { preserve, eb, meanOnly, reference, robust, transform } = settings;
  const shrunk = {
    parametric: 'by empirical Bayes with parametric priors',
    nonparametric: 'by empirical Bayes with non-parametric priors',
    none: 'for each feature by itself, without empirical Bayes',
  }[eb];
  const passed = status.filter((one) => one !== 'harmonized').length;
  return [
    `Effects of the ${counted(sites.length, 'site')} (${meanOnlyText(meanOnly)}) were estimated ${shrunk}.`,
    preserve.length === 0
      ? 'No covariate was preserved.'
      : `The effects of ${preservedEffects(model).join(' and ')} were modeled beside the site and preserved.`,
    ...(smooths.length === 0
      ? []
      : [smoothSentence(settings, [...new Set(smooths.map(({ name }) => name))])]),
    ...(scaleTerms.length === 0
      ? []
      : [
          `The spread of features was modeled to depend on ${scaleTerms.map(termText).join(' and ')}, which was kept.`,
        ]),
    ...(robust ? ['Location and scale were measured by medians and biweight midvariances.'] : []),
    ...(transform === 'log' ? ['Logarithms of the values were harmonized.'] : []),
    reference === null
      ? 'Values were harmonized to the average of all participants.'
      : `Values were harmonized to site ${reference}, whose own values were left unchanged.`,
    ...(passed === 0
      ? []
      : [`${counted(passed, 'feature')} could not be harmonized and passed through unchanged.`]),
  ];
}

function smoothSentence({ basis, smoothing }: CombatModel['settings'], names: readonly string[]): string {
  const curve =
    basis === 'p-spline' ? 'penalized splines (P-splines as in mgcv)' : 'the splines of neuroHarmonize';
  const chosen = {
    reml: ', their smoothness chosen by REML',
    gcv: ', their smoothness chosen by GCV',
    given: '',
    kfold: ', their smoothness chosen by cross-validation',
  };
  return `Effects of ${names.join(' and ')} were modeled by ${curve}${chosen[smoothing]} (${references.pomponio2020.cited}).`;
}

/** What the options of a model of ComBat ask to be cited. */
export function combatReferences({ smooths, scaleTerms }: CombatModel): readonly Reference[] {
  return [
    ...(smooths.length === 0 ? [] : [references.pomponio2020]),
    ...(scaleTerms.length === 0 ? [] : [references.gardner2024]),
  ];
}

/** The covariates whose effects are kept, and which of them interact. */
export function preservedText(model: CombatModel): string {
  const kept = preservedEffects(model);
  return kept.length === 0 ? 'no covariate' : kept.join(', ');
}

function preservedEffects(model: CombatModel): readonly string[] {
  const own = mainEffects(model);
  const interactions = model.terms.filter((term) => term.length > 1).map(termText);
  return [...model.settings.preserve.filter((name) => own.includes(name)), ...interactions];
}

/** What the curves are of, and how bent they are. */
function curves({ smooths, freedom, features, settings }: CombatModel): string {
  const chosen = { reml: 'by REML', gcv: 'by GCV', kfold: 'by cross-validation', given: 'as given' }[
    settings.smoothing
  ];
  const each = smooths.map((smooth, k) => {
    const middle = medianSize(freedom, features.length, k);
    return `${smoothLabel(smooth)}${Number.isNaN(middle) ? '' : ` (${middle.toFixed(1)})`}`;
  });
  return `${each.join(', ')}: median degrees of freedom in brackets, 1 is a straight line; straightness ${chosen}`;
}

/** What each site does to the features. */
export function sitesTable({ sites, features, gammaStar, deltaStar }: CombatModel): CardTable {
  return {
    title: 'What each site does to the features',
    columns: ['site', 'subjects', 'adjusts', 'median |shift| (SD)', 'median widening (×)', 'iterations'],
    rows: sites.map(({ name, subjects, adjusts, iterations }, site) => [
      ...[name, subjects, adjusts],
      medianSize(gammaStar, features.length, site),
      Math.sqrt(medianSize(deltaStar, features.length, site)),
      iterations,
    ]),
  };
}

/** The median size over the features of one row, of a site or a smooth; `NaN` where nothing was estimated. */
function medianSize(values: Float64Array, width: number, row: number): number {
  const own = Array.from(values.subarray(row * width, (row + 1) * width), Math.abs).filter(Number.isFinite);
  return own.length === 0 ? NaN : median(own);
}
