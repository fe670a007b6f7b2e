import { Command, CommanderError } from 'commander';
import { ConcordError } from '../errors';
import type { RemedyWording } from '../remedy';
import { adviceText } from '../remedy';
import { version } from '../version';
import { applyCommand } from './apply-command';
import { auditCommand } from './audit-command';
import type { CommandName } from './command-words';
import { commandName, commandWords } from './command-words';
import { demoCommand } from './demo-command';
import { harmonizeCommand } from './harmonize-command';
import { withMeanOnlyForm } from './option-values';
import { preprocessCommand } from './preprocess-command';
import { setupTensorflowCommand } from './setup-tensorflow-command';
import { trainCommand } from './train-command';
import type { CommandStreams } from './streams';

/** Exit statuses: all went well; the input is at fault; the command was used wrongly; interrupted. */
const status = { ok: 0, badInput: 1, wrongUsage: 2, interrupted: 130 } as const;

/**
 * Runs the `concord` command.
 *
 * @param words - the words after the command's name
 * @returns the exit status: 0, 1 for bad input, 2 for wrong usage, 130 when interrupted
 */
export async function main(words: readonly string[], streams?: CommandStreams): Promise<number> {
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  const own = streams ?? processStreams(interrupt.signal);
  let ran: CommandName | undefined;
  if (streams === undefined) process.once('SIGINT', onInterrupt);
  try {
    await program(own)
      .hook('preAction', (_, command) => {
        ran = commandName(command);
      })
      .parseAsync(withMeanOnlyForm(words), { from: 'user' });
    return status.ok;
  } catch (error) {
    return explain(error, own, ran === undefined ? undefined : commandWords(ran));
  } finally {
    process.off('SIGINT', onInterrupt);
  }
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
    ...[
      harmonizeCommand,
      applyCommand,
      auditCommand,
      preprocessCommand,
      trainCommand,
      demoCommand,
      setupTensorflowCommand,
    ],
  ];
  for (const add of commands) add(command, streams);
  return command;
}

/** Says in one line what went wrong, and which status that is. */
function explain(error: unknown, streams: CommandStreams, wording?: RemedyWording): number {
  if (error instanceof CommanderError) {
    // commander has written its own message.
    return error.exitCode === 0 ? status.ok : status.wrongUsage;
  }
  if (error instanceof ConcordError) {
    const remedy = adviceText(error.remedy, wording);
    const message = remedy === '' ? error.problem : `${error.problem} (${remedy})`;
    // A name quoted from a table may hold line breaks.
    streams.err(`concord: ${message.replaceAll(/\s*\n\s*/g, ' ')}\n`);
    return error.code === 'aborted' ? status.interrupted : status.badInput;
  }
  const message = error instanceof Error ? error.message : String(error);
  const detail = process.env['CONCORD_DEBUG'] === undefined ? '' : `\n${(error as Error).stack ?? ''}`;
  streams.err(`concord: unexpected failure: ${message} (CONCORD_DEBUG=1 shows where)${detail}\n`);
  return status.badInput;
}

function processStreams(signal: AbortSignal): CommandStreams {
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    live: process.stderr.isTTY,
    signal,
  };
}
