import { references as papers } from '../data/references';
import { applyNestedCombat } from '../combat/batches/apply-nested-combat';
import { nestedCombatHarmonizer, nestedTargets } from '../combat/batches/nested-combat-harmonizer';
import { mixtureName } from '../combat/batches/mixture-split';
import type { NestedCombatModel } from '../combat/batches/nested-combat-model';
import {
  nestedCombatModelFromJson,
  nestedCombatModelToStored,
} from '../combat/batches/nested-combat-model-json';
import { counted } from '../data/counted';
import { plotSiteEffects } from '../plot/plot-site-effects';
import { applyOptionsOf, combatApplying, combatFitting, combatOptionsOf } from './combat-fitting';
import { combatFacts, combatRange, sitesTable } from './combat-method';
import { withModel } from './fitted-harmonizer';
import type { CardTable, Method, ModelCard, ModelKind } from './method';
import type { ApplyCall, ModelTable, TablesCall } from './method-command';
import type { CommandPart } from './method-option';
import { choiceOption, commandPart, valueOption } from './method-option';

const nestedCombatKind: ModelKind<NestedCombatModel> = {
  kind: 'nested-combat',
  storage: {
    as: 'file',
    toStored: nestedCombatModelToStored,
    fromStored: ({ description, arrays }) => nestedCombatModelFromJson(description, arrays),
  },
  card,
};

const { reference, ...fitting } = combatFitting;

const tables: CommandPart<TablesCall<NestedCombatModel>> = commandPart(
  {
    ...fitting,
    batch: valueOption(
      'list',
      '--batch <names>',
      'the columns of batches, for example vendor,kernel,field: ComBat by one after the other; the first is the column of sites where --site names none',
      [],
    ),
    order: choiceOption(
      '--order <how>',
      'in which order: the one that leaves the least differences, or as listed',
      {
        values: ['searched', 'given'],
        initial: 'searched',
      },
    ),
    mixture: choiceOption(
      '--mixture <use>',
      'look for two groups of scans that no column names, and take them for a batch, or preserve them',
      { values: ['none', 'batch', 'preserve'], initial: 'none' },
    ),
    references: valueOption(
      'list',
      '--references <levels>',
      'levels to harmonize to instead of the average, for example vendor=GE,kernel=soft',
      [],
    ),
  },
  ({ batch, order, mixture, references, ...combat }) => ({
    harmonizer: nestedCombatHarmonizer({
      ...combatOptionsOf({ ...combat, reference: reference.initial }),
      batches: batch,
      order,
      mixture,
      references: Object.fromEntries(references.map(levelOf)),
    }),
  }),
  ({ batch, references }) => {
    if (batch.length === 0) return "option '--batch' is not given: it names the columns of batches";
    const odd = references.find((text) => !text.includes('='));
    return odd === undefined ? undefined : `option '--references' has "${odd}" (COLUMN=LEVEL is allowed)`;
  },
);

/** `vendor=GE`. */
function levelOf(text: string): [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}

const apply: CommandPart<ApplyCall<NestedCombatModel>> = commandPart(combatApplying, (values) => ({
  table: nestedTable,
  apply: (model, cohort, run) => applyNestedCombat(model, cohort, { ...applyOptionsOf(values), ...run }),
  range: ({ steps }) => combatRange(steps[0].combat),
}));

/** What a model knows of its table: batch variables are columns that it needs. */
function nestedTable({
  steps,
  batches,
  split,
  sites,
  reading,
  provenance,
  version,
}: NestedCombatModel): ModelTable {
  const { features, covariates } = steps[0].combat;
  const needed = batches.flatMap(({ name, from, levels }) =>
    from === 'covariate' ? [{ kind: 'categorical', name, levels } as const] : [],
  );
  const groups = split === undefined ? undefined : mixtureName(split);
  const preserved = covariates.filter(({ name }) => name !== groups);
  return { features, sites, covariates: [...preserved, ...needed], reading, provenance, version };
}

