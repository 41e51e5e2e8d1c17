import {
  alternating,
  at,
  bernoulli,
  type CountWorld,
  counts,
  creeping,
  type FewWorld,
  few,
  intermittent,
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
  ["no totals, after a day without errors", { past: 288, quiet: true }],
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
    { ...plain, rate: 0.005, past: 288, bursts: { chance: 0.02, length: 5, factor: 10 } },
    [5],
  ),
  countFamily("errors, machines that differ, with a day of past", { ...plain, past: 288, birth: 1.8 }, [2, 5]),
  countFamily("errors, 40 checks", { ...plain, checks: 40 }, [2, 5]),
  countFamily("errors, 5 looks", { ...plain, looks: 5 }, [5, 20]),
  countFamily("errors, 3,000 looks", { ...plain, looks: 3_000, requests: 200 }, [2]),
  valueFamily("latency", latency, [0.05, 0.1, 0.25, 1], [values("latency: creeping to +50 %", latency, creeping(1.5))]),
  valueFamily(
    "latency, with a day of past",
    { ...latency, past: 288 },
    [0.05, 0.1, 0.25, 1],
    [values("latency, with a day of past: ×2 every tenth look", { ...latency, past: 288 }, intermittent(2))],
  ),
  valueFamily("latency, neighbours alike (0.8)", { ...latency, correlation: 0.8 }, [0.25, 1]),
  valueFamily(
    "latency, neighbours alike (0.95), with a day of past",
    { ...latency, correlation: 0.95, past: 288 },
    [0.25, 1],
  ),
  valueFamily("latency by day and night", { ...latency, night: true }, [0.1, 0.25, 1]),
  valueFamily("latency that both sides share (40 %)", { ...latency, shared: 0.4 }, [0.1, 0.25, 1]),
  valueFamily("latency, heavy tails (t with 2)", { ...latency, tails: 2 }, [0.25, 1]),
  valueFamily("latency, 1 of 10 machines", { ...latency, machines: [1, 9] }, [0.1, 0.25, 1]),
  valueFamily(
    "latency, 5 of 10 machines",
    { ...latency, machines: [5, 5] },
    [0.1],
    [values("latency, 5 of 10 machines: one of them +25 %", { ...latency, machines: [5, 5], one: true }, at(1.25))],
  ),
  valueFamily("latency, machines that differ 20 %, 1 of 10", { ...latency, machines: [1, 9], birth: 0.2 }, [1]),
  valueFamily(
    "latency, machines that differ 20 %, with a day of past",
    { ...latency, machines: [1, 9], birth: 0.2, past: 288 },
    [0.1, 0.25, 1],
  ),
  valueFamily("latency, 40 checks", { ...latency, checks: 40 }, [0.25, 1]),
  valueFamily("latency, 5 looks", { ...latency, looks: 5 }, [1]),
  valueFamily("latency, 3,000 looks", { ...latency, looks: 3_000 }, [0.05]),
];
