// Kernels of float64 for tables, in AssemblyScript (https://www.assemblyscript.org).
//
// Addresses are byte offsets into the memory; all other sizes count values. A kernel does a range of its work, from `from`
// up to but not including `to`, so that several threads can share it: each result is written by one thread, which adds up
// its terms in an order that does not depend on how the work was divided. So the same call gives the same bits with any
// number of threads. `scratch`, where a kernel takes it, is memory of the calling thread alone.
//
// To add a kernel: export it here, its last arguments `from`, `to` and `scratch`; add its name to float64-kernels.ts;
// compile with `npm run build:wasm`.
export {
  centerByGroups,
  centerColumns,
  columnNorms,
  divideColumns,
  factorColumns,
  groupMeans,
  leastSquares,
  thinBasis,
  turnTable,
} from './designs';
export { eigenvalues } from './eigenvalues';
export { farRows } from './far-rows';
export { inverseIteration } from './inverse-iteration';
export { moveFeatures, standardizeLeftovers } from './leftovers';
export { columnPanels, panelRows, rowPanels } from './panels';
export { measureSites, poolSites, rangeOverSites, siteCorrections, siteIntercepts } from './pool-sites';
export { finishProducts, products } from './products';
export { putBack } from './put-back';
export { siteDistances } from './site-distances';
export { siteDrifts } from './site-drift';
export { fitPrior, siteEffects } from './site-effects';
export { siteSquares, siteSums } from './site-regression';
export { shrinkSite } from './shrink-sites';
export { decidePairs } from './svm-decide';
export { ownBlocks, solvePairs } from './svm-train';
export { tridiagonalize, turnPanels } from './tridiagonal';
