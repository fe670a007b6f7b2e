import type { Command, Option } from 'commander';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import type { CommandName } from '../../sdk/cli/vocabularies';
import { commandName, commandWords } from '../../sdk/cli/command-words';
import { vocabularies } from '../../sdk/cli/vocabularies';
import { program } from '../../sdk/cli/main';
import { allMethods } from '../../sdk/methods/methods';
import type { Declaration } from '../support/reachable';
import { reachable } from '../support/reachable';
import type { WrittenRemedy, WrittenText } from '../support/spoken-remedies';
import {
  countingParts,
  isCatalog,
  nodesOf,
  otherWays,
  placeOf,
  textsIn,
  writtenRemedies,
  writtenTexts,
} from '../support/spoken-remedies';

const concord = program({
  out: () => undefined,
  err: () => undefined,
  live: false,
  signal: new AbortController().signal,
});
const commandCalled = (name: string): Command | undefined =>
  concord.commands.find((command) => command.name() === name);

interface Root {
  readonly file: string;
  readonly name: string;
}

/** Where the work of a command begins: one whose words differ with the method has two. */
function rootsOf(
  command: Command,
): readonly { readonly name: CommandName; readonly roots: readonly Root[] }[] {
  if (command.name() === 'harmonize') {
    const tables = { file: 'sdk/cli/tables/harmonize-table.ts', name: 'harmonizeTable' };
    const scans = { file: 'sdk/cli/scans/harmonize-scans.ts', name: 'harmonizeScans' };
    return [
      { name: 'harmonize tables', roots: [tables, ...methodRoots('tables')] },
      { name: 'harmonize scans', roots: [scans, ...methodRoots('scans')] },
    ];
  }
  if (command.name() === 'audit') {
    const tables = { file: 'sdk/cli/audit-command.ts', name: 'tablesAudited' };
    const scans = { file: 'sdk/cli/scans/audit-scans.ts', name: 'auditScans' };
    return [
      { name: 'audit', roots: [tables] },
      { name: 'audit scans', roots: [scans] },
    ];
  }
  if (command.name() === 'compare') {
    const tables = { file: 'sdk/cli/tables/compare-table.ts', name: 'compareTable' };
    const scans = { file: 'sdk/cli/scans/compare-scans.ts', name: 'compareScans' };
    return [
      { name: 'compare', roots: [tables, ...methodRoots('tables')] },
      { name: 'compare scans', roots: [scans, ...methodRoots('scans'), ...methodRoots('train')] },
    ];
  }
  if (command.name() === 'apply') {
    const tables = { file: 'sdk/cli/apply-command.ts', name: 'apply' };
    const scans = { file: 'sdk/cli/scans/apply-scans.ts', name: 'applyToScans' };
    return [
      { name: 'apply', roots: [tables, ...methodRoots('apply')] },
      { name: 'apply scans', roots: [scans, ...methodRoots('scans')] },
    ];
  }
  const name = commandName(command);
  assert.ok(name !== undefined, `concord ${command.name()} has no words: add them to vocabularies.ts`);
  const camel = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const own = { file: `sdk/cli/${name}-command.ts`, name: `${camel}Command` };
  return [{ name, roots: [own, ...(name === 'train' ? methodRoots(name) : [])] }];
}

/** The lists of methods and kinds of models: a command uses those that have a part for it. */
const allLists = ['sdk/methods/methods.ts#known', 'sdk/methods/methods.ts#others'];

/** What callers from JavaScript are held to: commands are TypeScript, and never come to be refused by it. */
const forJavaScript = [
  ...['requireCall', 'requireArgument', 'requireOptions'].map(
    (name) => `sdk/data/calls/require-call.ts#${name}`,
  ),
  'sdk/report/refuse-other.ts#refuseOther',
];

/** What trains a network takes no whole scans. */
const wholeScans = allMethods().map(({ name }) => `sdk/methods/${name}-method.ts#slices`);

