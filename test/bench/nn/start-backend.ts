import type { BackendName, BackendReport } from '../../../sdk/nn/backend/backend-report';
import { startWebgpu } from '../../../sdk/nn/backend/start-webgpu';
import { useBackend } from '../../../sdk/nn/backend/use-backend';
import { offerSoftwareGraphics } from '../../support/software-graphics';

/** What a program of the benchmark computes on, as its command line says. */
export interface WantedBackend {
  readonly backend: string;
  readonly threads: number;
  /** Whether a graphics card that the processor only simulates will do. */
  readonly software: boolean;
}

/** The words of a command line that {@link startBackend} understands. */
export function backendWords({ backend, threads, software }: WantedBackend): string[] {
  return [backend, String(threads), software ? 'software' : 'hardware'];
}

/** Starts the backend that the first words of the command line name, and gives what follows them. */
export async function startBackend([backend, threads, graphics, ...rest]: readonly string[]): Promise<{
  readonly report: BackendReport;
  readonly rest: readonly string[];
}> {
  if (backend === 'webgpu') {
    const allowSoftware = graphics === 'software';
    if (allowSoftware) offerSoftwareGraphics();
    await startWebgpu({ allowSoftware });
  }
  const report = await useBackend(backend as BackendName, { threads: Number(threads) });
  return { report, rest };
}
