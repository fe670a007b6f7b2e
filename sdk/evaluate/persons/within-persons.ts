/** Values minus their mean over the rows of the same person. */
export function withinPersons(values: Float64Array, persons: Int32Array, count: number): Float64Array {
  const sums = new Float64Array(count);
  const sizes = new Float64Array(count);
  persons.forEach((person, row) => {
    sums[person] += values[row];
    sizes[person]++;
  });
  return values.map((value, row) => value - sums[persons[row]] / sizes[persons[row]]);
}
