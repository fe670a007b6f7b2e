import { requireCall } from '../../data/calls/require-call';
import { availableParallelism, cpus, freemem, release, totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { addressSpace } from '../../address-space';
import type { RunOptions } from '../../data/run-options';
import type { BackendName } from '../../nn/backend/backend-report';
import { version } from '../../version';
import { cacheEntries, cacheFolder } from '../tensorflow-setup/setup-cache';
import type { BackendTrial } from './backend-trials';
import { tryBackends } from './backend-trials';
import type { DiskRoom } from './found-programs';
import { findBrowsers, findKernels, jupyterVersions, roomOnDisks } from './found-programs';
import { installedPackages } from './installed-packages';
import { withoutNames } from './without-names';
import { currentFolder } from '../../own-folders';

/** Versions and machine, as one puts them into a report of a problem. Names of users and their folders are left out. */
export interface SystemReport {
  readonly kind: 'system-report';
  /** The version of this package. */
  readonly concord: string;
  readonly node: {
    readonly version: string;
    /** `node`, or what runs in its place. */
    readonly engine: 'node' | 'bun' | 'deno';
    /** Flags of the command line and of `NODE_OPTIONS`. */
    readonly flags: readonly string[];
  };
  readonly system: { readonly platform: string; readonly arch: string; readonly release: string };
  readonly processor: { readonly model: string; readonly cores: number; readonly usable: number };
  /** In bytes. */
  readonly memory: {
    readonly total: number;
    readonly free: number;
    /** What the values of JavaScript can take. */
    readonly heapLimit: number;
    /** What a container allows; `null` where nothing is set. */
    readonly containerLimit: number | null;
    /** What `ulimit -v` allows of addresses; `null` where nothing is set. */
    readonly addressLimit: number | null;
  };
  /** Each backend, tried in a process of its own; fastest first. */
  readonly backends: readonly BackendTrial[];
  /** The versions of packages that matter, by name; `null` where one is not installed. */
  readonly packages: Readonly<Record<string, string | null>>;
  readonly jupyter: {
    /** What `jupyter --version` says, line by line; empty where there is no Jupyter. */
    readonly versions: readonly string[];
    /** Kernels that are installed for this user. */
    readonly kernels: readonly string[];
  };
  readonly browsers: readonly string[];
  readonly tensorflowCache: { readonly folder: string; readonly entries: readonly string[] };
  readonly disks: readonly DiskRoom[];
  /** Variables that change what is computed, or how. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Options of {@link systemReport}. */
export interface SystemReportOptions extends Pick<RunOptions, 'signal'> {
  /**
   * The backends to try; none take no time.
   *
   * @defaultValue all
   */
  readonly backends?: readonly BackendName[];
}

/**
 * Says what Concord runs on: versions, backends and why one does not start, threads, limits of memory, Jupyter, kernels,
 * browsers, the TensorFlow that was set up, room on the disk. Home folders and the name of the user are left out, so that it
 * can be put into a public report of a problem. The choice of this process's backend stays as it is.
 *
 * @throws ConcordError `aborted`.
 * @example
 * ```ts
 * show(await systemReport());
 * ```
 */
export async function systemReport(options: SystemReportOptions = {}): Promise<SystemReport> {
  requireCall('systemReport', { options });
  const { backends = ['tensorflow', 'webgpu', 'wasm', 'cpu'], signal } = options;
  const cache = cacheFolder();
  const [trials, versions, kernels, browsers, entries, disks] = await Promise.all([
    tryBackends(backends, signal),
    jupyterVersions(signal),
    findKernels(),
    findBrowsers(),
    cacheEntries(cache),
    roomOnDisks({ 'current folder': currentFolder(), 'TensorFlow cache': cache }),
  ]);
  return withoutNames({
    kind: 'system-report',
    concord: version,
    node: { version: process.version, engine: engineName(), flags: nodeFlags() },
    system: { platform: process.platform, arch: process.arch, release: release() },
    processor: {
      model: cpus().at(0)?.model.trim() ?? '',
      cores: cpus().length,
      usable: availableParallelism(),
    },
    memory: memoryLimits(),
    backends: trials,
    packages: installedPackages(),
    jupyter: { versions, kernels },
    browsers,
    tensorflowCache: {
      folder: cache,
      entries: entries.map(
        ({ tensorflow, source, cuda }) => `${tensorflow} from ${source}${cuda ? ', CUDA' : ''}`,
      ),
    },
    disks,
    environment: settings(),
  });
}

function engineName(): SystemReport['node']['engine'] {
  if (process.versions['bun'] !== undefined) return 'bun';
  return process.versions['deno'] === undefined ? 'node' : 'deno';
}

function nodeFlags(): readonly string[] {
  const given = (process.env['NODE_OPTIONS'] ?? '').split(/\s+/);
  return [...process.execArgv, ...given].filter((word) => word !== '');
}

function memoryLimits(): SystemReport['memory'] {
  const container = process.constrainedMemory();
  return {
    total: totalmem(),
    free: freemem(),
    heapLimit: getHeapStatistics().heap_size_limit,
    // Without a limit it is 0, or a number beyond all memory.
    containerLimit: container > 0 && container < totalmem() ? container : null,
    addressLimit: addressSpace()?.limit ?? null,
  };
}

/** Variables of the environment that Concord and its packages read; none that may hold a secret. */
function settings(): Readonly<Record<string, string>> {
  const read =
    /^(CONCORD_[A-Z_]+|TF_(CPP|NUM|DETERMINISTIC|FORCE|ENABLE|XLA|GPU)_[A-Z_]+|CUDA_VISIBLE_DEVICES|LD_LIBRARY_PATH|JUPYTER_PATH|OMP_NUM_THREADS|SLURM_CPUS_PER_TASK|LANG|LC_ALL)$/;
  const found = Object.entries(process.env).filter(([name]) => read.test(name));
  return Object.fromEntries(found.map(([name, value]) => [name, value ?? '']));
}
