/**
 * Inside the multi-site unsupervised representation disentangler: translation, styles, content. `fitMurd` fits it.
 *
 * @module
 */
export { translate } from '../murd/translate';
export type { TranslateOptions, TranslateRunOptions } from '../murd/translate';
export type { ReferenceStyle, SiteStyle, StyleChoice } from '../nn/styles/style-choice';
export type { DetailOptions } from '../nn/styles/detail-options';
export { interpolate } from '../murd/interpolate';
export type { InterpolateOptions } from '../murd/interpolate';
export { contentOf, styleOf } from '../murd/inspect';
export type { StyleOfOptions } from '../murd/inspect';
export type { ImageRepresentation } from '../data/images/image-representation';
export { murdParameters as parameters } from '../murd/murd-parameters';
export type { MurdPart } from '../murd/murd-parameters';
export { murdSizes as sizes } from '../murd/network/murd-sizes';
export type { MurdSize } from '../murd/network/murd-sizes';
export type { MurdArchitecture, MurdDomain } from '../murd/murd-model';
export type { MurdLossWeights } from '../murd/training/loss-weights';
export type { Contrasts } from '../murd/domains';
export { compareRepresentations, siteSilhouette } from '../evaluate/images/representations';
export type { PairAgreement, RepresentationComparison } from '../evaluate/images/representations';
export type { PlotRepresentationOptions } from '../plot/plot-representation';
export { plotRepresentation } from '../plot/plot-representation';
