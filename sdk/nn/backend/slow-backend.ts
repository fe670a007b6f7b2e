import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { BackendReport } from './backend-report';

/**
 * What is to be known of results that were computed in plain JavaScript because WebAssembly did not start: they are right,
 * and took about twenty times as long. Whoever chose `cpu` by name gets none.
 */
export function slowBackendIssues({ backend, requested, failed }: BackendReport): readonly Issue[] {
  if (backend !== 'cpu' || requested !== 'auto') return [];
  const why = failed.find(({ backend: name }) => name === 'wasm')?.reason ?? 'no other backend starts';
  const message = `networks run in plain JavaScript, about twenty times slower than WebAssembly: ${why}`;
  return [makeIssue('slow-backend', message)];
}
