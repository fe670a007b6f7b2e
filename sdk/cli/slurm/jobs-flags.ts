import type { Command } from 'commander';
import type { CommandStreams } from '../streams';
import type { ContainerFlags } from './container';
import type { SlurmJobs } from './slurm-jobs';

/** What the user asked `concord slurm write` for. */
export interface WriteJobsFlags extends ContainerFlags {
  /** The label of a participant, or several; `true` for what is usual. */
  readonly measure?: string | true;
  readonly time?: string;
  readonly mem?: string;
  readonly groupTime?: string;
  readonly groupMem?: string;
  readonly cpus?: number;
  readonly tasks: number;
  readonly atOnce?: number;
  readonly partition?: string;
  readonly account?: string;
  readonly qos?: string;
  readonly setup: readonly string[];
  readonly overwrite: boolean;
}

/** One call of `concord slurm write`. */
export interface WriteJobsRun {
  readonly flags: WriteJobsFlags;
  readonly command: Command;
  readonly streams: CommandStreams;
}

/** The scripts of a folder, with what is said of them. */
export interface WrittenJobs {
  readonly jobs: SlurmJobs;
  readonly files: Readonly<Record<string, string>>;
  readonly lines: readonly string[];
}
