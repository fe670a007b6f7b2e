import type { ImageCohort } from '../data/cohort';
import type { ImageSet } from '../data/images/image-set';
import type { Issue } from '../data/issue';
import { sizedSites } from '../data/people/sized-sites';
import type { Provenance } from '../data/provenance';
import type { Volume } from '../data/images/volume';
import { escapeHtml } from '../plot/html/html';
import { scansOf } from '../plot/panels/image-montage';
import { issuesView } from './issues-view';
import type { View } from './view';
import { stacked } from './view';
import { counted } from '../data/counted';

/** What is below the picture of a volume: how it was made and what was noticed; nothing where there is nothing. */
export function volumeNote({ provenance, issues }: Volume): View | null {
  return historyView(provenance, issues);
}

/** What is below the pictures of images: how many of what, by site, how they were made, what was noticed. */
export function imagesNote(source: ImageSet | ImageCohort): View {
  const images = 'images' in source ? source.images : source;
  const [count, height, width, channels] = images.shape;
  const planes = [...new Set(images.slices.map(({ plane }) => plane))].join(', ');
  const size = `${count.toLocaleString('en-US')} ${planes} images of ${height} × ${width} pixels`;
  const scans = scansOf(source).length;
  const facts = [
    `${size}${channels === 1 ? '' : ` with ${channels} channels`}, ${counted(scans, 'scan')}`,
    ...('images' in source ? [siteCounts(source)] : []),
  ];
  const view = note(facts.join('; '));
  const history = 'images' in source ? historyView(source.provenance, source.issues) : null;
  return history === null ? view : stacked(view, history);
}

function siteCounts({ participants, subjects }: ImageCohort): string {
  const sites = sizedSites(participants).map(({ name, subjects: images }) => `${name} ${images}`);
  return `${counted(new Set(subjects).size, 'subject')}; sites: ${sites.join(', ')}`;
}

function historyView(provenance: Provenance, issues: readonly Issue[]): View | null {
  const views = [
    ...(provenance.length === 0 ? [] : [note(`made by ${provenance.map(({ step }) => step).join(' → ')}`)]),
    ...(issues.length === 0 ? [] : [issuesView(issues)]),
  ];
  return views.length === 0 ? null : stacked(...views);
}

function note(text: string): View {
  return { html: `<p class="concord-note">${escapeHtml(text)}</p>`, text };
}
