// What a bake costs in each of its three ways: calls to GitHub and runner minutes. `node bench/bakes/main.ts --write`
// plays bakes of 12 h and 48 h against the embedded GitHub, counts their calls, and writes the table into docs/benchmarks.md.
import { readFileSync, writeFileSync } from "node:fs";
import { Lab } from "../../test/actions/lab.ts";
import { House, PIPELINE } from "../../test/reliability/house.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const EVERY = 5 * MINUTE;
/** What a hosted runner takes besides our step, in seconds: to set up the job, check out, and clean up. An assumption, not measured here. */
const AROUND = 5;
const MARKS = ["<!-- bakes: begin -->", "<!-- bakes: end -->"] as const;

interface Cost {
  readonly way: string;
  readonly hours: number;
  readonly calls: number;
  /** The most calls of one look. */
  readonly perLook: number;
  /** Jobs, and the seconds for which they hold a runner together. */
  readonly jobs: number;
  readonly seconds: number;
}

async function baking(hours: number) {
  const house = await House.open(PIPELINE.replace("for: 30m, every: 10m", `for: ${hours}h, every: 5m`));
  await house.seed("1.5.0", "source");
  const run = house.newRun("1.5.0");
  const at = { run, attempt: 1, part: "main" } as const;
  const promoted = await house.step({ ...at, action: "promote", inputs: { stage: "beta" } });
  const inputs = { stage: "beta", "deployment-id": promoted.outputs["deployment-id"] ?? "" };
  await house.step({ ...at, action: "gate", inputs });
  const counted = async (what: () => Promise<{ failure: string | undefined }>): Promise<number> => {
    const before = house.github.administration.requests.length;
    const { failure } = await what();
    if (failure !== undefined) throw new Error(failure);
    return house.github.administration.requests.length - before;
  };
  return { house, counted, bake: () => house.step({ ...at, action: "bake", inputs }) };
}

async function inTheJob(hours: number, look: number): Promise<Cost> {
  const { house, counted, bake } = await baking(hours);
  const calls = await counted(bake);
  await house.close();
  return {
    way: "in the job",
    hours,
    calls,
    perLook: Number.NaN,
    jobs: 1,
    seconds: (hours * HOUR) / 1_000 + AROUND + look,
  };
}

async function byTimer(hours: number, look: number): Promise<Cost> {
  const { house, counted, bake } = await baking(hours);
  await house.clock.sleep(hours * HOUR + MINUTE);
  const began = house.clock.now();
  const calls = await counted(bake);
  const seconds = (house.clock.now() - began) / 1_000 + AROUND + look;
  await house.close();
  return { way: "wait timer", hours, calls, perLook: calls, jobs: 1, seconds };
}

async function byWatch(hours: number, look: number, every = EVERY): Promise<Cost> {
  const { house, counted, bake } = await baking(hours);
  let calls = 0;
  let perLook = 0;
  let jobs = 0;
  for (let at = 0; at < hours * HOUR; at += every) {
    await house.clock.sleep(every);
    const run = house.newRun("1.5.0");
    const inputs = { stage: "*", "max-wait": "0" };
    const taken = await counted(() => house.step({ run, attempt: 1, part: "main", action: "bake", inputs }));
    calls += taken;
    perLook = Math.max(perLook, taken);
    jobs += 1;
  }
  calls += await counted(bake);
  await house.close();
  return {
    way: `watch.yml every ${every / MINUTE} min`,
    hours,
    calls,
    perLook,
    jobs: jobs + 1,
    seconds: (jobs + 1) * (AROUND + look),
  };
}

/** Median wall time of one look as a process, in seconds, embedded GitHub and a trivial check included. */
async function secondsOfALook(): Promise<number> {
  const lab = await Lab.open();
  try {
    await lab.seed("1.5.0", "source");
    const run = lab.newRun("1.5.0");
    const times: number[] = [];
    for (let round = 0; round < 7; round++) {
      const began = performance.now();
      await lab.action("bake", { stage: "*", "max-wait": "0" }, { run });
      times.push((performance.now() - began) / 1_000);
    }
    return times.sort((a, b) => a - b)[3] ?? 0;
  } finally {
    await lab.close();
  }
}

function row(cost: Cost, whole: Cost): string {
  const minutes = cost.seconds / 60;
  const billed = cost.jobs === 1 ? Math.ceil(minutes) : cost.jobs * Math.ceil(minutes / cost.jobs);
  const share = ((100 * cost.seconds) / whole.seconds).toFixed(1);
  const perLook = Number.isNaN(cost.perLook) ? "" : String(cost.perLook);
  return `| ${cost.hours} h | ${cost.way} | ${minutes.toFixed(1)} | ${share}% | ${billed} | ${cost.calls} | ${perLook} |`;
}

const look = await secondsOfALook();
const rows: string[] = [];
for (const hours of [12, 48]) {
  const whole = await inTheJob(hours, look);
  const others = [await byTimer(hours, look), await byWatch(hours, look), await byWatch(hours, look, 30 * MINUTE)];
  for (const cost of [whole, ...others]) rows.push(row(cost, whole));
}
const section = `## Bakes

Printed by \`node bench/bakes/main.ts --write\`: one stage that bakes, looked at every 5 minutes, against the embedded GitHub. Calls are
counted; a look as a process took ${look.toFixed(2)} s (median of 7), and ${AROUND} s are assumed for the runner around it (set-up, checkout).
"Billed" rounds each job up to a minute, as hosted runners are billed; a self-hosted one is not.

| bake | way | runner minutes | of waiting in the job | billed | calls | calls of a look, at most |
|---|---|---|---|---|---|---|
${rows.join("\n")}

- The wait timer's job is judged in one go when the wait is over; what it holds meanwhile is no runner.
- Ticks of \`watch.yml\` run whether something bakes or not, and one tick looks at all stages; its table counts the bake's own.
`;
process.stdout.write(section);
if (process.argv.includes("--write")) {
  const path = new URL("../../docs/benchmarks.md", import.meta.url);
  const text = readFileSync(path, "utf8");
  const [begin, end] = MARKS;
  const block = `${begin}\n${section}${end}\n`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  const next =
    from < 0 ? `${text.trimEnd()}\n\n${block}` : text.slice(0, from) + block + text.slice(to + end.length + 1);
  writeFileSync(path, next);
}
