import type { Command } from 'commander';
import { basename, join } from 'node:path';
import { counted } from '../../data/counted';
import type { Issue } from '../../data/issue';
import { quoteName } from '../../data/list-names';
import type { Surface } from '../../data/images/surface';
import { ConcordError } from '../../errors';
import { auditToJson } from '../../evaluate/rows/audit-json';
import { formatAudit } from '../../evaluate/rows/format-audit';
import { requireAbsent, writeFileSafely } from '../../io/files/write-file';
import { keptCovariates } from '../../combat/combat-options';
import type { CovariateSpec } from '../../io/tables/table-options';
import type { HarmonizedMaps } from '../../maps/harmonize-maps';
import { harmonizeMaps } from '../../maps/harmonize-maps';
import { requirePerVertex } from '../../maps/maps-options';
import type { CombatFitting } from '../../methods/combat-fitting';
import { combatMethod } from '../../methods/combat-method';
import { longitudinalMethod, personFitting } from '../../methods/longitudinal-method';
import { allMethods } from '../../methods/methods';
import { combatFitting, combatOptionsOf } from '../../methods/combat-fitting';
import type { MethodOptions, ValuesOf } from '../../methods/method-option';
import { addMethodOptions, describeOption, methodValues } from '../methods/method-options';
import { countOf, integerOf, listOf, wrongUsage } from '../option-values';
import { issueLines } from '../print-issues';
import { progressLine } from '../progress-line';
import { plainOptions, provenanceText } from '../provenance-file';
import type { CommandStreams } from '../streams';
import { requireKindsOfCovariates } from '../tables/harmonize-flags';
import { unitsOf } from '../tables/folder-options';
import type { MapFlags } from './map-flags';
import { addMapFlags, mapsPlaceOf, mapsWritten } from './map-flags';
import { drawEffects } from './draw-effects';
import { cortexFiles, readSurfaces, surfaceFiles } from './surface-flags';

/** What the user asked `concord maps harmonize` for. */
export interface HarmonizeMapsFlags extends MapFlags {
  readonly method: string;
  readonly randomSlope?: string;
  readonly residualVariance?: 'reml' | 'msr';
  readonly resume: boolean;
  readonly workDir?: string;
  readonly effects: boolean;
  readonly cortex?: ReadonlyMap<string, string>;
  readonly surface?: ReadonlyMap<string, string>;
  readonly mapUnit?: string;
  readonly auditVertices?: number;
  readonly seed: number;
  readonly categorical: readonly string[];
  readonly continuous: readonly string[];
  readonly unit: Readonly<Record<string, string>>;
}

/** Unseen sites are met in audits only, and the search of neuroHarmonize needs all values at once. */
const { unseen: _unseen, smoothingSeed: _seed, ...perVertex } = combatFitting;

const provenanceFile = 'provenance.json';
const auditFile = 'audit.json';

/** Adds `concord maps harmonize`. */
export function harmonizeMapsCommand(maps: Command, streams: CommandStreams): void {
  const command = maps
    .command('harmonize')
    .description('fit ComBat on the maps of all scans that a table lists, and write them harmonized')
    .argument(
      '<table>',
      'CSV, TSV or Parquet with a row per scan: ids, sites, covariates, and the files of its maps',
    )
    .option(
      '--method <name>',
      `what fits vertex by vertex, with its options: ${combatMethod.name}, or ${longitudinalMethod.name} for persons with several scans (--person)`,
      combatMethod.name,
    )
    .option('--categorical <names>', 'covariates that are categorical whatever they look like', listOf, [])
    .option('--continuous <names>', 'covariates that are continuous whatever they look like', listOf, [])
    .option('--unit <units>', 'units of continuous covariates, for example age=years', unitsOf, {})
    .option('--resume', 'continue a run that was stopped, if there is one', false)
    .option(
      '-w, --work-dir <folder>',
      'where temporary files go, as large as the values (default: the name of --out with .unfinished)',
    )
    .option(
      '--cortex <files>',
      'what is cortex: FreeSurfer labels, lh=lh.cortex.label,rh=rh.cortex.label, or maps that are not 0 there; the rest, the medial wall, stays as it is',
      cortexFiles,
    )
    .option(
      '--effects',
      'also write maps of shift and factor of each site, and of F of site before and after',
      false,
    )
    .option(
      '--surface <files>',
      'also draw the maps of --effects, as pictures and as pages, on surfaces of these files: lh=lh.inflated,rh=rh.inflated (FreeSurfer or GIFTI)',
      surfaceFiles,
    )
    .option('--map-unit <unit>', 'the unit of the maps, for figures on --surface: mm')
    .option('--audit-vertices <count>', 'audit so many vertices, drawn at random', countOf)
    .option('--seed <number>', 'seed of that draw, and of the audit', integerOf, 1);
  addMapFlags(command);
  addMethodOptions(command, [
    { name: combatMethod.name, options: described(perVertex) },
    { name: longitudinalMethod.name, options: described(personFitting) },
  ]);
  command.action((table: string, flags: HarmonizeMapsFlags) => run(table, { flags, command, streams }));
}

