import { getBackend, memory, setBackend } from '@tensorflow/tfjs-core';
import type { Issue } from '../../data/issue';
import { suggestName } from '../../data/nearest-names';
import { ConcordError } from '../../errors';
import type { BackendName, BackendReport, FailedBackend, StartedBackend } from './backend-report';
import { registerMissingGradients } from './missing-gradients';
import { slowBackendIssues } from './slow-backend';
import { startCpu } from './start-cpu';
import { startTensorflow } from './start-tensorflow';
import { startWasm } from './start-wasm';
import { startWebgpu } from './start-webgpu';
import { advise, call } from '../../remedy';
import { requireCall } from '../../data/calls/require-call';

/** What can be set about a backend. */
export interface UseBackendOptions {
  /**
   * The threads of the wasm backend, which is started once in a process.
   *
   * @defaultValue all cores that this process may use, 16 at most
   */
  readonly threads?: number;
}

/** Fastest first. */
const order: readonly BackendName[] = ['tensorflow', 'webgpu', 'wasm', 'cpu'];

interface Choice {
  readonly requested: BackendName | 'auto';
  readonly backend: BackendName;
  readonly started: StartedBackend;
  readonly failed: readonly FailedBackend[];
}

// tfjs keeps one current backend for the whole process; this records how it was chosen.
let choice: Choice | undefined;

// Choices are made one after the other, so that the last one asked for is the one that counts.
let turn: Promise<unknown> = Promise.resolve();

/**
 * Chooses what networks run on, for the whole process: native TensorFlow (`tensorflow`: the package
 * `@tensorflow/tfjs-node-gpu`, else `@tensorflow/tfjs-node`, where you have set one up), a graphics card (`webgpu`,
 * through the package `webgpu`), `wasm` (always there) or `cpu` (plain JavaScript, slow). `auto` takes the first of
 * these that starts, or the one that the environment variable `CONCORD_BACKEND` names. A backend asked for by name
 * that cannot start is an error, never a silent fallback. Networks that are used without a choice choose `auto`.
 *
 * @returns what was chosen, and why the others were not
 * @throws ConcordError `unavailable-backend`, with the remedy; `invalid-option` for an unknown name.
 * @example
 * ```ts
 * const report = await useBackend('wasm');
 * console.log(report.device, report.threads);
 * ```
 */
export async function useBackend(
  requested: BackendName | 'auto' = 'auto',
  options: UseBackendOptions = {},
): Promise<BackendReport> {
  requireCall('useBackend', { requested, options });
  const wanted = requested === 'auto' ? namedByEnvironment() : requested;
  if (wanted !== 'auto' && !order.includes(wanted)) {
    const where = requested === 'auto' ? ' in CONCORD_BACKEND' : '';
    const hint = suggestName(wanted, ['auto', ...order], `auto, ${order.join(', ')}`);
    throw new ConcordError('invalid-option', `unknown backend${where}: ${JSON.stringify(wanted)} (${hint})`);
  }
  const chosen = turn.then(() => choose(wanted, options));
  turn = chosen.catch(() => undefined);
  return chosen;
}

async function choose(wanted: BackendName | 'auto', options: UseBackendOptions): Promise<BackendReport> {
  registerMissingGradients();
  const candidates = wanted === 'auto' ? order : [wanted];
  const failed: FailedBackend[] = [];
  for (const backend of candidates) {
    try {
      const started = await start(backend, { ...options, forced: wanted !== 'auto' });
      // Again: loading native TensorFlow loads a tfjs of its own, which puts its gradients in the place of ours.
      registerMissingGradients();
      await switchTo(backend);
      choice = { requested: wanted, backend, started, failed };
      return backendReport();
    } catch (error) {
      if (wanted !== 'auto') throw error;
      failed.push({ backend, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  const reasons = failed.map(({ backend, reason }) => `${backend}: ${reason}`).join('; ');
  throw new ConcordError('unavailable-backend', `no backend starts on this machine: ${reasons}`);
}

/**
 * Says which backend networks run on, why, and how much memory its tensors take now.
 *
 * @throws ConcordError `unavailable-backend` when none has been chosen yet.
 */
export function backendReport(): BackendReport {
  if (choice === undefined) {
    throw new ConcordError('unavailable-backend', 'no backend has been chosen yet', {
      remedy: advise`await ${call('useBackend')} first`,
    });
  }
  const { started, ...chosen } = choice;
  const { numBytes, numTensors } = memory();
  return { ...chosen, ...started, memoryInUse: numBytes, tensors: numTensors };
}

/** What is to be known of results that the chosen backend computed: see {@link slowBackendIssues}. */
export function backendIssues(): readonly Issue[] {
  return choice === undefined ? [] : slowBackendIssues(backendReport());
}

/** Chooses `auto` unless a backend was chosen before. Everything that runs a network calls this first. */
export async function ensureBackend(): Promise<BackendReport> {
  // Someone who called tf.setBackend meanwhile has chosen too, though without a report: the choice made here counts.
  if (choice === undefined) return useBackend();
  if (getBackend() !== choice.backend) await switchTo(choice.backend);
  return backendReport();
}

function start(
  backend: BackendName,
  options: UseBackendOptions & { readonly forced: boolean },
): Promise<StartedBackend> {
  switch (backend) {
    case 'tensorflow':
      return startTensorflow();
    case 'webgpu':
      // A graphics card that is only simulated is slower than wasm: taken when asked for, never chosen.
      return startWebgpu({ allowSoftware: options.forced });
    case 'wasm':
      return startWasm(options.threads === undefined ? {} : { threads: options.threads });
    case 'cpu':
      return startCpu();
  }
}

async function switchTo(backend: BackendName): Promise<void> {
  if (await setBackend(backend)) return;
  throw new ConcordError('unavailable-backend', `${backend}: tfjs could not start it (see what it printed)`);
}

function namedByEnvironment(): BackendName | 'auto' {
  const name = process.env['CONCORD_BACKEND']?.trim().toLowerCase() ?? '';
  return name === '' ? 'auto' : (name as BackendName);
}
