import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { drawingBrowsers } from '../../sdk/browser/drawing-browsers';
import { endBrowser } from '../../sdk/browser/end-browser';
import { evaluate, openPage } from '../../sdk/browser/figure-page';
import { startBrowser } from '../../sdk/browser/start-browser';
import { brokenLinks, htmlFiles } from './links';

/** What is wrong with a site, if anything, and how much of it was looked at. */
export interface SiteCheck {
  readonly pages: number;
  /** Live figures that were drawn. */
  readonly figures: number;
  /** Each names its page. */
  readonly faults: readonly string[];
}

/** A telephone, in pixels of a page: what fits there fits everywhere. */
const telephone = { width: 390, height: 900, deviceScaleFactor: 1, mobile: false };

/**
 * Follows every link of a site, and opens its pages in a browser without a window, from the disk as a reader would: an
 * error of a script, a picture or figure that is not drawn, and a page that scrolls sideways are faults, and so is a search
 * that finds nothing.
 *
 * @throws ConcordError `missing-package` without a browser.
 */
export async function checkSite(site: string): Promise<SiteCheck> {
  const faults = [...brokenLinks(site)];
  const [program] = await drawingBrowsers();
  const browser = await startBrowser(program, { timeLimit: 60 });
  const pages = opened(htmlFiles(site));
  let figures = 0;
  try {
    const send = await openPage(browser);
    await send('Page.enable');
    await send('Emulation.setDeviceMetricsOverride', telephone);
    await send('Page.addScriptToEvaluateOnNewDocument', { source: listener });
    for (const page of pages) {
      await send('Page.navigate', { url: pathToFileURL(resolve(join(site, page))).href });
      const seen = (await evaluate(send, `(${look})()`)) as Seen;
      figures += seen.figures;
      faults.push(...seen.faults.map((fault) => `${page}: ${fault}`));
    }
    await send('Page.navigate', { url: pathToFileURL(resolve(join(site, 'index.html'))).href });
    const found = (await evaluate(send, `(${search})('ComBat')`)) as number;
    if (found === 0) faults.push('index.html: the search finds nothing for "ComBat"');
  } finally {
    endBrowser(browser);
  }
  return { pages: pages.length, figures, faults };
}

/** Of the pages that typedoc makes by the hundred, all alike, three of a kind are opened; of the others all. */
function opened(pages: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return pages.filter((page) => {
    const [folder] = page.split('/');
    if (!page.includes('/') || folder === 'documents') return true;
    const before = seen.get(folder) ?? 0;
    seen.set(folder, before + 1);
    return before < 3;
  });
}

interface Seen {
  readonly figures: number;
  readonly faults: readonly string[];
}

/** What listens in a page from before its own scripts: code of the browser, in text. */
const listener = `
  globalThis.concordFaults = [];
  addEventListener('error', ({ message, target }) =>
    concordFaults.push(message ?? 'cannot load ' + (target.src ?? target.href)), true);
  addEventListener('unhandledrejection', ({ reason }) => concordFaults.push('unhandled: ' + reason));
  const say = console.error;
  console.error = (...words) => { concordFaults.push(words.join(' ')); say(...words); };
`;

/** What looks at a page once all of it is there. */
const look = `async () => {
  const soon = () => new Promise((resolve) => setTimeout(resolve, 50));
  const limit = performance.now() + 60000;
  while (document.readyState !== 'complete' && performance.now() < limit) await soon();
  const figures = [...document.querySelectorAll('.concord-figure')];
  const isDrawn = (figure) => figure.querySelector('.main-svg') !== null;
  while (!figures.every(isDrawn) && performance.now() < limit) await soon();
  for (const figure of figures.filter((one) => !isDrawn(one))) concordFaults.push('not drawn: ' + figure.id);
  for (const image of document.images) {
    if (image.naturalWidth === 0) concordFaults.push('empty picture: ' + image.src.slice(0, 80));
  }
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) concordFaults.push('scrolls sideways by ' + (scrollWidth - clientWidth) + ' pixels where it is ' + clientWidth + ' wide');
  return { figures: figures.filter(isDrawn).length, faults: concordFaults };
}`;

/** What types a word into typedoc's search and counts what it finds. */
const search = `async (word) => {
  const soon = () => new Promise((resolve) => setTimeout(resolve, 100));
  while (document.readyState !== 'complete') await soon();
  document.querySelector('#tsd-search-trigger').click();
  const limit = performance.now() + 20000;
  const field = document.querySelector('#tsd-search-input');
  const results = () => document.querySelectorAll('#tsd-search-results li a').length;
  while (results() === 0 && performance.now() < limit) {
    field.value = word;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    // It waits until nothing was typed for a while.
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return results();
}`;
