import { drawingBrowsers } from '../../sdk/browser/drawing-browsers';
import { endBrowser } from '../../sdk/browser/end-browser';
import { evaluate, openPage } from '../../sdk/browser/figure-page';
import { startBrowser } from '../../sdk/browser/start-browser';

/** A page of a browser without a window, for tests of what runs in pages. */
export interface BrowserPage {
  /** Puts HTML into the page, as a notebook puts an output: its scripts run. */
  show(html: string): Promise<void>;
  /** The value of an expression in the page. */
  ask(expression: string): Promise<unknown>;
  end(): void;
}

/** Opens an empty page in the first browser there is. */
export async function openBrowserPage(): Promise<BrowserPage> {
  const [program] = await drawingBrowsers();
  const browser = await startBrowser(program, { timeLimit: 60 });
  const send = await openPage(browser);
  const ask = (expression: string): Promise<unknown> => evaluate(send, expression);
  return {
    ask,
    show: async (html) => {
      await ask(`document.open(); document.write(${JSON.stringify(html)}); document.close()`);
    },
    end: () => endBrowser(browser),
  };
}
