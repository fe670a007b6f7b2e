import type { MimeBundle } from './kernel';
import { fragmentStyle } from '../plot/html/fragment-style';

/**
 * A value in the two forms every output has: HTML for notebooks, text for everywhere else. That of a table, which carries
 * rows to turn to, is made only where it is asked for.
 */
export interface View {
  readonly html: string;
  readonly text: string;
}

/** The view as an output of a notebook; the style travels with it, since every output is separate. */
export function viewBundle(view: View): MimeBundle {
  return {
    'text/html': `<style>${fragmentStyle}</style><div class="concord-fragment">${view.html}</div>`,
    'text/plain': view.text,
  };
}

/** Several views under each other. */
export function stacked(...views: readonly View[]): View {
  return {
    get html() {
      return views.map((view) => view.html).join('\n');
    },
    text: views.map((view) => view.text).join('\n'),
  };
}
