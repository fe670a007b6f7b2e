import type { CommandStreams } from './streams';

/**
 * Chooses what networks run on, and says at once where that will be slow against what was to be expected.
 *
 * @throws ConcordError as `useBackend`.
 */
export async function startBackend(name: string | undefined, streams: CommandStreams): Promise<string> {
  const { useBackend, backendIssues } = await import('../nn/backend/use-backend.js');
  const { formatBackend } = await import('../nn/backend/format-backend.js');
  const report = await useBackend((name ?? 'auto') as 'auto');
  for (const { message } of backendIssues()) streams.err(`warning: ${message}\n`);
  return formatBackend(report).split('\n')[0];
}
