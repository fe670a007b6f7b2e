import type { AuditFinding, Judged } from './audit-finding';
import {
  besidePart,
  blindSentence,
  flattering,
  inSampleOnly,
  judgedRows,
  makeFinding,
  sentenceOf,
  untestedSentences,
  whyBlind,
} from './audit-finding';
import { beyondChance, jointP } from '../models/several-tests';
import { auditNumber, shownNumber } from '../rows/audit-numbers';
import type { AuditRow } from '../rows/audit-row';
import { normalQuantile, normalUpperTail } from '../../math/statistics/normal-quantile';

/** Whether the site is gone; the rule is stated at `audits.findings`. */
export function siteFinding(rows: readonly AuditRow[]): AuditFinding {
  const probes = judgedRows(rows, 'identification');
  if (probes.length === 0) {
    return makeFinding('site', 'open', { sentences: ['No probe was trained on harmonized data.'] });
  }
  const tests = judgedRows(rows, 'difference');
  const overBar = probes.filter((probe) => lowEnd(probe) > barOf(probe));
  const hidden = overBar.filter((probe) => lowEnd(probe) <= (probe.row.confound?.value ?? -Infinity));
  const { counted, byChance } = countedEvidence(probes, tests);
  const above = overBar.filter((probe) => !hidden.includes(probe) && counted.includes(probe));
  const differing = tests.filter((test) => counted.includes(test));
  const farther = judgedRows(rows, 'distance').filter(
    ({ row, raw, after }) => after.estimate > Math.max(raw?.estimate ?? NaN, row.floor?.value ?? -Infinity),
  );
  const blind = probes.filter((probe) => !overBar.includes(probe) && whyBlind(probe) !== undefined);
  const seeing = probes.filter((probe) => !blind.includes(probe));
  const honest = probes.every(({ protocol }) => protocol !== 'in-sample');
  const sentences = [
    ...probes.map(sentenceOf),
    ...blind.map(blindSentence),
    ...untestedSentences(probes),
    ...excuse(seeing, above),
    ...(honest ? [] : [above.length + differing.length > 0 ? flattering : inSampleOnly]),
    ...tests.map(sentenceOf),
    ...farther.map((distance) => `Farther than raw images: ${sentenceOf(distance)}`),
    ...byChance.filter(({ row }) => !hidden.some((own) => own.row === row)).map(chanceSentence),
    ...hidden.map(hiddenSentence),
    ...judgedRows(rows, 'interaction').flatMap(interactionSentence),
    ...overcorrection(rows),
  ];
  const against = [...above, ...differing, ...farther].map(({ row }) => row);
  if (above.length > 0) {
    return makeFinding('site', halved(seeing) ? 'partly' : 'no', { sentences, against });
  }
  if (differing.length + farther.length > 0) return makeFinding('site', 'partly', { sentences, against });
  if (hidden.length > 0 || seeing.length === 0) return makeFinding('site', 'open', { sentences });
  return makeFinding('site', honest ? 'yes' : 'open', { sentences });
}

/** What is found, and by chance in which share of harmonized tables at most, with how many kinds of figures looked at. */
interface FoundByChance extends Judged {
  readonly kinds: number;
  readonly share: number;
}

/**
 * What speaks against a yes, and what was found but is no more than chance finds where so much is looked at: differences in mean, in spread,
 * by each batch variable, and what probes find. Figures of one kind count as one (Simes), and kinds by the procedure of Hochberg, so
 * that something speaks against one harmonized table in twenty, and not one in seven.
 */