/** What a command never comes to though its code could: comparisons are of tables or of scans. */
const otherWork: Partial<Record<CommandName, readonly string[]>> = {
  train: wholeScans,
  // It writes what runs these commands, which speak for themselves.
  slurm: [
    'sdk/cli/preprocess-command.ts#preprocessCommand',
    'sdk/cli/train-command.ts#trainCommand',
    'sdk/cli/train-command.ts#requireTraining',
    'sdk/cli/harmonize-command.ts#harmonizeCommand',
    'sdk/cli/harmonize-command.ts#requireHarmonizing',
    'sdk/cli/apply-command.ts#applyCommand',
    'sdk/cli/apply-command.ts#requireApplication',
    'sdk/cli/scans/bids-selection.ts#givenSite',
    'sdk/cli/maps-command.ts#mapsCommand',
    'sdk/cli/maps/harmonize-maps.ts#requireHarmonizingMaps',
    'sdk/cli/slurm/require-fitting-model.ts#requireFittingModel',
    'sdk/cli/scans/preprocess-plan.ts#requireOneOfEach',
  ],
  compare: ['sdk/compare/compare-scans.ts#compareOnScans'],
  'compare scans': ['sdk/compare/compare-tables.ts#compareOnTable'],
};

/** What the methods do that have a part for a command: that part, their models, and how they take slices. */
function methodRoots(part: 'tables' | 'scans' | 'apply' | 'train'): readonly Root[] {
  return allMethods()
    .filter(({ command }) => command?.[part] !== undefined)
    .flatMap(({ name, slices, model }) => {
      if (model.kind === 'intensity') return intensityRoots;
      const camel = name.replace(/-[a-z]/g, (dashed) => dashed[1].toUpperCase());
      const names = [part, `${camel}Kind`, ...(slices === undefined ? [] : ['slices'])];
      return names.map((own) => ({ file: `sdk/methods/${name}-method.ts`, name: own }));
    });
}

const intensityRoots: readonly Root[] = [
  { file: 'sdk/methods/intensity-methods.ts', name: 'intensityKind' },
  { file: 'sdk/methods/intensity-scans.ts', name: 'intensityScans' },
];

const simulated = 'the cohort is simulated: nothing is missing or strange in it';
const trained = 'architectures are chosen where a network is trained';
const architectures = {
  'sdk/ddae/network/ddae-network.ts': trained,
  'sdk/ddae/network/u-net-plan.ts': trained,
  'sdk/murd/network/murd-network.ts': trained,
  'sdk/cvae/network/cvae-network.ts': trained,
  'sdk/cyclegan/network/cyclegan-network.ts': trained,
  'sdk/stargan/network/stargan-network.ts': trained,
  'sdk/nn/images/fitting-sides.ts': trained,
  'sdk/nn/autoencoder/autoencoder-network.ts': 'no command trains an autoencoder',
};
const images = {
  'sdk/nn/backend/use-backend.ts': 'a backend is chosen before it is asked for',
  'sdk/preprocess/growing-images.ts': 'slices are cut to one size',
};
const saved = 'a model is saved as what it is';
const list = 'the participants of a dataset are a list with one row of each';
const byPixels = {
  transform: 'pixels are not fitted as logarithms',
  meanOnly: 'pixels are rescaled too',
  smooth: 'effects on pixels are straight lines',
  smoothing: 'effects on pixels are straight lines',
  penalty: 'effects on pixels are straight lines',
  basis: 'effects on pixels are straight lines',
  robust: 'pixels are measured by their variances',
  scaleCovariates: 'pixels vary alike in all scans of a site',
};
const written = { 'sdk/io/volumes/formats/encode-voxels.ts': 'volumes are written as float32' };

