// How support vector machines lie in memory. Training items are sorted by class, and those of each class filled up to a
// multiple of four by items that take part in nothing.
//
// A record of four whole numbers for each class: the place of its first item, how many items it has, how many with those
// that fill it up, and the address of what its items have among themselves: inner products, then Gaussians.
// A record of four for each pair of classes: the first, the second, the address of its machines, and nothing. A machine is
// a weight for each item of the first class and of the second, and a bias: first the linear one, then the Gaussian.

@inline
export function classStart(classes: usize, c: i32): i32 {
  return load<i32>(classes + (<usize>c << 4));
}

@inline
export function classSize(classes: usize, c: i32): i32 {
  return load<i32>(classes + (<usize>c << 4), 4);
}

@inline
export function classFilled(classes: usize, c: i32): i32 {
  return load<i32>(classes + (<usize>c << 4), 8);
}

@inline
export function ownBlock(classes: usize, c: i32): usize {
  return <usize>load<u32>(classes + (<usize>c << 4), 12);
}

@inline
export function firstOf(pairs: usize, pair: i32): i32 {
  return load<i32>(pairs + (<usize>pair << 4));
}

@inline
export function secondOf(pairs: usize, pair: i32): i32 {
  return load<i32>(pairs + (<usize>pair << 4), 4);
}

@inline
export function machinesOf(pairs: usize, pair: i32): usize {
  return <usize>load<u32>(pairs + (<usize>pair << 4), 8);
}
