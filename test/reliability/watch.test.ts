import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { House, PIPELINE } from "./house.ts";
import { broken, standing } from "./rules.ts";

let house: House;
afterEach(async () => {
  expect(await broken(house)).toEqual([]);
  await house.close();
});

const HOUR = 3_600_000;
const TICK = 5 * 60_000;
const GOOD = "admitted checking deploying deployed gate baking success";

/** Brings 1.5.0 to the point at which its bake begins, and leaves its run waiting for an environment's wait timer. */
async function baking(pipeline = PIPELINE): Promise<{ run: number; deployment: string }> {
  house = await House.open(pipeline.replace("for: 30m", "for: 12h"));
  await house.seed("1.4.0", "source", "beta");
  await house.seed("1.5.0", "source");
  const run = house.newRun("1.5.0");
  const at = { run, attempt: 1, part: "main" } as const;
  const promoted = await house.step({ ...at, action: "promote", inputs: { stage: "beta" } });
  const deployment = promoted.outputs["deployment-id"] ?? "";
  await house.step({ ...at, action: "gate", inputs: { stage: "beta", "deployment-id": deployment } });
  return { run, deployment };
}

/** One tick of watch.yml: its look, and the rollback of what failed. */
async function tick(): Promise<{ failed: string; log: readonly string[] }> {
  const run = house.newRun("1.5.0");
  const at = { run, attempt: 1, part: "main" } as const;
  const look = await house.step({ ...at, action: "bake", inputs: { stage: "*", "max-wait": "0" } });
  const failed = look.outputs["failed"] ?? "";
  for (const { stage, "deployment-id": id } of JSON.parse(failed || "[]"))
    await house.step({ ...at, action: "rollback", inputs: { stage, "deployment-id": String(id) } });
  house.github.actions.updateRun(run, "completed", "success");
  return { failed, log: look.log };
}

/** What the waiting run does when its wait is over, or when it was cancelled: its bake, and its own restore. */
async function waitIsOver(run: number, deployment: string, cancelled = false): Promise<string | undefined> {
  const at = { run, attempt: 1, part: "main" } as const;
  const inputs = { stage: "beta", "deployment-id": deployment };
  const bake = cancelled ? { failure: "cancelled" } : await house.step({ ...at, action: "bake", inputs });
  if (bake.failure === undefined) return undefined;
  const restore = await house.step({ ...at, action: "rollback", inputs });
  return restore.outputs["decision"];
}

const released = ["beta promotion 1.4.0: deployed success inactive", `beta promotion 1.5.0: ${GOOD}`];
const rolledBack = [
  "beta promotion 1.4.0: deployed success",
  "beta promotion 1.5.0: admitted checking deploying deployed gate baking failure inactive",
  "beta rollback 1.4.0: admitted deploying deployed success",
];

describe("a bake that needs no runner", () => {
  it.each([
    { name: "on time", ticks: Array.from({ length: 145 }, () => TICK) },
    { name: "late", ticks: Array.from({ length: 37 }, () => 4 * TICK) },
    { name: "lost but for two", ticks: [HOUR, 11.5 * HOUR] },
    { name: "doubled", ticks: Array.from({ length: 146 }, (_, index) => (index % 2 === 0 ? 0 : 2 * TICK)) },
  ])(
    "ends alike when its ticks are $name",
    async ({ ticks }) => {
      const { run, deployment } = await baking();
      for (const wait of ticks) {
        await house.clock.sleep(wait);
        expect((await tick()).failed).toBe("[]");
      }
      expect(await waitIsOver(run, deployment)).toBeUndefined();
      expect(await standing(house)).toEqual(released);
      expect(house.live["beta"]).toBe("1.5.0");
    },
    60_000,
  );

  it("is judged once in the end by the job that the wait timer held, without any tick", async () => {
    const { run, deployment } = await baking();
    await house.clock.sleep(12.1 * HOUR);
    expect(await waitIsOver(run, deployment)).toBeUndefined();
    expect((await standing(house)).map((line) => line.replace(" baking", ""))).toEqual(
      released.map((line) => line.replace(" baking", "")),
    );
  });

  it("stops a bad candidate at the next tick, cancels the run that waits, and rolls back once", async () => {
    const { run, deployment } = await baking();
    const cancelled: number[] = [];
    house.github.actions.onCancel((id) => {
      cancelled.push(id);
      house.github.actions.updateRun(id, "completed", "cancelled");
    });
    await house.clock.sleep(TICK);
    await tick();
    house.failing.add("steady 1.5.0");
    await house.clock.sleep(TICK);
    expect((await tick()).failed).toBe(JSON.stringify([{ stage: "beta", "deployment-id": Number(deployment) }]));
    expect(cancelled).toEqual([run]);
    expect(await waitIsOver(run, deployment, true)).toBe("done");
    await house.clock.sleep(TICK);
    expect((await tick()).failed).toBe("[]");
    expect(await standing(house)).toEqual(rolledBack);
    expect(house.live["beta"]).toBe("1.4.0");
    expect(await house.holds()).toHaveLength(1);
  });

  it("rolls back although the run that waits may not be cancelled, and says so", async () => {
    const { run, deployment } = await baking();
    await house.clock.sleep(TICK);
    await tick();
    house.failing.add("steady 1.5.0");
    await house.clock.sleep(TICK);
    house.permissions = { ...house.permissions, actions: "read" };
    expect((await tick()).log.join("\n")).toMatch(/warning: beta: the run that waits for this bake goes on/);
    await house.clock.sleep(12 * HOUR);
    expect(await waitIsOver(run, deployment)).toBe("done");
    expect(await standing(house)).toEqual(rolledBack);
  });

  it("says that a counter on a scraped page cannot be judged by single looks, and does not let it pass", async () => {
    const page = createServer((_, response) => void response.end("errors_total 3\n"));
    const url = await new Promise<string>((resolve) => {
      page.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(page.address() as AddressInfo).port}/metrics`));
    });
    try {
      const { run, deployment } = await baking(
        PIPELINE.replace(
          "checks:",
          `sources:\n  page: { scrape: "${url}" }\nchecks:\n  errors: { metric: page, query: errors_total, max: 1 }`,
        ).replace("checks: [steady]", "checks: [steady, errors]"),
      );
      await house.clock.sleep(TICK);
      const { failed, log } = await tick();
      expect(failed).toBe("[]");
      expect(log.join("\n")).toMatch(
        /warning: beta: errors cannot be judged by single looks \(first look at the counter/,
      );
      expect(log.join("\n")).toMatch(/inconclusive +errors/);
      await house.clock.sleep(12 * HOUR);
      expect(await waitIsOver(run, deployment)).toBeUndefined();
    } finally {
      page.close();
    }
  });
});
