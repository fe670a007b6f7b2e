// The tables of the study: Markdown for readers, CSV with every figure and its interval.
import type { StudyStep } from './study-types';

type Row = StudyStep['comparison']['rows'][number];
type Value = NonNullable<Row['raw']>;

/** A table of one ground in Markdown: a line for each method, a column for each figure that audits draw. */
export function markdownTable(ground: string, steps: readonly StudyStep[]): string {
  const [first] = steps;
  const drawn = first.comparison.rows.filter((row) => row.drawn && hasValue(row, steps));
  const floors = drawn.flatMap(({ name, quantity, floor, chance, confound }) =>
    [chance, floor, confound].flatMap((known) =>
      known === undefined ? [] : [`${name} (${quantity}): ${shown(known.value)} ${known.label}`],
    ),
  );
  const head = [
    ...['method', 'seed', 'steps', 'training, s', 'parameters', 's per slice'],
    ...drawn.map(({ name, quantity, unit }) => [name, quantity, unit].filter(Boolean).join(', ')),
  ];
  const lines = [
    ['raw', '', '', '', '', '', ...drawn.map(({ raw }) => valueText(raw))],
    ...steps.map(({ method, seed, plan, parameters, secondsPerSlice, comparison }) => [
      method,
      String(seed),
      String(plan?.steps ?? ''),
      plan === undefined ? '' : (plan.steps * plan.secondsPerStep).toFixed(0),
      String(parameters ?? ''),
      secondsPerSlice.toFixed(4),
      ...drawn.map(({ id }) => valueText(comparison.rows.find((row) => row.id === id)?.values[method])),
    ]),
  ];
  const { evaluated, persons, target } = first.comparison;
  return [
    `## ${ground}`,
    '',
    `${evaluated} of ${persons} persons whom no method has learned from, harmonized to ${target}. ${budgetText(steps)}`,
    '',
    ...[head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`),
    '',
    'To compare with:',
    '',
    ...floors.map((line) => `- ${line}`),
    '',
  ].join('\n');
}

function budgetText(steps: readonly StudyStep[]): string {
  const budgets = steps.flatMap(({ plan }) =>
    plan === undefined ? [] : [`${plan.minutes} min of training, size ${plan.size}`],
  );
  return budgets.length === 0 ? 'No network.' : `Networks: ${[...new Set(budgets)].join('; ')}.`;
}

/** Every figure of every step, a line each. */
export function csvTable(steps: readonly StudyStep[]): string {
  const head = 'ground,method,seed,minutes,steps,figure,quantity,unit,estimate,low,high';
  const lines = steps.flatMap(({ ground, method, seed, plan, comparison }) =>
    comparison.rows.flatMap(({ id, quantity, unit, raw, values }) =>
      [
        { name: 'raw', value: raw },
        { name: method, value: values[method] },
      ].flatMap(({ name, value }) => {
        if (value === undefined) return [];
        const { estimate, interval } = value;
        const of = name === 'raw' ? undefined : plan;
        const numbers = [estimate, interval?.low, interval?.high];
        return [
          [ground, name, seed, of?.minutes, of?.steps, id, quantity, unit, ...numbers].map(quoted).join(),
        ];
      }),
    ),
  );
  // Raw scans are beside every method.
  return `${[head, ...new Set(lines)].join('\n')}\n`;
}

function quoted(value: string | number | undefined | null): string {
  const text = String(value ?? '');
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function hasValue({ id, raw }: Row, steps: readonly StudyStep[]): boolean {
  return (
    raw !== undefined ||
    steps.some(({ method, comparison }) => comparison.rows.find((row) => row.id === id)?.values[method])
  );
}

function valueText(value: Value | undefined): string {
  if (value === undefined) return '';
  const { estimate, interval } = value;
  if (interval === undefined) return shown(estimate);
  return `${shown(estimate)} [${shown(interval.low)}, ${shown(interval.high)}]`;
}

function shown(value: number | null): string {
  return value === null || Number.isNaN(value) ? '–' : value.toPrecision(3);
}
