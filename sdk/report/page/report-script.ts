import { figuresScript } from './figures-script';

/**
 * What runs in every report, once, as the text of a function `(channel) → void`: figures, the choice of a feature, the button
 * that copies the methods, tables that become cards on a narrow page, and folded parts that are opened for paper. Kept as text
 * because it is for browsers, whose types Node does not have.
 */
export const reportScript: string = `(channel) => {
  const save = (blob, name) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob); link.download = name; link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  const figures = (${figuresScript})(channel, save);

  // A feature is picked in one place; the figures of all features are inflated when the first is picked.
  const picker = document.querySelector('.picker');
  if (picker) {
    const choose = picker.querySelector('select'), packed = document.getElementById('picked-figures');
    let all;
    const inflate = async () => {
      const bytes = Uint8Array.from(atob(packed.textContent), (letter) => letter.charCodeAt(0));
      return JSON.parse(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text());
    };
    const show = async () => {
      all = all || inflate();
      figures.pick(choose.value, (await all)[choose.selectedIndex]);
    };
    choose.addEventListener('change', show);
    picker.hidden = false;
    show();
  }

  const copied = document.querySelector('.copy');
  if (copied) {
    const text = () => Array.from(document.querySelectorAll('.methods p, .methods li'), (part) => part.textContent).join('\\n\\n');
    copied.hidden = false;
    copied.addEventListener('click', async () => {
      try { await navigator.clipboard.writeText(text()); } catch {
        const field = document.createElement('textarea');
        field.value = text(); document.body.append(field); field.select(); document.execCommand('copy'); field.remove(); copied.focus();
      }
      document.querySelector('.copied').textContent = 'Copied.';
    });
  }

  // On a narrow page a row is a card: each cell has the name of its column before it, and says that it is a cell.
  const name = (table) => {
    const heads = Array.from(table.querySelectorAll('thead th'), (head) => (head.querySelector('button') || head).firstChild?.textContent ?? '');
    const role = (element, own) => { if (element && !element.hasAttribute('role')) element.setAttribute('role', own); };
    role(table, 'table');
    for (const part of table.querySelectorAll('thead, tbody')) role(part, 'rowgroup');
    for (const row of table.rows) {
      role(row, 'row');
      Array.from(row.cells).forEach((cell, k) => {
        const head = cell.closest('thead');
        role(cell, head ? 'columnheader' : cell.tagName === 'TH' ? 'rowheader' : 'cell');
        if (!head && heads[k] && cell.colSpan === 1) cell.dataset.label = heads[k];
      });
    }
  };
  for (const table of document.querySelectorAll('main table')) {
    name(table);
    new MutationObserver(() => name(table)).observe(table.tBodies[0], { childList: true });
  }

  let folded = [];
  addEventListener('beforeprint', () => { folded = Array.from(document.querySelectorAll('details:not([open])')); for (const one of folded) one.open = true; });
  addEventListener('afterprint', () => { for (const one of folded) one.open = false; });
  window.concordReport = figures;
}`;
