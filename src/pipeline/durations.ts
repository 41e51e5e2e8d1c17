import type { Duration } from "./model.ts";

const MILLISECONDS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;
type DurationUnit = keyof typeof MILLISECONDS;

/** How a duration is written; seven digits at most, so that no sum of durations leaves the exact integers. */
export const DURATION_PATTERN = /^(0|[1-9][0-9]{0,6})(ms|s|m|h|d)$/;

/** Reads `500ms`, `90s`, `5m`, `12h` or `2d` as milliseconds; undefined for anything else. */
export function parseDuration(text: string): Duration | undefined {
  const [, digits, unit] = DURATION_PATTERN.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * MILLISECONDS[unit as DurationUnit];
}

/** Writes whole milliseconds in the largest unit that divides them: 5400000 is `90m`, 0 is `0s`. */
export function formatDuration(ms: Duration): string {
  if (ms === 0) return "0s";
  for (const [unit, size] of Object.entries(MILLISECONDS)) if (ms % size === 0) return `${ms / size}${unit}`;
  return `${ms}ms`;
}
