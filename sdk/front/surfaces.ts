/**
 * Maps on surfaces and which vertices touch; `loadSurfaceMaps` makes cohorts of them, `harmonizeMaps` harmonizes more than fit in memory, and `picture` and `plotMap` draw them on surfaces.
 *
 * @module
 */
export { makeSurface } from '../data/images/surface';
export type { Hemisphere, Surface, SurfaceOptions } from '../data/images/surface';
export { makeNeighborhood, neighborhoodFromTriangles } from '../data/neighborhood';
export type { Neighborhood } from '../data/neighborhood';
export { readSurface } from '../io/volumes/surfaces/read-surface';
export { readSurfaceMap as readMap } from '../io/volumes/surfaces/read-surface-map';
export { harmonizeMaps } from '../maps/harmonize-maps';
export type { HarmonizedMaps } from '../maps/harmonize-maps';
export { applyToMaps } from '../maps/apply-to-maps';
export type { AppliedMaps, ApplyToMapsOptions } from '../maps/apply-to-maps';
export type { HarmonizeMapsOptions, MapsEntry, MapsPlace } from '../maps/maps-options';
export type { MapCounts } from '../maps/journal';
export type { MapPart } from '../maps/map-layout';
export { plotSurfaceMap as plotMap } from '../plot/surfaces/plot-surface-map';
export type { SurfaceFigureOptions } from '../plot/surfaces/plot-surface-map';
export { surfacePicture as picture } from '../plot/surfaces/surface-picture';
export type { SurfacePictureOptions } from '../plot/surfaces/surface-picture';
export type { SurfaceColorOptions, SurfaceScale } from '../plot/surfaces/map-colors';
export type { SurfaceMapPart } from '../plot/surfaces/map-part';
export type { SurfaceView } from '../plot/surfaces/surface-view';
