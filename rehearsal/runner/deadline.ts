import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../../src/platform/clock.ts";

/**
 * A rehearsal's clock runs up to hundreds of times as fast as the machine, but starting a process or writing a file does
 * not: no time limit takes less than this many real milliseconds, unless it is itself shorter.
 */
export const REAL_FLOOR = 30_000;

/**
 * Calls `expire` when `ms` of the clock, and `floor` milliseconds of real time, have passed; the returned function calls
 * it off. At ordinary speed the floor changes nothing.
 */
export function deadline(clock: Clock, ms: number, expire: () => void, floor = REAL_FLOOR): () => void {
  const off = new AbortController();
  Promise.all([clock.sleep(ms, off.signal), delay(Math.min(ms, floor), undefined, { signal: off.signal })]).then(
    () => {
      if (!off.signal.aborted) expire();
    },
    (error: unknown) => {
      if (!off.signal.aborted) throw error;
    },
  );
  return () => off.abort();
}
