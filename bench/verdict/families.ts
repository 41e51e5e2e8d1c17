import {
  alternating,
  at,
  bernoulli,
  type CountWorld,
  comparison,
  counts,
  creeping,
  DAY_LOOKS,
  type FewWorld,
  few,
  intermittent,
  type LoneWorld,
  lone,
  poisson,
  type ValueWorld,
  values,
  type World,
} from "./worlds.ts";

/** A healthy world and its bad twins. */
export interface Family {
  readonly healthy: World;
  readonly bad: readonly World[];
}

const plain: CountWorld = { share: 0.5, rate: 0.01, requests: 1_000 };
const box = (share: number): CountWorld => ({ ...plain, share, requests: 2_000 });

function countFamily(name: string, world: CountWorld, factors: readonly number[], more: readonly World[] = []): Family {
  return {
    healthy: counts(name, world),
    bad: [...factors.map((factor) => counts(`${name}: errors ×${factor}`, world, at(factor))), ...more],
  };
}

function valueFamily(name: string, world: ValueWorld, shifts: readonly number[], more: readonly World[] = []): Family {
  return {
    healthy: values(name, world),
    bad: [...shifts.map((shift) => values(`${name}: +${Math.round(100 * shift)} %`, world, at(1 + shift))), ...more],
  };
}

const latency: ValueWorld = { noise: 0.1 };

const half = poisson(0.5);
const ways: readonly (readonly [string, FewWorld["errors"]])[] = [
  ["every second look", alternating],
  ["by the toss of a coin", bernoulli],
  ["at random", half],
];
const setting: readonly (readonly [string, Omit<FewWorld, "errors">])[] = [
  ["no totals", {}],
  ["1,000 requests each", { requests: [1_000, 1_000] }],
  ["1-box at 10 %", { requests: [1_000, 9_000] }],
  ["no totals, after a day without errors", { past: DAY_LOOKS, quiet: true }],
];

/** From no errors to half an error a look, 30 looks. */
const zeroFamilies: readonly Family[] = setting.map(([where, world]) => {
  const [mine, theirs] = world.requests ?? [1, 1];
  // The healthy twin errs as often, on both sides; where the past was without errors it stays so but for one in 200 looks.
  const usual = world.quiet ? 0.005 : 0.5;
  const healthy = { ...world, errors: poisson(usual), usual: poisson((usual * theirs) / mine) };
  return {
    healthy: few(`${usual} errors a look, ${where}`, { ...healthy, looks: 144 }),
    bad: ways.map(([how, errors]) => few(`from zero to 0.5 errors a look ${how}, ${where}`, { ...world, errors })),
  };
});

const memory: LoneWorld = { rule: { slope: { max: 1 / 3_600 }, noData: "fail" }, noise: 5, past: DAY_LOOKS };

/** Leaks, in multiples of the limit of one per hour. */
function leakFamily(name: string, world: LoneWorld): Family {
  return {
    healthy: lone(name, world),
    bad: [2, 5].map((times) => lone(`${name}: leak of ${times} times the limit`, { ...world, perHour: times })),
  };
}

const value: LoneWorld = { rule: { sigma: { max: 3, sameHour: false }, noData: "fail" }, noise: 5, past: DAY_LOOKS };

function stepFamily(name: string, world: LoneWorld): Family {
  return {
    healthy: lone(name, world),
    bad: [2, 4, 8].map((step) => lone(`${name}: +${step} spreads`, { ...world, step: step * world.noise })),
  };
}

const lasting: CountWorld = { ...plain, rate: 0.005, bursts: { chance: 0.02, length: 5, factor: 10 } };

/** Errors at every second look of a burst of five looks that comes once in fifty. */
function inBursts(): FewWorld["errors"] {
  let left = 0;
  return (random) => {
    left = left > 0 ? left - 1 : random.uniform() < 0.02 ? 5 : 0;
    return left > 0 ? random.poisson(0.5) : 0;
  };
}

