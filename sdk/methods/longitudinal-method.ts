import { references } from '../data/references';
import { median } from 'simple-statistics';
import { applyLongitudinal } from '../combat/longitudinal/apply-longitudinal';
import { longitudinalHarmonizer } from '../combat/longitudinal/longitudinal-harmonizer';
import type { LongitudinalModel } from '../combat/longitudinal/longitudinal-model';
import {
  longitudinalModelFromJson,
  longitudinalModelToStored,
} from '../combat/longitudinal/longitudinal-model-json';
import type { UnseenPersonPolicy } from '../combat/longitudinal/longitudinal-options';
import { counted } from '../data/counted';
import { plotSiteEffects } from '../plot/plot-site-effects';
import { applyOptionsOf, combatApplying, combatFitting, combatOptionsOf } from './combat-fitting';
import { combatFacts, combatRange, combatTable, sitesTable, combatSentences } from './combat-method';
import { withModel } from './fitted-harmonizer';
import type { Method, ModelCard, ModelKind } from './method';
import type { ApplyCall, TablesCall } from './method-command';
import type { CommandPart, MethodOption } from './method-option';
import { choiceOption, commandPart, valueOption } from './method-option';

const longitudinalKind: ModelKind<LongitudinalModel> = {
  kind: 'longitudinal',
  storage: {
    as: 'file',
    toStored: longitudinalModelToStored,
    fromStored: ({ description, arrays }) => longitudinalModelFromJson(description, arrays),
  },
  card,
};

/** Its own options of fitting by name; a type, since option lists are indexed by any name. */
export type PersonFitting = {
  readonly randomSlope: MethodOption<string | undefined>;
  readonly residualVariance: MethodOption<'reml' | 'msr'>;
};

/** What it has besides ComBat when it is fitted, on the command line. */
export const personFitting: PersonFitting = {
  randomSlope: valueOption(
    'text',
    '--random-slope <name>',
    'a continuous covariate, such as time, over which each person has a slope of their own; it is preserved',
  ),
  residualVariance: choiceOption(
    '--residual-variance <how>',
    'by restricted maximum likelihood, or the mean squared residual as in ComBatFamily',
    { values: ['reml', 'msr'], initial: 'reml' },
  ),
};

/** What is known of persons that it was not fitted on, on the command line. */
export const unseenPersons: MethodOption<UnseenPersonPolicy> = choiceOption(
  '--unseen-persons <policy>',
  'what sets a person apart whom the model was not fitted on: predicted from the own visits given, or zero as in lme4',
  { values: ['own-visits', 'zero'], initial: 'own-visits' },
);

const tables: CommandPart<TablesCall<LongitudinalModel>> = commandPart(
  {
    ...combatFitting,
    ...personFitting,
    unseenPersons,
  },
  ({ randomSlope, residualVariance, unseenPersons: policy, ...combat }) => ({
    harmonizer: longitudinalHarmonizer({
      ...combatOptionsOf(combat),
      ...(randomSlope === undefined ? {} : { randomSlope }),
      residualVariance,
      unseenPersons: policy,
    }),
  }),
);

const apply: CommandPart<ApplyCall<LongitudinalModel>> = commandPart(
  { ...combatApplying, unseenPersons },
  ({ unseenPersons: policy, ...values }) => ({
    table: ({ combat, reading, provenance, version }) => ({
      ...combatTable(combat),
      reading,
      provenance,
      version,
    }),
    apply: (model, cohort, run) =>
      applyLongitudinal(model, cohort, { ...applyOptionsOf(values), unseenPersons: policy, ...run }),
    range: (model) => ({
      ...combatRange(model.combat),
      // Values differ by what sets persons apart too.
      sds: model.combat.pooledSd.map((sd, w) => Math.sqrt(sd * sd + (model.covariance[w] || 0))),
    }),
  }),
);

/** Longitudinal ComBat, on tables of persons with several scans. */
export const longitudinalMethod: Method<LongitudinalModel> = {
  name: 'longitudinal',
  title: 'longitudinal ComBat',
  summary: 'does what ComBat does, for persons with several scans, and keeps what sets each person apart',
  references: [references.beer2020],
  quick: true,
  model: longitudinalKind,
  harmonizers: {
    features: ({ fit, apply: applied, model }) =>
      withModel(longitudinalHarmonizer({ ...fit, ...applied }), model),
  },
  command: {
    tables,
    apply,
    examples: [
      'concord harmonize TABLE.csv --site SITE --person PERSON --method longitudinal --preserve age,sex --out OUT',
      'concord harmonize TABLE.csv --site SITE --person PERSON --method longitudinal --preserve sex --random-slope age --out OUT',
    ],
  },
};

function card(model: LongitudinalModel): ModelCard {
  const { combat, persons, scans, settings } = model;
  return {
    title: `longitudinal ComBat model: ${counted(combat.features.length, 'feature')}, ${counted(combat.sites.length, 'site')}, ${counted(scans.length, 'scan')} of ${counted(persons.length, 'person')}`,
    preserves: combat.settings.preserve,
    facts: [
      ...combatFacts(combat),
      {
        label: 'persons differ in',
        value: settings.randomSlope === null ? 'level' : `level and slope over ${settings.randomSlope}`,
      },
      { label: 'variance of levels', value: shareOfLevels(model) },
      {
        label: 'residual variance',
        value:
          settings.residualVariance === 'reml'
            ? 'by restricted maximum likelihood'
            : 'the mean squared residual',
      },
    ],
    sentences: [
      `Each person has ${settings.randomSlope === null ? 'a level of their own' : `a level and a slope over ${settings.randomSlope} of their own`}, random effects that were left in the data.`,
      ...combatSentences(combat),
    ],
    references: [references.johnson2007, references.fortin2018],
    tables: [sitesTable(combat)],
    figures: () => [
      {
        name: 'site-effects',
        figure: plotSiteEffects(combat),
        caption:
          'What was removed, in residual standard deviations within persons: blue is below or narrower, red above or wider. Empty cells could not be estimated.',
      },
    ],
  };
}

/** How much of what covariates and sites leave is between persons. */
function shareOfLevels({ covariance, residualVariance }: LongitudinalModel): string {
  const shares = Array.from(residualVariance, (own, w) => covariance[w] / (covariance[w] + own)).filter(
    Number.isFinite,
  );
  if (shares.length === 0) return 'no feature could be fitted';
  return `${(100 * median(shares)).toFixed(0)} % of what covariates and sites leave of the median feature, from ${(100 * Math.min(...shares)).toFixed(0)} to ${(100 * Math.max(...shares)).toFixed(0)} %`;
}
