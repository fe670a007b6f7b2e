import { createHmac } from 'node:crypto';
import type { FeatureCohort } from '../data/cohort';
import { digestOfParts } from '../data/digest';
import { listNames, quoteName } from '../data/list-names';
import { covariateNamed } from '../data/people/participants';
import { oneOf } from '../data/one-of';
import { shortJson } from '../data/short-json';
import { requireCall } from '../data/calls/require-call';
import { ConcordError } from '../errors';
import { advise, option } from '../remedy';
import { countsDisclose, countsToJson, hospitalCounts } from './counts';
import type { HospitalTable } from './hospital-table';
import { hospitalTable } from './hospital-table';
import type { FederatedKeys, FederatedMessage, Unsigned } from './message';
import {
  coordinator,
  describeMessage,
  keyFingerprint,
  messageDigest,
  refusedMessage,
  requireSigned,
  signMessage,
} from './message';
import { planOf } from './plan';
import { requireFitted, requirePlanned } from './require-agreed';
import { fitFromJson } from './fit-json';
import { hospitalSquares, squaresDisclose, squaresToJson } from './squares';
import type { FederatedStudy } from './study';
import { fewestPersons, studyOf } from './study';
import { hospitalSums, requireRowSets, sumsDisclose, sumsToJson } from './sums';

/** Options of {@link makeFederatedAnswer}. */
export interface FederatedAnswerOptions {
  /** The name of the hospital, as the study has it. */
  readonly hospital: string;
  readonly keys: FederatedKeys;
  /**
   * How few persons a number may be made of at least: no fewer than the study says.
   *
   * @defaultValue as the study says
   */
  readonly minimum?: number;
  /**
   * Where only a few persons lack a value of a feature, the sums of those who have it disclose the covariates of those who do not:
   * by their difference from the sums of all.
   *
   * @defaultValue `'refuse'`
   */
  readonly differences?: 'refuse' | 'disclose';
  /**
   * What to do with a subject that lacks a covariate: refuse, or leave the subject out. The same in every round.
   *
   * @defaultValue `'error'`
   */
  readonly missingCovariates?: 'error' | 'drop';
}

/**
 * Makes a hospital's answer to the last request of the coordinator: what it has (round 1), sums of covariates and features (round
 * 2), sums of squared residuals (round 3). No row leaves the hospital; what the message discloses is in it in words.
 *
 * @param cohort - the hospital's table: the same in every round
 * @param requests - the coordinator's messages, from that of the study to the one that is answered
 * @throws ConcordError `refused-message` for a request that was edited, is of another study or does not follow the one before;
 * `too-little-data` where a number would be made of too few persons; as `fitCombat` does for what is wrong with the table.
 */
export function makeFederatedAnswer(
  cohort: FeatureCohort,
  requests: readonly FederatedMessage[],
  options: FederatedAnswerOptions,
): FederatedMessage {
  requireCall('federated.makeAnswer', { cohort, requests, options });
  const { hospital, keys, differences = 'refuse', missingCovariates = 'error' } = options;
  oneOf('differences', differences, ['refuse', 'disclose']);
  oneOf('missingCovariates', missingCovariates, ['error', 'drop']);
  requireRequests(requests);
  const study = studyOf(requests[0]);
  if (!study.hospitals.includes(hospital)) {
    throw new ConcordError(
      'invalid-option',
      `unknown hospital: ${quoteName(hospital)} (the study has ${listNames(study.hospitals)})`,
    );
  }
  const minimum = minimumOf(options.minimum ?? study.minimum, study.minimum);
  const table = hospitalTable(cohort, study, missingCovariates);
  const request = requests[requests.length - 1];
  const answered = answerTo(requests, table, { hospital, keys, minimum, differences });
  const lower =
    minimum < 5 ? [`numbers of fewer than 5 persons, down to ${minimum}: the study allows it`] : [];
  return signMessage(
    {
      ...answered,
      content: { ...answered.content, table: tableCode(table, { study, keys }) },
      discloses: [...answered.discloses, ...lower, tableDiscloses],
      study: request.study,
      from: hospital,
      answers: messageDigest(request),
    },
    keys,
  );
}

/**
 * Finds why a hospital could not answer the second round with a table that the first one takes: features that a few persons lack. It is
 * to be known before the first answer, as no other table can answer after it.
 *
 * @returns the error that the second round would throw for the features that the table has; `undefined` where it would throw none
 */
export function refusedLater(
  cohort: FeatureCohort,
  study: FederatedStudy,
  options: Pick<FederatedAnswerOptions, 'minimum' | 'differences' | 'missingCovariates'>,
): ConcordError | undefined {
  const { differences = 'refuse', missingCovariates = 'error' } = options;
  const minimum = minimumOf(options.minimum ?? study.minimum, study.minimum);
  const table = hospitalTable(cohort, study, missingCovariates);
  const { features } = table.cohort.features;
  try {
    requireRowSets(table, study, { features, minimum, differences });
  } catch (error) {
    if (error instanceof ConcordError) return error;
    throw error;
  }
  return undefined;
}

const tableDiscloses =
  'a code of the table, which only its key can make: the coordinator sees by it that the table is the same in every round';

