import type { BackendName } from '../../sdk/nn/backend/backend-report';
import { useBackend } from '../../sdk/nn/backend/use-backend';
import type { Need } from './skipping';
import { skipWithout } from './skipping';
import { offerSoftwareGraphics } from './software-graphics';

const backendNames: readonly BackendName[] = ['cpu', 'wasm', 'webgpu', 'tensorflow'];

/** The backends named by CONCORD_REQUIRE_BACKENDS ("tensorflow,wasm,webgpu"): missing there, a test fails. */
const required = (process.env['CONCORD_REQUIRE_BACKENDS'] ?? '').split(',').map((name) => name.trim());

const failures = new Map<BackendName, Promise<Error | undefined>>();

/** Why a backend does not start here; `undefined` where it does. Each is tried once in a process. */
async function failureOf(backend: BackendName): Promise<Error | undefined> {
  const tried =
    failures.get(backend) ??
    useBackend(backend).then(
      () => undefined,
      (error: Error) => error,
    );
  failures.set(backend, tried);
  return tried;
}

/** The backends that start on this machine; SwiftShader counts as a graphics card. */
export async function availableBackends(): Promise<BackendName[]> {
  offerSoftwareGraphics();
  const available: BackendName[] = [];
  for (const backend of backendNames) {
    if ((await failureOf(backend)) === undefined) available.push(backend);
  }
  return available;
}

const needs: Readonly<Record<BackendName, Need>> = {
  cpu: 'plain JavaScript',
  wasm: 'WebAssembly',
  webgpu: 'a graphics card',
  tensorflow: 'native TensorFlow',
};

/**
 * Describes the same tests on every backend. Where a backend does not start they are skipped with the reason; they
 * fail there when CONCORD_REQUIRE_BACKENDS names the backend.
 *
 * The tests and their hooks are in a suite inside the one that starts the backend: mocha runs the `after` hooks of the
 * very suite whose `before` skips, but none of the suites inside it. So no hook meets a backend that did not start.
 */
export function onEachBackend(title: string, define: (backend: BackendName) => void): void {
  for (const backend of backendNames) {
    describe(`on ${backend}`, () => {
      before(`start ${backend}`, async function () {
        offerSoftwareGraphics();
        const failure = await failureOf(backend);
        if (failure === undefined) {
          await useBackend(backend);
          return;
        }
        if (required.includes(backend)) throw failure;
        skipWithout(this, needs[backend], failure.message);
      });

      describe(title, () => define(backend));

      // Tests that come after this choose for themselves, or get what users get.
      after('leave the choice open again', async () => void (await useBackend()));
    });
  }
}
