import type { Freeze, Window } from "./model.ts";
import { wallTime } from "./zones.ts";

/** Whether a deployment may start, or when it next may and what stands in its way now. Times in milliseconds since the epoch. */
export type Opening =
  | { readonly open: true }
  | { readonly open: false; readonly until: number; readonly because: string };

const MINUTE = 60_000;
const DAY = 86_400_000;

/**
 * Whether a deployment may start at `now` (milliseconds since the epoch): inside the window, where there is one, and in
 * no freeze. A window is open whenever the clocks of its zone show a time inside it, so summer time needs no rule of its
 * own: a window inside the skipped hour does not open that day, one inside the repeated hour opens twice.
 */
export function opensAt(window: Window | undefined, freezes: readonly Freeze[], now: number): Opening {
  let because: string | undefined;
  let time = now;
  // Each turn leaves a freeze behind or reaches a window's start, which only another freeze can spoil.
  for (let turn = 0; turn <= 2 * freezes.length + 1; turn++) {
    const freeze = freezes.find((one) => isFrozen(one, time));
    if (freeze !== undefined) {
      because ??= `frozen from ${freeze.from} to ${freeze.to} (${freeze.reason})`;
      time = endOf(freeze, time);
    } else if (window !== undefined && !isInside(window, time)) {
      because ??= `outside the window ${window.name} (${describe(window)})`;
      time = nextStart(window, time);
    } else {
      return because === undefined ? { open: true } : { open: false, until: time, because };
    }
  }
  throw new RangeError("a window or a freeze has no end");
}

function dateOf(wall: number): string {
  return new Date(wall).toISOString().slice(0, 10);
}

function isFrozen(freeze: Freeze, time: number): boolean {
  const date = dateOf(wallTime(freeze.zone, time));
  return freeze.from <= date && date <= freeze.to;
}

/** The first instant after `time` at which the freeze's zone shows a day after its last. */
function endOf(freeze: Freeze, time: number): number {
  const midnight = Date.parse(`${freeze.to}T00:00:00Z`) + DAY;
  // No zone is further than 26 hours from another, so the end lies in between; calendar days never run backwards there.
  let [low, high] = [Math.max(time, midnight - 26 * 60 * MINUTE), midnight + 26 * 60 * MINUTE];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (dateOf(wallTime(freeze.zone, middle)) > freeze.to) high = middle;
    else low = middle;
  }
  return high;
}

function isInside(window: Window, time: number): boolean {
  const wall = wallTime(window.zone, time);
  const minutes = (((wall % DAY) + DAY) % DAY) / MINUTE;
  const day = new Date(wall).getUTCDay();
  if (window.from < window.to) return window.days.includes(day) && window.from <= minutes && minutes < window.to;
  // Over midnight: the hours after it belong to the day before.
  return minutes >= window.from
    ? window.days.includes(day)
    : minutes < window.to && window.days.includes((day + 6) % 7);
}

/** The first instant after `time`, at which the window is closed, at which it is open. */
function nextStart(window: Window, time: number): number {
  let closed = time;
  // A week holds every start; the clocks may change in it, and a skipped start costs another week at most.
  for (let turn = 0; turn < 64; turn++) {
    const wall = wallTime(window.zone, closed);
    const start = closed + wallStart(window, wall) - wall;
    const change = firstChange(window.zone, closed, start);
    if (change === undefined) return start;
    if (isInside(window, change)) return change;
    closed = change;
  }
  throw new RangeError(`the window ${window.name} never opens`);
}

/** The window's next start by the clock on the wall, if it ran on without a change. */
function wallStart(window: Window, wall: number): number {
  const midnight = Math.floor(wall / DAY) * DAY;
  for (let day = 0; day <= 7; day++) {
    const start = midnight + day * DAY + window.from * MINUTE;
    if (start > wall && window.days.includes(new Date(start).getUTCDay())) return start;
  }
  throw new RangeError(`the window ${window.name} has no days`);
}

/** The first instant in `(from, to]` at which the zone's clocks are set, or undefined. Changes closer together than 6 hours that cancel out are not seen. */
function firstChange(zone: string, from: number, to: number): number | undefined {
  const offset = (time: number) => wallTime(zone, time) - time;
  const before = offset(from);
  let low = from;
  while (low < to) {
    let high = Math.min(low + 6 * 60 * MINUTE, to);
    if (offset(high) === before) {
      low = high;
      continue;
    }
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offset(middle) === before) low = middle;
      else high = middle;
    }
    return high;
  }
  return undefined;
}

const NAMES = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

function describe(window: Window): string {
  const hour = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  const days = window.days.length === 7 ? "" : `${window.days.map((day) => NAMES[day]).join(", ")} `;
  return `${days}${hour(window.from)}-${hour(window.to)} ${window.zone}`;
}
