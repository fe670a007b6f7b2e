// The kernels of Concord's own for the wasm backend, in AssemblyScript (https://www.assemblyscript.org).
//
// Each works on the memory in which tfjs keeps its tensors; addresses are byte offsets into it, all other sizes count
// values of four bytes. A kernel does a range of its work, from `from` up to but not including `to`, so that several
// threads can share it: each result is written by one thread, which adds up its terms in an order that does not
// depend on how the work was divided. So the same call gives the same bits with any number of threads.
// `scratch`, where a kernel takes it, is memory of the calling thread alone.
//
// To add a kernel: export it here, its last arguments `from`, `to` and `scratch`; add its name to kernels.ts; compile
// with `node scripts/build-wasm-module.mjs`.
export { packPanels, convolve } from './convolve';
export { transformFilter, convolveTiles } from './winograd';
export { sumTiles, filterOfSums } from './winograd-weights';
export { convolveWeights, unpackWeights } from './convolve-weights';
export { siluBackward, siluForward } from './activation';
export { normalizeGroups } from './group-norm';
export { normalizeGroupsGradient } from './group-norm-gradient';
export { adam, blend, sumOfSquares } from './optimize';
export { multiplyEach } from './multiply-each';
export { addTo } from './add-to';
export { steer } from './steer';
export { attend } from './attend';
export { copyBox } from './copy-box';
export { sumMiddle, sumLast } from './sums';
export { clip } from './clip';
