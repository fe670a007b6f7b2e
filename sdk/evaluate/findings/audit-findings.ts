import type { Audit } from '../images-audit/image-audit';
import type { AuditFinding } from './audit-finding';
import type { AuditRow } from '../rows/audit-row';
import { auditRows } from '../rows/audit-rows';
import { biologyFinding } from './biology-finding';
import { personFinding } from './person-finding';
import { siteFinding } from './site-finding';
import { truthFinding } from './truth-finding';
import { requireCall } from '../../data/calls/require-call';

/**
 * Reads an audit: what its numbers say on each of the three questions, in plain words. Answers rest on the in-folds
 * figures where there are any, since in-sample ones flatter a harmonizer that was fitted on the tested participants.
 * In-sample figures alone never give the answer yes on site or biology. A figure that speaks against an answer is
 * named.
 *
 * The rules. **Site**: it counts as gone when no probe's interval is above both chance and what the same probe makes of
 * the covariates alone (the audit's floor), and no test finds a feature that differs between sites, those of all scans
 * included. What is found counts where it is more than chance finds with so much looked at: figures of one kind (differences in mean, in
 * spread, by each other batch variable, probes) count as one, and kinds by Hochberg's procedure; what does not count is said beside the
 * answer. It counts as partly gone when the best probe has lost at least half of what it knew beyond that, or only the tests
 * speak against it, among them those of other batch variables that the harmonizer takes out. Beside the answer it is said of how many
 * sites no probe was tested, and in how many features covariates do not have the same effect at all sites. A probe says
 * nothing, and so never yes, where it does not find the site in raw data either, or names one site for everybody; a
 * prediction says nothing where it is no better than guessing, on raw data and harmonized. Which figures are inconclusive
 * is said beside the answer, by the rule that `compareMethods` goes by.
 * **Biology**: a prediction in folds counts as kept when it lost no more than a tenth of its lead over guessing, and is
 * not worse than on raw data beyond an interval: that of the paired change, its own, or that of raw data. In-sample it
 * speaks against a yes when it is worse beyond the intervals shown. A loss of more than a tenth whose paired change may be none is inconclusive. Yes needs every
 * prediction kept that has a figure
 * in folds, at least one that is not inconclusive, none that speaks against it, and no covariate whose share of
 * variance fell by more than a tenth (and by more than 0.01), and none that differs between sites and is not preserved: what differs
 * is removed with the site. **Person**: kept from a mean correlation of 0.9 with no
 * site of ten participants or more below 0.7, partly from 0.7; reliability may not fall by more than a tenth (and by more than 0.02).
 *
 * Of images besides: a site identified above chance, but no better than from the mask alone, is
 * inconclusive; images farther from those of the target than raw ones are, and than real ones are from each other,
 * speak against a yes; edges count as kept from a correlation of 0.9, as lost below 0.7. **Truth**, where persons were
 * scanned at the target site: yes when every figure improved beyond the interval of its paired change, partly when some
 * did and none got worse, no when one got worse, inconclusive otherwise.
 */
export function auditFindings(audit: Audit): readonly AuditFinding[] {
  requireCall('audits.findings', { audit });
  return findingsOfRows(auditRows(audit));
}

/** {@link auditFindings} of rows, whatever audit they are from. */
export function findingsOfRows(rows: readonly AuditRow[]): readonly AuditFinding[] {
  const ofQuestion = (question: AuditRow['question']): readonly AuditRow[] =>
    rows.filter((row) => row.question === question);
  const truth = ofQuestion('truth');
  return [
    siteFinding([...ofQuestion('site'), ...ofQuestion('distribution')]),
    biologyFinding(ofQuestion('biology')),
    personFinding(ofQuestion('person')),
    ...(truth.length === 0 ? [] : [truthFinding(truth)]),
  ];
}
