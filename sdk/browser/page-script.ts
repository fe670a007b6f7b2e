/**
 * What runs in the page, as JavaScript in text: it is the browser's code, not ours. `draw` resolves when Plotly says that
 * the figure is drawn. Trace types that Plotly does not have are refused, which Plotly would draw as something else.
 * Random numbers, of which Plotly makes the ids inside an SVG, begin anew with each figure: the same figure gives the
 * same bytes, and two figures in one page do not share ids.
 */
export const pageScript: string = `(source) => {
  const module = { exports: {} };
  new Function('module', 'exports', 'define', source)(module, module.exports, undefined);
  const plotly = module.exports;
  const types = Object.keys(plotly.PlotSchema.get().traces);
  const seeded = (text) => {
    let state = 2166136261;
    for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 16777619);
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  };
  globalThis.concordDraw = async (text, options) => {
    const { data, layout } = JSON.parse(text);
    for (const { type = 'scatter' } of data) {
      if (!types.includes(type)) return { unknown: String(type) };
    }
    Math.random = seeded(text);
    return { image: await plotly.toImage({ data, layout, config: { staticPlot: true } }, options) };
  };
  return types;
}`;
