import { pictureHtml } from './encode-picture';
import { escapeHtml, jsonForScript } from './html';
import { scriptCarrier } from './script-carrier';
import type { Viewer, ViewerLayer } from '../viewer/viewer';
import { viewerColors } from '../viewer/viewer';
import { viewerScript } from '../viewer/viewer-script';

/** How the pieces of a page find each other; version it when the scripts change. */
const channel = 'concordViewer1';

/** NiiVue's licence (BSD-2-Clause) asks that this goes where its code goes. */
const notice = `<!-- This page holds NiiVue. Copyright (c) 2021, Niivue. All rights reserved.
Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
following conditions are met: 1. Redistributions of source code must retain the above copyright notice, this list of
conditions and the following disclaimer. 2. Redistributions in binary form must reproduce the above copyright notice,
this list of conditions and the following disclaimer in the documentation and/or other materials provided with the
distribution. THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED
WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR
PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT,
INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE
GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF
LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF
THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE. -->`;

/**
 * Makes the HTML that carries NiiVue into a page, once, for every viewer on it: 2.3 MB become 1.1 MB of text.
 *
 * @param source - the text of NiiVue's UMD build, or its bytes
 */
export function viewerCarrier(source: string | Uint8Array): string {
  return `${notice}\n${scriptCarrier(source, {
    channel,
    className: 'concord-viewer-source',
    purpose: 'show the viewer',
  })}`;
}

/** What a reader sees instead of a viewer. */
export interface ViewerMessages {
  /** Shown when NiiVue's source never arrives. */
  readonly absent: string;
}

/**
 * Makes the HTML of one viewer, which starts when it comes into sight and {@link viewerCarrier}'s source is there. Until
 * then, without scripts, and where the browser has no WebGL 2, it is a montage of the scan. It fetches nothing.
 *
 * @param id - unique on the page
 */
export function viewerHtml(viewer: Viewer, id: string, messages: ViewerMessages): string {
  const { layers, height, caption, fallback } = viewer;
  const label = `Interactive viewer: ${layers.map(({ name }) => name).join(', ')}`;
  const texts = {
    ...messages,
    label,
    failed: 'The viewer cannot run here; the slices above are shown instead.',
    webgl: 'This browser offers no WebGL 2.',
    lost: 'The browser took its graphics memory back. Click the slices to start it again.',
    asleep: 'Asleep, because many viewers are open. Click the slices to wake it.',
  };
  const data = layers.map(({ nifti, ...rest }) => ({ ...rest, data: Buffer.from(nifti).toString('base64') }));
  return `<div class="concord-viewer" id="${escapeHtml(id)}" role="group" aria-label="${escapeHtml(label)}" style="font:13px/1.5 system-ui,sans-serif;margin:.4em 0">
<div data-part="tools" style="display:none;padding:.3em 0">${toolsHtml(layers)}</div>
<div data-part="still" title="Click to start the viewer" style="cursor:pointer">${pictureHtml(fallback)}</div>
<div data-part="stage" style="display:none;position:relative;width:100%;height:${height}px;background:#000"></div>
<div data-part="status" role="status" style="min-height:1.5em;font-variant-numeric:tabular-nums"></div>
<div style="opacity:.78">${escapeHtml(caption)}</div>
</div>
<script>(${viewerScript(channel)})(document.getElementById(${jsonForScript(id)}), ${jsonForScript(data)}, ${jsonForScript(texts)});</script>`;
}

const planes = ['axial', 'coronal', 'sagittal', 'three planes and rendering', 'rendering'];

function toolsHtml(layers: readonly ViewerLayer[]): string {
  const versions = layers.flatMap(({ role, name }, i) =>
    role === 'version' ? [{ value: String(i), name }] : [],
  );
  const options = (entries: readonly { value: string; name: string }[], chosen: string): string =>
    entries
      .map(
        ({ value, name }) =>
          `<option value="${escapeHtml(value)}"${value === chosen ? ' selected' : ''}>${escapeHtml(name)}</option>`,
      )
      .join('');
  const named = (name: string): { value: string; name: string } => ({ value: name, name });
  const select = (part: string, label: string, content: string): string =>
    `<label>${label} <select data-part="${part}">${content}</select></label>`;
  const bound = (part: string, label: string): string =>
    `<input data-part="${part}" type="number" step="any" aria-label="${label}" style="width:6.5em">`;
  return [
    ...(versions.length > 1 ? [select('version', 'image', options(versions, '0'))] : []),
    select(
      'planes',
      'view',
      options(
        planes.map((name, i) => ({ value: String(i), name })),
        '3',
      ),
    ),
    select('colors', 'colors', options(viewerColors.map(named), layers[0].colors)),
    `<span>window ${bound('low', 'darkest intensity')} to ${bound('high', 'brightest intensity')} <button data-part="reset" type="button">reset</button></span>`,
    ...layers.map(overlayTools),
  ].join(' &nbsp; ');
}

/** A switch and a fader for a mask or an overlay. */
function overlayTools({ role, name, opacity }: ViewerLayer, i: number): string {
  if (role === 'version') return '';
  return (
    `<label><input data-part="on-${i}" type="checkbox" checked> ${escapeHtml(name)}</label> ` +
    `<input data-part="fade-${i}" type="range" min="0" max="100" value="${Math.round(100 * opacity)}" ` +
    `aria-label="opacity of ${escapeHtml(name)}" style="width:7em;vertical-align:middle">`
  );
}
