import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { drawingBrowsers } from '../../sdk/browser/drawing-browsers';

/** How a reader looks at a page. */
export interface Look {
  readonly colors: 'light' | 'dark';
  /** Of the window, in pixels. */
  readonly width: number;
}

/** The ways in which every report is looked at. */
export const looks: readonly Look[] = [
  { colors: 'light', width: 1280 },
  { colors: 'dark', width: 1280 },
  { colors: 'light', width: 390 },
  { colors: 'dark', width: 390 },
];

/** Starts the browser that figures are drawn in, without a window. */
export async function startPageBrowser(): Promise<Browser> {
  const [executablePath] = await drawingBrowsers();
  return chromium.launch({ executablePath });
}

/** Opens a report as a reader does, from its file, and waits until its figures are drawn. */
export async function openReport(
  browser: Browser,
  file: string,
): Promise<{ readonly page: Page; readonly errors: readonly string[] }> {
  const errors: string[] = [];
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`file://${file}`);
  await page.waitForFunction('window.concordReport.drawn()');
  await page.evaluate(axe.source);
  return { page, errors };
}

/** Looks at a page in other colors or another width, and waits until its figures have followed. */
export async function lookAt(page: Page, { colors, width }: Look): Promise<void> {
  await page.emulateMedia({ colorScheme: colors });
  await page.setViewportSize({ width, height: 900 });
  await page.waitForFunction('window.concordReport.drawn()');
}

/**
 * What axe-core finds wrong on a page: rule, and the elements. It is not shown the drawings of Plotly, whose letters it cannot
 * judge (they have the color of the page's, which it judges) and takes long for.
 */
export async function violations(page: Page): Promise<readonly string[]> {
  const results: axe.AxeResults = await page.evaluate(
    `axe.run({ exclude: ['.concord-figure svg'] }, { resultTypes: ['violations'] })`,
  );
  return results.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
  );
}

/** What makes a page wider than its window: its own width, parts that scroll sideways, parts that stick out. */
export async function tooWide(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(`(() => {
    const named = (element) => element.tagName + '.' + element.className;
    const seen = Array.from(document.querySelectorAll('body *')).filter((element) => !element.closest('svg'));
    const scrolls = seen.filter((element) => /auto|scroll/.test(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1);
    const out = seen.filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && element.getBoundingClientRect().width > 0);
    return [...(document.documentElement.scrollWidth > innerWidth ? ['the page'] : []), ...scrolls.map(named), ...out.map(named)];
  })()`);
}

/** Texts of a figure that cover each other by more than a third of the smaller one, or that are cut off at its edge. */
export async function coveredTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate<
    readonly string[]
  >(`Array.from(document.querySelectorAll('.concord-figure'), (figure) => {
    const frame = figure.getBoundingClientRect();
    const texts = Array.from(figure.querySelectorAll('svg text'), (text) => ({ text: text.textContent.slice(0, 30), box: text.getBoundingClientRect() })).filter(({ text, box }) => text !== '' && box.width > 0);
    const cut = texts.filter(({ box }) => box.left < frame.left - 2 || box.right > frame.right + 2 || box.bottom > frame.bottom + 2);
    const pairs = texts.flatMap((a, i) => texts.slice(i + 1).filter((b) => {
      const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      const smaller = Math.min(a.box.width * a.box.height, b.box.width * b.box.height);
      return across > 0 && down > 0 && across * down > smaller / 3;
    }).map((b) => a.text + ' / ' + b.text));
    return [...pairs, ...cut.map(({ text }) => text + ' is cut off')];
  }).flat()`);
}
