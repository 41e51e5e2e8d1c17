import type { Sample, SeriesRule, Side } from "../../src/verdict/series/types.ts";
import type { Random } from "./random.ts";

/** Milliseconds between looks: 5 minutes, so that 144 looks are a bake of 12 hours. */
export const STEP = 300_000;
export const DAY_LOOKS = 288;

/** One simulated bake: its samples look by look, those of the past first (negative looks). */
export interface Bake {
  readonly rule: SeriesRule;
  look(t: number): readonly Sample[];
}

/** A way in which the world may be, healthy or with a candidate that is worse. */
export interface World {
  readonly name: string;
  readonly looks: number;
  /** Looks of the past that come with it. */
  readonly past: number;
  readonly checks: number;
  /** Of one look about a worse candidate, in nats, where it can be told. */
  readonly information?: number | undefined;
  readonly start: (random: Random) => Bake;
}

/** How much worse the candidate is at a look: a factor on its rate or value. */
export type Damage = (t: number, looks: number) => number;

export const healthy: Damage = () => 1;
export const at =
  (factor: number): Damage =>
  () =>
    factor;
export const creeping =
  (factor: number): Damage =>
  (t, looks) =>
    1 + ((factor - 1) * t) / looks;
export const intermittent =
  (factor: number): Damage =>
  (t) =>
    t % 10 === 5 ? factor : 1;

export const comparison = (worse: "higher" | "lower" | "different" = "higher"): SeriesRule => ({
  comparison: { worse, tolerance: 0 },
  noData: "fail",
});

interface Common {
  readonly looks?: number;
  readonly past?: number;
  readonly checks?: number;
  readonly night?: boolean;
}

export interface CountWorld extends Common {
  /** Share of the traffic that the candidate gets. */
  readonly share: number;
  readonly rate: number;
  readonly requests: number;
  /** Shape of the gamma factor on each side's rate at each look: small is bursty. */
  readonly shape?: number;
  /** Bursts that last: chance of a start, looks that they last, factor. */
  readonly bursts?: { readonly chance: number; readonly length: number; readonly factor: number };
  readonly rising?: boolean;
  /** The candidate's rate before the deploy, relative to the control's. */
  readonly birth?: number;
}

/** Errors among requests, on two sides. */
export function counts(name: string, world: CountWorld, damage: Damage = healthy): World {
  const { looks = 144, past = 0, checks = 1 } = world;
  return {
    name,
    looks,
    past,
    checks,
    information: countInformation(world, damage),
    start: (random) => {
      const phase = random.uniform() * DAY_LOOKS;
      const bursts = [0, 0];
      const burst = (side: number) => {
        const { chance, length, factor } = world.bursts ?? { chance: 0, length: 0, factor: 1 };
        const left = bursts[side] ?? 0;
        bursts[side] = left > 0 ? left - 1 : random.uniform() < chance ? length : 0;
        return (bursts[side] ?? 0) > 0 ? factor : 1;
      };
      const scatter = () => (world.shape === undefined ? 1 : random.gamma(world.shape));
      return {
        rule: comparison(),
        look: (t) => {
          const traffic =
            world.requests *
            (world.night ? 1 + 0.8 * Math.sin((2 * Math.PI * (t + phase)) / DAY_LOOKS) : 1) *
            (world.rising ? 1 + (3 * Math.max(0, t)) / looks : 1);
          const [n, m] = [random.poisson(traffic * world.share), random.poisson(traffic * (1 - world.share))];
          const worse = (world.birth ?? 1) * (t < 0 ? 1 : damage(t, looks));
          const x = Math.min(n, random.poisson(n * world.rate * worse * scatter() * burst(0)));
          const y = Math.min(m, random.poisson(m * world.rate * scatter() * burst(1)));
          return [sample("candidate", t, x, n), sample("baseline", t, y, m)];
        },
      };
    },
  };
}

