import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFileSafely } from '../io/files/write-file';
import { exampleTable } from '../simulate/example-table';
import { inFolder } from './in-folder';
import type { CommandStreams } from './streams';

interface ExampleFlags {
  readonly out: string;
  readonly overwrite: boolean;
}

/** Adds `concord example`. */
export function exampleCommand(program: Command, streams: CommandStreams): void {
  program
    .command('example')
    .description('write an example table to try the other commands on: simulated thicknesses at four sites')
    .option('--out <file>', 'the table to write', 'simulated-thickness.csv')
    .option('--overwrite', 'replace a file that is there', false)
    .action((flags: ExampleFlags) => example(flags, streams));
}

async function example({ out, overwrite }: ExampleFlags, streams: CommandStreams): Promise<void> {
  await inFolder(dirname(out), async () =>
    writeFileSafely(out, await readFile(exampleTable()), { overwrite }),
  );
  streams.out(`example table: ${out} (simulated: 240 participants of 4 sites, 68 thicknesses in mm)\n`);
}
