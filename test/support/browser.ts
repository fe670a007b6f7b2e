import { drawingBrowsers } from '../../sdk/browser/drawing-browsers';
import { skipWithout } from './skipping';

/** Skips the suite where no browser can draw figures, unless continuous integration says that one must be there. */
export async function browserOrSkip(context: Mocha.Context): Promise<void> {
  try {
    await drawingBrowsers();
  } catch (error) {
    if (process.env['CONCORD_REQUIRE_BROWSER'] === '1') throw error;
    skipWithout(context, 'a browser', (error as Error).message);
  }
}
