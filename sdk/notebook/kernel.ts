import type { JsonObject } from '../data/json';

/** One output in several forms, by MIME type; the notebook shows the richest it can. */
export type MimeBundle = JsonObject;

/** What tslab's kernel takes to put an output under the running cell. */
interface DisplayData {
  readonly data: MimeBundle;
  readonly metadata: JsonObject;
  readonly transient: { readonly display_id?: string };
}

type WriteDisplayData = (data: DisplayData, update: boolean) => void;

/** The display of the running notebook. */
export interface NotebookDisplay {
  /**
   * Puts an output under the running cell; with an `id` it can be replaced later by {@link update}.
   *
   * @param metadata - more about a form, by its MIME type, such as the alternative text of an image
   */
  show(bundle: MimeBundle, id?: string, metadata?: JsonObject): void;
  /** Replaces the output of that id, wherever it is. */
  update(bundle: MimeBundle, id: string): void;
}

/**
 * The display of the tslab kernel that this code runs in; `null` anywhere else. The kernel is recognized by its
 * module being loaded in this process: which copy of tslab that is, and where it is installed, does not matter, and
 * nothing is loaded outside a notebook.
 */
export function notebookDisplay(): NotebookDisplay | null {
  const write = kernelWriter();
  if (write === null) return null;
  return {
    show: (bundle, id, metadata = {}) =>
      write({ data: bundle, metadata, transient: id === undefined ? {} : { display_id: id } }, false),
    update: (bundle, id) => write({ data: bundle, metadata: {}, transient: { display_id: id } }, true),
  };
}

/** tslab sets `lastWriteDisplayData` in its module `dist/jupyter` when a cell runs. */
function kernelWriter(): WriteDisplayData | null {
  for (const [path, module] of Object.entries(require.cache)) {
    if (!/[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(path)) continue;
    const exported: unknown = module?.exports;
    if (hasWriter(exported)) return exported.lastWriteDisplayData;
  }
  return null;
}

function hasWriter(exported: unknown): exported is { readonly lastWriteDisplayData: WriteDisplayData } {
  return (
    typeof exported === 'object' &&
    exported !== null &&
    'lastWriteDisplayData' in exported &&
    typeof exported.lastWriteDisplayData === 'function'
  );
}
