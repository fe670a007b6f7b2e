import { references } from '../data/references';
import { applyCovbat } from '../combat/covbat/apply-covbat';
import { covbatHarmonizer } from '../combat/covbat/covbat-harmonizer';
import type { CovbatModel } from '../combat/covbat/covbat-model';
import { covbatModelFromJson, covbatModelToStored } from '../combat/covbat/covbat-model-json';
import { counted } from '../data/counted';
import { plotSiteEffects } from '../plot/plot-site-effects';
import { applyOptionsOf, combatApplying, combatFitting, combatOptionsOf } from './combat-fitting';
import {
  combatFacts,
  combatRange,
  combatReferences,
  combatSentences,
  combatTable,
  sitesTable,
} from './combat-method';
import { withModel } from './fitted-harmonizer';
import type { Method, ModelCard, ModelKind } from './method';
import type { ApplyCall, TablesCall } from './method-command';
import type { CommandPart } from './method-option';
import { commandPart, valueOption } from './method-option';

const covbatKind: ModelKind<CovbatModel> = {
  kind: 'covbat',
  storage: {
    as: 'file',
    toStored: covbatModelToStored,
    fromStored: ({ description, arrays }) => covbatModelFromJson(description, arrays),
  },
  card,
};

const tables: CommandPart<TablesCall<CovbatModel>> = commandPart(
  {
    ...combatFitting,
    variance: valueOption(
      'share',
      '--variance <share>',
      'components are harmonized until they have more than this of the variance (default: 0.95)',
    ),
    components: valueOption(
      'count',
      '--components <count>',
      'how many are harmonized, whatever their variance',
    ),
    unscaled: valueOption(
      'switch',
      '--unscaled',
      'do not divide features by their standard deviation before components are taken',
      false,
    ),
    scoreEb: valueOption(
      'switch',
      '--score-eb',
      'shrink site effects on components by empirical Bayes',
      false,
    ),
    scorePreserve: valueOption(
      'list',
      '--score-preserve <names>',
      'covariates whose effects on components are kept; they are among those of --preserve',
      [],
    ),
  },
  ({ variance, components, unscaled, scoreEb, scorePreserve, ...combat }) => ({
    harmonizer: covbatHarmonizer({
      ...combatOptionsOf(combat),
      ...(variance === undefined ? {} : { variance }),
      ...(components === undefined ? {} : { components }),
      standardize: !unscaled,
      scoreEb,
      scorePreserve,
    }),
  }),
  ({ variance, components }) =>
    variance !== undefined && components !== undefined
      ? "options '--variance' and '--components' exclude each other"
      : undefined,
);

const apply: CommandPart<ApplyCall<CovbatModel>> = commandPart(combatApplying, (values) => ({
  table: ({ combat, reading, provenance, version }) => ({
    ...combatTable(combat),
    reading,
    provenance,
    version,
  }),
  apply: (model, cohort, run) => applyCovbat(model, cohort, { ...applyOptionsOf(values), ...run }),
  range: ({ combat }) => combatRange(combat),
}));

/** CovBat, on tables of features. */
export const covbatMethod: Method<CovbatModel> = {
  name: 'covbat',
  title: 'CovBat',
  summary: 'does what ComBat does, and once more to the components along which features vary together',
  references: [references.chen2022],
  quick: true,
  model: covbatKind,
  harmonizers: {
    features: ({ fit, apply: applied, model }) => withModel(covbatHarmonizer({ ...fit, ...applied }), model),
  },
  command: {
    tables,
    apply,
    examples: ['concord harmonize TABLE.csv --site SITE --method covbat --preserve age,sex --out OUT'],
  },
};

function card(model: CovbatModel): ModelCard {
  const { combat, explained, settings } = model;
  const subjects = combat.sites.reduce((sum, site) => sum + site.subjects, 0);
  const share = explained.reduce((sum, own) => sum + own, 0);
  const { scorePreserve } = settings;
  return {
    title: `CovBat model: ${counted(combat.features.length, 'feature')}, ${counted(combat.sites.length, 'site')}, ${counted(subjects, 'subject')}`,
    preserves: combat.settings.preserve,
    facts: [
      ...combatFacts(combat),
      {
        label: 'components',
        value: `${explained.length}, with ${(100 * share).toFixed(1)} % of the variance that ComBat leaves beside covariates`,
      },
      {
        label: 'site effects on components',
        value: settings.scoreEb ? 'shrunk by empirical Bayes' : 'as estimated',
      },
      ...(scorePreserve.length === 0
        ? []
        : [{ label: 'preserves in components', value: scorePreserve.join(', ') }]),
    ],
    sentences: [
      ...combatSentences(combat),
      `Then ComBat was applied to the leading ${counted(explained.length, 'principal component')} of the residuals (${(100 * share).toFixed(1)} % of their variance), ${settings.scoreEb ? 'by' : 'without'} empirical Bayes.`,
    ],
    references: [references.johnson2007, references.fortin2018, ...combatReferences(combat)],
    tables: [
      sitesTable(combat),
      { ...sitesTable(model.scores), title: 'What each site does to the components' },
    ],
    figures: () => [
      {
        name: 'site-effects',
        table: 'features',
        figure: plotSiteEffects(combat),
        caption:
          'What was removed of features first: blue is below or narrower, red above or wider. Empty cells could not be estimated.',
      },
    ],
  };
}