/** Options with what is taken where they are not given. */
function described(options: MethodOptions): MethodOptions {
  const all = Object.entries(options).map(
    ([name, own]) => [name, { ...own, description: describeOption(own, { choices: false }) }] as const,
  );
  return Object.fromEntries(all);
}

/**
 * Refuses, by name, methods that do not fit feature by feature.
 *
 * @throws ConcordError `invalid-option`.
 */
function requirePerFeature(name: string): void {
  if (name === combatMethod.name || name === longitudinalMethod.name) return;
  const known = allMethods().find((method) => method.name === name);
  const why = known === undefined ? '' : `: ${known.title} is not done vertex by vertex`;
  throw new ConcordError(
    'invalid-option',
    `invalid method for maps: ${quoteName(name)}${why} (${combatMethod.name}, with its smooths, covariates of scale and robust form, and ${longitudinalMethod.name} are allowed)`,
  );
}

/** How maps are harmonized by the options of the command; ends it where they do not go together. */
export function requireHarmonizingMaps(
  command: Command,
  flags: HarmonizeMapsFlags,
): {
  readonly combat: Omit<CombatOfMaps, 'smoothing' | 'unseen'>;
  readonly smoothing: CombatOfMaps['smoothing'];
} {
  requirePerFeature(flags.method);
  const values = methodValues(command, perVertex) as ValuesOf<
    Omit<CombatFitting, 'unseen' | 'smoothingSeed'>
  >;
  const {
    unseen: _policy,
    smoothing,
    ...combat
  } = combatOptionsOf({
    ...values,
    unseen: 'error',
    smoothingSeed: undefined,
  });
  requirePerVertex({ smoothing });
  const { randomSlope } = flags;
  const kept = keptCovariates({ ...combat, smoothing }).preserve.map(({ name }) => name);
  const named = [...kept, ...(randomSlope === undefined ? [] : [randomSlope])].map((name) => `\`${name}\``);
  requireKindsOfCovariates({ ...flags, preserve: named }, command);
  if (flags.mapUnit !== undefined && flags.surface === undefined)
    wrongUsage(command, "option '--map-unit' goes with --surface");
  return { combat, smoothing };
}

type CombatOfMaps = ReturnType<typeof combatOptionsOf>;

async function run(
  table: string,
  {
    flags,
    command,
    streams,
  }: { readonly flags: HarmonizeMapsFlags; readonly command: Command; readonly streams: CommandStreams },
): Promise<void> {
  const { combat, smoothing } = requireHarmonizingMaps(command, flags);
  const { out, overwrite, resume, workDir, auditVertices, seed, surface } = flags;
  const surfaces = surface && (await readSurfaces(surface, flags.files, command));
  const written = [provenanceFile, ...(auditVertices === undefined ? [] : [auditFile])];
  if (!overwrite && !resume) for (const name of written) await requireAbsent(join(out, name));
  const { clear, ...progress } = progressLine(streams);
  const done = await harmonizeMaps(table, {
    ...mapsPlaceOf(flags),
    ...combat,
    smoothing: smoothing as 'reml' | 'gcv' | number,
    personEffects: flags.method === longitudinalMethod.name,
    randomSlope: flags.randomSlope,
    residualVariance: flags.residualVariance,
    covariates: covariateSpecs(flags),
    resume,
    work: workDir,
    cortex: flags.cortex && Object.fromEntries(flags.cortex),
    effects: flags.effects || surfaces !== undefined,
    vertices: surfaces && verticesOf(surfaces),
    auditVertices,
    seed,
    ...progress,
  });
  clear();
  await save(table, done, flags);
  const drawing = {
    files: done.effects,
    parts: done.parts.map(({ name }) => name),
    log: done.model.settings.transform === 'log',
    issues: done.issues,
    personEffects: done.persons !== undefined,
    unit: flags.mapUnit,
    overwrite: true,
    signal: progress.signal,
  };
  const figures = surfaces === undefined ? [] : await drawEffects(drawing, surfaces);
  report({ ...done, figures }, flags, streams);
}

