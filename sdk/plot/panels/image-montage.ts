import type { ImageCohort } from '../../data/cohort';
import { isImageCohort } from '../../data/cohort';
import type { ImageSet } from '../../data/images/image-set';
import type { Picture } from '../../data/images/picture';
import { requireCount } from '../../data/require-count';
import { groupBy } from '../../data/group-by';
import type { PanelStyle } from './draw-panel';
import { count } from '../layout';
import type { MontageOptions } from './montage-options';
import { imagePanel } from './panel';
import type { SheetPanel, SheetRow } from './panel-sheet';
import { drawSheet } from './panel-sheet';
import { pictureStyle, windowBar } from './picture-style';
import type { IntensityWindow } from './shown-values';
import { robustWindow, shownValues } from './shown-values';
import { placeCaption } from './volume-panels';
import { intensityText } from '../volume-summary';

/** The images of one scan, by their positions in the set. */
export interface ScanImages {
  readonly scan: string;
  readonly site?: string;
  readonly from: number;
  readonly to: number;
}

/** Draws images: a row per scan, labeled with scan and site; of many scans and images a choice, the rest counted. */
export function imageMontage(source: ImageSet | ImageCohort, options: MontageOptions = {}): Picture {
  const { columns = 6, maxScans = 8, windowing = 'shared', title } = options;
  const images = isImageCohort(source) ? source.images : source;
  const scans = scansOf(source);
  const shown = chooseScans(scans, requireCount('maxScans', maxScans));
  const shared = pictureStyle(options, windowOf(images, { scan: '', from: 0, to: images.slices.length }));
  const own = windowing === 'each' && options.window === undefined;
  const rows = shown.flatMap((scan) => {
    const style = own ? { ...shared, window: windowOf(images, scan) } : shared;
    return scanRows(images, scan, {
      style,
      columns: requireCount('columns', columns),
      alone: scans.length === 1,
      own,
    });
  });
  const drawn = rows.reduce((sum, row) => sum + row.panels.length, 0);
  const note = `${count(drawn)} of ${count(images.slices.length)} images, ${count(shown.length)} of ${count(scans.length)} scans`;
  return drawSheet(
    rows,
    {
      title,
      notes: [`${note} · ${own ? 'each scan in its own window' : 'one window for all'}`],
      ...(own ? {} : { bar: windowBar(shared) }),
      alt: `${note}: ${shown.map(({ scan }) => scan).join(', ')}`,
    },
    options.scale,
  );
}

/** The scans that a set of images comes from, in its order. */
export function scansOf(source: ImageSet | ImageCohort): ScanImages[] {
  const [images, sites] = isImageCohort(source) ? [source.images, source.participants.sites] : [source, []];
  const scans: ScanImages[] = [];
  let from = 0;
  for (let at = 1; at <= images.slices.length; at++) {
    if (at < images.slices.length && images.slices[at].scan === images.slices[from].scan) continue;
    const site = sites[scans.length];
    scans.push({ scan: images.slices[from].scan, from, to: at, ...(site === undefined ? {} : { site }) });
    from = at;
  }
  return scans;
}

/** So many scans, from each site in turn, then in their old order within sites sorted by name. */
function chooseScans(scans: readonly ScanImages[], most: number): ScanImages[] {
  const bySite = groupBy(scans, ({ site = '' }) => site);
  const sites = [...bySite.keys()].sort().map((site) => bySite.get(site) ?? []);
  const quota = new Array<number>(sites.length).fill(0);
  for (let left = Math.min(most, scans.length), turn = 0; left > 0; turn++) {
    const site = turn % sites.length;
    if (quota[site] >= sites[site].length) continue;
    quota[site]++;
    left--;
  }
  return sites.flatMap((own, site) => own.slice(0, quota[site]));
}

function windowOf(images: ImageSet, { from, to }: ScanImages): IntensityWindow {
  const [, height, width, channels] = images.shape;
  const area = width * height;
  if (channels === 1 || images.mask === undefined) {
    return robustWindow(
      shownValues({
        data: images.data.subarray(from * area * channels, to * area * channels),
        mask: images.mask?.subarray(from * area, to * area),
      }),
    );
  }
  // A mask is for the middle channel, so only that is looked at.
  const middle = new Float32Array((to - from) * area);
  for (let i = 0; i < middle.length; i++) {
    middle[i] = images.data[(from * area + i) * channels + Math.floor(channels / 2)];
  }
  return robustWindow(shownValues({ data: middle, mask: images.mask.subarray(from * area, to * area) }));
}

interface RowStyle {
  readonly style: PanelStyle;
  readonly columns: number;
  /** Whether there is no other scan: then all its images are shown, in as many rows as it takes. */
  readonly alone: boolean;
  /** Whether the row has a window of its own, to be named. */
  readonly own: boolean;
}

/** At most so many images of a scan that is alone. */
const mostImages = 48;

function scanRows(images: ImageSet, scan: ScanImages, row: RowStyle): SheetRow[] {
  const last = scan.to - scan.from - 1;
  const limit = row.alone ? mostImages : row.columns;
  const chosen = last < limit ? Array.from({ length: last + 1 }, (_, i) => i) : evenlySpread(last, limit);
  const panels: SheetPanel[] = chosen.map((i) => ({
    panel: imagePanel(images, scan.from + i),
    caption: caption(images, scan.from + i),
    style: row.style,
  }));
  const label = [
    ...(scan.site === undefined ? [] : [scan.site]),
    scan.scan,
    ...(row.own ? [row.style.window.map(intensityText).join(' to ')] : []),
  ];
  return Array.from({ length: Math.ceil(panels.length / row.columns) }, (_, i) => ({
    label: i === 0 ? label : [],
    panels: panels.slice(i * row.columns, (i + 1) * row.columns),
  }));
}

/** So many of the images of a scan, evenly spread, its ends left out because little is to be seen there. */
function evenlySpread(last: number, count: number): number[] {
  const low = 0.12 * last;
  const high = last - 0.12 * last;
  const places = Array.from({ length: count }, (_, i) =>
    Math.round(count === 1 ? (low + high) / 2 : low + ((high - low) * i) / (count - 1)),
  );
  return [...new Set(places)];
}

function caption(images: ImageSet, image: number): string {
  const { plane, position } = images.slices[image];
  return placeCaption(plane, position);
}
