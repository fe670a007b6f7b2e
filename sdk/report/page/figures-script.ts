import { changedScript } from './figure-changes';
import { numbersScript } from './figure-numbers';
import { narrowFigure } from './narrow-figure';

/**
 * What draws every figure of a report, as the text of a function `(channel, save) → { pick }`: in the letters of the page,
 * anew when its width or its colors change, for paper before it is printed; and what puts the buttons for SVG, PNG and numbers
 * below each. Kept as text because it is for browsers, whose types Node does not have.
 */
export const figuresScript: string = `(channel, save) => {
  const narrow = ${narrowFigure};
  const changed = ${changedScript};
  const copy = (value) => JSON.parse(JSON.stringify(value));
  const figures = Array.from(document.querySelectorAll('figure.drawn'), (element) => ({
    element, holder: element.querySelector('.concord-figure'), page: JSON.parse(element.querySelector('script').textContent), feature: '',
  }));
  let plotly, paper = false, marked = '';
  const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  // In figures whose points are features the one that was picked is large.
  const withMark = (data) => data.map((trace) => {
    const at = marked === '' || !Array.isArray(trace.text) ? -1 : trace.text.indexOf(escaped(marked));
    if (at === -1) return trace;
    const opacity = trace.marker && trace.marker.opacity || 1;
    return { ...trace, selectedpoints: [at], selected: { marker: { color: '#D55E00', size: 14, opacity: 1 } }, unselected: { marker: { opacity } } };
  });
  // The title is text of the page, which needs no room in the figure.
  const laidOut = ({ page }, width) => {
    const layout = copy(page.figure.layout);
    delete layout.title;
    layout.margin = { ...layout.margin, t: Math.max(8, (layout.margin && layout.margin.t || 60) - page.above) };
    if (layout.height) layout.height -= page.above;
    const figure = { data: withMark(copy(page.figure.data)), layout };
    return width < 620 ? narrow(figure, width) : figure;
  };
  const widthOf = (one) => paper ? 660 : one.holder.clientWidth;
  const inkOf = (one) => paper ? '#1f2328' : getComputedStyle(one.element).color;
  const isDrawn = (one) => one.drawn === widthOf(one) + inkOf(one);
  const draw = (one) => {
    if (!plotly) return;
    const width = widthOf(one);
    if (width === 0) return;
    const { data, layout } = laidOut(one, width);
    layout.width = width; layout.autosize = false;
    const color = inkOf(one);
    layout.font = { ...layout.font, color };
    one.drawn = width + color;
    one.holder.style.minHeight = (layout.height || 450) + 'px';
    const refused = (error) => { one.holder.textContent = 'This figure cannot be drawn: ' + error.message; one.holder.style.minHeight = '0'; };
    try { return plotly.react(one.holder, data, layout, { displaylogo: false, displayModeBar: width < 620 || paper ? false : 'hover', modeBarButtons: [['zoom2d', 'pan2d', 'resetScale2d']] }).catch(refused); } catch (error) { refused(error); }
  };
  const drawAll = () => figures.forEach(draw);
  const say = (text) => figures.forEach(({ holder }) => { holder.textContent = text; holder.style.minHeight = '0'; });
  // A file has no page around it: white, dark letters, the title in the figure.
  const picture = async (one, format) => {
    const { figure } = one.page, ink = '#262626';
    const layout = { ...copy(figure.layout), paper_bgcolor: '#fff', plot_bgcolor: '#fff' };
    layout.font = { ...layout.font, color: ink };
    if (layout.title && layout.title.font) layout.title.font.color = ink;
    const url = await plotly.toImage({ data: copy(figure.data), layout }, { format, width: 900, height: layout.height || 450, scale: format === 'png' ? 2 : 1 });
    const bytes = format === 'svg' ? decodeURIComponent(url.slice(url.indexOf(',') + 1)) : Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (letter) => letter.charCodeAt(0));
    save(new Blob([bytes], { type: format === 'svg' ? 'image/svg+xml' : 'image/png' }), fileOf(one) + '.' + format);
  };
  const fileOf = ({ element }) => element.dataset.file || (element.dataset.name + '-' + marked).replaceAll(/[^\\p{Letter}\\p{Number}]+/gu, '-');
  const numbersOf = ${numbersScript};
  for (const one of figures) {
    const tools = document.createElement('div'); tools.className = 'tools';
    const add = (text, what, act) => {
      const button = document.createElement('button');
      button.type = 'button'; button.textContent = text; button.title = what;
      button.setAttribute('aria-describedby', one.element.getAttribute('aria-labelledby'));
      button.addEventListener('click', act); tools.append(button);
    };
    add('SVG', 'Download the figure as a drawing', () => picture(one, 'svg'));
    add('PNG', 'Download the figure in pixels', () => picture(one, 'png'));
    add('Numbers (CSV)', 'Download the numbers that the figure shows', () => save(new Blob([numbersOf(one.page.figure)], { type: 'text/csv' }), fileOf(one) + '.csv'));
    one.element.querySelector('figcaption').before(tools);
  }
  let begun = false;
  const begin = () => {
    if (begun || !window[channel]) return;
    begun = true;
    window[channel].then((loaded) => { plotly = loaded; figures.forEach(({ holder }) => { holder.textContent = ''; }); drawAll(); }).catch((error) => say('The figures cannot be drawn: ' + error.message));
  };
  addEventListener(channel, begin); begin();
  setTimeout(() => { if (!begun) say('The figure library is missing from this page.'); }, 15000);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  let waiting;
  addEventListener('resize', () => { clearTimeout(waiting); waiting = setTimeout(() => figures.forEach((one) => { if (!isDrawn(one)) draw(one); }), 100); });
  addEventListener('beforeprint', () => { paper = true; drawAll(); });
  addEventListener('afterprint', () => { paper = false; drawAll(); });
  const picked = figures.filter((one) => one.element.dataset.file === '');
  const first = picked.map((one) => one.page);
  const pick = (name, changes) => {
    marked = name;
    const pages = changed(first, changes);
    for (const one of figures) {
      const page = pages[picked.indexOf(one)];
      if (page) {
        one.page = page;
        one.element.querySelector('h3').textContent = page.title;
        one.element.querySelector('.how').textContent = page.subtitle;
      }
      if (page || one.page.figure.data.some((trace) => Array.isArray(trace.text))) draw(one);
    }
  };
  return { pick, drawn: () => figures.every(isDrawn) };
}`;
