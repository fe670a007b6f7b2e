/**
 * What lays a figure out for a narrow page, as the text of a function `({ data, layout }, width) → { data, layout }`: panels
 * beside each other are put below each other, long labels, headings and titles of axes are broken, and labels and legends get
 * the room that their lines need. Kept as text because it is for browsers, whose types Node does not have.
 */
export const narrowFigure: string = `({ data, layout }, width) => {
  const margin = layout.margin = { ...layout.margin, l: 44, r: 10 };
  const broken = (text, letters) => {
    const tags = /^(<b>)?(.*?)(<\\/b>)?$/.exec(text), lines = [''];
    for (const word of tags[2].split(' ')) {
      const last = lines[lines.length - 1];
      if (last !== '' && last.length + 1 + word.length > letters) lines.push(word);
      else lines[lines.length - 1] = last === '' ? word : last + ' ' + word;
    }
    return (tags[1] || '') + lines.join('<br>') + (tags[3] || '');
  };
  // Of marks that were chosen the first, the middle and the last have room.
  const ends = ({ tickvals, ticktext }) => {
    if (!Array.isArray(tickvals) || tickvals.length < 4) return {};
    const kept = (list) => Array.isArray(list) ? [0, (list.length - 1) >> 1, list.length - 1].map((at) => list[at]) : list;
    return { tickvals: kept(tickvals), ticktext: kept(ticktext) };
  };
  const linesIn = (text) => text.split('<br>').length;
  const key = (name) => name[0] + 'axis' + name.slice(1);
  const notes = layout.annotations || [];
  for (const note of notes) if (typeof note.text === 'string') note.text = broken(note.text, Math.floor((width - 30) / 8.6));

  // Panels in reading order.
  const names = [...new Set(data.map((trace) => (trace.xaxis || 'x') + ' ' + (trace.yaxis || 'y')))];
  const panels = names.map((name) => {
    const [x, y] = name.split(' ');
    const across = (layout[key(x)] || {}).domain || [0, 1], up = (layout[key(y)] || {}).domain || [0, 1];
    return { x, y, across, up };
  }).sort((a, b) => b.up[1] - a.up[1] || a.across[0] - b.across[0]);
  const plot = layout.height - margin.t - margin.b;
  if (panels.some((panel) => panel.across[0] > 0.05)) {
    // An axis that two panels share is doubled.
    const used = new Set();
    panels.forEach((panel, k) => {
      if (!used.has(panel.y)) return used.add(panel.y);
      const own = 'y' + (90 + k);
      layout[key(own)] = { ...layout[key(panel.y)] };
      for (const trace of data) if ((trace.xaxis || 'x') === panel.x && (trace.yaxis || 'y') === panel.y) trace.yaxis = own;
      panel.y = own;
    });
    const onTop = (panel) => (layout[key(panel.x)] || {}).side === 'top';
    const letters = Math.max(0, ...data.flatMap((trace) => Array.isArray(trace.x) && trace.type === 'heatmap' ? trace.x.map((name) => String(name).length) : []));
    // Headings of panels go with them; what is above several goes with the first of these.
    const above = panels.map(() => ({ own: [], over: [] }));
    for (const note of notes) {
      if (note.xref !== 'paper' || note.yref !== 'paper') continue;
      const own = panels.findIndex((panel) => Math.abs(note.x - panel.across[0]) < 0.02 && Math.abs(note.y - panel.up[1]) * plot < 4);
      const below = panels.findIndex((panel) => (panel.up[1] - note.y) * plot < 4);
      if (own !== -1) above[own].own.push(note); else if (below !== -1) above[below].over.push(note);
    }
    const linesOf = (list) => list.reduce((sum, note) => sum + linesIn(String(note.text)), 0);
    const gapOf = (k) => 58 + 15 * linesOf(above[k].own) + 24 * above[k].over.length + (onTop(panels[k]) ? 76 + 7 * letters : 0);
    const heights = panels.map((panel) => Math.max(90, plot * (panel.up[1] - panel.up[0])));
    const total = heights.reduce((sum, height, k) => sum + height + (k === 0 ? 0 : gapOf(k)), 0);
    layout.height += total - plot;
    margin.t += 24 * above[0].over.length + 15 * Math.max(0, linesOf(above[0].own) - 1);
    layout.height += 24 * above[0].over.length;
    if (panels.some(onTop)) { margin.t += 40 + 7 * letters; layout.height += 40 + 7 * letters; }
    const titles = new Map(panels.flatMap(({ x, across }) => {
      const { title } = layout[key(x)] || {};
      return title && title.text ? [[across[0], { ...title }]] : [];
    }));
    let from = 0;
    panels.forEach((panel, k) => {
      if (k > 0) from += gapOf(k);
      const top = 1 - from / total, low = Math.max(0, 1 - (from + heights[k]) / total);
      for (const note of above[k].own) Object.assign(note, { x: 0, y: top });
      for (const note of above[k].over) Object.assign(note, { x: 0, y: top, yshift: 8 + 15 * linesOf(above[k].own) });
      const x = layout[key(panel.x)] = { ...layout[key(panel.x)], domain: [0, 1], anchor: panel.y };
      const y = layout[key(panel.y)] = { ...layout[key(panel.y)], domain: [low, Math.min(1, top)], anchor: panel.x };
      if (x.side === 'top') x.tickangle = -90;
      // What only the last panel of a column said is said below each.
      if (x.showticklabels === false) x.showticklabels = true;
      if (!(x.title && x.title.text)) x.title = titles.get(panel.across[0]);
      for (const axis of [x, y]) delete axis.scaleanchor;
      for (const trace of data) if (trace.colorbar && trace.colorbar.orientation === 'h' && trace.xaxis === panel.x)
        Object.assign(trace.colorbar, { x: 0.5, xanchor: 'center', len: 1, yref: 'paper', yanchor: 'top', y: low - 6 / total, tickangle: 0, nticks: 3, tickfont: { size: 9 }, ...ends(trace.colorbar) });
      from += heights[k];
    });
  }

  // Labels of rows and titles of axes are broken; rows get higher where their labels need it.
  let grown = 1;
  for (const [name, axis] of Object.entries(layout)) {
    if (!/^[xy]axis\\d*$/.test(name)) continue;
    if (axis.title && axis.title.text) axis.title.text = broken(axis.title.text, axis.side === 'top' ? Math.floor(width / 22) : name[0] === 'x' ? Math.floor((width - 70) / 6.5) : 26);
    if (name[0] === 'x' && axis.type !== 'category') axis.nticks = axis.nticks || 5;
    if (name[0] !== 'y' || !Array.isArray(axis.ticktext)) continue;
    axis.ticktext = axis.ticktext.map((text) => broken(text, 22));
    const domain = axis.domain || [0, 1], row = plot * (domain[1] - domain[0]) / axis.ticktext.length;
    grown = Math.max(grown, (15 * Math.max(...axis.ticktext.map(linesIn)) + 8) / row);
  }
  layout.height += plot * (grown - 1);
  // Headings begin where the labels do: beside these they have no room.
  const labels = Object.entries(layout).filter(([name, axis]) => name.startsWith('yaxis') && Array.isArray(axis.ticktext)).flatMap(([, axis]) => axis.ticktext.flatMap((text) => text.split('<br>')));
  if (labels.length > 0) for (const note of notes) if (note.xref === 'paper' && note.x === 0) note.xshift = -5.6 * Math.max(...labels.map((text) => text.length));
  if ((layout.yaxis || {}).scaleanchor) layout.height = Math.min(layout.height, width + margin.t + margin.b - 40);

  const entries = data.filter((trace) => trace.showlegend !== false && trace.name && (trace.type !== 'heatmap'));
  if (layout.showlegend !== false && entries.length > 1) {
    const letters = Math.max(...entries.map((trace) => trace.name.length)), inLine = Math.max(1, Math.floor((width - 40) / (44 + 6.6 * letters)));
    const more = 20 * Math.ceil(entries.length / inLine);
    layout.height += more;
    if (layout.legend && layout.legend.xref === 'paper') {
      margin.t += more;
      Object.assign(layout.legend, { x: 0, xref: 'container', y: 1, yref: 'container', yanchor: 'top' });
    } else margin.b += Math.max(0, more - 20);
  }
  return { data, layout };
}`;
