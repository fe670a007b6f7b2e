import type { Command } from 'commander';
import { join } from 'node:path';
import type { FeatureCohort } from '../../data/cohort';
import { digestOfParts } from '../../data/digest';
import { quoteName } from '../../data/list-names';
import { ConcordError } from '../../errors';
import type { FederatedMessage } from '../../federate/message';
import { keyFingerprint, messageDigest, refusedMessage, roundOf } from '../../federate/message';
import { makeFederatedAnswer, refusedLater, requireRequests } from '../../federate/make-answer';
import type { FederatedStudy } from '../../federate/study';
import { studyOf } from '../../federate/study';
import { makeFolder } from '../../io/files/make-folder';
import { isThere } from '../../io/files/write-file';
import { advise, option, wordAdvice } from '../../remedy';
import { commandWords } from '../command-words';
import { choice, countOf } from '../option-values';
import { issueLines } from '../print-issues';
import { progressLine } from '../progress-line';
import type { CommandStreams } from '../streams';
import { addColumnOptions } from '../tables/column-options';
import type { ReadingFlags } from '../tables/load-for-harmonize';
import { loadForHarmonize } from '../tables/load-for-harmonize';
import { addTableFlags, requireParticipantsFlag } from '../tables/table-flags';
import { tableText } from '../tables/table-text';
import {
  disclosedLines,
  keysIn,
  messagePath,
  readMessage,
  readRequests,
  readState,
  writeMessage,
  writeState,
} from './federated-files';

/** The flags of a hospital's commands. */
export interface HospitalFlags extends ReadingFlags {
  readonly folder: string;
  readonly dropMissing: boolean;
}

interface ContributeFlags extends HospitalFlags {
  readonly hospital?: string;
  readonly minimum?: number;
  readonly differences: 'refuse' | 'disclose';
  readonly again: boolean;
  readonly preview: boolean;
}

/** What a hospital's folder remembers. */
interface HospitalState {
  readonly hospital: string;
  readonly study: string;
  /** The key of the coordinator, taken with the first message and the same ever after. */
  readonly coordinator: string;
  readonly table: string;
  /** The digest of the request that each round was answered with. */
  readonly answered: Readonly<Record<string, string>>;
}

/** Adds the options that say how a hospital's table is read: the same in every round. */
export function addHospitalOptions(command: Command): Command {
  command
    .requiredOption(
      '--folder <folder>',
      "the hospital's own folder for the study; its private.key is not to be given away",
    )
    .requiredOption('--site <column>', 'the column of sites')
    .option('--drop-missing', 'leave out subjects without a covariate value instead of refusing', false);
  return addTableFlags(addColumnOptions(command));
}

/** Adds `concord federate contribute`: a hospital answers a request. */
export function contributeCommand(federate: Command, streams: CommandStreams): void {
  const command = federate
    .command('contribute')
    .description("hospital: answer the coordinator's last message; send the answer that is written")
    .argument('<request>', 'study.json, plan.json or fit.json, as the coordinator sent it')
    .argument('<table>', 'the table of the hospital, which does not leave it')
    .option('--hospital <name>', 'the name of the hospital, as the study has it; in the first round')
    .option(
      '--minimum <count>',
      'more persons than the study asks for, that a number must be made of',
      countOf,
    )
    .addOption(
      choice(
        '--differences <policy>',
        'where a few persons lack a value: their covariates are the difference of two sums',
        ['refuse', 'disclose'],
      ).default('refuse'),
    )
    .option(
      '--again',
      'answer a round once more, where the coordinator begins it anew without a hospital',
      false,
    )
    .option('--preview', 'only print what the answer would disclose', false);
  addHospitalOptions(command).action((request: string, table: string, flags: ContributeFlags) => {
    requireParticipantsFlag(flags, command);
    return contribute(request, table, { flags, streams });
  });
}

/** Answers a request, once. */
export async function contribute(
  requestPath: string,
  table: string,
  { flags, streams }: { readonly flags: ContributeFlags; readonly streams: CommandStreams },
): Promise<void> {
  const { folder } = flags;
  const request = await readMessage(requestPath);
  const requests = await withRequest(folder, request);
  const before = (await readState(folder)) as unknown as HospitalState | undefined;
  const hospital = hospitalNamed(flags.hospital, before);
  requireSameStudy(request, before);
  const round = String(roundOf[request.step]);
  const answered = before?.answered[round];
  const digest = messageDigest(request);
  if (answered !== undefined && answered !== digest && !flags.again) throw answeredBefore(round);
  const cohort = await loadHospitalTable(table, { flags, study: studyOf(requests[0]), streams });
  const fingerprint = tableDigest(cohort);
  requireSameTable(fingerprint, before);
  const { minimum, differences, dropMissing } = flags;
  const keys = await keysIn(folder);
  const missingCovariates = dropMissing ? 'drop' : 'error';
  const answer = makeFederatedAnswer(cohort, requests, {
    hospital,
    keys,
    minimum,
    differences,
    missingCovariates,
  });
  if (before === undefined) {
    streams.out(
      `The coordinator's key is trusted from now on; make sure by telephone that it is\n  ${keyFingerprint(request.publicKey)}\n`,
    );
  }
  // What may be wrong with the table is to be known before any number of it is given away.
  if (round === '1') {
    streams.out(`${tableText(cohort)}\n${issueLines(cohort.issues, 'federate')}`);
    const later = refusedLater(cohort, studyOf(request), { minimum, differences, missingCovariates });
    if (later !== undefined) {
      const remedy = wordAdvice(later.remedy, commandWords('federate'));
      streams.out(`warning: round 2 would be refused with this table: ${later.problem} (${remedy})\n`);
    }
  }
  streams.out(disclosedLines(answer));
  if (flags.preview) return;
  // The record first: whatever happens then, another table cannot answer.
  await writeState(folder, {
    ...{ hospital, study: request.study, coordinator: request.publicKey, table: fingerprint },
    answered: { ...before?.answered, [round]: digest },
  });
  await writeMessage(messagePath(await folderIn(folder, 'requests'), request.step), request);
  const path = join(folder, `${fileName(hospital)}-${answer.step}.json`);
  await writeMessage(path, answer);
  streams.out(
    `written: ${path}\nSend it to the coordinator${round === '1' ? `, and tell them by telephone the fingerprint of your key:\n  ${keyFingerprint(keys.publicKey)}` : ''}\n`,
  );
}

