import { describe, expect, it } from "vitest";
import type { RehearsalOptions } from "../../rehearsal/options.ts";
import { rehearse } from "../../rehearsal/rehearse.ts";

const TIMEOUT = 240_000;

/** How the 1-box came to its end, in the ledger's words, without how long it took and how often it was looked at. */
async function oneBox(options: Partial<RehearsalOptions>) {
  const { stages, outcome, reason, live, hosts, holds } = await rehearse({ speed: 1440, ...options });
  const stage = stages.find(({ name }) => name === "one-box");
  const ends = stage?.statuses.filter(({ state }) => state !== "queued" && state !== "in_progress") ?? [];
  return {
    outcome,
    reason,
    live,
    hosts: [...new Set(Object.values(hosts))].sort(),
    holds: holds.map((hold) => hold.stage),
    ends: ends.map(({ state }) => state),
  };
}

const released = {
  outcome: "released",
  live: { "one-box": "1.5.0", prod: "1.5.0" },
  hosts: ["1.5.0"],
  holds: [],
  ends: ["success"],
};

describe("a bake in the ways that need no runner ends as one in the job", () => {
  it("by a wait timer, with one judgement at its end, and with one in ten of GitHub's answers failing at random", {
    timeout: TIMEOUT,
  }, async () => {
    expect(await oneBox({ bake: "timer", weather: 0.1, seed: 3 })).toMatchObject(released);
  });

  it("by ticks of watch.yml: a good candidate is released", { timeout: TIMEOUT }, async () => {
    expect(await oneBox({ bake: "watch" })).toMatchObject(released);
  });

  it("by ticks of watch.yml: a bad candidate is stopped by one and rolled back", { timeout: TIMEOUT }, async () => {
    expect(await oneBox({ bake: "watch", candidate: "index" })).toMatchObject({
      outcome: "rolled-back",
      reason: expect.stringMatching(/errors \(one-box-\w+-1\): 1 new kind of errors > 0: index entry/),
      live: { "one-box": "1.4.0", prod: "1.4.0" },
      hosts: ["1.4.0", "1.5.0"],
      holds: ["one-box"],
    });
  });
});
