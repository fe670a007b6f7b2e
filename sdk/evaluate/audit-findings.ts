import type { CovariateClassification, CovariateRegression, Protocol, SiteProbe, TableAudit } from './audit';
import { shownNumber } from './audit-numbers';
import type { AuditQuestion } from './audit-rows';
import { auditQuestions } from './audit-rows';

/** `open`: the data cannot tell. */
export type Grade = 'yes' | 'partly' | 'no' | 'open';

/** The answer to one question of an audit in plain words, with the numbers it rests on. */
export interface AuditFinding {
  readonly question: AuditQuestion;
  /** The question in words. */
  readonly title: string;
  readonly grade: Grade;
  readonly sentences: readonly string[];
}

/**
 * Reads an audit: what its numbers say on each of the three questions, in plain words. Answers rest on the in-folds
 * figures where there are any, since in-sample ones flatter a harmonizer that was fitted on the tested subjects.
 *
 * The rules: the site counts as gone when no probe's interval over subjects lies above both chance and what the same
 * probe makes of the covariates alone (the audit's floor), and as partly gone when the best probe has lost at least
 * half of what it knew beyond that; in-sample figures alone leave it open. Biology counts as kept when no prediction got worse
 * by more than a tenth of what it was better than guessing. The person counts as kept from a correlation of 0.9,
 * partly from 0.7.
 */
export function auditFindings(audit: TableAudit): readonly AuditFinding[] {
  return [siteFinding(audit), biologyFinding(audit), personFinding(audit)];
}

function finding(question: AuditQuestion, grade: Grade, sentences: readonly string[]): AuditFinding {
  return { question, title: auditQuestions[question], grade, sentences };
}

/** The protocol that answers rest on: in-folds where it was run. */
function bestProtocol(entries: readonly { readonly protocol: Protocol }[]): Protocol | null {
  return (
    (['in-folds', 'in-sample'] as const).find((p) => entries.some((entry) => entry.protocol === p)) ?? null
  );
}

function siteFinding(audit: TableAudit): AuditFinding {
  const protocol = bestProtocol(audit.probes);
  if (protocol === null) return finding('site', 'open', ['No probe was trained on harmonized data.']);
  const after = audit.probes.filter((probe) => probe.protocol === protocol);
  const among = audit.covariates.join(', ');
  const sentences = after.map((probe) => {
    const raw = audit.probes.find((entry) => entry.probe === probe.probe && entry.protocol === 'raw');
    const { estimate, low, high } = probe.overSubjects;
    const floor = floorOf(audit, probe);
    const alone = floor === undefined ? '' : `; ${shownNumber(floor)} from ${among} alone`;
    const name = probe.probe === 'linear' ? 'A linear probe' : 'A non-linear (RBF) probe';
    const from = raw === undefined ? '' : `, from ${shownNumber(raw.balancedAccuracy.estimate)} on raw data`;
    return (
      `${name} retrained on harmonized data names the site with balanced accuracy ${shownNumber(estimate)} ` +
      `(${shownNumber(low)} to ${shownNumber(high)} over subjects; chance ${shownNumber(probe.chance)}${alone}), ` +
      `${protocol}${from}.`
    );
  });
  const bar = (probe: SiteProbe): number => Math.max(probe.chance, floorOf(audit, probe) ?? 0);
  const excess = (state: Protocol): number =>
    Math.max(
      ...audit.probes.filter((p) => p.protocol === state).map((p) => p.overSubjects.estimate - bar(p)),
    );
  const gone = after.every((probe) => probe.overSubjects.low <= bar(probe));
  const unproven = gone && protocol === 'in-sample';
  const half = excess(protocol) <= excess('raw') / 2;
  const grade = unproven ? 'open' : gone ? 'yes' : half ? 'partly' : 'no';
  const excused = gone && after.some((probe) => probe.overSubjects.low > probe.chance);
  const excuse = excused
    ? [`That is above chance, but no more than ${among} alone tell of the site, and these are to stay.`]
    : [];
  const caution = unproven
    ? [
        'In-sample figures alone cannot show that the site is gone; those in folds, which could, are not there.',
      ]
    : [];
  const more = [...excuse, ...caution, ...testSentence(audit), ...overcorrection(audit)];
  return finding('site', grade, [...sentences, ...more]);
}

/** What the same probe makes of the covariates alone. */
function floorOf(audit: TableAudit, { probe }: SiteProbe): number | undefined {
  return audit.floor.find((entry) => entry.probe === probe)?.overSubjects.estimate;
}

