import { listNames } from '../data/list-names';
import { suggestName } from '../data/nearest-names';
import type { CovariateSlopes, TableAudit } from '../evaluate/audit';
import { ConcordError } from '../errors';
import type { Figure } from './figure';
import { label, plainNumber, plainNumbers } from './figure';
import { axis, baseLayout, count } from './layout';
import { neutral } from './panels/palette';
import { requireCall } from '../data/calls/require-call';
import { counted } from '../data/counted';

/** The most points drawn: beyond, an even part of the features stands for all. */
const mostPoints = 3000;

/**
 * Draws the slope of every feature on a covariate before against after. Points on the line have kept their slope;
 * points nearer to zero than the line have lost biology with the site effect.
 *
 * @param covariate - a covariate, or one of its design columns such as `sex=M`
 * @throws ConcordError `unknown-column` when the audit has no slopes for it.
 *
 * @example
 * ```ts
 * show(plotSlopes(audit, 'age'));
 * ```
 */
export function plotSlopes(audit: TableAudit, covariate: string): Figure {
  requireCall('plotSlopes', { audit, covariate });
  const slopes = slopesOf(audit, covariate);
  const { before, after } = slopes;
  const shown = drawnFeatures(slopes);
  const all = [...before, ...after].filter(Number.isFinite);
  const low = Math.min(0, ...shown.flatMap((i) => [before[i], after[i]]));
  const high = Math.max(0, ...shown.flatMap((i) => [before[i], after[i]]));
  const margin = 0.06 * (high - low || 1);
  const range = [plainNumber(low - margin), plainNumber(high + margin)];
  const per = quantity(slopes);
  return {
    data: [
      {
        type: 'scatter',
        mode: 'lines',
        name: 'unchanged',
        x: range,
        y: range,
        hoverinfo: 'skip',
        line: { color: neutral, width: 1.5, dash: 'dash' },
      },
      {
        type: 'scatter',
        mode: 'markers',
        name: 'one feature',
        x: plainNumbers(shown.map((i) => before[i])),
        y: plainNumbers(shown.map((i) => after[i])),
        text: shown.map((i) => label(audit.features[i])),
        hovertemplate: '%{text}<br>before %{x:.4g}<br>after %{y:.4g}<extra></extra>',
        marker: {
          color: '#0072B2',
          size: shown.length > 500 ? 4 : 7,
          opacity: shown.length > 500 ? 0.5 : 0.75,
        },
      },
    ],
    layout: baseLayout(
      {
        title: `Is the effect of ${label(slopes.column)} still there?`,
        subtitle: all.length === 0 ? 'no feature has a slope' : describe(slopes, shown.length),
        height: 580,
        bottom: 90,
      },
      {
        xaxis: axis(`before: ${per}`, { range, constrain: 'domain', constraintoward: 'left' }),
        yaxis: axis(`after: ${per}`, { range, scaleanchor: 'x', constrain: 'domain' }),
      },
    ),
  };
}

function slopesOf(audit: TableAudit, covariate: string): CovariateSlopes {
  const found =
    audit.slopes.find((slopes) => slopes.column === covariate) ??
    audit.slopes.find((slopes) => slopes.covariate === covariate);
  if (found !== undefined) return found;
  const known = audit.slopes.map(({ column }) => column);
  const hint = suggestName(covariate, known, `the audit has slopes of ${listNames(known)}`);
  throw new ConcordError('unknown-column', `unknown covariate: "${covariate}" (${hint})`, {
    where: { column: covariate },
  });
}

/** The features to draw: all, or evenly spaced ones in the order of their change, the extremes among them. */
function drawnFeatures({ before, after }: CovariateSlopes): number[] {
  const usable = [...before.keys()].filter((i) => Number.isFinite(before[i]) && Number.isFinite(after[i]));
  if (usable.length <= mostPoints) return usable;
  usable.sort((a, b) => after[a] - before[a] - (after[b] - before[b]));
  const step = (usable.length - 1) / (mostPoints - 1);
  return Array.from({ length: mostPoints }, (_, i) => usable[Math.round(i * step)]);
}

function describe({ before, after }: CovariateSlopes, drawn: number): string {
  const pairs = [...before.keys()].filter((i) => Number.isFinite(before[i]) && Number.isFinite(after[i]));
  const cross = pairs.reduce((sum, i) => sum + before[i] * after[i], 0);
  const square = pairs.reduce((sum, i) => sum + before[i] ** 2, 0);
  const kept = `after ≈ ${(cross / square).toFixed(2)} × before (least squares through zero)`;
  const features =
    drawn === pairs.length
      ? counted(drawn, 'feature')
      : `${count(drawn)} of ${count(pairs.length)} features drawn`;
  return `${features}, adjusted for site and the other covariates, both scaled by the raw residual SD; ${kept}`;
}

/** What an axis counts: change per unit, or the difference that a level makes. */
function quantity({ covariate, column, unit }: CovariateSlopes): string {
  if (column !== covariate) return `difference of ${label(column)} (SD)`;
  const one = unit === undefined ? `unit of ${covariate}` : unit.replace(/years$/, 'year');
  return `slope (SD per ${label(one)})`;
}