/** The requests up to this one, those before it from the hospital's folder. */
export async function withRequest(
  folder: string,
  request: FederatedMessage,
): Promise<readonly FederatedMessage[]> {
  const earlier = (await readRequests(join(folder, 'requests'))).slice(0, roundOf[request.step] - 1);
  const requests = [...earlier, request];
  if (request.from === 'coordinator' && earlier.length < roundOf[request.step] - 1) {
    throw refusedMessage(
      `the messages before round ${roundOf[request.step]} are not in ${folder}`,
      advise`answer the study from its first message on, and name the folder of those answers`,
    );
  }
  requireRequests(requests);
  return requests;
}

/** Loads a hospital's table with the covariates of the study. */
export async function loadHospitalTable(
  table: string,
  {
    flags,
    study,
    streams,
  }: { readonly flags: HospitalFlags; readonly study: FederatedStudy; readonly streams: CommandStreams },
): Promise<FeatureCohort> {
  const { clear, ...run } = progressLine(streams);
  const kinds = (kind: string): readonly string[] =>
    study.preserve.filter((one) => one.kind === kind).map(({ name }) => name);
  const units = study.preserve.flatMap(({ name, unit }) =>
    unit === undefined ? [] : [[name, unit] as const],
  );
  const reading = {
    ...flags,
    preserve: study.preserve.map(({ name }) => name),
    categorical: [...flags.categorical, ...kinds('categorical')],
    continuous: [...flags.continuous, ...kinds('continuous')],
    unit: { ...flags.unit, ...Object.fromEntries(units) },
  };
  const cohort = await loadForHarmonize(table, reading, { ...run, allowSingleSite: true });
  clear();
  return cohort;
}

/** A digest of what answers are made of. */
function tableDigest({ features, participants }: FeatureCohort): string {
  const { ids, sites, persons, covariates } = participants;
  return digestOfParts({
    names: features.features,
    values: features.values,
    ids,
    sites,
    persons,
    covariates,
  });
}

function hospitalNamed(given: string | undefined, before: HospitalState | undefined): string {
  const name = given ?? before?.hospital;
  if (name === undefined) {
    throw new ConcordError('missing-value', 'missing name of the hospital', {
      remedy: advise`give it as the study has it, with ${option('hospital')}`,
    });
  }
  if (before === undefined || before.hospital === name) return name;
  throw new ConcordError(
    'invalid-option',
    `invalid hospital: ${quoteName(name)}, and the folder is that of ${quoteName(before.hospital)}`,
    {
      remedy: advise`use a folder for each hospital`,
    },
  );
}

function requireSameStudy(request: FederatedMessage, before: HospitalState | undefined): void {
  if (before === undefined) return;
  if (before.study !== request.study) {
    throw refusedMessage(
      `it is of another study (${request.study}) than the folder (${before.study})`,
      advise`use a folder for each study`,
    );
  }
  if (before.coordinator === request.publicKey) return;
  throw refusedMessage(
    `it is signed with ${keyFingerprint(request.publicKey)}, and the first message was with ${keyFingerprint(before.coordinator)}`,
    advise`ask the coordinator by telephone who sent it`,
  );
}

/** Two answers of two tables would disclose, by their difference, what sets the tables apart. */
function requireSameTable(table: string, before: HospitalState | undefined): void {
  if (before === undefined || before.table === table) return;
  throw refusedMessage(
    'the table differs from that of the first answer: the difference of two sums would disclose single persons',
    advise`give the table as it was, read by the same options; or begin anew in another folder, and have the coordinator replace the first answer`,
  );
}

function answeredBefore(round: string): ConcordError {
  return refusedMessage(
    `round ${round} was answered before, to another request`,
    advise`if the coordinator began it anew because a hospital was left out or came back, answer with ${option('again')}`,
  );
}

async function folderIn(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  if (!(await isThere(path))) await makeFolder(path);
  return path;
}

function fileName(hospital: string): string {
  return hospital.replaceAll(/[^\p{L}\p{N}_.-]+/gu, '-');
}
