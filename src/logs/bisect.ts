import type { FileHandle } from "node:fs/promises";
import { CONTINUATION, type LineParser } from "./line.ts";

/** Lines of several writers are not quite in order; so far back is read. Milliseconds. */
export const DISORDER = 60_000;
const BLOCK = 65_536;
/** A stack trace so long without a single time is read through instead of searched in. */
const PATIENCE = 16;

/** Where a line with a time of its own begins, at or after an offset. */
export interface TimedLine {
  readonly offset: number;
  readonly time: number;
}

/** The first line with a time of its own that begins at or after `offset` and before `end`; `undefined` where 1 MiB has none. */
export async function timedLineAfter(
  handle: FileHandle,
  offset: number,
  end: number,
  parser: LineParser,
  read?: (bytes: number) => void,
): Promise<TimedLine | undefined> {
  const block = Buffer.allocUnsafe(BLOCK);
  // A line that begins exactly at the offset counts, so the byte before it is looked at.
  let at = Math.max(0, offset - 1);
  let whole = offset === 0;
  for (let tries = 0; tries < PATIENCE && at < end; tries++) {
    const { bytesRead } = await handle.read(block, 0, Math.min(BLOCK, end - at), at);
    if (bytesRead === 0) return undefined;
    read?.(bytesRead);
    let start = whole ? 0 : block.indexOf(10) + 1;
    if (!whole && (start === 0 || start > bytesRead)) {
      at += bytesRead;
      continue;
    }
    whole = true;
    for (let stop = block.indexOf(10, start); stop >= 0 && stop < bytesRead; stop = block.indexOf(10, start)) {
      parser.parse(block, start, stop);
      if (!Number.isNaN(parser.time) && parser.part !== CONTINUATION) return { offset: at + start, time: parser.time };
      start = stop + 1;
    }
    if (start === 0) whole = false;
    at += start === 0 ? bytesRead : start;
  }
  return undefined;
}

/**
 * Where to begin reading so that nothing at or after `time` is missed, as far as lines are in order of time to within a
 * minute: the start of a line. 0 where the times give no hint.
 */
export async function offsetOfTime(
  handle: FileHandle,
  size: number,
  time: number,
  parser: LineParser,
  read?: (bytes: number) => void,
): Promise<number> {
  const target = time - DISORDER;
  let low = 0;
  let start = 0;
  let high = size;
  while (high - low > BLOCK) {
    const middle = Math.floor((low + high) / 2);
    const line = await timedLineAfter(handle, middle, high, parser, read);
    if (line !== undefined && line.time < target) {
      low = Math.max(middle, line.offset);
      start = line.offset;
    } else high = middle;
  }
  return start;
}