function verticesOf(surfaces: ReadonlyMap<string, Surface>): Readonly<Record<string, number>> {
  return Object.fromEntries([...surfaces].map(([name, { vertices }]) => [name, vertices]));
}

function covariateSpecs({ categorical, continuous, unit }: HarmonizeMapsFlags): readonly CovariateSpec[] {
  return [
    ...categorical.map((name) => ({ name, kind: 'categorical' }) as const),
    ...[...new Set([...continuous, ...Object.keys(unit)])].map(
      (name) => ({ name, kind: 'continuous', unit: unit[name] }) as const,
    ),
  ];
}

async function save(table: string, done: HarmonizedMaps, flags: HarmonizeMapsFlags): Promise<void> {
  const { out } = flags;
  if (done.audit !== undefined)
    await writeFileSafely(join(out, auditFile), `${JSON.stringify(auditToJson(done.audit), null, 2)}\n`, {
      overwrite: true,
    });
  const record = {
    command: 'concord maps harmonize',
    options: plainOptions({ ...withoutPlaces(flags), ...namesOfFiles(flags) }),
    inputs: [table],
    steps: done.model.provenance,
    issues: done.issues,
  };
  await writeFileSafely(join(out, provenanceFile), await provenanceText(record), { overwrite: true });
}

/** Surfaces and labels by the names of their files. */
function namesOfFiles(
  flags: Pick<HarmonizeMapsFlags, 'surface' | 'cortex'>,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const named = (['surface', 'cortex'] as const).flatMap((name) => {
    const files = flags[name];
    if (files === undefined) return [];
    return [[name, Object.fromEntries([...files].map(([part, file]) => [part, basename(file)]))] as const];
  });
  return Object.fromEntries(named);
}

/** Where things were on this machine is nobody's business. */
export function withoutPlaces(flags: MapFlags): MapFlags & { readonly workDir: undefined } {
  return { ...flags, root: undefined, workDir: undefined };
}

function report(
  done: HarmonizedMaps & { readonly figures: readonly string[] },
  { json, out }: HarmonizeMapsFlags,
  streams: CommandStreams,
): void {
  const { ids, parts, counts, audit, effects, figures, issues } = done;
  if (json) {
    const summary = {
      scans: ids,
      parts,
      counts,
      issues,
      ...(audit === undefined ? {} : { audit: auditToJson(audit) }),
    };
    streams.out(`${JSON.stringify(summary)}\n`);
    return;
  }
  if (audit !== undefined) streams.out(`${formatAudit({ ...audit, issues: [] })}\n`);
  const vertices = parts.reduce((sum, part) => sum + part.vertices, 0);
  const { empty, outside, constant, notEstimable, endless, alikeWithinPersons } = counts;
  const left = empty + outside + constant + notEstimable + endless + alikeWithinPersons;
  streams.out(
    `harmonized the maps of ${counted(ids.length, 'scan')}: ${counted(vertices, 'vertex', 'vertices')} ` +
      `(${parts.map(({ name }) => name).join(', ')}), of which ${left.toLocaleString('en-US')} are as before\n`,
  );
  printIssues(issues, streams);
  const drawn = figures.length === 0 ? '' : ` and ${counted(figures.length, 'figure')} of them`;
  const maps = effects.length === 0 ? '' : `, ${counted(effects.length, 'map')} of effects${drawn}`;
  streams.out(
    `written to ${out}: ${mapsWritten(ids.length, parts.length, done.files)}${maps}, model.json, ${provenanceFile}\n`,
  );
}

/** Prints issues in the words of this command. */
export function printIssues(issues: readonly Issue[], streams: CommandStreams): void {
  streams.out(issueLines(issues, 'maps', provenanceFile));
}
