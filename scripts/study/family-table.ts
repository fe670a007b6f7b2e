// The tables of the study of ComBat's family: Markdown for readers, rows with every figure and its interval for a file.
import type { ComparisonRow, MethodComparison, ResultRow } from 'concord-mri';
import { shownNumber } from './methods/study-table';

/** The figures of the table for readers, by their ids: short names. */
export const familyColumns: Readonly<Record<string, string>> = {
  'site/probe/linear': 'site, linear probe',
  'site/probe/rbf': 'site, RBF probe',
  'site/median-f': 'F of site †',
  'site/test/levene': 'differ in spread †',
  'biology/age/within-site/error': 'age within sites, years',
  'biology/age/leave-one-site-out/error': 'age at a site left out, years',
  'biology/sex/within-site/auc': 'sex, AUC',
  'biology/age/variance': 'R² of age †',
  'person/distances': 'distances †',
};

const marks = { better: ' +', worse: ' −', alike: '', inconclusive: ' ?' } as const;

/** A line for each method, a column for each figure; below it what to hold figures against, and what was left out. */
export function markdownTable(comparison: MethodComparison): string {
  const rows = Object.keys(familyColumns).flatMap((id) => comparison.rows.find((row) => row.id === id) ?? []);
  const head = ['method', ...rows.map(({ id }) => familyColumns[id])];
  const raw = ['raw', ...rows.map((row) => (row.raw === undefined ? '' : shownNumber(row.raw.estimate)))];
  const lines = comparison.methods.map(({ name }) => [name, ...rows.map((row) => cell(row, name))]);
  const floors = rows.flatMap(({ id, chance, floor }) =>
    [chance, floor].flatMap((known) =>
      known === undefined ? [] : [`${familyColumns[id]}: ${shownNumber(known.value)} ${known.label}`],
    ),
  );
  const { subjects, evaluated, sites, seeds, budget } = comparison;
  return [
    `${subjects} participants of ${sites.length} sites, ${evaluated}, ${seeds} times ${budget.splits} folds, Concord ${comparison.version}`,
    '',
    ...[head, head.map(() => '---'), raw, ...lines].map((cells) => `| ${cells.join(' | ')} |`),
    '',
    ...floors.map((floor) => `- ${floor}`),
    ...comparison.leftOut.map(({ name, reason }) => `- ${name} is left out: ${reason}`),
  ].join('\n');
}

/** Every figure of raw data and of each method, but those of single features, components and pairs of sites. */
export function csvRows({ rows, methods }: MethodComparison): readonly ResultRow[] {
  return rows.flatMap((row) => {
    if (row.detail === true) return [];
    const about = { figure: row.id, name: row.name, quantity: row.quantity, unit: row.unit ?? null };
    const raw =
      row.raw === undefined ? [] : [{ ...about, method: 'raw', protocol: 'raw', ...numbers(row.raw) }];
    const floors = [row.chance, row.floor].flatMap((known) =>
      known === undefined
        ? []
        : [{ ...about, method: known.label, protocol: 'floor', estimate: sixDigits(known.value) }],
    );
    const own = methods.flatMap(({ name }) => {
      const value = Object.hasOwn(row.values, name) ? row.values[name] : undefined;
      if (value === undefined) return [];
      const inSample = row.inSample?.[name];
      return [
        {
          ...about,
          method: name,
          protocol: value.protocol,
          ...numbers(value),
          standing: row.standing[name] ?? null,
        },
        ...(inSample === undefined
          ? []
          : [{ ...about, method: name, protocol: 'in-sample', ...numbers(inSample) }]),
      ];
    });
    return [...raw, ...floors, ...own];
  });
}

function numbers({ estimate, interval, change }: NonNullable<ComparisonRow['raw']>): ResultRow {
  return {
    estimate: sixDigits(estimate),
    low: sixDigits(interval?.low),
    high: sixDigits(interval?.high),
    change: sixDigits(change?.estimate),
    'change low': sixDigits(change?.low),
    'change high': sixDigits(change?.high),
  };
}

function sixDigits(value: number | undefined): number | null {
  return value === undefined ? null : Number(value.toPrecision(6));
}

function cell(row: ComparisonRow, method: string): string {
  const value = Object.hasOwn(row.values, method) ? row.values[method] : undefined;
  if (value === undefined) return '';
  const standing = row.standing[method];
  return `${shownNumber(value.estimate)}${standing === undefined ? '' : marks[standing]}`;
}