export interface FewWorld extends Common {
  /** Errors of the candidate at one look. */
  readonly errors: (random: Random, t: number) => number;
  /** Errors of its control, none unless given. */
  readonly usual?: (random: Random, t: number) => number;
  /** Requests of each side at a look; without them the samples are plain whole numbers. */
  readonly requests?: readonly [candidate: number, baseline: number];
  /** The past has no errors on either side. */
  readonly quiet?: boolean;
}

/** Half an error a look, in three ways. */
export const alternating = (_: Random, t: number): number => Math.abs(t) % 2;
export const bernoulli = (random: Random): number => (random.uniform() < 0.5 ? 1 : 0);
export const poisson =
  (mean: number) =>
  (random: Random): number =>
    random.poisson(mean);

/** So few errors that most looks have none or one. */
export function few(name: string, world: FewWorld): World {
  const { looks = 30, past = 0, checks = 1, usual = () => 0, requests, quiet } = world;
  return {
    name,
    looks,
    past,
    checks,
    start: (random) => ({
      rule: comparison(),
      look: (t) => {
        const [x, y] = t < 0 && quiet ? [0, 0] : [world.errors(random, t), usual(random, t)];
        return [sample("candidate", t, x, requests?.[0]), sample("baseline", t, y, requests?.[1])];
      },
    }),
  };
}

export interface ValueWorld extends Common {
  /** Standard deviation of the noise of one machine, as a share of its level. */
  readonly noise: number;
  /** Correlation of neighbours. */
  readonly correlation?: number;
  /** Noise of the candidate relative to that of the control's machines. */
  readonly loud?: number;
  /** Correlation of the candidate's neighbours, where it is another. */
  readonly clings?: number;
  /** Standard deviation of uncorrelated noise besides. */
  readonly white?: number;
  /** Degrees of freedom of Student's t; Gaussian unless given. */
  readonly tails?: number;
  readonly machines?: readonly [candidate: number, baseline: number];
  /** Of the control only the mean of its machines is read. */
  readonly averaged?: boolean;
  /** Standard deviation of the machines' levels. */
  readonly birth?: number;
  /** Only the first of the candidate's machines is worse. */
  readonly one?: boolean;
  readonly rule?: SeriesRule;
  /** Size of a movement that both sides share. */
  readonly shared?: number;
}

/** A latency, on two sides. */
export function values(name: string, world: ValueWorld, damage: Damage = healthy): World {
  const { looks = 144, past = 0, checks = 1, machines = [1, 1] } = world;
  return {
    name,
    looks,
    past,
    checks,
    information: valueInformation(world, damage),
    start: (random) => {
      const start = random.uniform() * DAY_LOOKS;
      const draw = () => (world.tails === undefined ? random.normal() : random.student(world.tails));
      const noise = (phi = world.correlation ?? 0) => {
        let state = draw();
        return () => {
          state = phi * state + Math.sqrt(1 - phi * phi) * draw();
          return state;
        };
      };
      const [nc, nb] = machines;
      const fleet = Array.from({ length: nc + nb }, (_, i) => ({
        noise: noise(i < nc ? world.clings : undefined),
        size: world.noise * (i < nc ? (world.loud ?? 1) : 1),
        birth: (world.birth ?? 0) * random.normal(),
      }));
      const together = noise();
      return {
        rule: world.rule ?? comparison(),
        look: (t) => {
          const common =
            (world.night ? 0.4 * Math.sin((2 * Math.PI * (t + start)) / DAY_LOOKS) : 0) +
            (world.shared ?? 0) * together();
          const read = fleet.map((machine, i) => {
            const ours = i < nc;
            const hurt = ours && t >= 0 && !(world.one && i > 0) ? damage(t, looks) : 1;
            const white = world.white === undefined ? 0 : world.white * random.normal();
            const value = 0.1 * hurt * Math.exp(common + machine.birth + machine.size * machine.noise() + white);
            const name = (ours ? nc : nb) > 1 ? `m${i}` : undefined;
            return sample(ours ? "candidate" : "baseline", t, value, undefined, name);
          });
          if (!world.averaged) return read;
          const mean = read.slice(nc).reduce((sum, { value }) => sum + value / nb, 0);
          return [...read.slice(0, nc), sample("baseline", t, mean)];
        },
      };
    },
  };
}

