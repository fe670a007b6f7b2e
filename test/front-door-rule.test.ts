import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { knownCalls, knownTypes } from '../sdk/data/calls/known-calls';
import * as concord from '../sdk/index';
import type { FrontDoorValue } from './support/front-door';
import { frontDoorProgram, frontDoorValues } from './support/front-door';
import { tablesOfFrontDoor } from './support/known-calls';
import { exampleOf, takes, typoOf, wrongArguments } from './support/wrong-calls';

/** The verbs that come from the disk or go to it. */
type Verb = 'load' | 'read' | 'open' | 'write' | 'save';

/** What may come first where a path could: the place of a file, of a folder, of a dataset; or entries that name them. */
const paths = ['path', 'file', 'folder', 'root', 'subjectsDir'];
const lists = ['entries', 'table', 'source'];

/** Nouns for a place on the disk: nothing is touched until they are used. */
const places = ['networks.checkpointFolder', 'volumes.scanFile'];

/** What comes with Concord is loaded by its name: where it is, is nobody's business. */
const byName = ['loadShippedModel'];

/** What `load…` gives: what `fit`, `apply`, `preprocess` and `plot` take. One name of a model that ships means a DDAE. */
const loaded =
  /^(FeatureCohort|VolumeCohort|ImageCohort|Model|AnyModel|ModelOf<Kind>|DdaeModel|AffineRegistration)$/;

/** What `read…` gives: what is in one file. */
const contents = /^(Volume|VolumeFileHeader|Surface|(Uint8|Float32)Array<ArrayBufferLike>)$/;

const program = frontDoorProgram();
const { checker, module } = program;
const values = frontDoorValues(checker, module);

function verbOf(name: string): Verb | undefined {
  const last = name.slice(name.lastIndexOf('.') + 1);
  const verb = /^(load|read|open|write|save|rewrite)(?=[A-Z]|$)/.exec(last)?.[1];
  return verb === 'rewrite' ? 'write' : (verb as Verb | undefined);
}

/** What the rule says against one way to call a function. */
function against(name: string, verb: Verb, signature: ts.Signature): readonly string[] {
  const parameters = signature.getParameters();
  const [first, second, third] = parameters.map((parameter) => parameter.name);
  const given = checker.typeToString(signature.getReturnType(), undefined, ts.TypeFormatFlags.NoTruncation);
  const promised = /^Promise<(.*)>$/.exec(given)?.[1];
  const typeOf = (at: number): string => checker.typeToString(checker.getTypeOfSymbol(parameters[at]));
  const found: string[] = [];
  if (promised === undefined) found.push(`${name} returns no promise: ${given}`);
  if (verb === 'write' || verb === 'save') {
    if (paths.includes(first)) found.push(`${name}: the path comes before what is written`);
    if (!paths.includes(second) || typeOf(1) !== 'string') found.push(`${name}: the path comes second`);
    if (third !== 'options') found.push(`${name}: options come third`);
  } else {
    const one = paths.includes(first) && typeOf(0) === 'string';
    if (!one && !lists.includes(first) && !byName.includes(name))
      found.push(`${name}: a path comes first, or entries`);
    const result = promised ?? given;
    if (verb === 'load' && !loaded.test(result)) found.push(`${name} gives ${result}, which is not loaded`);
    if (verb === 'read' && !contents.test(result)) found.push(`${name} gives ${result}, which is not read`);
    if (verb === 'open' && !('close' in methodsOf(signature))) found.push(`${name} gives nothing to close`);
  }
  return found;
}

/** The members of what a call gives, awaited. */
function methodsOf(signature: ts.Signature): Readonly<Record<string, true>> {
  const type = signature.getReturnType();
  const members = (checker.getAwaitedType(type) ?? type).getProperties().map(({ name }) => [name, true]);
  return Object.fromEntries(members) as Readonly<Record<string, true>>;
}

/** The value of that name. */
function valueNamed(name: string): (...given: readonly unknown[]) => unknown {
  const found = name
    .split('.')
    .reduce<unknown>((at, part) => (at as Readonly<Record<string, unknown>>)[part], concord);
  return found as (...given: readonly unknown[]) => unknown;
}

