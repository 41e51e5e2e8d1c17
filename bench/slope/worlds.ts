import { type Random, random } from "../verdict/random.ts";

/** Hours between looks. */
export const STEP_HOURS = 1 / 12;
export const LOOKS = 144;
/** MiB per hour that the rule allows. */
export const LIMIT = 1;

/** The memory of one process in MiB: look by look, NaN where it was not read. */
export interface MemoryWorld {
  readonly name: string;
  readonly start: (random: Random) => (look: number) => number;
}

type Noise = (random: Random) => (look: number) => number;

/** Gaussian noise of standard deviation `size` whose neighbours correlate by `phi`. */
const noise =
  (size: number, phi = 0): Noise =>
  (r) => {
    let state = size * r.normal();
    return () => {
      state = phi * state + size * Math.sqrt(1 - phi * phi) * r.normal();
      return state;
    };
  };

const heavy =
  (size: number): Noise =>
  (r) =>
  () =>
    size * r.student(2);

/** A random walk with steps of standard deviation `step` a look. */
const walk =
  (step: number): Noise =>
  (r) => {
    let state = 0;
    return () => {
      state += step * r.normal();
      return state;
    };
  };

/** What garbage collection frees: rises by `size` MiB within about `hours`, and falls to zero at once. */
const sawtooth =
  (size: number, hours: number): Noise =>
  (r) => {
    let from = -r.uniform() * hours;
    let length = hours * (0.85 + 0.3 * r.uniform());
    return (look) => {
      const now = look * STEP_HOURS;
      while (now - from >= length) {
        from += length;
        length = hours * (0.85 + 0.3 * r.uniform());
      }
      return (size * (now - from)) / hours;
    };
  };

/** Grows towards `size` MiB, of what is missing the same share in every hour: exp(−1) is left after `hours`. */
const warmUp =
  (size: number, hours: number): Noise =>
  () =>
  (look) =>
    size * (1 - Math.exp((-look * STEP_HOURS) / hours));

/** A cache that is filled by what happens to be asked for: a warm-up in random steps. */
const cache =
  (size: number, hours: number): Noise =>
  (r) => {
    let filled = 0;
    return () => {
      const missing = 1 - filled;
      filled += Math.min(missing, (missing * STEP_HOURS * 2 * r.gamma(1)) / (2 * hours));
      return size * filled;
    };
  };

const outliers =
  (share: number, size: number): Noise =>
  (r) =>
  () =>
    r.uniform() < share ? size * (1 + r.uniform()) : 0;

const gaps =
  (share: number): Noise =>
  (r) =>
  () =>
    r.uniform() < share ? Number.NaN : 0;

const leak =
  (perHour: number, since = 0): Noise =>
  () =>
  (look) =>
    perHour * Math.max(0, look * STEP_HOURS - since);

function world(name: string, ...parts: readonly Noise[]): MemoryWorld {
  return {
    name,
    start: (r) => {
      const started = parts.map((part) => part(r));
      return (look) => started.reduce((sum, part) => sum + part(look), 500);
    },
  };
}

export const healthy: readonly MemoryWorld[] = [
  world("white noise of 5 MiB", noise(5)),
  world("the same, growing exactly at the limit", noise(5), leak(LIMIT)),
  world("neighbours alike (0.8)", noise(5, 0.8)),
  world("neighbours alike (0.8), at the limit", noise(5, 0.8), leak(LIMIT)),
  world("slow wandering (0.95)", noise(5, 0.95)),
  world("random walk, 1 MiB a look", walk(1)),
  world("half wandering (0.95), half white", noise(5, 0.95), noise(5)),
  world("heavy tails", heavy(3)),
  world("one value in ten is 500 MiB out, a fifth missing", noise(5), outliers(0.1, 500), gaps(0.2)),
  world("collections every 7 minutes, 50 MiB", sawtooth(50, 0.12), noise(1)),
  world("collections every 20 minutes, 50 MiB", sawtooth(50, 1 / 3), noise(1)),
  world("collections every 45 minutes, 50 MiB", sawtooth(50, 0.75), noise(1)),
  world("collections every 45 minutes, 200 MiB", sawtooth(200, 0.75), noise(2)),
  world("collections every 2 hours, 50 MiB", sawtooth(50, 2), noise(1)),
  world("warm-up of 100 MiB, 10 minutes", warmUp(100, 1 / 6), noise(2)),
  world("warm-up of 100 MiB, 20 minutes", warmUp(100, 1 / 3), noise(2)),
  world("warm-up of 100 MiB, an hour", warmUp(100, 1), noise(2)),
  world("cache of 100 MiB, 10 minutes", cache(100, 1 / 6), noise(2)),
  world("cache of 100 MiB, 20 minutes", cache(100, 1 / 3), noise(2)),
];

export const leaking: readonly MemoryWorld[] = [
  world("12 MiB/h, noise 2 MiB", leak(12), noise(2)),
  world("12 MiB/h, noise 5 MiB", leak(12), noise(5)),
  world("12 MiB/h, noise 10 MiB", leak(12), noise(10)),
  world("12 MiB/h, neighbours alike (0.8)", leak(12), noise(5, 0.8)),
  world("12 MiB/h, random walk", leak(12), walk(1)),
  world("12 MiB/h after a warm-up of 10 minutes", leak(12), warmUp(100, 1 / 6), noise(2)),
  world("12 MiB/h, collections every 7 minutes, 50 MiB", leak(12), sawtooth(50, 0.12), noise(1)),
  world("12 MiB/h, collections every 45 minutes, 50 MiB", leak(12), sawtooth(50, 0.75), noise(1)),
  world("12 MiB/h, collections every 45 minutes, 200 MiB", leak(12), sawtooth(200, 0.75), noise(2)),
  world("5 MiB/h, noise 5 MiB", leak(5), noise(5)),
  world("5 MiB/h, outliers and gaps", leak(5), noise(5), outliers(0.1, 500), gaps(0.2)),
  world("5 MiB/h, collections every 45 minutes, 50 MiB", leak(5), sawtooth(50, 0.75), noise(1)),
  world("5 MiB/h, collections every 2 hours, 50 MiB", leak(5), sawtooth(50, 2), noise(1)),
  world("3 MiB/h, noise 5 MiB", leak(3), noise(5)),
  world("3 MiB/h, neighbours alike (0.8)", leak(3), noise(5, 0.8)),
  world("2 MiB/h, noise 3 MiB", leak(2), noise(3)),
  world("12 MiB/h, beginning after 4 hours, noise 5 MiB", leak(12, 4), noise(5)),
];

/** The values of one bake in one world. */
export function play({ start }: MemoryWorld, seed: number, looks = LOOKS): number[] {
  const value = start(random(seed));
  return Array.from({ length: looks }, (_, look) => value(look));
}
