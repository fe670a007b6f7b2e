import type { Command } from 'commander';
import type { CommandStreams } from './streams';

/** Adds `concord doctor`. */
export function doctorCommand(program: Command, streams: CommandStreams): void {
  program
    .command('doctor')
    .description(
      'say what Concord runs on: versions, backends and why one does not start, threads, limits of memory, Jupyter, ' +
        'browsers, room on the disk; for a report of a problem, without names of users and their folders',
    )
    .option('--json', 'print it as JSON', false)
    .action(async ({ json }: { readonly json: boolean }) => {
      const { systemReport } = await import('./system/system-report.js');
      const { formatSystem } = await import('./system/format-system.js');
      const report = await systemReport({ signal: streams.signal });
      streams.out(`${json ? JSON.stringify(report, undefined, 2) : formatSystem(report)}\n`);
    });
}