function testSentence(audit: TableAudit): string[] {
  const protocol = bestProtocol(audit.tests);
  const after = audit.tests.find((entry) => entry.protocol === protocol);
  const raw = audit.tests.find((entry) => entry.protocol === 'raw');
  if (after === undefined || raw === undefined) return [];
  const all = after.features.length;
  return [
    `After adjusting for covariates, sites differ in the mean of ${after.significant.anova} of ${all} features ` +
      `(${raw.significant.anova} before) and in the spread of ${after.significant.levene} ` +
      `(${raw.significant.levene} before), ${after.protocol}, at q < ${after.alpha}.`,
  ];
}

/** In-sample figures below chance look like success and are not. */
function overcorrection(audit: TableAudit): string[] {
  const below = audit.probes.some((p) => p.protocol === 'in-sample' && p.overSubjects.high < p.chance);
  return below
    ? [
        'An in-sample probe falls below chance: the harmonizer was fitted on the tested subjects too and removed ' +
          'even the chance differences between them. That is no sign of a better result.',
      ]
    : [];
}

/** One prediction of a covariate: how much better than guessing it was, raw and after. */
interface Prediction {
  readonly text: string;
  readonly rawGain: number;
  readonly gain: number;
  /** Whether the raw prediction beats guessing at all. */
  readonly informative: boolean;
}

function biologyFinding(audit: TableAudit): AuditFinding {
  const predictions = [
    ...pairs(audit.regressions).map(([raw, after]) => regressionGain(raw, after)),
    ...pairs(audit.classifications).map(([raw, after]) => classificationGain(raw, after)),
  ];
  const telling = predictions.filter((prediction) => prediction.informative);
  const sentences = predictions.map((prediction) => prediction.text);
  if (telling.length === 0) {
    return finding('biology', 'open', [
      ...sentences,
      'Nothing was predicted better than by guessing on raw data, so its loss could not be seen.',
    ]);
  }
  const kept = telling.filter((prediction) => prediction.gain >= 0.9 * prediction.rawGain);
  const grade = kept.length === telling.length ? 'yes' : kept.length > 0 ? 'partly' : 'no';
  return finding('biology', grade, sentences);
}

/** Raw and harmonized entries of the same covariate and scheme, each with the best protocol it was run under. */
function pairs<Entry extends CovariateRegression | CovariateClassification>(
  entries: readonly Entry[],
): [Entry, Entry][] {
  return entries
    .filter((entry) => entry.protocol === 'raw')
    .flatMap((raw): [Entry, Entry][] => {
      const alike = entries.filter(
        (entry) => entry.covariate === raw.covariate && entry.scheme === raw.scheme,
      );
      const protocol = bestProtocol(alike);
      const after = alike.find((entry) => entry.protocol === protocol);
      return after === undefined ? [] : [[raw, after]];
    });
}

function schemeText(scheme: CovariateRegression['scheme']): string {
  return scheme === 'within-site' ? 'within sites' : 'at sites left out of training';
}

function regressionGain(raw: CovariateRegression, after: CovariateRegression): Prediction {
  const unit = raw.unit === undefined ? '' : ` ${raw.unit}`;
  return {
    text:
      `Predicted ${schemeText(raw.scheme)}, ${raw.covariate} has a mean absolute error of ` +
      `${shownNumber(after.mae.estimate)}${unit} (${shownNumber(raw.mae.estimate)} raw; ` +
      `${shownNumber(after.baselineMae)} by always saying the mean), ${after.protocol}.`,
    rawGain: raw.baselineMae - raw.mae.estimate,
    gain: after.baselineMae - after.mae.estimate,
    informative: raw.mae.high < raw.baselineMae,
  };
}

function classificationGain(raw: CovariateClassification, after: CovariateClassification): Prediction {
  return {
    text:
      `Told ${schemeText(raw.scheme)}, ${raw.covariate} has an area under the ROC curve of ` +
      `${shownNumber(after.auc.estimate)} (${shownNumber(raw.auc.estimate)} raw; 0.5 is chance), ${after.protocol}.`,
    rawGain: raw.auc.estimate - 0.5,
    gain: after.auc.estimate - 0.5,
    informative: raw.auc.low > 0.5,
  };
}

function personFinding(audit: TableAudit): AuditFinding {
  const { mean, perSite } = audit.distances;
  if (!Number.isFinite(mean)) return finding('person', 'open', ['No site has enough subjects to tell.']);
  const known = perSite.filter((entry) => Number.isFinite(entry.correlation));
  const lowest = known.reduce((low, entry) => (entry.correlation < low.correlation ? entry : low));
  const grade = mean >= 0.9 ? 'yes' : mean >= 0.7 ? 'partly' : 'no';
  return finding('person', grade, [
    `Distances between subjects of one site correlate at ${shownNumber(mean)} before and after ` +
      `(lowest at ${lowest.site}: ${shownNumber(lowest.correlation)}), in-sample.`,
  ]);
}