/** Remedies by name, or by their file, that the code of a command has and that it never comes to, and why. */
const neverMet: Partial<Record<CommandName, Readonly<Record<string, string>>>> = {
  'harmonize tables': { ...architectures, kind: saved },
  'harmonize scans': {
    ...architectures,
    ...images,
    ...written,
    person: list,
    visit: list,
    ...byPixels,
    stochastic: 'codes are always encoded with their noise',
    toImages: 'slices are cut as the model asks',
  },
  'apply scans': {
    ...architectures,
    ...images,
    ...written,
    person: list,
    visit: list,
    ...byPixels,
    stochastic: 'codes are always encoded with their noise',
    toImages: 'slices are cut as the model asks',
  },
  federate: {
    kind: saved,
    unseen: 'the sites of a hospital are in the model',
    allowSingleSite: 'one site is enough',
  },
  apply: { ...architectures, allowSingleSite: 'one site is enough' },
  maps: {
    visit: 'ids are taken as they are',
    persons: 'an audit of vertices compares no scans of one person',
    maxSubjects: 'the audit takes all scans',
    features: 'maps are in files',
    allowSingleSite: 'one site is enough to be read',
    'participants.id': 'all is in one table',
    'sdk/combat/unseen-site.ts': 'sites unseen are those of folds of the audit, and are estimated',
  },
  'audit scans': {
    ...images,
    person: list,
    visit: list,
    'sdk/nn/backend/wasm-memory.ts': 'the networks that probe are small',
    toImages: 'both are whole scans',
    region: 'slices have masks',
    checkpoints: 'a probe that was canceled says no more than that',
    learningRate: 'probes see images of one scale',
  },
  compare: { 'sdk/nn/backend/use-backend.ts': images['sdk/nn/backend/use-backend.ts'], ...architectures },
  'compare scans': {
    ...architectures,
    ...images,
    person: list,
    visit: list,
    persons: 'scans are judged on slices, not on features',
    ...byPixels,
    stochastic: 'codes are always encoded with their noise',
    checkpoints: 'what was canceled begins anew',
    'surfaces.neighborhoodFromTriangles': 'scans are images',
    region: 'slices have masks',
  },
  slurm: {
    person: list,
    visit: list,
    features: 'columns that are not used are named by the jobs',
    covariates: 'columns that are not used are named by the jobs',
  },
  preprocess: {
    ...written,
    person: list,
    visit: list,
    'sdk/preprocess/bias-field/bias-field-options.ts': 'the defaults fit',
  },
  train: {
    ...images,
    person: list,
    visit: list,
    kind: saved,
    guided: 'nothing is guided while a network is trained',
    'sdk/nn/autoencoder/autoencoder-network.ts': architectures['sdk/nn/autoencoder/autoencoder-network.ts'],
    'surfaces.neighborhoodFromTriangles': 'a network is trained on images',
    checkpoints: 'there are always checkpoints',
  },
  demo: Object.fromEntries(
    [
      ...['missingCovariates', 'features', 'covariates', 'covariates.kind'],
      ...['eb', 'transform', 'maxSubjects', 'unseen', 'meanOnly', 'preserve', 'persons', 'smooth'],
      ...['smoothing', 'penalty', 'basis', 'robust', 'scaleCovariates', 'sameLevel.sex.1'],
    ].map((name) => [name, simulated]),
  ),
};

/** Files with programs in other languages in them. */
const otherLanguages = /^sdk\/(nn\/backend\/wasm-threads|plot\/[\w/-]+)\.ts/;

/** Names of options that are made at run time, by what makes them. */
const madeNames: Readonly<Record<string, readonly string[]>> = {
  '`sameLevel.${covariate.name}`': ['sameLevel.sex'],
  '`sameLevel.${label}`': ['sameLevel.sex.male'],
  '`sameLevel.${name}.${level}`': ['sameLevel.sex.1'],
  merging: ['sameSite', 'sameLevel.sex'],
  oneLabel: ['sameSite.Simens', 'sameLevel.sex.femal'],
  chosenBy: ['space', 'desc', 'entities.res', 'entities.hemi'],
};

