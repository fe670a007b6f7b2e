import { quantileSorted } from 'simple-statistics';
import type { Protocol, TableAudit, VarianceShare } from '../evaluate/audit';
import type { JsonValue } from '../data/json';
import type { Figure, Trace } from './figure';
import { label, labels, plainNumbers } from './figure';
import { axis, baseLayout } from './layout';
import { protocols } from '../evaluate/rows/audit-row';
import { protocolStyle, translucent } from './panels/palette';
import { requireCall } from '../data/calls/require-call';
import { counted } from '../data/counted';

/**
 * Draws what share of each feature's variance the site and each covariate explain beyond all others (partial R²),
 * for every state of the data. Boxes hold the middle half of the features, whiskers reach from the 5th to the 95th
 * percentile. The site's share should fall, the covariates' should stay.
 *
 * @example
 * ```ts
 * show(plotVariance(audit));
 * ```
 */
export function plotVariance(audit: TableAudit): Figure {
  requireCall('plotVariance', { audit });
  const sources = [...new Set(audit.variance.map((share) => share.source))];
  const states = protocols.filter((protocol) => audit.variance.some((share) => share.protocol === protocol));
  const height = 190 + sources.length * (30 + 30 * states.length);
  return {
    data: states.map((protocol) => boxes(audit.variance, sources, protocol)),
    layout: baseLayout(
      {
        title: 'How much does the site explain, and how much biology?',
        subtitle: `partial R² over ${counted(audit.features.length, 'feature')}; box: middle half, whiskers: 5th to 95th percentile`,
        height,
        bottom: 90,
      },
      {
        boxmode: 'group',
        boxgap: 0.25,
        boxgroupgap: 0.25,
        xaxis: axis("share of a feature's variance (partial R²)", { tickformat: '.0%', rangemode: 'tozero' }),
        yaxis: axis('', {
          type: 'category',
          categoryorder: 'array',
          categoryarray: labels(sources),
          autorange: 'reversed',
          showgrid: false,
        }),
      },
    ),
  };
}

function boxes(shares: readonly VarianceShare[], sources: readonly string[], protocol: Protocol): Trace {
  const { color, title } = protocolStyle[protocol];
  const own = sources.flatMap((source) => {
    const share = shares.find((entry) => entry.source === source && entry.protocol === protocol);
    const sorted =
      share === undefined ? [] : [...share.perFeature].filter(Number.isFinite).sort((a, b) => a - b);
    return sorted.length === 0 ? [] : [{ source, sorted }];
  });
  const at = (p: number): JsonValue => plainNumbers(own.map(({ sorted }) => quantileSorted(sorted, p)));
  return {
    type: 'box',
    orientation: 'h',
    name: title,
    y: own.map(({ source }) => label(source)),
    lowerfence: at(0.05),
    q1: at(0.25),
    median: at(0.5),
    q3: at(0.75),
    upperfence: at(0.95),
    line: { color, width: 1.5 },
    fillcolor: translucent(color, 0.35),
  };
}
