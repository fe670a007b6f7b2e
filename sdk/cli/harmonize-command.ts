import type { Command } from 'commander';
import { withCovariates } from '../combat/design/formula';
import type { AnyModel, Method } from '../methods/method';
import type { ScansCall, TablesCall } from '../methods/method-command';
import type { MethodOptions } from '../methods/method-option';
import { allMethods, methodNamed } from '../methods/methods';
import { addColumnOptions, columnOptionNames } from './tables/column-options';

import type { HarmonizeFlags } from './tables/harmonize-flags';
import { requireKindsOfCovariates } from './tables/harmonize-flags';
import { batchColumns } from './tables/load-for-harmonize';
import type { HarmonizeScansFlags } from './scans/harmonize-scans';
import { addHarmonizeScansOptions, harmonizeScans, scanFlagsOf } from './scans/harmonize-scans';
import { harmonizeTable } from './tables/harmonize-table';
import { addMethodHelp } from './methods/method-help';
import type { OwnOptions } from './methods/method-options';
import { addMethodOptions, methodValues, requireOptionsOf } from './methods/method-options';
import { choice, countOf, integerOf, wrongUsage } from './option-values';
import { figuresOption } from './report-figures';
import { harmonizeOutputs } from './tables/save-harmonized';
import { withStandardInput } from './tables/standard-input';
import type { CommandStreams } from './streams';
import {
  addTableFlags,
  peopleFlagNames,
  requireParticipantsFlag,
  tableFlagNames,
} from './tables/table-flags';

/** Adds `concord harmonize`. */
export function harmonizeCommand(program: Command, streams: CommandStreams): void {
  const methods = allMethods().filter((method) => partOf(method) !== undefined);
  const command = program
    .command('harmonize')
    .description('harmonize a table of features, and audit the result; or the scans of a BIDS dataset')
    .argument(
      '<input>',
      'CSV, TSV (gzipped or not), Parquet, a FreeSurfer table, - for standard input, or a folder of FreeSurfer subjects; ' +
        'for methods that harmonize scans, a BIDS dataset',
    )
    .addOption(
      choice(
        '--method <name>',
        'how to harmonize',
        methods.map(({ name }) => name),
      ).default(methods[0].name),
    )
    .requiredOption(
      '--out <folder>',
      `where to write ${harmonizeOutputs.join(', ')}; for scans, a BIDS derivative`,
    )
    .option(
      '--site <column>',
      'the column of sites; for scans, column:NAME, session, sidecar:FIELD … or name:SITE',
      'site',
    )
    .option('--seed <number>', 'seed of the audit', integerOf, 1)
    .option('--overwrite', 'replace files of an earlier run', false)
    .option('--json', 'print the evaluation as JSON', false)
    .addOption(figuresOption());
  addTableOptions(command.optionsGroup('For tables:'));
  addHarmonizeScansOptions(command.optionsGroup('For scans:'));
  addMethodOptions(command, methods.map(ownOptions));
  addMethodHelp(command, { methods, optionsOf, ownOf: (method) => ownOptions(method).options });
  command.action((input: string, flags: HarmonizeFlags & HarmonizeScansFlags) =>
    run(input, { flags, command, streams }),
  );
}

function addTableOptions(command: Command): void {
  addColumnOptions(addTableFlags(command))
    .option('--no-audit', 'do not evaluate: large tables are harmonized in seconds, but audited in minutes')
    .option('--seeds <count>', 'how often the audit repeats its cross-validation', countOf, 5)
    .option('--max-subjects <count>', 'how many subjects the audit draws from larger tables', countOf, 2000);
}

const sharedNames = ['method', 'out', 'site', 'overwrite', 'json', 'figures', ...peopleFlagNames];

const tableNames = [...tableFlagNames, ...columnOptionNames, ...['seed', 'audit', 'seeds', 'maxSubjects']];

/** What a method takes on this command: it works on tables, or on scans. */
function partOf({ command }: Method): { readonly options: MethodOptions } | undefined {
  return command?.tables ?? command?.scans;
}

function ownOptions(method: Method): OwnOptions {
  return { name: method.name, options: partOf(method)?.options ?? {} };
}

