import { auditNumber, shownNumber, subjectsText } from '../rows/audit-numbers';
import type { AuditQuestion } from '../rows/audit-row';
import { auditQuestions, quantityText } from '../rows/audit-row';
import { alignColumns } from '../rows/format-audit';
import { comparedProtocols } from './comparison-rows';
import type { ComparedModel, ComparisonRow, MethodComparison } from './method-comparison';
import { requireCall } from '../../data/calls/require-call';
import { counted } from '../../data/counted';

/**
 * Writes a comparison as a table of aligned plain text: a row for each figure, a column for each method.
 *
 * @example
 * ```ts
 * console.log(formatComparison(await compareMethods(cohort, [combatHarmonizer(), siteScaling()])));
 * ```
 */
export function formatComparison(comparison: MethodComparison): string {
  requireCall('formatComparison', { comparison });
  const { methods, rows, findings, issues } = comparison;
  return [
    `${comparisonTitle(comparison)}`,
    '',
    ...alignColumns([
      ['', 'raw', ...methods.map(({ name }) => name)],
      ...bodyOf(
        rows,
        methods.map(({ name }) => name),
      ),
      ...costLines(comparison),
    ]),
    ...leftOutLines(comparison),
    ...modelLines(comparison),
    '',
    ...findings.map(({ sentence }) => sentence),
    '',
    ...comparisonNotes(comparison),
    ...issues.map(({ severity, message, suggestion }) => `${severity}: ${message} (${suggestion})`),
  ].join('\n');
}

/** What was compared on whom, in a line. */
export function comparisonTitle(comparison: MethodComparison): string {
  const { methods, sites, evaluated } = comparison;
  const names = ['raw', ...methods.map(({ name }) => name)].join(', ');
  const at = sites.map(({ name, subjects }) => `${name} ${subjects}`).join(', ');
  return `${names}: ${subjectsText(comparison)}, ${evaluated}, ${counted(sites.length, 'site')} (${at})`;
}

/** What the marks, columns and brackets mean, a line each. */
export function comparisonNotes({ rows, seeds, seed, notes, methods }: MethodComparison): readonly string[] {
  const used = comparedProtocols(rows);
  const unmarked = used.has('in-sample') && used.size > 1 ? ' where not marked °' : '';
  const targets = [...new Set(methods.map(({ target }) => target))];
  const to =
    targets.length === 1
      ? `harmonized to ${targets[0]}`
      : `harmonized to ${methods.map(({ name, target }) => `${target} by ${name}`).join(', ')}`;
  return [
    `mean over ${counted(seeds, 'run')} of cross-validation, seed ${seed}; in brackets 95% intervals over the participants tested, not over those trained on`,
    '+ better and - worse than raw data, * the best of those better: only where intervals are apart; no mark: no difference shown, or no interval',
    ...inconclusiveNotes(rows),
    ...(methods.length === 0 ? [] : [to]),
    ...(used.has('in-folds')
      ? [`in folds${unmarked}: fitted without the participants tested and the covariate predicted of them`]
      : []),
    ...(used.has('held-out')
      ? [`held out${unmarked}: by a method that learned from other persons only`]
      : []),
    ...(used.has('in-sample')
      ? [
          `${used.size > 1 ? '° ' : ''}in-sample: fitted on the participants tested, or not known to be otherwise, which flatters`,
        ]
      : []),
    ...notes,
  ];
}

/** Why figures are inconclusive, a line for each of them. */
function inconclusiveNotes(rows: readonly ComparisonRow[]): readonly string[] {
  return rows.flatMap(({ name: figure, inconclusive }) =>
    [...new Set(Object.values(inconclusive))].map((why) => {
      const names = Object.keys(inconclusive).filter((name) => inconclusive[name] === why);
      return `? inconclusive: ${figure}, ${names.join(', ')}: ${why}`;
    }),
  );
}

