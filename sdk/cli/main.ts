import { Command, CommanderError } from 'commander';
import type { Issue } from '../data/issue';
import { distinctIssues, isIssue } from '../data/issue';
import { ConcordError } from '../errors';
import { wordAdvice } from '../remedy';
import { version } from '../version';
import { applyCommand } from './apply-command';
import { auditCommand } from './audit-command';
import type { CommandName } from './vocabularies';
import { commandName, commandWords } from './command-words';
import { bidsAppAdvice, calledWords, labelsAdvice } from './bids-app-words';
import { compareCommand } from './compare-command';
import { demoCommand } from './demo-command';
import { doctorCommand } from './doctor-command';
import { exampleCommand } from './example-command';
import { examples } from './examples';
import { federateCommand } from './federate-command';
import { Ended, status } from './exit-status';
import { harmonizeCommand } from './harmonize-command';
import { kernelCommand } from './kernel-command';
import { mapsCommand } from './maps-command';
import { noteUsed } from './note-used';
import { preprocessCommand } from './preprocess-command';
import { issueLines } from './print-issues';
import { slurmCommand } from './slurm-command';
import { setupTensorflowCommand } from './setup-tensorflow-command';
import { trainCommand } from './train-command';
import type { CommandStreams } from './streams';

/** The signals that ask for an end, and the exit status by which a shell knows each: 128 and the number of the signal. */
const interrupts = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Runs the `concord` command.
 *
 * @param words - the words after the command's name
 * @returns the exit status: 0, 1 for bad input or where nothing could be done, 2 for wrong usage, 3 where some scans were
 * left out; when interrupted 130 (Ctrl-C), 143 (SIGTERM, by which schedulers end a job) or 129 (SIGHUP, when the terminal
 * is closed)
 */
export async function main(words: readonly string[], streams?: CommandStreams): Promise<number> {
  const interrupt = new AbortController();
  const onInterrupt = (signal: NodeJS.Signals): void => interrupt.abort(signal);
  const own = streams ?? processStreams(interrupt.signal);
  let ran: CommandName | undefined;
  if (streams === undefined) listen(onInterrupt);
  try {
    const command = program(own).hook('preAction', (_, called) => {
      ran = commandName(called);
    });
    await command.parseAsync(calledWords(words, command), { from: 'user' });
    return status.ok;
  } catch (error) {
    const advice = error instanceof CommanderError ? advices[error.code]?.(words) : undefined;
    if (advice !== undefined) own.err(`${advice}\n`);
    return explain(error, own, ran);
  } finally {
    for (const signal of signals) process.off(signal, onInterrupt);
    if (streams === undefined) noteUsed();
  }
}

/** What may help where commander does not understand a call, by its code. */
const advices: Readonly<Record<string, ((words: readonly string[]) => string | undefined) | undefined>> = {
  'commander.excessArguments': labelsAdvice,
  'commander.unknownCommand': bidsAppAdvice,
};

/**
 * Has signals ask for an end. A second Ctrl-C ends the process at once; schedulers send SIGTERM more than once (to a job's
 * shell, which passes it on, and to all its processes), and SIGKILL when they wait no longer.
 */
function listen(onInterrupt: (signal: NodeJS.Signals) => void): void {
  process.once('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  process.once('SIGHUP', onInterrupt);
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function interruptedStatus({ reason }: AbortSignal): number {
  const signal = signals.find((name) => name === reason);
  return signal === undefined ? status.interrupted : interrupts[signal];
}

/** The command with all its sub-commands. */
export function program(streams: CommandStreams): Command {
  const command = new Command('concord')
    .description('removes scanner and site effects from multi-site brain MRI')
    .version(version)
    .showHelpAfterError('(concord --help shows how it is used)')
    .exitOverride()
    .configureOutput({ writeOut: streams.out, writeErr: streams.err });
  const commands = [
    harmonizeCommand,
    applyCommand,
    auditCommand,
    compareCommand,
    federateCommand,
    mapsCommand,
    preprocessCommand,
    trainCommand,
    slurmCommand,
    demoCommand,
    exampleCommand,
    setupTensorflowCommand,
    kernelCommand,
    doctorCommand,
  ];
  for (const add of commands) add(command, streams);
  for (const one of command.commands) {
    const lines = examples[one.name()];
    if (lines !== undefined) {
      one.addHelpText('after', ['', 'Examples:', ...lines.map((line) => `  ${line}`)].join('\n'));
    }
  }
  return command;
}

/** Writes in one line what went wrong, and returns the exit status. */
function explain(error: unknown, streams: CommandStreams, ran?: CommandName): number {
  if (error instanceof Ended) return error.status;
  if (error instanceof CommanderError) {
    // commander has written its own message.
    return error.exitCode === 0 ? status.ok : status.wrongUsage;
  }
  if (error instanceof ConcordError) {
    if (ran !== undefined) streams.err(issueLines(warningsOf(error), ran));
    const remedy = wordAdvice(error.remedy, ran === undefined ? undefined : commandWords(ran));
    const message = remedy === '' ? error.problem : `${error.problem} (${remedy})`;
    // A name quoted from a table may hold line breaks.
    streams.err(`concord: ${message.replaceAll(/\s*\n\s*/g, ' ')}\n`);
    return error.code === 'aborted' ? interruptedStatus(streams.signal) : status.badInput;
  }
  const message = error instanceof Error ? error.message : String(error);
  const detail = process.env['CONCORD_DEBUG'] === undefined ? '' : `\n${(error as Error).stack ?? ''}`;
  streams.err(`concord: unexpected failure: ${message} (CONCORD_DEBUG=1 shows where)${detail}\n`);
  return status.badInput;
}

/** What was noticed before a failure, as far as it may explain it. */
function warningsOf({ issues }: ConcordError): readonly Issue[] {
  return distinctIssues(issues.filter(isIssue).filter(({ severity }) => severity === 'warning'));
}

function processStreams(signal: AbortSignal): CommandStreams {
  return {
    out: writerTo(process.stdout),
    err: writerTo(process.stderr),
    live: process.stderr.isTTY,
    signal,
  };
}

/** Writes to a stream of the process for as long as it is read: with `concord … | head`, until `head` has ended. */
function writerTo(stream: NodeJS.WriteStream): (text: string) => void {
  let open = true;
  stream.on('error', (cause: NodeJS.ErrnoException) => {
    open = false;
    // A reader that has gone, or a terminal that was closed.
    if (cause.code === 'EPIPE' || cause.code === 'EIO') return;
    process.exitCode = status.badInput;
    if (stream !== process.stderr)
      process.stderr.write(`concord: cannot write the output: ${cause.message}\n`);
  });
  return (text) => {
    if (open) stream.write(text);
  };
}
