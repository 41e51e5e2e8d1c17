import { expect } from "vitest";
import { byHand, type Flow, fromSource, type Moment, manyJobs, oneJob, play, watchTick } from "./flows.ts";
import { FLEET_PIPELINE, House, PIPELINE, TARGETS } from "./house.ts";
import { broken, standing } from "./rules.ts";

/** A flow, what was there before it, and how everything stands in the end, whatever happens in between. */
export interface Scenario {
  readonly name: string;
  readonly flow: Flow;
  readonly before: (house: House) => Promise<void>;
  readonly pipeline?: string;
  /** What comes after a machine's death: the same run once more, or, as for ticks, the next run. */
  readonly afterDeath?: "next run";
  /** What the ledger says in the end, whenever the machine died in between. */
  readonly after: End;
  /** Other ends that are as good: a cancelled run that is run again goes on, or begins anew where it had said so already. */
  readonly or?: readonly End[];
}

export interface End {
  readonly ledger: readonly string[];
  readonly live: string;
  readonly holds: number;
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

export const scenarios: Scenario[] = [oneJob, manyJobs].flatMap((flow) => [
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

const onMachines = manyJobs("beta", {}, "1.5.0", TARGETS);
const failingOn = (what: string) => ({ pipeline: FLEET_PIPELINE, flow: onMachines, before: failing(what) });
scenarios.push(
  {
    name: `${onMachines.name}: a promotion`,
    pipeline: FLEET_PIPELINE,
    flow: onMachines,
    before: seeded,
    after: released("promotion", GOOD),
  },
  {
    name: `${onMachines.name}: a deploy that fails on one is rolled back on both`,
    ...failingOn(`deploy beta 1.5.0 on ${TARGETS[1]}`),
    after: rolledBack("admitted checking deploying failure inactive"),
  },
  {
    name: `${onMachines.name}: a failed bake is rolled back on both`,
    ...failingOn("steady 1.5.0"),
    after: rolledBack("admitted checking deploying deployed gate failure inactive"),
  },
);

const cancelled = (at: string) => async (house: House) => {
  await seeded(house);
  house.cancelAt = at;
};
const leftBy = "beta promotion 1.5.0: admitted checking deploying deployed error";
const goesOn = released("promotion", GOOD);
const [replaced = "", ...completed] = goesOn.ledger;
const beginsAnew = { ...goesOn, ledger: [replaced, leftBy, ...completed] };
scenarios.push(
  {
    name: "action.yml beta: cancelled in its gate",
    flow: oneJob("beta"),
    before: cancelled("smoke 1.5.0"),
    after: { ledger: ["beta promotion 1.4.0: deployed success", leftBy], live: "1.5.0", holds: 0 },
    or: [goesOn, beginsAnew],
  },
  {
    name: "stage.yml beta: cancelled in its gate is rolled back",
    flow: manyJobs("beta"),
    before: cancelled("smoke 1.5.0"),
    after: { ...rolledBack("admitted checking deploying deployed error inactive"), holds: 0 },
    or: [goesOn],
  },
);

const source = fromSource("beta");
scenarios.push({
  name: source.name,
  flow: source,
  before: (house) => house.seed("1.4.0", "source", "beta"),
  after: goesOn,
});

/** 1.5.0 bakes, and its run waits for an environment's wait timer. */
async function baking(house: House): Promise<void> {
  await seeded(house);
  const at = { run: house.newRun("1.5.0"), attempt: 1, part: "main" } as const;
  const promoted = await house.step({ ...at, action: "promote", inputs: { stage: "beta" } });
  const deployment = promoted.outputs["deployment-id"] ?? "";
  await house.step({ ...at, action: "gate", inputs: { stage: "beta", "deployment-id": deployment } });
  house.github.actions.onCancel((id) => house.github.actions.updateRun(id, "completed", "cancelled"));
}
scenarios.push(
  {
    name: "watch.yml: a tick that finds a failed bake, and the next one",
    flow: watchTick("beta"),
    afterDeath: "next run",
    before: async (house) => {
      await baking(house);
      house.failing.add("steady 1.5.0");
    },
    after: rolledBack("admitted checking deploying deployed gate failure inactive"),
  },
  {
    name: "watch.yml: a tick that ends a good bake, and the next one",
    flow: watchTick("beta"),
    afterDeath: "next run",
    before: async (house) => {
      await baking(house);
      await house.clock.sleep(31 * 60_000);
    },
    after: released("promotion", GOOD.replace(" baking", "")),
  },
);

export async function inHouse<T>(scenario: Scenario, story: (house: House, run: number) => Promise<T>): Promise<T> {
  const house = await House.open(scenario.pipeline ?? PIPELINE);
  try {
    await scenario.before(house);
    return await story(house, house.newRun("1.5.0"));
  } finally {
    await house.close();
  }
}

/** Every moment of every call of a clean play: the list of cases, which grows with the code. */
export async function momentsOf(scenario: Scenario): Promise<readonly Moment[]> {
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
