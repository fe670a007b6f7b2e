import type { Protocol } from '../audit';
import { auditNumber, shownNumber } from '../rows/audit-numbers';
import type { AuditQuestion, AuditRow, AuditRule, AuditValue } from '../rows/audit-row';
import { auditQuestions, quantityText } from '../rows/audit-row';
import { whyInconclusive } from '../rows/inconclusive';

/** `open`: inconclusive. */
export type Grade = 'yes' | 'partly' | 'no' | 'open';

const answers: Readonly<Record<Grade, string>> = {
  yes: 'Yes',
  partly: 'Partly',
  no: 'No',
  open: 'Inconclusive',
};

/** What a grade says, in a word. */
export function answerOf(grade: Grade): string {
  return answers[grade];
}

/** The answer to one question of an audit in plain words, with the numbers it rests on. */
export interface AuditFinding {
  readonly question: AuditQuestion;
  /** The question in words. */
  readonly title: string;
  readonly grade: Grade;
  readonly sentences: readonly string[];
  /** The ids of the rows that speak against the answer yes; the sentences name them. */
  readonly against: readonly string[];
}

const againstYes = 'What speaks against a yes:';

/** Between the name of a figure and why it says nothing. */
export const saysNothing: string = ': inconclusive, since ';

/** What a sentence begins with that says of whom nothing is known. */
const untestedPart = 'Not tested by the probes: ';

/** What a sentence begins with that says what an answer does not cover. */
export const besidePart: string = 'Beside the answer: ';

/** Findings in short: per question the answer, what speaks against a yes, and which figures say nothing, or of whom. */
export function findingLines(findings: readonly AuditFinding[]): readonly string[] {
  const belongs = (text: string): boolean =>
    [againstYes, untestedPart, besidePart].some((part) => text.startsWith(part)) ||
    text.includes(saysNothing);
  return findings.map(({ title, grade, sentences }) =>
    [`${title} ${answerOf(grade)}.`, ...sentences.filter(belongs)].join(' '),
  );
}

/** Why a figure says nothing, by the rule that comparisons of methods go by as well; `undefined` where it says something. */
export function whyBlind({ row, raw, after }: Judged): string | undefined {
  return whyInconclusive(row, raw, after);
}

/** Which figure says nothing, and why. */
export function blindSentence(judged: Judged): string {
  const { name } = judged.row;
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}${saysNothing}${whyBlind(judged)}.`;
}

/** Of which part of the data figures say nothing, once. */
export function untestedSentences(judged: readonly Judged[]): readonly string[] {
  const parts = judged.flatMap(({ row }) => (row.untested === undefined ? [] : [row.untested]));
  return [...new Set(parts)].map((part) => `${untestedPart}${part}.`);
}

/** Makes a finding; rows against the answer yes are named in a sentence of their own. */
export function makeFinding(
  question: AuditQuestion,
  grade: Grade,
  said: { readonly sentences: readonly string[]; readonly against?: readonly AuditRow[] },
): AuditFinding {
  const { sentences, against = [] } = said;
  const names = against.map((row) => `${row.name} (${row.quantity})`);
  const naming = names.length === 0 ? [] : [`${againstYes} ${names.join('; ')}.`];
  return {
    question,
    title: auditQuestions[question],
    grade,
    sentences: [...sentences, ...naming],
    against: against.map(({ id }) => id),
  };
}

/** A row with its value on raw data, where there is one, and the harmonized value that an answer rests on. */
export interface Judged {
  readonly row: AuditRow;
  readonly raw?: AuditValue;
  readonly after: AuditValue;
  readonly protocol: Exclude<Protocol, 'raw'>;
}

/** The rows of a rule that have a harmonized value, in folds where there is one. */
export function judgedRows(rows: readonly AuditRow[], rule: AuditRule): readonly Judged[] {
  return rows.flatMap((row): Judged[] => {
    if (row.rule !== rule) return [];
    const { raw } = row.values;
    for (const protocol of ['in-folds', 'held-out', 'in-sample'] as const) {
      const after = row.values[protocol];
      if (after !== undefined && Number.isFinite(after.estimate)) return [{ row, raw, after, protocol }];
    }
    return [];
  });
}

const states = { 'in-sample': 'in-sample', 'held-out': 'held out', 'in-folds': 'in folds' } as const;

/** A figure in a sentence: what, how much, in which state of the data, how much raw, and what guessing achieves. */
export function sentenceOf({ row, raw, after, protocol }: Judged): string {
  const compared = [
    ...(raw === undefined ? [] : [`${auditNumber(row, { ...raw, interval: undefined })} raw`]),
    ...[row.chance, row.floor, row.confound].flatMap((reference) =>
      reference === undefined ? [] : [`${shownNumber(reference.value, row.share)} ${reference.label}`],
    ),
  ];
  const name = row.name.charAt(0).toUpperCase() + row.name.slice(1);
  const state = states[protocol];
  const rest = compared.length === 0 ? '' : `; ${compared.join(', ')}`;
  return `${name}, ${quantityText(row)}: ${auditNumber(row, after)}, ${state}${rest}.`;
}

/** What to think of in-sample figures that are bad already. */
export const flattering: string =
  'In-sample figures flatter whatever was fitted on the tested participants: on others it would do no better.';

/** Why in-sample figures do not settle a question. */
export const inSampleOnly: string =
  'In-sample figures alone cannot answer this: they flatter whatever was fitted on the tested participants. ' +
  'Figures in folds, which could, are not available.';
