import type { JsonObject } from '../data/json';
import { listNames, quoteName } from '../data/list-names';
import { counted } from '../data/counted';
import { requireCall } from '../data/calls/require-call';
import type { RunOptions } from '../data/run-options';
import type { CombatModel } from '../combat/combat-model';
import { combatModelFromJson, combatModelToJson } from '../combat/combat-model-json';
import { ConcordError } from '../errors';
import { advise, option } from '../remedy';
import type { HospitalCounts } from './counts';
import { requireOfStudy, requireRequests } from './make-answer';
import type { FederatedKeys, FederatedMessage, Unsigned } from './message';
import {
  coordinator,
  describeMessage,
  keyFingerprint,
  messageDigest,
  refusedMessage,
  requireSigned,
  roundOf,
  signMessage,
} from './message';
import { planDiscloses, planOf, planStudy } from './plan';
import { poolModel } from './pool-model';
import { fitFromJson, fitToJson } from './fit-json';
import { poolSums } from './pool-sums';
import { requireOneTable, requireSameScans } from './require-agreed';
import { squaresFromJson } from './squares';
import { studyOf } from './study';
import { sumsFromJson } from './sums';

/** Options of {@link combineFederatedAnswers}. */
export interface CombineAnswersOptions extends RunOptions {
  /** Of the coordinator: those that the study was begun with. */
  readonly keys: FederatedKeys;
  /**
   * Hospitals to continue without.
   *
   * @defaultValue none
   */
  readonly drop?: readonly string[];
  /**
   * Sites of several hospitals that are one and the same: a scanner whose scans two hospitals have. Asked for in the first round.
   *
   * @defaultValue none
   */
  readonly sharedSites?: readonly string[];
}

/** Where a federated study is. */
export interface FederatedRound {
  /** The next message of the coordinator; missing while answers are awaited. */
  readonly next?: FederatedMessage;
  /** The hospitals whose answers are still awaited. */
  readonly awaited: readonly string[];
}

/**
 * Makes the next request of the coordinator of the answers to the last one; after the third round the result, which has the model.
 * The coordinator never sees a row.
 *
 * @param requests - the coordinator's messages so far, in order
 * @param answers - those of the hospitals, of all rounds, in any order
 * @throws ConcordError `refused-message` for an answer that was edited, is stale or is of another study or sender; as `fitCombat`
 * does for what cannot be fitted.
 */
export async function combineFederatedAnswers(
  requests: readonly FederatedMessage[],
  answers: readonly FederatedMessage[],
  options: CombineAnswersOptions,
): Promise<FederatedRound> {
  requireCall('federated.combineAnswers', { requests, answers, options });
  const { keys, drop = [] } = options;
  requireRequests(requests);
  if (requests[0].publicKey !== keys.publicKey) {
    throw new ConcordError('invalid-option', 'invalid keys: the study was begun with others');
  }
  const inOrder = [...answers].sort((a, b) => roundOf[a.step] - roundOf[b.step]);
  inOrder.forEach((answer, at) => requireAnswer(requests, inOrder.slice(0, at), answer));
  const { hospitals } = studyOf(requests[0]);
  const stray = drop.find((name) => !hospitals.includes(name));
  if (stray !== undefined) {
    throw new ConcordError(
      'invalid-option',
      `unknown hospital: ${quoteName(stray)} (the study has ${listNames(hospitals)})`,
    );
  }
  const round = requests.length;
  const taking = takingPart(requests).filter((name) => !drop.includes(name));
  const due = answers.filter(({ step, from }) => roundOf[step] === round && taking.includes(from));
  const awaited = taking.filter((name) => !due.some(({ from }) => from === name));
  if (awaited.length > 0 || round > 3) return { awaited };
  if (taking.length === 0) throw new ConcordError('too-little-data', 'too few hospitals: none is left');
  const next = await nextStep(requests, { answers, taking }, options);
  const last = requests[requests.length - 1];
  const whole = { ...next, study: last.study, from: coordinator, answers: messageDigest(last) };
  return { next: signMessage(whole, keys), awaited };
}

/** The hospitals that the last request asks. */
function takingPart(requests: readonly FederatedMessage[]): readonly string[] {
  const [study, plan, fit] = requests;
  if (requests.length === 1) return studyOf(study).hospitals;
  const { hospitals, features } = planOf(plan.content);
  if (requests.length === 2) return hospitals.map(({ name }) => name);
  return fitFromJson(fit.content, features.length).hospitals;
}

