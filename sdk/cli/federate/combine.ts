import type { Command } from 'commander';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../data/json';
import { isNames } from '../../data/json';
import { listNames, quoteName } from '../../data/list-names';
import type { FederatedMessage } from '../../federate/message';
import {
  describeMessage,
  keyFingerprint,
  messageDigest,
  refusedMessage,
  roundOf,
} from '../../federate/message';
import { combineFederatedAnswers, requireAnswer } from '../../federate/combine-answers';
import type { HospitalCounts } from '../../federate/counts';
import { rangesApart } from '../../federate/ranges-apart';
import { studyOf } from '../../federate/study';
import { makeFolder } from '../../io/files/make-folder';
import { isThere } from '../../io/files/write-file';
import { ConcordError } from '../../errors';
import { advise } from '../../remedy';
import { listOf } from '../option-values';
import { progressLine } from '../progress-line';
import type { CommandStreams } from '../streams';
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

interface CombineFlags {
  readonly drop: readonly string[];
  readonly sharedSites: readonly string[];
}

/** Adds `concord federate combine`: the coordinator takes answers, and makes the next message once all are there. */
export function combineCommand(federate: Command, streams: CommandStreams): void {
  federate
    .command('combine')
    .description('coordinator: take answers; once all are there, send the message that is written')
    .argument('<folder>', 'the folder of the study')
    .argument('[answers...]', 'the files that hospitals sent')
    .option(
      '--drop <names>',
      'hospitals to continue without; one that answers later is taken in again',
      listOf,
      [],
    )
    .option('--shared-sites <names>', 'sites of several hospitals that are one scanner', listOf, [])
    .action((folder: string, answers: readonly string[], flags: CombineFlags) =>
      combine(folder, answers, { flags, streams }),
    );
}

/** Where the study is, as its folder has it. */
interface Course {
  requests: FederatedMessage[];
  answers: FederatedMessage[];
  dropped: readonly string[];
}

/** Takes answers, and makes the next message where all are there. */
export async function combine(
  folder: string,
  paths: readonly string[],
  { flags, streams }: { readonly flags: CombineFlags; readonly streams: CommandStreams },
): Promise<void> {
  const course = await readCourse(folder);
  const taken: FederatedMessage[] = [];
  const repeated: FederatedMessage[] = [];
  const before = new Set(course.answers.map(messageDigest));
  for (const path of paths) {
    const answer = await readMessage(path);
    const isHere = before.has(messageDigest(answer)) && !course.dropped.includes(answer.from);
    if (isHere) repeated.push(answer);
    else taken.push(takeAnswer(course, answer));
  }
  drop(course, flags.drop);
  const received = join(folder, 'received');
  if (!(await isThere(received))) await makeFolder(received);
  const { hospitals } = studyOf(course.requests[0]);
  for (const answer of taken) {
    await writeMessage(receivedPath(folder, hospitals, answer), answer);
    streams.out(`taken: ${describeMessage(answer)}, signed with ${keyFingerprint(answer.publicKey)}\n`);
  }
  await writeState(folder, { dropped: course.dropped });
  // A round that begins anew has no request until it is made.
  if (course.requests.length < 3) await rm(messagePath(folder, 'fit'), { force: true });
  const { clear, ...run } = progressLine(streams);
  const keys = await keysIn(folder);
  const { dropped, requests, answers } = course;
  const { next, awaited } = await combineFederatedAnswers(requests, answers, {
    ...{ keys, drop: dropped, sharedSites: flags.sharedSites },
    ...run,
  });
  clear();
  // A command that was interrupted, as by a full disk, is given again as it was: what it had taken by then is passed over.
  const doesSomething = next !== undefined || taken.length > 0 || flags.drop.length > 0;
  for (const answer of repeated) {
    if (!doesSomething) requireAnswer(requests, answers, answer);
    streams.out(`here already: ${describeMessage(answer)}\n`);
  }
  if (dropped.length > 0) streams.out(`without ${listNames(dropped)}\n`);
  if (next === undefined) {
    const asked = messagePath(folder, requests[requests.length - 1].step);
    streams.out(`round ${requests.length}: answers of ${listNames(awaited)} are awaited, to ${asked}\n`);
    return;
  }
  if (next.step === 'plan') streams.out(rangeLines(answers));
  streams.out(disclosedLines(next));
  const path = messagePath(folder, next.step);
  await writeMessage(path, next);
  const what = next.step === 'result' ? 'for concord federate finish' : `for round ${roundOf[next.step]}`;
  streams.out(`written: ${path}\nSend it to the hospitals, ${what}\n`);
}

