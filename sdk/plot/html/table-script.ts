/**
 * What runs in the page for each table that can be sorted and paged, as the text of a function `(root, data) → void`. The page
 * has the first rows without it (GitHub runs no scripts); it puts buttons into the headers, where all rows are there, and
 * pages below. Kept as text because it is for browsers, whose types Node does not have.
 */
export const tableScript: string = `(root, data) => {
  const body = root.querySelector('tbody'), note = root.querySelector('.concord-note');
  const heads = Array.from(root.querySelectorAll('thead th'));
  const kept = data.kept, sorts = data.more === 0 && data.rows.length > 1 && !(kept && kept.fixed);
  const sizes = [data.shown, 25, 100].filter((size, k, all) => k === 0 || size > all[0]);
  let order = data.rows.map((row, i) => i), by = -1, down = false, page = 0, size = data.shown;
  const absent = (cell) => cell === null;
  const numeric = data.columns.map((name, k) => data.rows.some((row) => typeof row[k] === 'number'));
  const plain = (value) => Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5)));
  const textOf = (cell, k) => typeof cell !== 'number' ? String(cell) : data.decimals[k] === null ? plain(cell) : cell.toFixed(data.decimals[k]);
  const make = (name, text, className) => { const made = document.createElement(name); if (text !== undefined) made.textContent = text; if (className) made.className = className; return made; };
  const count = (value) => value.toLocaleString('en-US');
  const compare = (a, b) => typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', { numeric: true });
  const sort = (k) => {
    if (by !== k) { by = k; down = false; } else if (!down) down = true; else by = -1;
    order = data.rows.map((row, i) => i);
    if (by !== -1) order.sort((i, j) => {
      const a = data.rows[i][k], b = data.rows[j][k];
      // What is missing comes last in either direction.
      if (absent(a) || absent(b)) return absent(a) - absent(b) || i - j;
      return (down ? -1 : 1) * compare(a, b) || i - j;
    });
    page = 0; draw();
  };
  const first = make('button', '‹'), next = make('button', '›'), place = make('span'), choose = make('select'), pager = make('div', undefined, 'concord-pager');
  const draw = () => {
    const from = page * size, to = Math.min(order.length, from + size);
    body.replaceChildren(...order.slice(from, to).map((i) => {
      const line = make('tr');
      line.append(...data.rows[i].map((cell, k) => {
        const names = kept && k === 0 && !absent(cell);
        const made = make(names ? 'th' : 'td', undefined, !names && numeric[k] && typeof cell !== 'string' ? 'concord-number' : '');
        if (names) made.scope = 'row';
        made.append(absent(cell) ? make('span', 'missing', 'concord-missing') : textOf(cell, k));
        return made;
      }));
      return line;
    }));
    heads.forEach((head, k) => {
      if (!sorts) return;
      if (k === by) head.setAttribute('aria-sort', down ? 'descending' : 'ascending'); else head.removeAttribute('aria-sort');
      head.querySelector('.concord-arrow').textContent = k === by ? (down ? ' ▼' : ' ▲') : '';
    });
    place.textContent = count(from + 1) + '–' + count(to) + ' of ' + count(order.length) + (data.more > 0 ? ' rows carried here, of ' + count(order.length + data.more) + ' in their order' : '');
    first.disabled = page === 0; next.disabled = to === order.length;
  };
  // The order of a part says nothing of the whole.
  if (sorts) heads.forEach((head, k) => {
    const button = make('button', head.textContent, 'concord-sort');
    button.type = 'button'; button.title = 'Sort by ' + head.textContent;
    const arrow = make('span', '', 'concord-arrow'); arrow.setAttribute('aria-hidden', 'true');
    button.append(arrow); button.addEventListener('click', () => sort(k));
    head.replaceChildren(button);
  });
  first.type = next.type = 'button';
  first.setAttribute('aria-label', 'Earlier rows'); next.setAttribute('aria-label', 'Later rows'); choose.setAttribute('aria-label', 'Rows shown at once');
  first.addEventListener('click', () => { page -= 1; draw(); });
  next.addEventListener('click', () => { page += 1; draw(); });
  for (const each of sizes) choose.append(new Option(each + ' rows', each));
  choose.addEventListener('change', () => { size = Number(choose.value); page = 0; draw(); });
  if (order.length > data.shown) pager.append(first, place, next, choose);
  if (kept) {
    const quoted = (cell) => absent(cell) ? '' : /[",\\r\\n]/.test(cell) ? '"' + String(cell).replaceAll('"', '""') + '"' : String(cell);
    const save = make('button', 'Download CSV');
    save.type = 'button'; save.title = 'Every digit of all ' + count(order.length) + ' rows';
    save.addEventListener('click', () => {
      const lines = [data.columns, ...data.rows].map((cells) => cells.map(quoted).join(','));
      const link = make('a');
      link.href = URL.createObjectURL(new Blob([lines.join('\\n') + '\\n'], { type: 'text/csv' }));
      link.download = kept.file; link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
    pager.append(save);
    // On paper nobody turns pages.
    let seen;
    addEventListener('beforeprint', () => { seen = [page, size]; page = 0; size = order.length; draw(); });
    addEventListener('afterprint', () => { if (seen) [page, size] = seen; draw(); });
  }
  if (note) note.textContent = data.hiddenColumns;
  if (note && data.hiddenColumns === '') note.remove();
  root.append(pager);
  draw();
}`;
