import { stat } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { addressSpace, threadsWithin } from '../../address-space';
import type { VolumeCohort } from '../../data/cohort';
import { ownCores } from '../../math/own-cores';
import { readVolumeHeader } from '../../io/volumes/read-volume';

/** How much of the machine a run may use, in the words of BIDS Apps. */
export interface MachineShare {
  readonly nCpus?: number;
  readonly memMb?: number;
}

/** What a thread takes before it has opened a scan, in megabytes; measured. */
const threadMegabytes = 200;

/** What a voxel costs while its scan goes through the steps, in bytes; measured at the peak, which N4 has. */
const voxelBytes = 60;

/** Smaller datasets are done before threads have started. */
const worthBytes = 4_000_000;

/**
 * How many scans are made at once: as many as there are cores, or as `nCpus` says, if they have room in the memory: that of
 * the machine, or what `memMb` says. One is always made.
 */
export async function threadCount({ scans }: VolumeCohort, { nCpus, memMb }: MachineShare): Promise<number> {
  const files = scans.flatMap(({ file }) => file ?? []);
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  if (nCpus === undefined && sizes.reduce((sum, size) => sum + size, 0) < worthBytes) return 1;
  const wanted = Math.min(nCpus ?? ownCores(), scans.length, threadsWithin(addressSpace(), 0));
  if (wanted <= 1) return 1;
  const room = memMb ?? (0.8 * totalMemory()) / 1e6;
  const largest = files[sizes.indexOf(Math.max(...sizes))];
  const each = threadMegabytes + (voxelBytes * (await voxelsOf(largest))) / 1e6;
  return Math.max(1, Math.min(wanted, Math.floor(room / each)));
}

/** The memory of the machine, or what a container or Slurm leaves of it. */
function totalMemory(): number {
  const limits = [process.constrainedMemory(), 1e6 * Number(process.env['SLURM_MEM_PER_NODE'])];
  return Math.min(totalmem(), ...limits.filter((limit) => limit > 0));
}

/** The voxels of a scan; none of one that cannot be read, which is said when it is opened. */
async function voxelsOf(file: string): Promise<number> {
  const header = await readVolumeHeader(file).catch(() => undefined);
  return header?.shape.reduce((product, side) => product * side, 1) ?? 0;
}
