import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { byHand, manyJobs, oneJob, play } from "./flows.ts";
import { FLEET_PIPELINE, House, TARGETS } from "./house.ts";
import { broken, standing } from "./rules.ts";

let house: House;
beforeEach(async () => {
  house = await House.open();
  await house.seed("1.4.0", "source", "beta");
  await house.seed("1.5.0", "source");
});
afterEach(async () => {
  expect(await broken(house)).toEqual([]);
  await house.close();
});

describe("after one automatic rollback whose own verification fails", () => {
  const FAILED = [
    "beta promotion 1.4.0: deployed success",
    "beta promotion 1.5.0: admitted checking deploying deployed failure",
    "beta rollback 1.4.0: admitted deploying deployed failure",
  ];

  it("nothing is tried again by itself, by whichever run, and the stage is held once", async () => {
    for (const version of ["1.4.0", "1.5.0"]) house.failing.add(`smoke ${version}`);
    const run = house.newRun("1.5.0");
    const first = await play(house, oneJob("beta"), { run, attempt: 1 });
    expect(await standing(house)).toEqual(FAILED);
    await play(house, oneJob("beta"), { run, attempt: 2, kept: first.jobs });
    const other = house.newRun("1.5.0");
    const deployment = String((await house.records())[1]?.id);
    const again = await house.step({
      run: other,
      attempt: 1,
      action: "rollback",
      part: "main",
      inputs: { stage: "beta", "deployment-id": deployment },
    });
    expect(again.outputs["decision"]).toBe("refused");
    expect(again.failure).toMatch(/the rollback \d+ to 1\.4\.0 failed .*: a person has to decide/);
    expect(await standing(house)).toEqual(FAILED);
    expect(house.commands).toEqual(["deploy beta 1.5.0", "deploy beta 1.4.0"]);
    expect(await house.holds()).toHaveLength(1);
  });

  it("a person may roll back again, and that one counts", async () => {
    for (const version of ["1.4.0", "1.5.0"]) house.failing.add(`smoke ${version}`);
    await play(house, oneJob("beta"), { run: house.newRun("1.5.0"), attempt: 1 });
    house.failing.delete("smoke 1.4.0");
    const hand = await play(house, byHand("beta"), { run: house.newRun("1.5.0"), attempt: 1 });
    expect(hand.jobs["rollback"]?.result).toBe("success");
    expect((await standing(house)).at(-1)).toBe("beta rollback 1.4.0: admitted deploying deployed success");
    expect(house.live["beta"]).toBe("1.4.0");
  });
});

it("a rollback that does not reach a machine says which one, and is not recorded as done", async () => {
  await house.close();
  house = await House.open(FLEET_PIPELINE);
  await house.seed("1.4.0", "source", "beta");
  await house.seed("1.5.0", "source");
  house.failing.add("steady 1.5.0");
  house.failing.add(`deploy beta 1.4.0 on ${TARGETS[1]}`);
  const flow = manyJobs("beta", {}, "1.5.0", TARGETS);
  const played = await play(house, flow, { run: house.newRun("1.5.0"), attempt: 1 });
  expect(played.log.join("\n")).toContain(
    `the rollback to 1.4.0 did not reach ${TARGETS[1]} (failure): its deploy jobs ended with failure`,
  );
  expect((await standing(house)).at(-1)).toBe("beta rollback 1.4.0: admitted deploying deployed failure");
  expect(house.live["beta"]).toBe("1.4.0 and 1.5.0");
});
