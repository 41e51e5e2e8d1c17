import { setTimeout as delay } from "node:timers/promises";

/** Time as the rest of the house sees it: everything that waits or asks for the time is handed one of these. */
export interface Clock {
  /** The present instant, in milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds of this clock; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The longest delay that Node's timers take; anything longer fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = scaledClock(0, 0, 1);

/**
 * A clock that stood at `origin` when the machine's stood at `realOrigin` (both in milliseconds since the epoch) and
 * that has run `speed` times as fast since. Rehearsals use it, so that a bake of hours takes seconds.
 */
export function scaledClock(realOrigin: number, origin: number, speed: number): Clock {
  return {
    now: () => Math.round(origin + (Date.now() - realOrigin) * speed),
    async sleep(ms, signal) {
      for (let rest = ms / speed; rest > 0; rest -= LONGEST_TIMER) {
        await delay(Math.min(rest, LONGEST_TIMER), undefined, signal ? { signal } : {});
      }
    },
  };
}

/** The environment variable by which a rehearsal hands its clock to the processes it starts. */
export const CLOCK_VARIABLE = "ROCKSOLID_REHEARSAL_CLOCK";

/** Writes a scaled clock as text for {@link CLOCK_VARIABLE}: `realOrigin/origin/speed`. */
export function formatClock(realOrigin: number, origin: number, speed: number): string {
  return `${realOrigin}/${origin}/${speed}`;
}

/**
 * The clock to use under the given environment: the rehearsal's where one is named *and* GitHub's API is on loopback,
 * else the machine's own. Outside a rehearsal the variable does nothing, so that it cannot shorten a real bake.
 */
export function clockFromEnvironment(env: Readonly<Record<string, string | undefined>>): Clock {
  const text = env[CLOCK_VARIABLE];
  if (text === undefined || !/^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|\/|$)/.test(env["GITHUB_API_URL"] ?? "")) {
    return systemClock;
  }
  const [realOrigin, origin, speed] = text.split("/").map(Number);
  if (realOrigin === undefined || origin === undefined || speed === undefined || !(speed > 0)) return systemClock;
  return scaledClock(realOrigin, origin, speed);
}