/** The options that go with a method. */
function optionsOf(method: Method): ReadonlySet<string> {
  const shared = method.command?.tables === undefined ? scanFlagsOf(method) : tableNames;
  return new Set([...sharedNames, ...shared, ...Object.keys(ownOptions(method).options)]);
}

/** The method that an option of its own chooses, where `--method` does not. */
function impliedMethod(command: Command): Method | undefined {
  const given = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  if (given('method')) return undefined;
  return allMethods().find((method) => method.command?.impliedBy?.some(given));
}

/** What `concord harmonize` was asked to do: with scans, or with a table. */
export type Harmonizing = {
  readonly method: Method;
  readonly values: Readonly<Record<string, unknown>>;
} & (
  | { readonly scans: ScansCall<AnyModel>; readonly tables?: undefined }
  | { readonly tables: TablesCall<AnyModel>; readonly scans?: undefined; readonly flags: HarmonizeFlags }
);

/** What is done by the options of the command; ends it where they do not go together. */
export function requireHarmonizing(
  command: Command,
  flags: HarmonizeFlags & HarmonizeScansFlags,
): Harmonizing {
  const method = impliedMethod(command) ?? methodNamed(flags.method);
  requireOptionsOf(command, `--method ${method.name}`, optionsOf(method));
  const values = methodValues(command, ownOptions(method).options);
  const { tables, scans } = method.command ?? {};
  const problem = (tables ?? scans)?.problem(values);
  if (problem !== undefined) wrongUsage(command, problem);
  if (scans !== undefined && tables === undefined) {
    const call = scans.read(values);
    requireModelFlag({ method, call, flags, command });
    return { method, values, scans: call };
  }
  if (tables === undefined)
    wrongUsage(command, `option '--method' is "${method.name}", which harmonizes nothing`);
  const call = tables.read(values);
  // The options of the method and of reading the table are both options of this run.
  const { preserve: named = [] } = values as Partial<HarmonizeFlags>;
  // Some are kept because another option names them: those that have a curve.
  const { preserves = [], removes = [] } = call.harmonizer;
  const preserve = withCovariates(named, preserves, 'preserve');
  const site = { site: flags.site, named: command.getOptionValueSource('site') === 'cli' };
  const all: HarmonizeFlags = { ...flags, ...values, ...batchColumns(removes, site), preserve };
  requireKindsOfCovariates(all, command);
  requireParticipantsFlag(all, command);
  return { method, values, tables: call, flags: all };
}

function run(
  input: string,
  {
    flags,
    command,
    streams,
  }: { flags: HarmonizeFlags & HarmonizeScansFlags; command: Command; streams: CommandStreams },
): Promise<void> {
  const asked = requireHarmonizing(command, flags);
  const { method, values } = asked;
  if (asked.scans !== undefined) {
    const call = asked.scans;
    return harmonizeScans(input, {
      method,
      call,
      values,
      flags,
      command,
      streams,
      as: 'harmonize scans',
      model: async () => {
        const { modelForScans } = await import('./scans/scans-model.js');
        return modelForScans({ method, call, flags });
      },
    });
  }
  const { flags: all, tables } = asked;
  return withStandardInput({ table: input, participants: all.participants }, streams, (given) =>
    harmonizeTable(given.table, {
      method,
      harmonizer: tables.harmonizer,
      command,
      streams,
      flags: { ...all, participants: given.participants },
    }),
  );
}

/** Refuses, as wrong usage, a model that is missing, and options that a model has decided. */
function requireModelFlag({
  method,
  call,
  flags,
  command,
}: {
  readonly method: Method;
  readonly call: ScansCall<AnyModel>;
  readonly flags: HarmonizeScansFlags;
  readonly command: Command;
}): void {
  if (flags.model === undefined) {
    if (call.fit !== undefined) return;
    wrongUsage(command, `required option '--model <folder>' is not given (concord train makes one)`);
  }
  const decided = method.command?.scans?.fitted ?? [];
  const stray = command.options.find(
    (own) =>
      decided.includes(own.attributeName()) && command.getOptionValueSource(own.attributeName()) === 'cli',
  );
  if (stray === undefined) return;
  wrongUsage(
    command,
    `option '${stray.long ?? stray.flags}' is decided when a model is fitted, and one is given`,
  );
}
