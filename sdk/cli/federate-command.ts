import type { Command } from 'commander';
import { combineCommand } from './federate/combine';
import { contributeCommand } from './federate/contribute';
import { finishCommand } from './federate/finish';
import { initCommand } from './federate/init-study';
import type { CommandStreams } from './streams';

/** Adds `concord federate` and its parts. */
export function federateCommand(program: Command, streams: CommandStreams): void {
  const federate = program
    .command('federate')
    .description('ComBat over hospitals that may not share data: signed messages of sums, in three rounds');
  initCommand(federate, streams);
  contributeCommand(federate, streams);
  combineCommand(federate, streams);
  finishCommand(federate, streams);
}
