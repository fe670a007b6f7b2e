import { availableParallelism } from 'node:os';

/**
 * The cores that this process may use: those of the machine, or fewer where affinity or Slurm (`SLURM_CPUS_PER_TASK`, which
 * Node.js does not follow) gave it fewer.
 */
export function ownCores(): number {
  const given = Number(process.env['SLURM_CPUS_PER_TASK']);
  const usable = availableParallelism();
  return Number.isInteger(given) && given > 0 ? Math.min(given, usable) : usable;
}
