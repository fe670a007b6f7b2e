import type { Command } from 'commander';
import type { BackendName } from '../../nn/backend/backend-report';
import { choice } from '../option-values';

/** What networks run on, as the user asked. */
export interface BackendFlags {
  readonly backend?: BackendName;
}

/** Adds the option of what networks run on. */
export function addBackendOption(command: Command): Command {
  return command.addOption(
    choice('--backend <name>', 'what networks run on (default: the fastest that starts)', [
      'tensorflow',
      'webgpu',
      'wasm',
      'cpu',
    ]),
  );
}
