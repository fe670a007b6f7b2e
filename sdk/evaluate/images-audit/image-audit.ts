import type { Issue } from '../../data/issue';
import type {
  CovariateClassification,
  CovariateRegression,
  DistanceCorrelation,
  Protocol,
  SiteProbe,
  TableAudit,
} from '../audit';
import type { TravelerComparison } from '../images/compare-travelers';
import type { AuditRow } from '../rows/audit-row';
import type { ImageSetDistances } from './set-distances';

/** Everything measured on one state of the images: raw, harmonized, or through a simple method. */
export interface ImageStateAudit {
  /** `raw`, the method's name, or that of a simple method. */
  readonly name: string;
  /** Missing for a simple method. */
  readonly protocol?: Exclude<Protocol, 'in-folds'>;
  /** How well a network, retrained on these images, identifies the site; missing where no site has enough persons. */
  readonly probe?: SiteProbe<'cnn'>;
  readonly regressions: readonly CovariateRegression[];
  readonly classifications: readonly CovariateClassification[];
  /** Correlation of distances between persons with those in raw images, intensities as they are. */
  readonly distances?: DistanceCorrelation;
  /** The same of scans brought to mean 0 and standard deviation 1 each: of patterns, whatever the scale. */
  readonly patterns?: DistanceCorrelation;
  /** Per scan the correlation of edges with the raw scan, mean over its slices; `NaN` where an image is flat. */
  readonly edges?: readonly number[];
  /** Agreement with the persons' own scans at the target site, where there are such. */
  readonly travelers?: TravelerComparison;
  /** How far the images of sites are from each other, or from those of the target. */
  readonly sets?: ImageSetDistances;
}

/** Everything measured about one harmonization of images: the twin of {@link TableAudit}. */
export interface ImageAudit {
  readonly kind: 'image-audit';
  readonly method: string;
  /** Scans. */
  readonly subjects: number;
  readonly persons: number;
  /** How many families these persons are of, where some are known to be related. */
  readonly families?: number;
  /** Slices. */
  readonly images: number;
  readonly imageSize: readonly [height: number, width: number];
  readonly sites: TableAudit['sites'];
  readonly covariates: readonly string[];
  readonly target?: string;
  readonly mask: 'each' | 'common';
  readonly seed: number;
  readonly seeds: number;
  readonly folds: number;
  /** The network that identifies the site, in words, and how long each is trained. */
  readonly network: string;
  readonly steps: number;
  /** How well the site is identified from the mask alone and from covariates alone, on the same splits. */
  readonly floors: { readonly mask?: SiteProbe<'cnn'>; readonly covariates?: SiteProbe };
  readonly states: readonly ImageStateAudit[];
  /** Every figure as it is shown. */
  readonly rows: readonly AuditRow[];
  /** How figures were made, a sentence each. */
  readonly notes: readonly string[];
  readonly issues: readonly Issue[];
}

/** An audit of either payload; rows, findings, text, figures and reports serve both. */
export type Audit = TableAudit | ImageAudit;