/** Every world of the study. */
export const families: readonly Family[] = [
  countFamily(
    "errors, half of the traffic",
    plain,
    [1.5, 2, 5, 20],
    [
      counts("errors, half of the traffic: creeping to ×5", plain, creeping(5)),
      counts("errors, half of the traffic: ×20 every tenth look", plain, intermittent(20)),
    ],
  ),
  countFamily("errors, 1-box at 1 %", box(0.01), [5, 20]),
  countFamily("errors, 1-box at 5 %", box(0.05), [1.5, 2, 5, 20]),
  countFamily("errors, 1-box at 10 %", box(0.1), [1.5, 2, 5, 20]),
  ...zeroFamilies,
  countFamily("low traffic, 20 requests a look", { ...plain, requests: 20 }, [5, 20]),
  countFamily("traffic that rises fourfold", { ...plain, rate: 0.003, rising: true }, [2, 5]),
  countFamily("errors by day and night", { ...plain, night: true }, [2, 5]),
  countFamily("errors in bursts (variance 3.5 times)", { ...plain, shape: 2 }, [2, 5]),
  countFamily("errors in heavy bursts (variance 17 times)", { ...plain, shape: 0.3 }, [5, 20]),
  countFamily("bursts, 1-box at 5 %", { ...box(0.05), shape: 0.5 }, [5, 20]),
  countFamily(
    "bursts that last 25 minutes, with a day of past",
    { ...plain, rate: 0.005, past: DAY_LOOKS, bursts: { chance: 0.02, length: 5, factor: 10 } },
    [5],
  ),
  countFamily("errors, machines that differ, with a day of past", { ...plain, past: DAY_LOOKS, birth: 1.8 }, [2, 5]),
  countFamily("errors, 40 checks", { ...plain, checks: 40 }, [2, 5]),
  countFamily("errors, 5 looks", { ...plain, looks: 5 }, [5, 20]),
  countFamily("errors, 3,000 looks", { ...plain, looks: 3_000, requests: 200 }, [2]),
  valueFamily("latency", latency, [0.05, 0.1, 0.25, 1], [values("latency: creeping to +50 %", latency, creeping(1.5))]),
  valueFamily(
    "latency, with a day of past",
    { ...latency, past: DAY_LOOKS },
    [0.05, 0.1, 0.25, 1],
    [values("latency, with a day of past: ×2 every tenth look", { ...latency, past: DAY_LOOKS }, intermittent(2))],
  ),
  valueFamily("latency, neighbours alike (0.8)", { ...latency, correlation: 0.8 }, [0.25, 1]),
  valueFamily(
    "latency, neighbours alike (0.95), with a day of past",
    { ...latency, correlation: 0.95, past: DAY_LOOKS },
    [0.25, 1],
  ),
  valueFamily("latency by day and night", { ...latency, night: true }, [0.1, 0.25, 1]),
  valueFamily("latency that both sides share (40 %)", { ...latency, shared: 0.4 }, [0.1, 0.25, 1]),
  valueFamily("latency, heavy tails (t with 2)", { ...latency, tails: 2 }, [0.25, 1]),
  valueFamily("latency, 1 of 10 machines", { ...latency, machines: [1, 9] }, [0.1, 0.25, 1]),
  valueFamily("latency, 1 of 10 machines, twice the noise", { ...latency, machines: [1, 9], loud: 2 }, [0.25, 1]),
  valueFamily(
    "latency, 5 of 10 machines",
    { ...latency, machines: [5, 5] },
    [0.1],
    [values("latency, 5 of 10 machines: one of them +25 %", { ...latency, machines: [5, 5], one: true }, at(1.25))],
  ),
  valueFamily("latency, machines that differ 20 %, 1 of 10", { ...latency, machines: [1, 9], birth: 0.2 }, [1]),
  valueFamily(
    "latency, machines that differ 20 %, with a day of past",
    { ...latency, machines: [1, 9], birth: 0.2, past: DAY_LOOKS },
    [0.1, 0.25, 1],
  ),
  valueFamily("latency, 40 checks", { ...latency, checks: 40 }, [0.25, 1]),
  valueFamily("latency, 5 looks", { ...latency, looks: 5 }, [1]),
  valueFamily("latency, 3,000 looks", { ...latency, looks: 3_000 }, [0.05]),
  leakFamily("memory", memory),
  { healthy: lone("memory that grows at the limit", { ...memory, perHour: 1 }), bad: [] },
  leakFamily("memory, neighbours alike (0.8)", { ...memory, correlation: 0.8 }),
  leakFamily("memory in teeth of 90 minutes", { ...memory, saw: { height: 30, looks: 18 } }),
  leakFamily("memory by day and night (half the limit at most)", { ...memory, daily: 1.9 }),
  leakFamily("memory, heavy tails (t with 2)", { ...memory, tails: 2 }),
  stepFamily("a value with a day of past", value),
  stepFamily("a value with a day of past, neighbours alike (0.8)", { ...value, correlation: 0.8 }),
  stepFamily("a value with a day of past, heavy tails (t with 3)", { ...value, tails: 3 }),
  stepFamily("a value by day and night, with three days of past", {
    ...value,
    past: 3 * DAY_LOOKS,
    daily: 40,
    rule: { sigma: { max: 3, sameHour: true }, noData: "fail" },
  }),
];

/** Worlds in which the stated budget is known not to hold: docs/statistics.md says why. */
export const holes: readonly World[] = [
  counts("bursts of 25 minutes on one side, control of equal size", lasting),
  counts("the same with a control nine times as large", { ...lasting, share: 0.1, requests: 2_000 }),
  counts("the same with a day of past", { ...lasting, past: DAY_LOOKS }),
  few("single errors in bursts of 25 minutes on one side", { errors: inBursts(), usual: inBursts(), looks: 144 }),
  few("errors that begin on both sides with the deploy, after a day without", {
    errors: half,
    usual: half,
    past: DAY_LOOKS,
    quiet: true,
    looks: 144,
  }),
  values("wandering slowly (φ = 0.99)", { ...latency, correlation: 0.99 }),
  values("half wandering (φ = 0.95), half white noise", { ...latency, correlation: 0.95, white: 0.1 }),
  values("the same with a day of past", { ...latency, correlation: 0.95, white: 0.1, past: DAY_LOOKS }),
  values("one machine of strongly skewed values against the mean of nine, `different`", {
    noise: 1,
    machines: [1, 9],
    averaged: true,
    rule: comparison("different"),
  }),
  values("neighbours alike (0.9) in the candidate, not in its control of nine machines", {
    ...latency,
    clings: 0.9,
    machines: [1, 9],
  }),
  values("a control of three machines that differ 20 %", { ...latency, birth: 0.2, machines: [1, 3] }),
];
