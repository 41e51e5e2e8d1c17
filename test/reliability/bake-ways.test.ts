import { describe, expect, it } from "vitest";
import type { BakeWay } from "../../rehearsal/options.ts";
import { rehearse } from "../../rehearsal/rehearse.ts";

/** How the 1-box came to its end, in the ledger's words, without how long it took and how often it was looked at. */
async function oneBox(bake: BakeWay, candidate: string) {
  const { stages, outcome, live, holds, jobs } = await rehearse({ bake, candidate, speed: 1440 });
  const stage = stages.find(({ name }) => name === "one-box");
  const ends = stage?.statuses.filter(({ state }) => state !== "queued" && state !== "in_progress") ?? [];
  return {
    outcome,
    live: live["one-box"],
    holds: holds.map((hold) => hold.stage),
    ends: ends.map(({ state }) => state),
    jobs,
  };
}

describe.concurrent("a bake in the ways that need no runner ends as one in the job", () => {
  it.each(["timer", "watch"] as const)(
    "a good candidate is released: %s",
    async (way) => {
      expect(await oneBox(way, "good")).toMatchObject({
        outcome: "released",
        live: "1.5.0",
        holds: [],
        ends: ["success"],
      });
    },
    240_000,
  );

  it("a bad candidate is stopped by a tick of watch.yml and rolled back", async () => {
    expect(await oneBox("watch", "errors")).toMatchObject({
      outcome: "rolled-back",
      live: "1.4.0",
      holds: ["one-box"],
    });
  }, 240_000);
});