function bodyOf(rows: readonly ComparisonRow[], names: readonly string[]): readonly (readonly string[])[] {
  const mixed = comparedProtocols(rows).size > 1;
  return (Object.keys(auditQuestions) as AuditQuestion[]).flatMap((question) => {
    const own = rows.filter((row) => row.question === question && row.detail !== true);
    if (own.length === 0) return [];
    const lines = own.map((row) => [
      `  ${labelOf(row)}`,
      row.raw === undefined ? '' : auditNumber(row, row.raw),
      ...names.map((name) => comparedText(row, name, mixed)),
    ]);
    return [[auditQuestions[question], '', ...names.map(() => '')], ...lines];
  });
}

/** A value with its marks: `0.214 (0.200 to 0.230) *`. */
export function comparedText(row: ComparisonRow, name: string, mixed: boolean): string {
  const value = row.values[name];
  if (value === undefined) return '';
  const flattering = mixed && value.protocol === 'in-sample' ? '°' : '';
  return `${auditNumber(row, value)}${flattering}${markOf(row, name)}`;
}

function markOf({ best, standing }: ComparisonRow, name: string): string {
  if (best.includes(name)) return ' *';
  return { better: ' +', worse: ' -', alike: '', inconclusive: ' ?' }[standing[name] ?? 'alike'];
}

function labelOf(row: ComparisonRow): string {
  const { chance, floor, share } = row;
  const marks = [
    ...(chance === undefined ? [] : [`guessing ${shownNumber(chance.value, share)}`]),
    ...(floor === undefined ? [] : [`${floor.label} ${shownNumber(floor.value, share)}`]),
  ];
  return `${row.name}, ${quantityText(row)}${marks.length === 0 ? '' : ` (${marks.join('; ')})`}`;
}

function costLines({ methods }: MethodComparison): readonly (readonly string[])[] {
  if (methods.length === 0) return [];
  return [
    ['What does it cost?', '', ...methods.map(() => '')],
    ['  fitting and applying, seconds', '', ...methods.map(({ seconds }) => shownSeconds(seconds))],
    ['  growth of memory, MiB', '', ...methods.map(({ memory }) => shownMemory(memory))],
  ];
}

/** Who is not in the table, and why. */
function leftOutLines({ leftOut }: MethodComparison): readonly string[] {
  if (leftOut.length === 0) return [];
  return ['Which methods are left out?', ...leftOut.map(({ name, reason }) => `  ${name}: ${reason}`)];
}

/** By which models, where they were trained or fitted before. */
function modelLines({ methods }: MethodComparison): readonly string[] {
  const lines = methods.flatMap(({ name, model }) =>
    model?.source === undefined && model?.training === undefined ? [] : [`  ${name}: ${modelText(model)}`],
  );
  return lines.length === 0 ? [] : ['By which models?', ...lines];
}

/** A model in words: where it is from, its digest, what it learned from and for how long. */
export function modelText({ digest, source, learned, training, parameters }: ComparedModel): string {
  return [
    ...(source === undefined ? [] : [source]),
    `digest ${digest}`,
    ...(parameters === undefined ? [] : [`${parameters.toLocaleString('en-US')} weights`]),
    ...(training === undefined
      ? []
      : [
          `trained for ${counted(training.steps, 'step')} of ${training.batchSize}, seed ${training.seed}, ` +
            `${shownSeconds(training.seconds)} s on ${training.device}`,
        ]),
    ...(learned === undefined ? [] : [`learned from ${learned}`]),
  ].join('; ');
}

/** Seconds with a digit or two: `0.03`, `4.1`, `125`. */
export function shownSeconds(seconds: number): string {
  return seconds < 0.095 ? seconds.toFixed(2) : seconds < 9.95 ? seconds.toFixed(1) : seconds.toFixed(0);
}

/** Memory in MiB; a dash where it was not seen to grow. */
export function shownMemory(bytes: number | undefined): string {
  if (bytes === undefined) return '–';
  return bytes < 2 ** 20 ? '< 1' : (bytes / 2 ** 20).toFixed(0);
}