/** What is thrown, at once or later. */
async function thrownBy(name: string, ...given: readonly unknown[]): Promise<unknown> {
  try {
    await valueNamed(name)(...given);
    return undefined;
  } catch (error) {
    return error;
  }
}

async function refuses(name: string, given: readonly unknown[], says: RegExp): Promise<void> {
  const error = await thrownBy(name, ...given);
  assert.ok(error instanceof concord.ConcordError, `${name} threw ${String(error)}`);
  assert.equal(error.code, 'invalid-option', `${name}: ${error.message}`);
  assert.match(error.message, says, name);
}

/** What is said of every wrong argument: what it is for, and what is to be done. */
const refusal =
  /^(invalid .* for |missing option of |unknown option of |invalid first argument: |invalid path: |invalid model: ).*\(.+\)/;

type Awaiting = (...given: readonly unknown[]) => Promise<unknown>;

/** A harmonizer, as JavaScript sees it. */
interface AnyCallable {
  readonly name: string;
  readonly kind: 'features' | 'images' | 'volumes';
  readonly fit: (...given: never[]) => Promise<unknown>;
  readonly apply: (...given: never[]) => Promise<unknown>;
}

const moving = values.flatMap(({ name, symbol }) => {
  const verb = verbOf(name);
  const signatures = checker.getTypeOfSymbol(symbol).getCallSignatures();
  return verb === undefined ? [] : signatures.map((signature) => ({ name, verb, signature }));
});
const namesOf = (...verbs: readonly Verb[]): readonly string[] => [
  ...new Set(moving.filter(({ verb }) => verbs.includes(verb)).map(({ name }) => name)),
];

describe('the rule for load, read, open, write and save (CONTRIBUTING)', () => {
  it('holds for every function of the front door', () => {
    assert.ok(namesOf('load', 'read', 'open').length >= 13 && namesOf('write', 'save').length >= 10);
    assert.deepEqual(
      moving.flatMap(({ name, verb, signature }) => against(name, verb, signature)),
      [],
    );
  });

  it('is told of what would break it', () => {
    const signature = moving.find(({ name }) => name === 'writeReport')?.signature;
    const other = moving.find(({ name }) => name === 'loadTable')?.signature;
    assert.ok(signature !== undefined && other !== undefined);
    assert.deepEqual(against('readReport', 'read', signature), [
      'readReport: a path comes first, or entries',
      'readReport gives void, which is not read',
    ]);
    assert.deepEqual(against('saveTable', 'save', other), [
      'saveTable: the path comes before what is written',
      'saveTable: the path comes second',
      'saveTable: options come third',
    ]);
  });

  it('gives every save its load; only nouns for a place on the disk take a path besides', () => {
    for (const name of namesOf('save')) {
      const back = name.replace(/save/, 'load');
      assert.ok(namesOf('load').includes(back), `${name} without ${back}`);
    }
    const firstIsPath = ({ symbol }: FrontDoorValue): boolean =>
      checker
        .getTypeOfSymbol(symbol)
        .getCallSignatures()
        .some((signature) => paths.includes(signature.getParameters()[0]?.name ?? ''));
    const others = values.filter((value) => verbOf(value.name) === undefined && firstIsPath(value));
    assert.deepEqual(others.map(({ name }) => name).sort(), places);
  });

  it('has models first, and options last, with only the settings of a run behind them', () => {
    const found = values.flatMap(({ name, symbol }) =>
      checker
        .getTypeOfSymbol(symbol)
        .getCallSignatures()
        .flatMap((signature) => {
          const names = signature.getParameters().map((parameter) => parameter.name);
          const behind = names.includes('options') ? names.slice(names.indexOf('options') + 1) : [];
          return [
            ...(names.indexOf('model') > 0 ? [`${name}: the model comes first`] : []),
            ...(behind.some((other) => other !== 'run')
              ? [`${name}: ${behind.join(', ')} behind options`]
              : []),
          ];
        }),
    );
    // Its options are those of a command: what the function is about.
    assert.deepEqual(found, ['methods.commandPart: read, problem behind options']);
  });

  it('says so where the old order is used, a promise was not awaited, or there is no path', async () => {
    for (const name of namesOf('write', 'save')) {
      await refuses(name, ['results.csv', { kind: 'features' }], /written first, then the path/);
      await refuses(name, [Promise.resolve({}), 'results.csv'], /await/);
      await refuses(name, [undefined, 'results.csv'], /invalid first argument: undefined/);
      await refuses(name, [{}, { overwrite: true }], /invalid path: an object/);
      await refuses(name, [{}, ''], /invalid path: ""/);
    }
    for (const name of [...namesOf('load', 'read', 'open'), ...places]) {
      await refuses(name, [undefined], /undefined/);
      await refuses(name, [{ path: 'table.csv' }], /an object/);
    }
  });
});

