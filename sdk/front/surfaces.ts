/**
 * Maps on surfaces and which vertices touch; `loadSurfaceMaps` makes cohorts of them, and `harmonizeMaps` harmonizes more than fit in memory.
 *
 * @module
 */
export { makeNeighborhood, neighborhoodFromTriangles } from '../data/neighborhood';
export type { Neighborhood } from '../data/neighborhood';
export { readSurfaceMap as readMap } from '../io/volumes/surfaces/read-surface-map';
export { harmonizeMaps } from '../maps/harmonize-maps';
export type { HarmonizedMaps } from '../maps/harmonize-maps';
export { applyToMaps } from '../maps/apply-to-maps';
export type { AppliedMaps, ApplyToMapsOptions } from '../maps/apply-to-maps';
export type { HarmonizeMapsOptions, MapsEntry, MapsPlace } from '../maps/maps-options';
export type { MapCounts } from '../maps/journal';
export type { MapPart } from '../maps/map-layout';