/**
 * A code of all that answers are made of, the same in every round. A digest alone would let whoever knows all persons but one try out
 * the values of that one; nobody can make this one without the private key.
 */
function tableCode(
  { cohort: { features, participants } }: HospitalTable,
  { study, keys }: { readonly study: FederatedStudy; readonly keys: FederatedKeys },
): string {
  const { ids, sites, persons } = participants;
  const covariates = study.preserve.map(({ name }) => covariateNamed(participants, name));
  const digest = digestOfParts({
    ...{ names: features.features, values: features.values, ids, sites, persons },
    covariates,
  });
  return createHmac('sha256', keys.privateKey.trim()).update(digest).digest('hex').slice(0, 32);
}

function minimumOf(wanted: number, ofStudy: number): number {
  if (!(ofStudy >= fewestPersons)) {
    throw refusedMessage(
      `the study allows numbers of ${shortJson(ofStudy)} persons, which are their values`,
      advise`ask the coordinator to begin it anew with ${option('minimum', fewestPersons)}`,
    );
  }
  if (Number.isInteger(wanted) && wanted >= ofStudy) return wanted;
  throw new ConcordError(
    'invalid-option',
    `invalid minimum: ${wanted} (the study asks for ${ofStudy}, and a hospital may ask for more only)`,
  );
}

function answerTo(
  requests: readonly FederatedMessage[],
  table: HospitalTable,
  options: {
    readonly hospital: string;
    readonly keys: FederatedKeys;
    readonly minimum: number;
    readonly differences: 'refuse' | 'disclose';
  },
): Pick<Unsigned, 'step' | 'content' | 'discloses'> {
  const [first, second, third] = requests;
  const study = studyOf(first);
  if (requests.length === 1) {
    const counts = hospitalCounts(table, study, options.minimum);
    return { step: 'counts', content: countsToJson(counts), discloses: countsDisclose(counts) };
  }
  const plan = planOf(second.content);
  requirePlanned(table, { study, plan });
  const known = plan.hospitals.find(({ name }) => name === options.hospital);
  if (known === undefined) throw notTakingPart(options.hospital);
  if (known.fingerprint !== keyFingerprint(options.keys.publicKey)) {
    throw refusedMessage(
      `the coordinator has another key for ${quoteName(options.hospital)}: ${known.fingerprint}, not ${keyFingerprint(options.keys.publicKey)}`,
      advise`ask the coordinator by telephone who sent it: somebody else may have answered in your name`,
    );
  }
  if (requests.length === 2) {
    const sums = hospitalSums(table, { study, plan }, options);
    const { differences } = options;
    return { step: 'sums', content: sumsToJson(sums), discloses: sumsDisclose(sums, { differences, plan }) };
  }
  const fit = fitFromJson(third.content, plan.features.length);
  if (!fit.hospitals.includes(options.hospital)) throw notTakingPart(options.hospital);
  requireFitted(plan, fit, table);
  const squares = hospitalSquares(table, { study, plan, fit });
  return { step: 'squares', content: squaresToJson(squares), discloses: squaresDisclose(squares) };
}

function notTakingPart(hospital: string): ConcordError {
  return refusedMessage(
    `${quoteName(hospital)} was left out of this round`,
    advise`send the coordinator the answers that are due: whoever was left out is taken in again until the result is made`,
  );
}

const steps = ['study', 'plan', 'fit', 'result'] as const;

/**
 * Makes sure that requests are those of one study, signed by one key, each following the one before.
 *
 * @throws ConcordError `refused-message`.
 */
export function requireRequests(requests: readonly FederatedMessage[]): void {
  const [first] = requests;
  if (requests.length === 0 || requests.length > steps.length) {
    throw new ConcordError(
      'invalid-option',
      `invalid requests: ${requests.length} (those of a study are 1 to ${steps.length})`,
    );
  }
  requests.forEach((request, at) => {
    requireSigned(request);
    if (request.from !== coordinator || request.step !== steps[at]) {
      throw refusedMessage(
        `${describeMessage(request)} is not the "${steps[at]}" of a coordinator`,
        advise`give the message that is due`,
      );
    }
    requireOfStudy(request, first);
    if (request.publicKey !== first.publicKey) {
      throw refusedMessage(
        `${describeMessage(request)} is signed with another key than that of the study`,
        advise`ask the coordinator by telephone who sent it`,
      );
    }
    if (at > 0 && request.answers !== messageDigest(requests[at - 1])) {
      throw refusedMessage(
        `${describeMessage(request)} does not follow the ${quoteName(requests[at - 1].step)} that is here: it is of another course of the study`,
        advise`have the coordinator send the newest messages again`,
      );
    }
  });
}

/**
 * Refuses a message of another study.
 *
 * @throws ConcordError `refused-message`.
 */
export function requireOfStudy(message: FederatedMessage, study: FederatedMessage): void {
  if (message.study === study.study) return;
  throw refusedMessage(
    `${describeMessage(message)} is of another study (${message.study}, not ${study.study})`,
    advise`give messages of one study; a folder is for one study`,
  );
}