async function nextStep(
  requests: readonly FederatedMessage[],
  { answers, taking }: { readonly answers: readonly FederatedMessage[]; readonly taking: readonly string[] },
  options: CombineAnswersOptions,
): Promise<Pick<Unsigned, 'step' | 'content' | 'discloses'>> {
  const study = studyOf(requests[0]);
  const of = (name: string, step: FederatedMessage['step']): FederatedMessage | undefined =>
    answers.find((answer) => answer.from === name && answer.step === step);
  const contentOf = (name: string, step: FederatedMessage['step']): JsonObject =>
    of(name, step)?.content ?? {};
  const countsOf = (name: string): HospitalCounts => contentOf(name, 'counts') as JsonObject & HospitalCounts;
  if (requests.length === 1) {
    const named = taking.map((name) => ({
      name,
      publicKey: of(name, 'counts')?.publicKey ?? '',
      counts: countsOf(name),
    }));
    const plan = planStudy(study, named, options.sharedSites ?? []);
    return {
      step: 'plan',
      content: JSON.parse(JSON.stringify(plan)) as JsonObject,
      discloses: planDiscloses(plan),
    };
  }
  const plan = planOf(requests[1].content);
  const width = plan.features.length;
  const sumsOf = taking.map((name) => ({ name, sums: sumsFromJson(contentOf(name, 'sums'), plan) }));
  const requireTable = (name: string): void =>
    requireOneTable((['counts', 'sums', 'squares'] as const).flatMap((step) => of(name, step) ?? []));
  if (requests.length === 2) {
    for (const { name, sums } of sumsOf) {
      requireSameScans({ name, counts: countsOf(name), sums }, width);
      requireTable(name);
    }
    const fit = poolSums(study, plan, sumsOf);
    const discloses = [
      `the effects of covariates and the mean of each of ${counted(width, 'feature')} at each site, of ${listNames(taking)} together`,
    ];
    return { step: 'fit', content: fitToJson(fit, width), discloses };
  }
  const fit = fitFromJson(requests[2].content, width);
  const parts = sumsOf.map(({ name, sums }) => {
    const squares = squaresFromJson(contentOf(name, 'squares'), width);
    requireSameScans({ name, counts: countsOf(name), sums, squares }, width);
    requireTable(name);
    return { name, counts: countsOf(name), sums, squares };
  });
  const model = await poolModel({ study, plan, fit }, parts, options);
  const discloses = [
    `a model of ComBat: the effects of covariates and of each of ${counted(fit.sites.length, 'site')} on ${counted(width, 'feature')}`,
  ];
  return { step: 'result', content: combatModelToJson(model), discloses };
}

/**
 * Makes sure that an answer may be taken: as it was signed, of this study, to the request that is open or an earlier one as it
 * was sent, by a hospital with the key that it began with, and not sent before.
 *
 * @param known - the answers taken before
 * @throws ConcordError `refused-message`.
 */
export function requireAnswer(
  requests: readonly FederatedMessage[],
  known: readonly FederatedMessage[],
  answer: FederatedMessage,
): void {
  requireSigned(answer);
  requireOfStudy(answer, requests[0]);
  const what = describeMessage(answer);
  const { hospitals } = studyOf(requests[0]);
  if (!hospitals.includes(answer.from)) {
    throw refusedMessage(
      `${what} is not of a hospital of the study (${listNames(hospitals)})`,
      advise`give the messages that hospitals sent`,
    );
  }
  const mine = known.filter(({ from }) => from === answer.from);
  const round = roundOf[answer.step];
  const same = mine.find(({ step }) => step === answer.step);
  if (same !== undefined && same.publicKey !== answer.publicKey) throw otherKey(answer, same);
  if (same !== undefined) {
    throw refusedMessage(
      `${what} is here already: a hospital answers each round once`,
      advise`leave it out; to replace a first answer, continue without the hospital by ${option('drop', answer.from)}, and then give the new one`,
    );
  }
  if (round > requests.length || answer.answers !== messageDigest(requests[round - 1])) {
    throw refusedMessage(
      `${what} is stale: it answers another request than the one that was sent`,
      advise`send the hospital the newest request, and have it answer that`,
    );
  }
  const first = mine.find(({ step }) => step === 'counts');
  if (round > 1 && first === undefined) {
    throw refusedMessage(
      `${what} is of a hospital that did not answer the first round`,
      advise`give its first answer, too`,
    );
  }
  if (first === undefined || first.publicKey === answer.publicKey) return;
  throw refusedMessage(
    `${what} is signed with ${keyFingerprint(answer.publicKey)}, and its first answer with ${keyFingerprint(first.publicKey)}`,
    advise`ask the hospital by telephone: somebody else may have answered in its name`,
  );
}

/** Two hospitals may have taken one name; or one has lost its folder, and began anew. */
function otherKey(answer: FederatedMessage, taken: FederatedMessage): ConcordError {
  const { from, publicKey } = answer;
  return refusedMessage(
    `${describeMessage(answer)} is here already, and was signed with another key: ${keyFingerprint(taken.publicKey)}, this one with ${keyFingerprint(publicKey)}`,
    advise`ask the hospital by telephone which of them is its own: another hospital answers under its own name, by ${option('hospital')}; one that began anew in another folder is taken after continuing without it by ${option('drop', from)}`,
  );
}

/**
 * The model that the coordinator's last message has: an ordinary model of ComBat, which `applyCombat` and `saveModel` take.
 *
 * @throws ConcordError `refused-message` for a message that is not the result of a study; `malformed-model`.
 */
export function federatedModelOf(requests: readonly FederatedMessage[]): CombatModel {
  requireCall('federated.modelOf', { requests });
  requireRequests(requests);
  const last = requests[requests.length - 1];
  if (last.step === 'result') return combatModelFromJson(last.content);
  throw refusedMessage(`${describeMessage(last)} has no model`, advise`answer it, and wait for the result`);
}
