// The tables of the study: Markdown for readers, CSV with every figure and its interval.
import type { ExtraFigure, Floor, StudyStep, Value } from './study-types';

type Row = StudyStep['comparison']['rows'][number];

/** The figures of the tables for readers, in order, where a ground has them: ids as in the CSV, and short names. */
export const columns: Readonly<Record<string, string>> = {
  'truth/mae': 'MAE',
  'truth/psnr': 'PSNR, dB',
  'truth/ssim': 'SSIM',
  'truth/msSsim': 'MS-SSIM',
  'truth/gradientCorrelation': 'edges, truth',
  'site/probe/cnn': 'site, balanced accuracy',
  'biology/age/within-site/error': 'age, MAE in years',
  'biology/sex/within-site/auc': 'sex, AUC',
  'biology/depression/auc': 'depression, AUC',
  'person/distances': 'distances within sites',
  'person/distances-of-all': 'distances over all',
  'person/edges': 'edges, raw',
  'distribution/frechet': 'FID',
  'distribution/kernel': 'KID',
  'anatomy/volumes': 'volumes, change in %',
  'image/sharpness': 'sharpness',
};

/** A figure of a step, of raw scans and of its method. */
interface Found extends Omit<ExtraFigure, 'floor'> {
  readonly floors: readonly Floor[];
}

/** A table of one ground in Markdown: a line for each method, a column for each figure. */
export function markdownTable(ground: string, steps: readonly StudyStep[]): string {
  const [first] = steps;
  const { found, shown } = shownFigures(steps);
  const head = [
    ...['method', 'seed', 'steps', 'batch', 'learning, s', 'parameters', 's per slice'],
    ...shown.map((id) => columns[id]),
  ];
  const lines = [
    ['raw', '', '', '', '', '', '', ...shown.map((id) => valueText(found[0].get(id)?.raw))],
    ...steps.map((step, i) => [
      ...aboutMethod(step),
      ...shown.map((id) => valueText(found[i].get(id)?.value)),
    ]),
  ];
  const { evaluated, persons, target } = first.comparison;
  return [
    `## ${ground}`,
    '',
    `${first.about} ${evaluated} of ${persons} persons whom no method has learned from, harmonized to ${target}. ${budgetText(steps)}`,
    '',
    ...tableLines(head, lines),
    '',
    'To compare with:',
    '',
    ...floorLines(
      shown.flatMap((id) => found[0].get(id) ?? []),
      first,
    ),
    '',
    'How figures were made:',
    '',
    ...first.comparison.notes.map((note) => `- ${note}`),
    '',
    'Left out here:',
    '',
    ...leftOutLines(steps),
    '',
  ].join('\n');
}

/** A table of one ground for a page: estimates alone, raw scans first. */
export function guideTable(steps: readonly StudyStep[]): string {
  const { found, shown } = shownFigures(steps);
  const cell = (value: Value | undefined): string => (value === undefined ? '' : shownNumber(value.estimate));
  const head = ['method', ...shown.map((id) => columns[id])];
  const lines = [
    ['raw', ...shown.map((id) => cell(found[0].get(id)?.raw))],
    ...steps.map(({ method }, i) => [method, ...shown.map((id) => cell(found[i].get(id)?.value))]),
  ];
  return tableLines(head, lines)
    .map((line) => `${line}\n`)
    .join('');
}

/** The figures of each step by their ids, and the ids of the columns that any of them has. */
function shownFigures(steps: readonly StudyStep[]): {
  readonly found: readonly ReadonlyMap<string, Found>[];
  readonly shown: readonly string[];
} {
  const found = steps.map((step) => new Map(figuresOf(step).map((figure) => [figure.id, figure])));
  return { found, shown: Object.keys(columns).filter((id) => found.some((own) => own.has(id))) };
}

/** A table in Markdown, a line each. */
function tableLines(head: readonly string[], lines: readonly (readonly string[])[]): readonly string[] {
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
}

function aboutMethod({ method, seed, plan, ...step }: StudyStep): string[] {
  const steps = plan === undefined ? '' : String(plan.steps);
  return [
    method,
    String(seed),
    step.trainings > 1 && steps !== '' ? `${step.trainings} × ${steps}` : steps,
    String(plan?.batchSize ?? ''),
    step.learningSeconds.toFixed(plan === undefined ? 1 : 0),
    String(step.parameters ?? ''),
    step.secondsPerSlice.toFixed(4),
  ];
}

/** What to hold figures against; the mask is one for all, so that it says nothing by itself. */
function floorLines(figures: readonly Found[], { comparison }: StudyStep): readonly string[] {
  const sites = comparison.sites.length;
  return [
    `- site from the mask alone: ${shownNumber(1 / sites)}, by chance, as all scans are compared in one mask`,
    ...figures.flatMap(({ id, floors }) =>
      floors.map(({ label, value }) => `- ${columns[id]}: ${shownNumber(value)} ${label}`),
    ),
  ];
}

