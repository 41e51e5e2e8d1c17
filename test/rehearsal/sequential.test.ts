import { describe, expect, it } from "vitest";
import { type RehearsalResult, rehearse } from "../../rehearsal/rehearse.ts";

/** Twice as fast as the default; faster, and a look sees too few requests to tell anything. */
const SPEED = 1440;
const TIMEOUT = 300_000;

/** The faulty candidates that no limit of the file catches: where each has to end, and what has to say so. */
const endings = [
  { candidate: "leak", stage: "beta", reason: /^leak \(beta-\w+-1\): slope .* per hour over .*, > 1 MiB per hour$/ },
  { candidate: "slow", stage: "one-box", reason: /^latency: .*candidate.* against control .*; allowed is up to 2x$/ },
  { candidate: "errors", stage: "one-box", reason: /^errors: candidate.* against control 0 of [\d,]+ \(0%\)/ },
] as const;

const play = (candidate: string): Promise<RehearsalResult> =>
  rehearse({ candidate, pipeline: "pipeline.sequential.yml", speed: SPEED });

describe("a release by comparison and slope, without a fixed limit on the service", () => {
  it("carries the good candidate to every host", { timeout: TIMEOUT }, async () => {
    expect(await play("good")).toMatchObject({
      outcome: "released",
      exitStatus: 0,
      live: { alpha: "1.5.0", beta: "1.5.0", gamma: "1.5.0", "one-box": "1.5.0", prod: "1.5.0" },
      holds: [],
    });
  });

  it.each(endings)('stops "$candidate" in $stage', { timeout: TIMEOUT }, async ({ candidate, stage, reason }) => {
    const result = await play(candidate);
    expect(result.reason).toMatch(reason);
    expect(result).toMatchObject({ outcome: "rolled-back", exitStatus: 3, live: { [stage]: "1.4.0", prod: "1.4.0" } });
    expect(result.holds).toMatchObject([{ stage }]);
  });
});
