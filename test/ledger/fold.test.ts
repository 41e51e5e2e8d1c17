import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, stepOf } from "../../src/ledger/fold.ts";
import { parsePayload } from "../../src/ledger/record.ts";
import { bad, flying, good, record, statuses } from "./build.ts";

describe("what a record's statuses add up to", () => {
  it.each([
    { name: "nothing yet: it holds the environment", written: [], outcome: "in-flight" },
    { name: "under way", written: flying, outcome: "in-flight" },
    { name: "complete", written: good, outcome: "good" },
    {
      name: "complete, and replaced since: it was still good",
      written: [...good, "inactive replaced by 1.5.0"],
      outcome: "good",
    },
    { name: "a check failed", written: bad, outcome: "failed" },
    { name: "a check failed after it had been complete", written: [...good, "failure errors"], outcome: "failed" },
    {
      name: "the platform failed: says nothing about the candidate",
      written: ["queued admitted", "error lost"],
      outcome: "broken",
    },
    { name: "replaced before it was complete", written: ["queued admitted", "inactive gave way"], outcome: "broken" },
    {
      name: "a runner believed dead writes on: it stays ended",
      written: ["queued admitted", "error lost", "in_progress deploying"],
      outcome: "broken",
    },
  ])("$name → $outcome", ({ written, outcome }) => {
    expect(fold([record(1, "beta", "1.4.0", written)]).records[0]?.outcome).toBe(outcome);
  });

  it("a rolled-back record counts as failed, whatever it had achieved", () => {
    const history = fold([
      record(1, "prod", "1.4.0", good),
      record(2, "prod", "1.5.0", good),
      record(3, "prod", "1.4.0", good, { kind: "rollback", undoes: 2 }),
    ]);
    expect(history.records.map(({ id, outcome }) => [id, outcome])).toEqual([
      [3, "good"],
      [2, "failed"],
      [1, "good"],
    ]);
    expect(history.live?.id).toBe(3);
  });

  it("what a cancelled run left behind is undone, and still says nothing about the candidate", () => {
    const cancelled = record(2, "prod", "1.5.0", [...flying, "error cancelled while baking"]);
    const history = fold([
      record(1, "prod", "1.4.0", good),
      cancelled,
      record(3, "prod", "1.4.0", good, { kind: "rollback", undoes: 2 }),
    ]);
    expect(history.records[1]).toMatchObject({ id: 2, outcome: "broken" });
  });

  it("the bake counts from GitHub's time of the status that says deployed", () => {
    const one = record(1, "beta", "1.4.0", [
      "queued admitted",
      "in_progress deploying",
      "in_progress deployed 1.4.0",
      "in_progress baking 1h of 12h",
    ]);
    const folded = fold([one]).records[0];
    expect(folded?.deployedAt).toBe(one.statuses[2]?.at);
    expect(folded?.step).toBe("baking");
  });

  it("the environment belongs to the oldest record in flight, so that all who look agree", () => {
    const history = fold([
      record(7, "beta", "1.6.0", flying),
      record(5, "beta", "1.5.0", flying),
      record(3, "beta", "1.4.0", good),
    ]);
    expect(history.inFlight.map(({ id }) => id)).toEqual([5, 7]);
    expect(history.live?.id).toBe(3);
  });

  it.each(["", "Deploying", "unknown words", "⚠ baking", "bakingly"])("no step is read into %j", (text) => {
    expect(stepOf(text)).toBeUndefined();
  });

  it("neither the order of records nor that of statuses changes the history", () => {
    const words = [
      "queued admitted",
      "in_progress deploying",
      "in_progress deployed",
      "in_progress baking",
      "success baked",
      "failure errors",
      "error lost",
      "inactive replaced",
    ];
    const any = fc.array(fc.subarray(words), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(any, fc.infiniteStream(fc.nat()), (all, random) => {
        const records = all.map((written, index) => record(index + 1, "beta", `1.${index}.0`, written));
        const shuffle = <T>(list: readonly T[]): T[] =>
          [...list]
            .map((item) => ({ item, key: random.next().value }))
            .sort((a, b) => a.key - b.key)
            .map(({ item }) => item);
        const view = (history: ReturnType<typeof fold>) =>
          history.records.map(({ id, outcome, step, touched, deployedAt }) => ({
            id,
            outcome,
            step,
            touched,
            deployedAt,
          }));
        expect(view(fold(shuffle(records).map((one) => ({ ...one, statuses: shuffle(one.statuses) }))))).toEqual(
          view(fold(records)),
        );
      }),
    );
  });
});

describe("whose records count", () => {
  const payload = record(1, "beta", "1.4.0", []).payload;

  it.each([
    { name: "ours", raw: payload, expected: payload },
    { name: "ours as GraphQL tells it, as JSON text", raw: JSON.stringify(payload), expected: payload },
    { name: "ours, encoded twice", raw: JSON.stringify(JSON.stringify(payload)), expected: payload },
    { name: "GitHub's own for a job's environment", raw: "", expected: undefined },
    { name: "none", raw: null, expected: undefined },
    { name: "another tool's", raw: { schema: "else/v1" }, expected: undefined },
    { name: "a list", raw: [payload], expected: undefined },
    {
      name: "ours from a newer version",
      raw: { ...payload, schema: "rocksolid/deployment/v2" },
      expected: "unreadable",
    },
    {
      name: "ours without a digest",
      raw: { ...payload, candidate: { ...payload.candidate, digest: "" } },
      expected: "unreadable",
    },
    { name: "ours with a word that is unknown", raw: { ...payload, kind: "teleport" }, expected: "unreadable" },
  ])("$name", ({ raw, expected }) => {
    expect(parsePayload(raw)).toEqual(expected);
  });

  it("never throws, whatever stands in a payload", () => {
    fc.assert(fc.property(fc.anything(), (raw) => void parsePayload(raw)));
    fc.assert(fc.property(fc.json(), (raw) => void parsePayload(raw)));
  });
});

it("statuses() writes what it says", () => {
  expect(statuses("failure errors: rate 2%")).toMatchObject([{ state: "failure", description: "errors: rate 2%" }]);
});