/** Warns of covariates that one hospital has in another unit, by the ranges of the first answers. */
function rangeLines(answers: readonly FederatedMessage[]): string {
  const first = answers.filter(({ step }) => step === 'counts');
  const counts = first.map(({ from, content }) => ({
    name: from,
    counts: content as JsonObject & HospitalCounts,
  }));
  return rangesApart(counts)
    .map(({ hospital, covariate, own, others }) => {
      const found = `${covariate} is between ${own.join(' and ')} at ${quoteName(hospital)}, and between ${others.join(' and ')} at the others`;
      return `warning: ${found} (if that is another unit, begin the study anew with concord federate init --unit ${covariate}=UNIT in another folder, and have the hospital bring its table to that unit)\n`;
    })
    .join('');
}

async function readCourse(folder: string): Promise<Course> {
  const requests = await readRequests(folder);
  if (requests.length === 0) {
    throw new ConcordError(
      'unreadable-file',
      `cannot read ${messagePath(folder, 'study')}: the folder has no study`,
      {
        where: { file: folder },
        remedy: advise`begin one with concord federate init`,
      },
    );
  }
  if (requests.length === 4) {
    throw refusedMessage(
      'the study has its result',
      advise`send result.json to the hospitals; begin another study for more of them`,
    );
  }
  const { hospitals } = studyOf(requests[0]);
  const answers: FederatedMessage[] = [];
  for (const step of ['counts', 'sums', 'squares'] as const) {
    for (const from of hospitals) {
      const path = receivedPath(folder, hospitals, { from, step });
      if (roundOf[step] > requests.length || !(await isThere(path))) continue;
      const answer = await readMessage(path);
      // Those to a request that was replaced since are as if they had not come.
      if (answer.answers === messageDigest(requests[roundOf[step] - 1])) answers.push(answer);
    }
  }
  const dropped = (await readState(folder))?.['dropped'];
  return { requests, answers, dropped: isNames(dropped) ? dropped : [] };
}

function receivedPath(
  folder: string,
  hospitals: readonly string[],
  { from, step }: Pick<FederatedMessage, 'from' | 'step'>,
): string {
  return join(folder, 'received', `hospital-${hospitals.indexOf(from) + 1}-${step}.json`);
}

/** Takes an answer; a hospital that was left out is taken in again by it, which may begin a round anew. */
function takeAnswer(course: Course, answer: FederatedMessage): FederatedMessage {
  const { requests, dropped } = course;
  const wasDropped = dropped.includes(answer.from);
  // Before there is a plan, who was left out may begin anew, with another key.
  const forget = wasDropped && answer.step === 'counts' && requests.length === 1;
  const known = forget ? course.answers.filter(({ from }) => from !== answer.from) : course.answers;
  requireAnswer(requests, known, answer);
  if (requests.length === 3 && answer.step === 'sums') course.requests = requests.slice(0, 2);
  course.answers = [...known, answer].filter(({ step }) => roundOf[step] <= course.requests.length);
  if (wasDropped) course.dropped = dropped.filter((name) => name !== answer.from);
  return answer;
}

/** Leaves hospitals out: sums that they have part in are made anew. */
function drop(course: Course, names: readonly string[]): void {
  const added = names.filter((name) => !course.dropped.includes(name));
  course.dropped = [...course.dropped, ...added];
  if (added.length === 0 || course.requests.length < 3) return;
  course.requests = course.requests.slice(0, 2);
  course.answers = course.answers.filter(({ step }) => step !== 'squares');
}
