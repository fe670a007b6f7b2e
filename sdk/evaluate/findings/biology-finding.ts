import type { AuditFinding, Judged } from './audit-finding';
import {
  blindSentence,
  inSampleOnly,
  judgedRows,
  makeFinding,
  saysNothing,
  sentenceOf,
  whyBlind,
} from './audit-finding';
import { shownNumber } from '../rows/audit-numbers';
import type { AuditRow, AuditValue } from '../rows/audit-row';

/** A prediction may lose this share of its lead over guessing; an amount, of itself. */
const tolerated = 0.1;
/** Smaller changes of a share of variance are not held against a harmonizer. */
const smallShare = 0.01;

/** Whether the biology is still there; the rule is stated at `audits.findings`. */
export function biologyFinding(rows: readonly AuditRow[]): AuditFinding {
  const predictions = judgedRows(rows, 'prediction').filter(({ raw }) => raw !== undefined);
  const fallen = judgedRows(rows, 'amount').filter(hasFallen);
  const bad = predictions.filter(speaksAgainst);
  const telling = predictions.filter((judged) => whyBlind(judged) === undefined);
  const blind = predictions.filter((judged) => !telling.includes(judged) && !bad.includes(judged));
  const unsure = telling.filter((judged) => !bad.includes(judged) && mayHaveLost(judged));
  const kept = telling.filter((prediction) => !bad.includes(prediction) && !unsure.includes(prediction));
  const honest = kept.filter(({ protocol }) => protocol !== 'in-sample');
  const absent = predictions.filter(({ protocol }) => protocol === 'in-sample');
  const removed = rows.filter(({ rule }) => rule === 'removal');
  const against = [...[...bad, ...fallen].map(({ row }) => row), ...removed];
  const sentences = [
    ...predictions.map(sentenceOf),
    ...blind.map(blindSentence),
    ...unsure.map(unsureSentence),
    ...fallen.map(sentenceOf),
    ...[...bad, ...unsure].flatMap(changeSentence),
    ...(honest.length > 0 && absent.length > 0 ? [restsOnOthers(absent)] : []),
    ...removed.map(removedSentence),
  ];
  if (rows.length === 0) {
    return makeFinding('biology', 'open', { sentences: ['No covariate was given to look for.'] });
  }
  if (telling.length === 0) {
    const unseen = 'Nothing was predicted better than by guessing, so the loss of biology could not be seen.';
    return makeFinding('biology', 'open', { sentences: [...sentences, unseen], against });
  }
  if (against.length > 0) {
    const grade = kept.length + unsure.length > 0 ? 'partly' : 'no';
    return makeFinding('biology', grade, { sentences, against });
  }
  if (unsure.length > 0) return makeFinding('biology', 'open', { sentences });
  return honest.length > 0
    ? makeFinding('biology', 'yes', { sentences })
    : makeFinding('biology', 'open', { sentences: [...sentences, inSampleOnly] });
}

/** How much better a value is than another, in the row's own direction. */
function better({ direction }: AuditRow, value: number, than: number): number {
  return direction === 'lower' ? than - value : value - than;
}

/** The end of an interval that is worse, or better, in the row's own direction. */
function endOf({ direction }: AuditRow, { estimate, interval }: AuditValue, end: 'worse' | 'better'): number {
  if (interval === undefined || !Number.isFinite(interval.low)) return estimate;
  return (direction === 'lower') === (end === 'worse') ? interval.high : interval.low;
}

/** Whether raw data predict it better than guessing, beyond the interval. */
function isInformative({ row, raw }: Judged): boolean {
  return (
    raw !== undefined &&
    row.chance !== undefined &&
    better(row, endOf(row, raw, 'worse'), row.chance.value) > 0
  );
}

/** Whether an informative prediction lost more than is tolerated of its lead over guessing. */
function hasLost(judged: Judged): boolean {
  const { row, raw, after } = judged;
  if (raw === undefined || row.chance === undefined || !isInformative(judged)) return false;
  const gain = (value: number): number => better(row, value, row.chance?.value ?? NaN);
  return gain(after.estimate) < (1 - tolerated) * gain(raw.estimate);
}

/**
 * Whether a harmonized figure speaks against the biology being kept. In folds or held out: it lost more than is
 * tolerated, where the paired change is not known; or that change is wholly on the worse side; or it is worse beyond an
 * interval that is shown.
 * In-sample: the last alone, since a harmonizer that centered the tested participants too makes small losses of its
 * own.
 */
function speaksAgainst(judged: Judged): boolean {
  const { row, raw } = judged;
  const inSample = row.values['in-sample'];
  if (raw === undefined) return false;
  if (inSample !== undefined && isBeyond(row, raw, inSample)) return true;
  return (
    judged.protocol !== 'in-sample' &&
    ((hasLost(judged) && !mayHaveLost(judged)) || hasWorsened(judged) || isBeyond(row, raw, judged.after))
  );
}

/**
 * Whether an informative prediction lost more than is tolerated, and the paired change could be none: of few persons as much is
 * lost and won by chance.
 */
function mayHaveLost(judged: Judged): boolean {
  const { change } = judged.after;
  const known = change !== undefined && Number.isFinite(change.low);
  return judged.protocol !== 'in-sample' && known && hasLost(judged) && !hasWorsened(judged);
}

function hasWorsened({ row, after: { change } }: Judged): boolean {
  return change !== undefined && (row.direction === 'lower' ? change.low > 0 : change.high < 0);
}

/** Whether a value is worse than raw so that one of them is outside the other's interval. */
function isBeyond(row: AuditRow, raw: AuditValue, after: AuditValue): boolean {
  return (
    better(row, raw.estimate, endOf(row, after, 'better')) > 0 ||
    better(row, endOf(row, raw, 'worse'), after.estimate) > 0
  );
}

function hasFallen({ raw, after }: Judged): boolean {
  if (raw === undefined) return false;
  const fall = raw.estimate - after.estimate;
  return fall > smallShare && fall > tolerated * raw.estimate;
}

/** By how much a figure changed, with the interval, where the two were compared on the same participants. */
function changeSentence({ row, after }: Judged): string[] {
  const { change } = after;
  if (change === undefined || !Number.isFinite(change.low)) return [];
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
  const unit = row.unit === undefined ? '' : ` ${row.unit}`;
  return [
    `Compared on the same participants, ${row.name} changes in ${row.quantity} by ${signed(change.estimate)}${unit} ` +
      `(${signed(change.low)} to ${signed(change.high)}).`,
  ];
}

/** What was removed with the site. */
function removedSentence({ name, values }: AuditRow): string {
  return (
    `${name.charAt(0).toUpperCase()}${name.slice(1)}: sites explain ${shownNumber(values.raw?.estimate ?? NaN, true)} of it, and what ` +
    'it does to the features is removed with the site as far as sites differ in it. Predictions within sites cannot show that.'
  );
}

/** Which loss may be chance. */
function unsureSentence(judged: Judged): string {
  const { name } = judged.row;
  return (
    `${name.charAt(0).toUpperCase()}${name.slice(1)}${saysNothing}it may have lost more than a tenth of what it is better ` +
    'by than guessing, or nothing: so large a change can be chance with so few participants.'
  );
}

function restsOnOthers(absent: readonly Judged[]): string {
  const names = absent.map(({ row }) => row.name);
  return `Not available in folds: ${names.join('; ')}; the answer rests on the other predictions.`;
}