function countedEvidence(
  probes: readonly Judged[],
  tests: readonly Judged[],
): { readonly counted: readonly Judged[]; readonly byChance: readonly FoundByChance[] } {
  const found = [
    ...probes.filter((probe) => lowEnd(probe) > barOf(probe)),
    ...tests.filter(({ after }) => after.estimate > 0),
  ];
  const kindOf = (one: Judged): string => one.row.test?.of ?? one.row.rule ?? '';
  const kinds = [...new Set([...probes, ...tests].map(kindOf))];
  const p = kinds.map((kind) => jointP([...probes, ...tests].filter((one) => kindOf(one) === kind).map(pOf)));
  const alpha = tests.find(({ row }) => row.test !== undefined)?.row.test?.alpha ?? usualLevel;
  const beyond = beyondChance(p, alpha);
  // What has no p value cannot be weighed against others.
  const counts = (one: Judged): boolean => Number.isNaN(pOf(one)) || beyond[kinds.indexOf(kindOf(one))];
  return {
    counted: found.filter(counts),
    byChance: found
      .filter((one) => !counts(one))
      .map((one) => ({
        ...one,
        kinds: kinds.length,
        share: Math.min(1, kinds.length * p[kinds.indexOf(kindOf(one))]),
      })),
  };
}

/** The level of audits that test no features. */
const usualLevel = 0.05;

/** The p value of a figure, that of a probe by how far its interval is from its bar, as normal. `NaN` where it has none. */
function pOf(judged: Judged): number {
  const { row, after } = judged;
  if (row.rule !== 'identification') return after.p ?? NaN;
  const { low = NaN, level = NaN } = after.interval ?? {};
  const deviation = (after.estimate - low) / normalQuantile((1 + level) / 2);
  return deviation > 0 ? normalUpperTail((after.estimate - barOf(judged)) / deviation) : NaN;
}

/** What was found that is not held against a harmonizer. */
function chanceSentence({ row, after, kinds, share }: FoundByChance): string {
  return (
    `${besidePart}${row.name}: ${auditNumber(row, after)}, which is not counted, since with ${kinds} kinds of figures one of them is as far ` +
    `from none by chance in up to ${shownNumber(share, true)} of tables whose sites do not differ.`
  );
}

/** Why a figure above chance says neither yes nor no. */
function hiddenSentence({ row }: Judged): string {
  return `That is above chance, but no better than ${row.confound?.label}, so it cannot be seen whether the rest of the images identifies the site.`;
}

/** Where a covariate does more at one site than at another: no harmonizer of shifts and factors changes that. */
function interactionSentence(judged: Judged): string[] {
  const { row, after } = judged;
  if (!(after.estimate > 0)) return [];
  return [
    `${besidePart}${row.name}: ${auditNumber(row, after)}, as where a scanner shows an effect larger or smaller than others do, or ` +
      'where an effect is a curve and sites differ in range. Shifts and factors of sites do not change that.',
  ];
}

function lowEnd({ after }: Judged): number {
  return after.interval?.low ?? after.estimate;
}

/** What a probe may reach on perfectly harmonized data. */
function barOf({ row }: Judged): number {
  return Math.max(row.chance?.value ?? 0, row.floor?.value ?? 0);
}

/** Whether the best probe has lost at least half of what it knew beyond its bar on raw data. */
function halved(probes: readonly Judged[]): boolean {
  const excess = (state: 'raw' | 'after'): number =>
    Math.max(...probes.map((probe) => (probe[state]?.estimate ?? NaN) - barOf(probe)));
  return excess('after') <= excess('raw') / 2;
}

/** Above chance and yet no fault: the covariates that are kept identify the site as well. */
function excuse(probes: readonly Judged[], above: readonly Judged[]): string[] {
  const floor = probes.find(({ row }) => row.floor !== undefined)?.row.floor;
  if (floor === undefined || above.length > 0) return [];
  const overChance = probes.some((probe) => lowEnd(probe) > (probe.row.chance?.value ?? 0));
  return overChance && probes.every((probe) => lowEnd(probe) <= barOf(probe))
    ? [`That is above chance, but no better than ${floor.label}, and these covariates are meant to stay.`]
    : [];
}

/** In-sample figures below chance look like success and are not. */
function overcorrection(rows: readonly AuditRow[]): string[] {
  const below = rows.some(
    ({ rule, chance, values }) =>
      rule === 'identification' && (values['in-sample']?.interval?.high ?? Infinity) < (chance?.value ?? 0),
  );
  return below
    ? [
        'An in-sample probe falls below chance: the harmonizer was fitted on the tested participants too and removed ' +
          'even the chance differences between them. That is no sign of a better result.',
      ]
    : [];
}
