import type { BackendName } from '../../nn/backend/backend-report';
import { useBackend } from '../../nn/backend/use-backend';
import type { TrialAnswer } from './backend-trials';

/** What a process of its own does: it starts a backend, prints in a line what came of it, and ends. */
export async function tryBackend(backend: BackendName): Promise<void> {
  const answer = await answerOf(backend);
  process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit());
}

async function answerOf(backend: BackendName): Promise<TrialAnswer> {
  try {
    const { threads, device, package: name, notes } = await useBackend(backend);
    return { threads, said: [device, name, ...notes].join('; ') };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