export interface LoneWorld extends Common {
  readonly rule: SeriesRule;
  /** Standard deviation of the noise. */
  readonly noise: number;
  /** Correlation of neighbours. */
  readonly correlation?: number;
  /** Degrees of freedom of Student's t; Gaussian unless given. */
  readonly tails?: number;
  /** What is collected as garbage: it grows to this height, over so many looks, and falls. */
  readonly saw?: { readonly height: number; readonly looks: number };
  /** Height of the daily cycle over its mean. */
  readonly daily?: number;
  /** By how much it grows per hour from the deploy on. */
  readonly perHour?: number;
  /** By how much it stands higher from the deploy on. */
  readonly step?: number;
}

/** A value of the candidate without a control, around 1,000. */
export function lone(name: string, world: LoneWorld): World {
  const { looks = 144, past = 0, checks = 1, correlation = 0, saw, daily = 0, perHour = 0, step = 0 } = world;
  return {
    name,
    looks,
    past,
    checks,
    start: (random) => {
      const phase = random.uniform();
      const draw = () => (world.tails === undefined ? random.normal() : random.student(world.tails));
      let state = draw();
      return {
        rule: world.rule,
        look: (t) => {
          state = correlation * state + Math.sqrt(1 - correlation ** 2) * draw();
          const teeth = saw ? saw.height * ((((t / saw.looks + phase) % 1) + 1) % 1) : 0;
          const cycle = daily * Math.sin(2 * Math.PI * (t / DAY_LOOKS + phase));
          const worse = t < 0 ? 0 : step + perHour * ((t * STEP) / 3_600_000);
          return [sample("candidate", t, 1_000 + teeth + cycle + worse + world.noise * state)];
        },
      };
    },
  };
}

function sample(side: "candidate" | "baseline", t: number, value: number, total?: number, machine?: string): Sample {
  const past: Side = side === "candidate" ? "history" : "baselineHistory";
  return {
    side: t < 0 ? past : side,
    at: t * STEP,
    value,
    ...(total === undefined ? {} : { total }),
    ...(machine === undefined ? {} : { machine }),
  };
}

/**
 * Log likelihood ratio that one look brings on average to a test that knows how the numbers scatter and how much worse the
 * candidate is, but not the level that both sides have (Kullback and Leibler's divergence, in nats). Undefined for worlds
 * in which looks depend on each other or on more than that.
 */
function countInformation(world: CountWorld, damage: Damage): number | undefined {
  const { shape, bursts, night, rising, birth, share, rate, requests } = world;
  const factor = constant(damage);
  if (factor === undefined || shape !== undefined || bursts || night || rising || birth !== undefined) return undefined;
  const events = rate * requests * (share * factor + 1 - share);
  const bad = (share * factor) / (share * factor + 1 - share);
  return events * (bad * Math.log(bad / share) + (1 - bad) * Math.log((1 - bad) / (1 - share)));
}

/** The same for values: of independent Gaussian logarithms on two sides. */
function valueInformation(world: ValueWorld, damage: Damage): number | undefined {
  const { noise, machines = [1, 1], correlation, loud, clings, white, tails, averaged, birth, one } = world;
  const factor = constant(damage);
  const other = [correlation, loud, clings, white, tails, averaged, birth, one].some((each) => each !== undefined);
  if (factor === undefined || other) return undefined;
  const [ours, theirs] = machines;
  return Math.log(factor) ** 2 / (2 * noise ** 2 * (1 / ours + 1 / theirs));
}

/**
 * Looks that a test with this probability of a false alarm needs on average, at least, to be sure to stop a bad candidate:
 * log(1/α) over the information of a look (Wald 1945), and one look.
 */
export function leastLooks(information: number, falseAlarm: number): number {
  return Math.max(1, -Math.log(falseAlarm) / information);
}

function constant(damage: Damage): number | undefined {
  const factors = [0, 5, 50, 143].map((t) => damage(t, 144));
  return factors.every((factor) => factor === factors[0]) && factors[0] !== 1 ? factors[0] : undefined;
}
