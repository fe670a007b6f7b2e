import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { JsonObject, JsonValue } from '../../data/json';
import type { Figure } from '../../plot/figure';
import { escapeHtml, jsonForScript } from '../../plot/html/html';
import { plotlyCarrier, plotlyChannel } from '../../plot/html/plotly-html';
import { pageFooter, pageHead } from './page-frame';
import { reportStyle } from './report-style';

/** A page of maps that is being made: one figure at a time is shown, chosen by its name, the first until another is chosen. */
export interface MapsPage {
  /** Adds a figure. Of its lists of numbers those that no other figure had are kept, packed. */
  add(name: string, figure: Figure): void;
  /**
   * The bytes of the page. The same figures give the same bytes.
   *
   * @param plotlySource - the bytes of `plotly.js-dist`
   */
  made(plotlySource: Uint8Array): Buffer;
}

/** A list of numbers that is in the page. */
interface PackedNumbers {
  readonly place: number;
  /** Its bytes, compressed, as base64. */
  readonly packed: string;
}

/**
 * Makes a page of figures of maps on surfaces: one HTML file that opens offline. Lists of numbers (`numberList`) that figures share,
 * as the geometry is, are in it once, compressed, so that of twenty maps it holds one geometry and twenty lists of values.
 */
export function mapsPage({ title, lead }: { readonly title: string; readonly lead: string }): MapsPage {
  const numbers = new Map<string, PackedNumbers>();
  const maps: { readonly name: string; readonly figure: JsonValue; readonly height: number }[] = [];
  return {
    add(name, { data, layout }) {
      const height = typeof layout.height === 'number' ? layout.height : 450;
      maps.push({ name, figure: withoutNumbers({ data, layout }, numbers), height });
    },
    made: (plotlySource) => pageOf({ title, lead, maps, numbers }, plotlySource),
  };
}

function pageOf(
  {
    title,
    lead,
    maps,
    numbers,
  }: {
    readonly title: string;
    readonly lead: string;
    readonly maps: readonly { readonly name: string; readonly figure: JsonValue; readonly height: number }[];
    readonly numbers: ReadonlyMap<string, PackedNumbers>;
  },
  plotlySource: Uint8Array,
): Buffer {
  const options = maps.map(({ name }, at) => `<option value="${at}">${escapeHtml(name)}</option>`);
  const height = Math.max(450, ...maps.map((map) => map.height));
  const head = `${pageHead(title, reportStyle)}
<body>
<header>
<h1>${escapeHtml(title)}</h1>
<p class="lead">${escapeHtml(lead)}</p>
<noscript><p class="alarm">This page draws its figures with JavaScript, which is switched off here.</p></noscript>
</header>
<main>
<label>Map: <select id="map">${options.join('')}</select></label>
<p id="status" role="status">drawing …</p>
<div class="concord-figure" id="figure" style="min-height:${height}px"></div>
</main>
${pageFooter}
`;
  const lists = [...numbers.values()].map(
    ({ place, packed }) => `<script type="application/gzip" id="numbers-${place}">${packed}</script>\n`,
  );
  const tail = `${plotlyCarrier(plotlySource)}
<script>(${mapsScript})('${plotlyChannel}', ${jsonForScript(maps)})</script>
</body>
</html>
`;
  // Many maps are longer than one text may be.
  return Buffer.concat([head, ...lists, tail].map((text) => Buffer.from(text)));
}

/** The same with each list of numbers replaced by its place among those met. */
function withoutNumbers(value: JsonValue, met: Map<string, PackedNumbers>): JsonValue {
  if (Array.isArray(value)) return value.map((one: JsonValue) => withoutNumbers(one, met));
  if (typeof value !== 'object' || value === null) return value;
  const object = value as JsonObject;
  const { bdata, dtype } = object;
  if (typeof bdata === 'string' && dtype !== undefined) {
    const digest = createHash('sha256').update(bdata).digest('hex');
    const found = met.get(digest) ?? { place: met.size, packed: packedNumbers(bdata) };
    met.set(digest, found);
    return { numbers: found.place, dtype };
  }
  return Object.fromEntries(Object.entries(object).map(([key, one]) => [key, withoutNumbers(one, met)]));
}

function packedNumbers(base64: string): string {
  // Level 1 is a tenth larger than level 6, and takes a third of the time.
  return gzipSync(Buffer.from(base64, 'base64'), { level: 1 }).toString('base64');
}

/**
 * What runs in the page, as the text of a function `(channel, maps) → void`: it unpacks lists of numbers when a figure needs them
 * and draws the figure that is chosen, seen from where the last one was. Kept as text because it is for browsers.
 */
const mapsScript = `(channel, maps) => {
  const holder = document.getElementById('figure'), choice = document.getElementById('map'), status = document.getElementById('status');
  const types = { i4: Int32Array, f4: Float32Array };
  const unpacked = new Map();
  const bytesOf = (place) => {
    if (!unpacked.has(place)) unpacked.set(place, (async () => {
      const bytes = Uint8Array.from(atob(document.getElementById('numbers-' + place).textContent), (letter) => letter.charCodeAt(0));
      return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
    })());
    return unpacked.get(place);
  };
  const filled = async (value) => {
    if (Array.isArray(value)) return Promise.all(value.map(filled));
    if (typeof value !== 'object' || value === null) return value;
    if ('numbers' in value && value.dtype in types) return new types[value.dtype](await bytesOf(value.numbers));
    const whole = Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, one]) => [key, await filled(one)])));
    if (!('halfway' in whole)) return whole;
    const { of, halfway: [one, other] } = whole;
    return Float32Array.from(one, (vertex, at) => (of[vertex] + of[other[at]]) / 2);
  };
  let turn = 0;
  const draw = async () => {
    const own = ++turn;
    status.textContent = 'drawing …';
    const plotly = await window[channel];
    const { data, layout } = await filled(maps[Number(choice.value)].figure);
    if (own !== turn) return;
    const ink = getComputedStyle(holder).color;
    layout.font = { ...layout.font, color: ink };
    layout.title.font = { ...layout.title.font, color: ink };
    const last = holder.layout;
    if (last) {
      for (const key of Object.keys(layout)) if (/^scene/.test(key) && last[key]) layout[key].camera = last[key].camera;
      if (last.updatemenus) layout.updatemenus[0].active = last.updatemenus[0].active;
    }
    await plotly.react(holder, data, layout, { responsive: true, displaylogo: false });
    holder.dataset.drawn = String(choice.value);
    status.textContent = '';
  };
  const begin = () => draw().catch((error) => { status.textContent = 'The figure cannot be drawn: ' + error.message; });
  choice.addEventListener('change', begin);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', begin);
  if (window[channel]) begin(); else addEventListener(channel, begin, { once: true });
}`;