/** The texts of several words and the remedies that a command can come to. */
function spokenBy(
  roots: readonly Root[],
  cut: readonly string[],
): { declarations: Declaration[]; parts: ts.Node[] } {
  const declarations = reachable(roots, [...allLists, ...forJavaScript, ...cut]);
  const codes = new Set(
    declarations.filter((declaration) => !isCatalog(declaration)).flatMap(({ node }) => textsIn(node)),
  );
  return { declarations, parts: declarations.flatMap((found) => countingParts(found, codes)) };
}

function wordingOf(command: CommandName, { kind, name, values }: WrittenRemedy): string | undefined {
  const remedy =
    kind === 'call' ? { call: name } : { option: name, ...(values === undefined ? {} : { values }) };
  return commandWords(command)(remedy);
}

/** The options of a command, and of its parts. */
function allOptions(command: Command): readonly Option[] {
  return [command, ...command.commands].flatMap(({ options }) => options);
}

/** The flags in a text that a command does not have. */
function strangeFlags(text: string, command: Command): readonly string[] {
  const known = ['--help', ...allOptions(command).map(({ long }) => long)];
  return [...text.matchAll(/(?<![\w-])--[a-z][\w-]*/g)]
    .map(([flag]) => flag)
    .filter((flag) => !known.includes(flag));
}

/** What is wrong with words of the command line: flags or values that are not there. */
function untruths(words: string, command: Command): readonly string[] {
  const other = /^concord ([\w-]+)/.exec(words);
  const meant = other === null ? command : commandCalled(other[1]);
  if (meant === undefined) return [`there is no "concord ${other?.[1]}"`];
  return [...words.matchAll(/(--[\w-]+)(?: ([\w-]+))?/g)].flatMap(([, flag, value]) => {
    const found = allOptions(meant).find(({ long }) => long === flag);
    if (found === undefined) return [`concord ${meant.name()} has no ${flag}`];
    const { argChoices } = found;
    const isWrong =
      value !== undefined && value === value.toLowerCase() && argChoices?.includes(value) === false;
    return isWrong ? [`${flag} does not allow ${value}`] : [];
  });
}

describe('remedies on the command line', () => {
  it('are flags that exist', () => {
    const wrong = Object.entries(vocabularies).flatMap(([name, vocabulary]) => {
      const command = commandCalled(name.split(' ')[0]);
      if (command === undefined) return [];
      return Object.entries(vocabulary).flatMap(([remedy, wording]) => {
        const words = typeof wording === 'string' ? wording : (wording() ?? '');
        return untruths(words, command).map((untruth) => `${name}, ${remedy}: ${untruth}`);
      });
    });
    assert.deepEqual(wrong, []);
  });

  for (const command of concord.commands) {
    for (const { name, roots } of rootsOf(command)) {
      describe(`of ${name}`, () => {
        const { parts } = spokenBy(roots, otherWork[name] ?? []);

        it('exist', () => {
          const wrong = new Set<string>();
          for (const remedy of parts.flatMap(writtenRemedies)) {
            for (const own of remedy.isLiteral ? [remedy.name] : (madeNames[remedy.name] ?? [])) {
              const words = wordingOf(name, { ...remedy, name: own });
              if (words !== undefined) {
                for (const untruth of untruths(words, command))
                  wrong.add(`${remedy.place} ${own}: ${untruth}`);
              } else if (!isNeverMet(remedy, own, name) && !hasOtherWay(remedy, name)) {
                wrong.add(`${remedy.place} ${own}: is nothing on the command line`);
              }
            }
            if (!remedy.isLiteral && !(remedy.name in madeNames)) wrong.add(`${remedy.place}: which name?`);
          }
          assert.deepEqual([...wrong], []);
        });

        it('are data, not prose', () => {
          const prose = parts.flatMap(writtenTexts).flatMap(proseIn);
          assert.deepEqual([...new Set(prose)], []);
        });

        it('are kept where an error is told again', () => {
          assert.deepEqual([...new Set(parts.flatMap(flattened))], []);
        });

        it('name flags that exist, where the command itself speaks', () => {
          const texts = parts.flatMap(writtenTexts).filter(({ node }) => isOfCommand(placeOf(node)));
          const wrong = texts.flatMap(({ text, node }) =>
            strangeFlags(text, command).map((flag) => `${placeOf(node)}: ${flag}`),
          );
          assert.deepEqual([...new Set(wrong)], []);
        });
      });
    }
  }
});

