/**
 * Voxel → RAS millimeters: 4 × 4 matrices, made, inverted, composed, applied to a point.
 *
 * @module
 */
export {
  makeAffine as make,
  invertAffine as invert,
  composeAffines as compose,
  transformPoint,
  axisCodes,
} from '../data/images/affine';
