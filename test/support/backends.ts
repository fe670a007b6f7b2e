import type { BackendName } from '../../sdk/nn/backend/backend-report';
import { useBackend } from '../../sdk/nn/backend/use-backend';
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

/**
 * Describes the same tests on every backend. Where a backend does not start they are skipped, and the title of the
 * skipped test says why; they fail there when CONCORD_REQUIRE_BACKENDS names the backend.
 */
export function onEachBackend(title: string, define: (backend: BackendName) => void): void {
  for (const backend of backendNames) {
    describe(`${title} (${backend})`, () => {
      before(`start ${backend}`, async function () {
        offerSoftwareGraphics();
        const failure = await failureOf(backend);
        if (failure === undefined) {
          await useBackend(backend);
          return;
        }
        if (required.includes(backend)) throw failure;
        const [first] = this.test?.parent?.tests ?? [];
        if (first !== undefined) first.title += ` [${failure.message}]`;
        this.skip();
      });
      define(backend);

      // Tests that come after this choose for themselves, or get what users get.
      after('leave the choice open again', async () => void (await useBackend()));
    });
  }
}
