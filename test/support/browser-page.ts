import { drawingBrowsers } from '../../sdk/browser/drawing-browsers';
import type { RunningBrowser } from '../../sdk/browser/end-browser';
import { endBrowser } from '../../sdk/browser/end-browser';
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
  const { devTools } = browser;
  const { targetId } = await devTools.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await devTools.send('Target.attachToTarget', { targetId, flatten: true });
  const ask = async (expression: string): Promise<unknown> => {
    const { result, exceptionDetails } = (await devTools.send(
      'Runtime.evaluate',
      { expression, returnByValue: true },
      sessionId as string,
    )) as { readonly result?: { readonly value?: unknown }; readonly exceptionDetails?: unknown };
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return result?.value;
  };
  return {
    ask,
    show: async (html) => {
      await ask(`document.open(); document.write(${JSON.stringify(html)}); document.close()`);
    },
    end: () => endBrowser(browser satisfies RunningBrowser),
  };
}
