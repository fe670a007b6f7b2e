/**
 * What lists the numbers of a figure as CSV, as the text of a function `(figure) → csv`: a line for each point, box or cell with what
 * its axes count; of maps on surfaces a line for each vertex, its value empty where it has none. Kept as text because it is for
 * browsers.
 */
export const numbersScript: string = `({ data, layout }) => {
  const plain = (text) => String(text).replaceAll('<br>', '; ').replaceAll(/<[^>]*>/g, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  const titleOf = (axis) => axis && axis.title && axis.title.text ? plain(axis.title.text) : '';
  const types = { i4: Int32Array, f4: Float32Array };
  const unpacked = ({ dtype, bdata }) => new types[dtype](Uint8Array.from(atob(bdata), (letter) => letter.charCodeAt(0)).buffer);
  // Where a surface is cut at holes several points are of one vertex.
  const surfaces = new Map();
  const addVertices = (trace) => {
    const part = plain(trace.meta ?? trace.name ?? '');
    const values = surfaces.get(part) ?? new Map();
    surfaces.set(part, values);
    const own = trace.intensity && unpacked(trace.intensity);
    unpacked(trace.customdata).forEach((vertex, at) => values.set(vertex, own ? Number(own[at].toPrecision(9)) : ''));
  };
  const lines = [];
  for (const trace of data) {
    if (trace.type === 'mesh3d' && trace.customdata) addVertices(trace);
    if (trace.type === 'mesh3d' || trace.type === 'scatter3d') continue;
    const list = (name) => Array.isArray(trace[name]) ? trace[name] : [];
    const axes = ['x', 'y'].map((letter) => titleOf(layout[letter + 'axis' + (trace[letter + 'axis'] || letter).slice(1)]));
    const about = { series: plain(trace.name || ''), 'x axis': axes[0], 'y axis': axes[1] };
    if (Array.isArray(trace.z)) {
      trace.z.forEach((row, i) => row.forEach((value, k) => lines.push({ ...about, x: plain(list('x')[k] ?? k), y: plain(list('y')[i] ?? i), value })));
      continue;
    }
    const boxes = ['lowerfence', 'q1', 'median', 'q3', 'upperfence'];
    const size = Math.max(0, ...['x', 'y', ...boxes].map((name) => list(name).length));
    for (let i = 0; i < size; i++) {
      const own = (name, value) => value === undefined || value === null ? {} : { [name]: typeof value === 'number' ? value : plain(value) };
      const line = { ...own('x', list('x')[i] ?? trace.x0), ...own('y', list('y')[i] ?? trace.y0) };
      for (const name of boxes) Object.assign(line, own(name, list(name)[i]));
      const error = trace.error_x || {};
      Object.assign(line, own('above', (error.array || [])[i]), own('below', (error.arrayminus || [])[i]), own('text', list('text')[i]));
      if (Object.keys(line).length > 0) lines.push({ ...about, ...line });
    }
  }
  for (const [part, values] of surfaces) {
    for (const vertex of [...values.keys()].sort((one, other) => one - other)) lines.push({ part, vertex, value: values.get(vertex) });
  }
  const columns = [...new Set(lines.flatMap(Object.keys))];
  const quoted = (cell) => cell === undefined || cell === null ? '' : /[",\\r\\n]/.test(cell) ? '"' + String(cell).replaceAll('"', '""') + '"' : String(cell);
  return [columns, ...lines.map((line) => columns.map((name) => line[name]))].map((cells) => cells.map(quoted).join(',')).join('\\n') + '\\n';
}`;
