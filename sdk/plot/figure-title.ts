import type { JsonValue } from '../data/json';
import type { Figure } from './figure';
import { titleRoom } from './layout';

/** The words of a figure's title, for a page that writes them itself. */
export interface FigureTitle {
  /** Empty where it has none. */
  readonly title: string;
  readonly subtitle: string;
  /** How many pixels higher the figure is for them; 0 for a title that is not made as ours are. */
  readonly above: number;
}

/** The title of a figure as plain text, and the room that it takes. */
export function titleOf({ layout }: Figure): FigureTitle {
  const { title } = layout;
  const text = typeof title === 'string' ? title : textIn(title);
  const [first = '', ...rest] = text.split('<br>');
  const isOurs = /<span style="font-size:13px">/.test(text);
  return {
    title: plain(first),
    subtitle: plain(rest.join(' ')),
    above: isOurs ? titleRoom(rest.length) : 0,
  };
}

function textIn(title: JsonValue | undefined): string {
  const text = typeof title === 'object' && title !== null && 'text' in title ? title.text : '';
  return typeof text === 'string' ? text : '';
}

/** Text as Plotly shows it: names of the user's were escaped, and what is left in angles are tags. */
function plain(text: string): string {
  return text
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