function isNeverMet({ place }: WrittenRemedy, own: string, command: CommandName): boolean {
  const never = neverMet[command] ?? {};
  return own in never || place.replace(/:\d+$/, '') in never;
}

/** Whether there is another way than a remedy that the command does not have. */
function hasOtherWay(remedy: WrittenRemedy, command: CommandName): boolean {
  return (otherWays(remedy.node) ?? []).some((way) =>
    writtenRemedies(way).every((own) => wordingOf(command, own) !== undefined),
  );
}

const frontDoor = ['sdk/index.ts', ...readdirSync('sdk/front').map((name) => `sdk/front/${name}`)];

/** Values that the SDK exports, and options: the names that a user of the command line has never heard of. */
const functions = new Set(
  frontDoor.flatMap((file) => [
    ...namesIn(file, (node) =>
      ts.isExportSpecifier(node) && !node.isTypeOnly && !node.parent.parent.isTypeOnly
        ? (node.propertyName ?? node.name).text
        : undefined,
    ),
  ]),
);

function namesIn(file: string, nameOf: (node: ts.Node) => string | undefined): ReadonlySet<string> {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  return new Set(nodesOf(source).flatMap((node) => nameOf(node) ?? []));
}

function isOfCommand(place: string): boolean {
  return (
    /^sdk\/cli\/(?!tensorflow-setup\/|slurm\/(?:batch-scripts|queue\/(?:submit-scripts|refusals)|container-words)\.ts)[\w/-]+\.ts/.test(
      place,
    ) && !place.startsWith('sdk/cli/vocabularies.ts')
  );
}

/** Messages of errors inside of others: the remedy would be among their words, in those of the SDK. */
function flattened(node: ts.Node): readonly string[] {
  return nodesOf(node).flatMap((at) => {
    const tells =
      (ts.isNewExpression(at) && at.expression.getText() === 'ConcordError') ||
      (ts.isCallExpression(at) && ['makeIssue', 'imageError'].includes(at.expression.getText()));
    if (!tells) return [];
    return (at.arguments ?? [])
      .flatMap(nodesOf)
      .filter((inner) => ts.isPropertyAccessExpression(inner) && inner.name.text === 'message')
      .map((inner) => `${placeOf(inner)}: ${inner.getText()}`)
      .filter((found) => !/: (issues\[0\]|first)\.message$/.test(found));
  });
}

function proseIn({ text, node, isAdvice }: WrittenText): readonly string[] {
  const place = placeOf(node);
  if (text.trim().includes('\n') || otherLanguages.test(place)) return [];
  const advice = isAdvice ? text : [...text.matchAll(/\(([^()]*)\)/g)].map(([, inside]) => inside).join(' ');
  const camel = [...advice.matchAll(/\b[a-z]+[A-Z]\w*/g)].map(([word]) => word);
  const called = [...text.matchAll(/\b([a-z]\w*)\(/g)].map(([, word]) => word);
  const exported = [...text.matchAll(/\b[a-z]+[A-Z]\w*/g)].map(([word]) => word);
  const set = [...text.matchAll(/\b[a-z]\w*: (?:true|false|"[\w-]+"|'[\w-]+')/g)].map(([words]) => words);
  const option = [...text.matchAll(/\bthe option \w+/g)].map(([words]) => words);
  const found = [
    ...camel,
    ...[...called, ...exported].filter((word) => functions.has(word)),
    ...set,
    ...option,
  ];
  return found.map((words) => `${place}: ${words}`);
}
