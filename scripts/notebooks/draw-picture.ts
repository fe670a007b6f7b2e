import { drawFigure } from '../../sdk/browser/draw-figure';
import { pictureTask } from '../../sdk/notebook/static-picture';
import type { Figure } from '../../sdk/plot/figure';

/** Draws a figure as `show` draws the picture beside it, however long the browser takes: a PNG in base64. */
export async function drawPicture(figure: Figure): Promise<string> {
  return Buffer.from(await drawFigure(pictureTask(figure))).toString('base64');
}
