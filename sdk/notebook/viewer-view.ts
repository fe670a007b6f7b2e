import { createHash } from 'node:crypto';
import type { Volume } from '../data/images/volume';
import { readPartBytes } from '../io/files/package-asset';
import type { Viewer, ViewerOptions } from '../plot/viewer/viewer';
import { volumeViewer } from '../plot/viewer/viewer';
import { viewerCarrier, viewerHtml } from '../plot/html/viewer-html';
import type { MimeBundle } from './kernel';
import { notebookDisplay } from './kernel';
import { requireCall } from '../data/calls/require-call';

/** Whether an output of this kernel session already carries NiiVue, and how many viewers were shown. */
const session = { carried: false, shown: 0 };

/** How a viewer is put into a notebook. */
export interface ViewerDisplayOptions {
  /**
   * Whether this output carries NiiVue for itself and all viewers after it (1.1 MB). By default the first viewer shown
   * by the kernel does; ask for it again where that cell was run anew or its output cleared.
   */
  readonly embedViewer?: boolean;
}

/** Options of {@link view}. */
export interface ViewOptions extends ViewerOptions, ViewerDisplayOptions {}

/**
 * Shows a scan under the running notebook cell to be walked through: three planes and a rendering, crosshair, window,
 * colors, mask, overlays and other versions of the scan. It works offline and stays alive in pages made by nbconvert;
 * where it cannot run, slices stand in for it. Outside a notebook it writes a line of text to standard output.
 *
 * @throws ConcordError `invalid-option`; `missing-package` when NiiVue is not installed.
 *
 * @example
 * ```ts
 * view(raw, { name: 'raw', versions: [{ name: 'bias-corrected', volume: corrected }] });
 * ```
 */
export function view(volume: Volume, options: ViewOptions = {}): void {
  requireCall('view', { volume, options });
  const display = notebookDisplay();
  const { embedViewer, ...drawn } = options;
  const viewer = volumeViewer(volume, drawn);
  if (display === null) process.stdout.write(`${viewerText(viewer)}\n`);
  else display.show(viewerBundle(viewer, { embedViewer }));
}

/** A viewer as one output: HTML that runs by itself, and text. */
export function viewerBundle(viewer: Viewer, options: ViewerDisplayOptions = {}): MimeBundle {
  const { embedViewer = !session.carried } = options;
  const carrier = embedViewer ? viewerCarrier(niivueSource()) : '';
  session.carried ||= embedViewer;
  const digest = createHash('sha256').update(viewer.layers[0].nifti).digest('hex').slice(0, 12);
  const id = `concord-viewer-${digest}-${session.shown++}`;
  return {
    'text/html':
      carrier +
      viewerHtml(viewer, id, {
        absent:
          'The viewer’s script is no longer in this notebook: restart the kernel and run all cells, or pass { embedViewer: true }.',
      }),
    'text/plain': viewerText(viewer),
  };
}

/** A viewer in words. */
export function viewerText({ layers, caption }: Viewer): string {
  return `[viewer] ${layers.map(({ name }) => name).join(', ')}: ${caption}`;
}

/** NiiVue's build for browsers, as it is in its file. */
function niivueSource(): Uint8Array {
  return readPartBytes('niivue.umd.js');
}