describe('a wrong call from JavaScript', () => {
  const calls: readonly (readonly [string, Readonly<Record<string, string>>])[] = Object.entries(knownCalls);

  it('is known by the types of the front door, as `npm run build:calls` writes them down', () => {
    assert.deepEqual(tablesOfFrontDoor(program), { calls: knownCalls, types: knownTypes });
    assert.ok(calls.length > 200, `${calls.length} functions`);
  });

  it('is refused in a sentence with a remedy, whatever is given as whichever argument', async () => {
    const problems: string[] = [];
    for (const [verb, parameters] of calls) {
      const words = Object.values(parameters);
      for (const [at, taken] of words.entries()) {
        for (const [said, value] of wrongArguments()) {
          const before = words.slice(0, at).map(exampleOf);
          const right = takes(taken, value);
          // What is right may run: only a first argument does so for itself, and not one that is real work.
          if (right && (at > 0 || !['a text', 'a number'].includes(said) || taken === 'anything')) continue;
          const error = await thrownBy(verb, ...before, value);
          const where = `${verb}, argument ${at + 1}: ${said}`;
          if (error === undefined && right) continue;
          if (!(error instanceof concord.ConcordError)) problems.push(`${where}: ${String(error)}`);
          else if (!right && !refusal.test(error.message)) problems.push(`${where}: ${error.message}`);
        }
      }
    }
    assert.deepEqual(problems, []);
  });

  it('is refused where an option has a name that does not exist, with the nearest that does', async () => {
    const problems: string[] = [];
    let seen = 0;
    for (const [verb, parameters] of calls) {
      const words = Object.values(parameters);
      for (const [at, taken] of words.entries()) {
        const typo = typoOf(taken);
        if (typo === undefined) continue;
        seen++;
        const error = await thrownBy(verb, ...words.slice(0, at).map(exampleOf), { [typo.typo]: 1 });
        const message = error instanceof concord.ConcordError ? error.message : String(error);
        const says = `unknown option of ${verb}: "${typo.typo}" (did you mean "${typo.name}"?`;
        if (!message.startsWith(says)) problems.push(`${verb}: ${message}`);
      }
    }
    assert.ok(seen > 110, `${seen} functions with options`);
    assert.deepEqual(problems, []);
  });

  it('is refused by what harmonizers do, too', async () => {
    const harmonizers: readonly AnyCallable[] = [
      concord.combatHarmonizer(),
      concord.siteScaling(),
      concord.intensityHarmonizer('z-score', { kind: 'volumes' }),
      concord.intensityHarmonizer('nyul', { kind: 'images' }),
      concord.ddaeHarmonizer(),
      concord.ddaeHarmonizer({ kind: 'features' }),
      concord.murdHarmonizer(),
    ];
    const models: Readonly<Record<string, string>> = {
      ComBat: 'CombatModel',
      'site scaling': 'SiteScalingModel',
      DDAE: 'DdaeModel',
      MURD: 'MurdModel',
      'z-score': 'IntensityModel',
      Nyúl: 'IntensityModel',
    };
    const types = { features: 'FeatureCohort', images: 'ImageCohort', volumes: 'VolumeCohort' };
    for (const { name, kind, ...methods } of harmonizers) {
      const [fit, apply] = [methods.fit, methods.apply] as unknown as readonly Awaiting[];
      const cohort = exampleOf(types[kind]);
      for (const [said, value] of wrongArguments()) {
        if (takes(types[kind], value)) continue;
        await assert.rejects(fit(value), { code: 'invalid-option' }, `${name}: ${said}`);
        await assert.rejects(apply(value, cohort), { code: 'invalid-option' }, `${name}: ${said}`);
      }
      await assert.rejects(
        fit(cohort, { sinal: 1 }),
        /unknown option of fit of .*did you mean "signal"/,
        name,
      );
      const model = exampleOf(models[name]);
      const typo = /unknown option of apply of \w+: "targt" \(did you mean "target"/;
      await assert.rejects(apply(model, cohort, { targt: 'A' }), typo, name);
    }
  });

  it('is refused in options of options and in steps', async () => {
    const cohort = exampleOf('FeatureCohort');
    const nested = /unknown option of combatHarmonizer: "targt"|"participants\.iid" \(did you mean "id"/;
    await refuses('loadTable', ['a.csv', { participants: { path: 'b.csv', iid: 'x' } }], nested);
    await refuses('loadFreeSurferStats', ['a', {}], /missing option .*: "participants" \(it needs/);
    await refuses('fitCombat', [cohort, { covarites: ['age'] }], /unknown option of fitCombat: "covarites"/);
    await refuses('fitCombat', [cohort, null], /invalid options for fitCombat: null/);
    await refuses('steps.zScore', [{ regoin: 'mask' }], /did you mean "region"/);
    await refuses(
      'fitCombat',
      [Promise.resolve()],
      /a promise, which is to be awaited .*as loadTable returns/,
    );
    await refuses('fitCombat', [{ kind: 'features' }], /without "participants", "features"/);
  });
});

describe('what is said of the front door', () => {
  const sdk = join(__dirname, '..', 'sdk');

  it('calls functions where they are, in the examples of docstrings', () => {
    const known = new Set(values.map(({ name }) => name));
    const spaces = new Set(values.flatMap(({ name }) => (name.includes('.') ? [name.split('.')[0]] : [])));
    // What a namespace has, by the name there and by that of its own file.
    const inside = new Set(
      values.flatMap(({ name, symbol }) => (name.includes('.') ? [name.split('.')[1], symbol.name] : [])),
    );
    const examples = sources(sdk).flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/^ *\* ```ts\n([\s\S]*?)^ *\* ```/gm)].map(([, code]) => ({
        path,
        code,
      })),
    );
    assert.ok(examples.length > 40, `${examples.length} examples`);
    const wrong = examples.flatMap(({ path, code }) => {
      const bare = [...code.matchAll(/(?<![.\w])(\w+)\(/g)].map(([, name]) => name);
      const members = [...code.matchAll(/(?<![.\w])(\w+)\.(\w+)\(/g)].filter(([, space]) =>
        spaces.has(space),
      );
      return [
        ...bare.filter((name) => inside.has(name) && !known.has(name)),
        ...members.map(([, space, name]) => `${space}.${name}`).filter((name) => !known.has(name)),
      ].map((name) => `${relative(sdk, path)}: ${name}`);
    });
    assert.deepEqual(wrong, []);
  });

  it('names functions in remedies that are there, by the name that they have there', () => {
    const known = new Set(values.map(({ name }) => name));
    const called = sources(sdk).flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/\bcall\('([\w.]+)'\)/g)].map(([, name]) => ({ name, path })),
    );
    assert.ok(called.length > 25, `${called.length} calls`);
    const unknown = called.filter(({ name }) => !known.has(name));
    assert.deepEqual(
      unknown.map(({ name, path }) => `${relative(sdk, path)}: ${name}`),
      [],
    );
  });
});

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['dist', 'node_modules', 'bin'].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return path.endsWith('.ts') && !path.endsWith('.d.ts') ? [path] : [];
  });
}
