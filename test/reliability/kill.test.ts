import { afterAll, describe, expect, it } from "vitest";
import { byHand, type Flow, type Moment, manyJobs, oneJob, type Play, type PlayOptions, play } from "./flows.ts";
import { House } from "./house.ts";
import { broken, standing } from "./rules.ts";

interface Scenario {
  readonly name: string;
  readonly flow: Flow;
  readonly before: (house: House) => Promise<void>;
  /** What the ledger says in the end, whenever the machine died in between. */
  readonly after: { readonly ledger: readonly string[]; readonly live: string; readonly holds: number };
}

const GOOD = "admitted checking deploying deployed gate baking success";
const seeded = async (house: House) => {
  await house.seed("1.4.0", "source", "beta");
  await house.seed("1.5.0", "source");
};
const released = (kind: string, statuses: string) => ({
  ledger: ["beta promotion 1.4.0: deployed success inactive", `beta ${kind} 1.5.0: ${statuses}`],
  live: "1.5.0",
  holds: 0,
});
const rolledBack = (statuses: string, stage = "beta") => ({
  ledger: [
    `${stage} promotion 1.4.0: deployed success`,
    `${stage} promotion 1.5.0: ${statuses}`,
    `${stage} rollback 1.4.0: admitted deploying deployed success`,
  ],
  live: "1.4.0",
  holds: 1,
});
const hotfix = { kind: "hotfix", reason: "disks fill up" };
const failing = (check: string) => async (house: House) => {
  await seeded(house);
  house.failing.add(check);
};

const scenarios: Scenario[] = [oneJob, manyJobs].flatMap((flow) => [
  {
    name: `${flow("beta").name}: a promotion`,
    flow: flow("beta"),
    before: seeded,
    after: released("promotion", GOOD),
  },
  {
    name: `${flow("beta").name}: a hotfix`,
    flow: flow("beta", hotfix),
    before: seeded,
    after: released("hotfix", "admitted checking deploying deployed success"),
  },
  {
    name: `${flow("beta").name}: a failed deploy is rolled back`,
    flow: flow("beta"),
    before: failing("deploy beta 1.5.0"),
    after: rolledBack("admitted checking deploying failure inactive"),
  },
  {
    name: `${flow("beta").name}: a failed gate is rolled back`,
    flow: flow("beta"),
    before: failing("smoke 1.5.0"),
    after: rolledBack("admitted checking deploying deployed failure inactive"),
  },
  {
    name: `${flow("beta").name}: a failed bake is rolled back`,
    flow: flow("beta"),
    before: failing("steady 1.5.0"),
    after: rolledBack("admitted checking deploying deployed gate failure inactive"),
  },
]);
scenarios.push({
  name: "a rollback by hand of what is live",
  flow: byHand("beta"),
  before: async (house) => {
    await house.seed("1.4.0", "beta");
    await house.seed("1.5.0", "beta");
  },
  after: {
    ledger: [
      "beta promotion 1.4.0: deployed success",
      "beta promotion 1.5.0: deployed success inactive",
      "beta rollback 1.4.0: admitted deploying deployed success",
    ],
    live: "1.4.0",
    holds: 1,
  },
});

async function inHouse<T>(scenario: Scenario, story: (house: House, run: number) => Promise<T>): Promise<T> {
  const house = await House.open();
  try {
    await scenario.before(house);
    return await story(house, house.newRun("1.5.0"));
  } finally {
    await house.close();
  }
}

/** Every moment of every call of a clean play: the list of cases, which grows with the code. */
async function momentsOf(scenario: Scenario): Promise<readonly Moment[]> {
  return inHouse(scenario, async (house, run) => {
    const moments: Moment[] = [];
    await play(house, scenario.flow, {
      run,
      attempt: 1,
      onMoment(moment) {
        moments.push(moment);
        return false;
      },
    });
    expect({ ledger: await standing(house), live: house.live["beta"] }).toEqual({
      ledger: scenario.after.ledger,
      live: scenario.after.live,
    });
    expect(await broken(house)).toEqual([]);
    return moments;
  });
}

const isAt = (a: Moment, b: Moment): boolean =>
  a.job === b.job && a.step === b.step && a.call === b.call && a.moment === b.moment;

async function killAndRunAgain(scenario: Scenario, at: Moment, how: How): Promise<string[]> {
  return inHouse(scenario, async (house, run) => {
    const options: PlayOptions = { run, attempt: 1, onMoment: (moment) => isAt(moment, at), goOn: how === "go on" };
    const first = await play(house, scenario.flow, options);
    if (first.killed === undefined) return ["the machine did not die"];
    const again: Play = await play(house, scenario.flow, { run, attempt: 2, kept: first.jobs });
    const problems = await broken(house);
    const ledger = await standing(house);
    if (how === "again") {
      const { after } = scenario;
      // A bake that was killed before its first word has fewer to say.
      const told = ledger.map((line) => line.replace(" baking success", " success"));
      const expected = after.ledger.map((line) => line.replace(" baking success", " success"));
      if (JSON.stringify(told) !== JSON.stringify(expected))
        problems.push(`the ledger is ${JSON.stringify(ledger, null, 1)}`);
      if (house.live["beta"] !== after.live) problems.push(`${house.live["beta"]} is live`);
      const holds = await house.holds();
      if (holds.length !== after.holds) problems.push(`there are ${holds.length} holds`);
    }
    return problems.length === 0 ? [] : [...problems, ...ledger, ...first.log, "--- again", ...again.log];
  });
}

type How = "again" | "go on";
/** Everything, where one asks for it; else a sample that is the same in every run and another one in each scenario. */
const exhaustive = process.env["ROCKSOLID_EXHAUSTIVE"] === "1";
/** Plays at once: most of a play is waiting for answers. */
const AT_ONCE = 4;

/** Of the writes a half, and of the reads and of what other jobs make of a death a smaller share. */
function sample(moments: readonly Moment[], rotation: number): readonly { at: Moment; how: How }[] {
  const all = moments.flatMap((at) => (["again", "go on"] as const).map((how) => ({ at, how })));
  if (exhaustive) return all;
  const kept = { write: 2, read: 12 } as const;
  return all.filter(({ at, how }, index) => {
    const share = (at.writes ? kept.write : kept.read) * (how === "again" ? 1 : 4);
    return (Math.floor(index / 2) + rotation) % share === 0;
  });
}

let cases = 0;
afterAll(() => {
  process.stdout.write(
    `kill test: ${cases} cases${exhaustive ? "" : ", a sample: npm run test:exhaustive plays all"}\n`,
  );
});

describe("a machine that dies at any call to GitHub, and the job that is run again after it", () => {
  it.each(scenarios.map((scenario, index) => ({ ...scenario, index })))(
    "$name comes to the same end",
    async ({ index, ...scenario }) => {
      const moments = await momentsOf(scenario);
      const queue = [...sample(moments, index)];
      cases += queue.length;
      const wrong: Record<string, string[]> = {};
      const work = async () => {
        for (let next = queue.pop(); next; next = queue.pop()) {
          const { at, how } = next;
          const problems = await killAndRunAgain(scenario, at, how);
          if (problems.length > 0)
            wrong[`${how}: ${at.job} / ${at.step}, ${at.moment} call ${at.call}: ${at.what}`] = problems;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      expect(wrong).toEqual({});
    },
    300_000,
  );
});
