/**
 * Maps on surfaces and which vertices touch; `loadSurfaceMaps` makes cohorts of them.
 *
 * @module
 */
export { makeNeighborhood, neighborhoodFromTriangles } from '../data/neighborhood';
export type { Neighborhood } from '../data/neighborhood';
export { readSurfaceMap as readMap } from '../io/volumes/surfaces/read-surface-map';