/** Nested ComBat, on tables of features. */
export const nestedCombatMethod: Method<NestedCombatModel> = {
  name: 'nested-combat',
  title: 'Nested ComBat',
  summary:
    'does what ComBat does by one batch variable after the other, such as vendor, kernel and field strength',
  references: [papers.horng2022],
  quick: true,
  model: nestedCombatKind,
  harmonizers: {
    features: ({ fit, apply: applied, model }) =>
      withModel(nestedCombatHarmonizer({ batches: ['site'], ...fit, ...applied }), model),
  },
  command: {
    tables,
    impliedBy: ['batch'],
    apply,
    examples: ['concord harmonize TABLE.csv --batch VENDOR,KERNEL,FIELD --preserve age,sex --out OUT'],
  },
};

function card(model: NestedCombatModel): ModelCard {
  const { steps, settings, batches, split, sites } = model;
  const [{ combat }] = steps;
  const subjects = combat.sites.reduce((sum, site) => sum + site.subjects, 0);
  const facts = combatFacts(combat).filter(({ label }) => label !== 'harmonizes to');
  return {
    title: `Nested ComBat model: ${counted(combat.features.length, 'feature')}, ${counted(batches.length, 'batch variable')}, ${counted(sites.length, 'site')}, ${counted(subjects, 'subject')}`,
    preserves: settings.preserve,
    removes: batches.map(({ name }) => name),
    facts: [
      { label: 'order', value: `${orderOf(steps)} (${settings.order})` },
      ...triedFacts(model),
      { label: 'features that differ', value: differingText(model) },
      ...facts,
      { label: 'harmonizes to', value: targetText(model) },
      ...(split === undefined
        ? []
        : [{ label: 'groups found in', value: `${split.feature} (${settings.mixture})` }]),
    ],
    tables: [differingTable(model), ...triedTables(model), ...stepTables(model)],
    figures: () => [
      {
        name: 'site-effects',
        figure: plotSiteEffects(combat),
        caption: `What was removed first, by ${steps[0].batch}: blue is below or narrower, red above or wider. Empty cells could not be estimated.`,
      },
    ],
  };
}

/** Anderson–Darling tests at p < 0.05, before and after. */
function differingText({ differing, steps }: NestedCombatModel): string {
  const of = steps[0].combat.features.length;
  const each = differing.map(({ batch, before, after }) => `${before} by ${batch} before and ${after} after`);
  return `${each.join(', ')}, of ${of} (Anderson–Darling, p < 0.05)`;
}

function triedFacts({ tried }: NestedCombatModel): ModelCard['facts'] {
  if (tried.length < 2) return [];
  const each = tried.map(({ order, differing }) => `${order.join(' > ')}: ${differing}`);
  return [{ label: 'orders tried, with pairs that differ after', value: each.join('; ') }];
}

function targetText(model: NestedCombatModel): string {
  const [target] = nestedTargets(model);
  return target === 'average' ? 'the average of all subjects' : target;
}

function orderOf(steps: readonly { readonly batch: string }[]): string {
  return steps.map(({ batch }) => batch).join(', then ');
}

function differingTable({ differing }: NestedCombatModel): CardTable {
  return {
    title: 'How many features differ between the levels of a batch variable (Anderson–Darling, p < 0.05)',
    columns: ['batch variable', 'before', 'after'],
    rows: differing.map(({ batch, before, after }) => [batch, before, after]),
  };
}

function triedTables({ tried }: NestedCombatModel): readonly CardTable[] {
  if (tried.length < 2) return [];
  return [
    {
      title: 'Orders that were tried, and how many pairs of feature and batch variable differ after each',
      columns: ['order', 'differing pairs'],
      rows: tried.map(({ order, differing }) => [order.join(', '), differing]),
    },
  ];
}

function stepTables({ steps }: NestedCombatModel): readonly CardTable[] {
  return steps.map(({ batch, combat }) => ({
    ...sitesTable(combat),
    title: `What each level of ${batch} does to the features`,
  }));
}
