import { endOfBlock, startOfBlock } from './block';

/** out += added, in tasks of BLOCK values. */
export function addTo(added: usize, out: usize, count: i32, from: i32, to: i32, scratch: usize): void {
  const last = endOfBlock(to, count);
  let at = startOfBlock(from);
  for (; at + 16 <= last; at += 16) v128.store(out + at, f32x4.add(v128.load(out + at), v128.load(added + at)));
  for (; at < last; at += 4) store<f32>(out + at, load<f32>(out + at) + load<f32>(added + at));
}
