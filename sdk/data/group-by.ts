/** Items by their keys, in the order in which they are met; those without a key are in no group. */
export function groupBy<Item, Key>(
  items: Iterable<Item>,
  keyOf: (item: Item, at: number) => Key | undefined,
): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  let at = 0;
  for (const item of items) {
    const key = keyOf(item, at++);
    if (key === undefined) continue;
    // Added to the one list: a copy for each item takes time with the square of the group.
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** The rows by the keys of all rows; a row without a key is in no group. */
export function rowsBy<Key>(keys: ArrayLike<Key | undefined>): Map<Key, number[]> {
  return groupBy(Array(keys.length).keys(), (row) => keys[row]);
}

/** The rows with the same key, of every key that several have, in the order of the rows; rows without a key have no like. */
export function rowsAlike(
  rows: Iterable<number>,
  keyOf: (row: number) => string | number | undefined,
): readonly (readonly number[])[] {
  return [...groupBy(rows, keyOf).values()].filter((own) => own.length > 1);
}
