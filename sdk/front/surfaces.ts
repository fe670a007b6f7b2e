/**
 * Maps on surfaces and which vertices touch; `loadSurfaceMaps` makes cohorts of them.
 *
 * @module
 */
export { makeNeighbourhood, neighbourhoodFromTriangles } from '../data/neighbourhood';
export type { Neighbourhood } from '../data/neighbourhood';
export { readSurfaceMap as readMap } from '../io/volumes/read-surface-map';
