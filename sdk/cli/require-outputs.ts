import { requireOtherFile } from '../io/files/same-file';
import { requireAbsent } from '../io/files/write-file';

/**
 * Checks, before any work, that the files a command writes are none of those it reads, and not there yet unless they
 * may be replaced.
 *
 * @throws ConcordError `invalid-option` or `file-exists`.
 */
export async function requireOutputs(
  outputs: readonly string[],
  { inputs, overwrite }: { readonly inputs: readonly string[]; readonly overwrite: boolean },
): Promise<void> {
  for (const path of outputs) {
    await requireOtherFile(path, inputs);
    if (!overwrite) await requireAbsent(path);
  }
}
