import { gzipSync } from 'node:zlib';
import type { JsonValue } from '../../data/json';
import { escapeHtml } from '../../plot/html/html';
import type { ReportPicker } from '../report-content';
import { changesTo } from './figure-changes';
import { figureElement, pageFigure } from './figure-element';
import type { PageSection } from './page-section';

/**
 * The figures of one feature at a time: a list to pick from, the figures of the first feature, and in what those of the others
 * differ, compressed.
 */
export function pickerSection({ caption, features }: ReportPicker): PageSection {
  const pages = features.map(({ figures }) => figures.map(pageFigure) as unknown as JsonValue);
  const changes = pages.map((page) => changesTo(pages[0], page) ?? {});
  const packed = gzipSync(JSON.stringify(changes)).toString('base64');
  const options = features.map(({ name }) => `<option>${escapeHtml(name)}</option>`);
  const drawn = features[0].figures.map((own, at) =>
    figureElement(own, `picked-${at + 1}`, { links: new Map(), picked: true }),
  );
  return {
    id: 'one-feature',
    title: 'One feature at a time',
    html: `<p class="how">${escapeHtml(caption)}</p>
<p class="picker" hidden><label>Feature <select>${options.join('')}</select></label></p>
<script type="application/gzip" id="picked-figures">${packed}</script>
${drawn.join('\n')}`,
  };
}