function leftOutLines(steps: readonly StudyStep[]): readonly string[] {
  const noticed = steps.flatMap(({ comparison }) =>
    comparison.issues.filter(({ code }) => code === 'figure-not-available' || code === 'too-few-subjects'),
  );
  const lines = [...steps[0].leftOut, ...noticed.map(({ message }) => message)];
  return lines.length === 0 ? ['- nothing'] : [...new Set(lines)].map((line) => `- ${line}`);
}

function budgetText(steps: readonly StudyStep[]): string {
  const budgets = steps.flatMap(({ plan, trainings, backend }) => {
    if (plan === undefined) return [];
    const each = trainings > 1 ? ` for each of ${trainings} folds` : '';
    return [
      `${Number(plan.minutes.toPrecision(3))} min of training as timed when it was planned${each}, size ${plan.size}, on ${backend}`,
    ];
  });
  if (budgets.length === 0) return 'No network.';
  const words = [
    `Networks: ${[...new Set(budgets)].join('; ')}.`,
    ...(steps.some(({ start }) => start !== undefined)
      ? [
          'Where a name has -shipped, trainings started from the model that ships, which learned from digital persons for longer than that (its card in `fixtures/` says how long).',
        ]
      : []),
    ...(steps.some(({ detail }) => detail === true)
      ? ['Where it has -detail, what is lost where a slice is made again is given back.']
      : []),
    ...(steps.some(({ guided }) => guided !== undefined)
      ? ['Where it has -guided, what was made is brought to what the scan shows within so many mm.']
      : []),
    ...(steps.some(({ then }) => then !== undefined)
      ? [
          'Where it has -then, a quick method came after, which learned from what the first had made of the scans that it learned from.',
        ]
      : []),
    ...(steps.some(({ effectFwhm }) => effectFwhm !== undefined)
      ? [
          'Where it ends with mm after pixel-combat, ComBat by pixels spread the effects of sites by a Gaussian as wide at half maximum.',
        ]
      : []),
  ];
  return words.join(' ');
}

/** Every figure of every step, a line each. */
export function csvTable(steps: readonly StudyStep[]): string {
  const head = 'ground,method,seed,minutes,steps,figure,quantity,unit,estimate,low,high';
  const lines = steps.flatMap((step) => {
    const { ground, method, seed, plan } = step;
    return figuresOf(step).flatMap(({ id, quantity, unit, raw, value }) =>
      [
        { name: 'raw', of: undefined, value: raw },
        { name: method, of: plan, value },
      ].flatMap(({ name, of, value: own }) => {
        if (own === undefined) return [];
        const numbers = [own.estimate, own.interval?.low, own.interval?.high];
        const about = [ground, name, seed, of?.minutes, of?.steps, id, quantity, unit];
        return [[...about, ...numbers].map(quoted).join()];
      }),
    );
  });
  const costs = steps.flatMap(({ ground, method, seed, plan, ...step }) =>
    (
      [
        ['cost/learning', 'time', 's', step.learningSeconds],
        ['cost/slice', 'time', 's', step.secondsPerSlice],
        ['cost/parameters', 'numbers', '', step.parameters],
      ] as const
    ).flatMap(([id, quantity, unit, value]) => {
      const about = [ground, method, seed, plan?.minutes, plan?.steps, id, quantity, unit];
      return value === undefined ? [] : [[...about, value, '', ''].map(quoted).join()];
    }),
  );
  // Raw scans are beside every method.
  return `${[head, ...new Set([...lines, ...costs])].join('\n')}\n`;
}

/** The figures of the comparison, and those beside it. */
function figuresOf({ comparison, extra, method }: StudyStep): readonly Found[] {
  return [
    ...comparison.rows.map((row) => ofRow(row, method)),
    ...extra.map((figure) => ({ ...figure, floors: figure.floor === undefined ? [] : [figure.floor] })),
  ].filter(({ raw, value }) => raw !== undefined || value !== undefined);
}

function ofRow(
  { id, name, quantity, unit, raw, values, chance, floor, confound }: Row,
  method: string,
): Found {
  const floors = [chance, floor, confound].flatMap((known) => known ?? []);
  return { id, name, quantity, unit, raw, value: values[method], floors };
}

function quoted(value: string | number | undefined | null): string {
  const text = String(value ?? '');
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function valueText(value: Value | undefined): string {
  if (value === undefined) return '';
  const { estimate, interval } = value;
  if (interval === undefined) return shownNumber(estimate);
  return `${shownNumber(estimate)} [${shownNumber(interval.low)}, ${shownNumber(interval.high)}]`;
}

/** A figure as tables show it. */
export function shownNumber(value: number | null): string {
  return value === null || Number.isNaN(value) ? '–' : value.toPrecision(3);
}
