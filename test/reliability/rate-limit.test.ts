import { expect, it } from "vitest";
import { House, PIPELINE } from "./house.ts";
import { broken } from "./rules.ts";

const HOUR = 3_600_000;

/** A bake in its job, in a repository whose jobs use up their calls, and how often it told its progress. */
async function bakeWith(left: number): Promise<{ reports: number; ended: string; problems: string[]; log: string }> {
  const house = await House.open(PIPELINE.replace("for: 30m", "for: 40m"), 1_000);
  try {
    await house.seed("1.5.0", "source");
    const run = house.newRun("1.5.0");
    const at = { run, attempt: 1, part: "main" } as const;
    const promoted = await house.step({ ...at, action: "promote", inputs: { stage: "beta" } });
    const inputs = { stage: "beta", "deployment-id": promoted.outputs["deployment-id"] ?? "" };
    await house.step({ ...at, action: "gate", inputs });
    // Other jobs of the repository take what there is, until so many calls are left of each kind.
    const job = house.github.actions.createJob({ run, attempt: 1, name: "busy", labels: [] });
    const token = house.github.actions.issueToken({ run, job, permissions: house.permissions });
    const take = async (path: string, init: RequestInit) => {
      for (;;) {
        const answer = await fetch(`${house.github.url}${path}`, {
          ...init,
          headers: { authorization: `token ${token}`, "user-agent": "busy" },
        });
        await answer.text();
        if (Number(answer.headers.get("x-ratelimit-remaining")) <= left) return;
      }
    };
    await take("/repos/demo/storage-node/environments/beta", {});
    await take("/graphql", { method: "POST", body: JSON.stringify({ query: "{ rateLimit { remaining } }" }) });
    const began = house.clock.now();
    const bake = await house.step({ ...at, action: "bake", inputs });
    expect(bake.failure).toBeUndefined();
    expect(house.clock.now() - began).toBeLessThan(2 * HOUR);
    const [record] = await house.records();
    return {
      reports: record?.statuses.filter(({ description }) => description.startsWith("baking")).length ?? -1,
      ended: record?.statuses.at(-1)?.state ?? "",
      problems: await broken(house),
      log: bake.log.join("\n"),
    };
  } finally {
    await house.close();
  }
}

it("a bake tells its progress while there are calls for it", async () => {
  expect(await bakeWith(500)).toMatchObject({ reports: 4, ended: "success", problems: [] });
});

it("a bake leaves the last calls of the hour to others, and ends as it would", async () => {
  expect(await bakeWith(60)).toMatchObject({ reports: 0, ended: "success", problems: [] });
});

it("a bake that ends when hardly a call is left waits for the next hour instead of failing", async () => {
  const { log, ...rest } = await bakeWith(10);
  expect(rest).toEqual({ reports: 0, ended: "success", problems: [] });
  expect(log).toMatch(/beta: \d of 1000 calls to GitHub are left in this hour: the bake ends in \d+m/);
});
