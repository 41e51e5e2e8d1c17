import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AdmissionFacts, type AdmissionRequest, admit } from "../../src/ledger/admission.ts";
import { fixesBad } from "../../src/ledger/facts.ts";
import type { DeploymentRecord } from "../../src/ledger/record.ts";
import { bad, candidate, facts, flying, good, pipeline, record, request } from "./build.ts";

const upToProd = [record(1, "beta", "1.5.0", good), record(2, "one-box", "1.5.0", good)];
const live = record(9, "prod", "1.4.0", good);

function decide(asked: AdmissionRequest, records: DeploymentRecord[], more: Partial<AdmissionFacts> = {}) {
  return admit(asked, facts(records, more));
}

describe("a candidate is admitted", () => {
  it("when the stage before ended in success and nothing speaks against it", () => {
    expect(decide(request("prod", "1.5.0"), [...upToProd, live])).toMatchObject({
      decision: "admitted",
      previous: { id: 9 },
      supersedes: [],
    });
  });
  it("to the first stage with an environment by the commit status of the stage of checks", () => {
    expect(decide(request("beta", "1.5.0"), [])).toMatchObject({ decision: "admitted" });
  });
  it("again after a deployment that the platform broke, which says nothing about the candidate", () => {
    const broken = record(3, "prod", "1.5.0", ["queued admitted", "error the runner was lost"]);
    expect(decide(request("prod", "1.5.0"), [...upToProd, live, broken])).toMatchObject({ decision: "admitted" });
  });
});

describe("a candidate is refused, with the reason", () => {
  const cases: {
    rule: string;
    asked?: AdmissionRequest;
    records?: DeploymentRecord[];
    more?: Partial<AdmissionFacts>;
    because: RegExp;
  }[] = [
    {
      rule: "stage order: never deployed to the stage before",
      records: [live],
      because: /^1\.5\.0 was never deployed to one-box/,
    },
    {
      rule: "stage order: still in flight there",
      records: [live, record(2, "one-box", "1.5.0", flying)],
      because: /still in flight in one-box/,
    },
    {
      rule: "stage order: failed there",
      records: [live, record(2, "one-box", "1.5.0", bad)],
      because: /failed in one-box, the stage before: errors: rate 2\.1% > 0\.5% \(deployment 2\)/,
    },
    {
      rule: "stage order: the newest one there counts",
      records: [live, ...upToProd, record(3, "one-box", "1.5.0", ["queued admitted", "error lost"])],
      because: /did not finish in one-box/,
    },
    {
      rule: "stage order: a rollback to it does not stand for a promotion",
      records: [live, record(2, "one-box", "1.5.0", good, { kind: "rollback" })],
      because: /never deployed to one-box/,
    },
    {
      rule: "stage order: the checks before the first environment did not pass",
      asked: request("beta", "1.5.0"),
      records: [],
      more: { statuses: new Map([["source", "failure"]]) },
      because: /source has not passed for commit .*: its status is "failure"/,
    },
    {
      rule: "stage order: nobody ran them",
      asked: request("beta", "1.5.0"),
      records: [],
      more: { statuses: new Map() },
      because: /it has no status/,
    },
    {
      rule: "one digest per version",
      asked: request("prod", "1.5.0", { candidate: candidate("1.5.0", { digest: "sha256:other" }) }),
      because:
        /version 1\.5\.0 was deployed to beta with digest sha256:d+150 \(deployment 1\), and this is sha256:other/,
    },
    {
      rule: "one commit per version",
      asked: request("prod", "1.5.0", { candidate: candidate("1.5.0", { commit: "f".repeat(40) }) }),
      more: { ancestry: new Map([[candidate("1.4.0").commit, "ahead"]]) },
      because: /from commit c+150|from commit cccccccccccc/,
    },
    {
      rule: "known bad here",
      records: [...upToProd, live, record(10, "prod", "1.5.0", bad)],
      because:
        /1\.5\.0 is known bad: it failed or was rolled back in prod \(deployment 10: errors: rate 2\.1% > 0\.5%\)/,
    },
    {
      rule: "known bad later",
      asked: request("beta", "1.5.0"),
      records: [record(1, "beta", "1.5.0", ["queued a", "error lost"]), record(10, "prod", "1.5.0", bad)],
      because: /known bad/,
    },
    {
      rule: "known bad by its bytes, under another version",
      asked: request("prod", "1.6.0", { candidate: candidate("1.6.0", { digest: candidate("1.5.5").digest }) }),
      records: [
        live,
        record(3, "one-box", "1.6.0", good, { candidate: candidate("1.6.0", { digest: candidate("1.5.5").digest }) }),
        record(4, "prod", "1.5.5", bad),
      ],
      because: /1\.5\.5 is known bad/,
    },
    {
      rule: "descends from a known-bad commit without a recorded fix",
      records: [...upToProd, live, record(5, "prod", "1.4.9", bad)],
      because: /commit cccccccccccc descends from it: add the trailer "Fixes-bad: c+149"/,
    },
    {
      rule: "GitHub cannot say whether it descends from one",
      records: [...upToProd, live, record(5, "prod", "1.4.9", bad)],
      more: { ancestry: new Map([[candidate("1.4.0").commit, "ahead"]]) },
      because: /could not say whether/,
    },
    {
      rule: "downgrade",
      records: [...upToProd, live],
      more: { ancestry: new Map([[candidate("1.4.0").commit, "behind"]]) },
      because: /1\.5\.0 would be a downgrade: 1\.4\.0 is live.*\(behind\)/,
    },
    {
      rule: "a branch that forgot what is live",
      records: [...upToProd, live],
      more: { ancestry: new Map([[candidate("1.4.0").commit, "diverged"]]) },
      because: /\(diverged\)/,
    },
    {
      rule: "an unknown relation to what is live",
      records: [...upToProd, live],
      more: { ancestry: new Map() },
      because: /could not say how commit/,
    },
    {
      rule: "an open hold of the stage",
      more: { holds: [{ number: 7, title: "prod is on hold", url: "https://github.test/7", stage: "prod" }] },
      because: /#7 "prod is on hold" is open/,
    },
    {
      rule: "an open hold of everything",
      more: { holds: [{ number: 8, title: "stop", url: "https://github.test/8", stage: "all" }] },
      because: /#8 "stop" is open/,
    },
    {
      rule: "a hotfix without a reason",
      asked: request("prod", "1.5.0", { kind: "hotfix" }),
      because: /a hotfix needs a reason/,
    },
  ];
  it.each(cases)("$rule", ({ asked = request("prod", "1.5.0"), records = [...upToProd, live], more = {}, because }) => {
    const admission = decide(asked, records, more);
    expect(admission.decision).toBe("refused");
    if (admission.decision === "refused")
      expect(admission.because).toEqual(expect.arrayContaining([expect.stringMatching(because)]));
  });

  it("when the environment does not exist, because GitHub would create it unprotected", () => {
    const { environment: _, ...rest } = facts([...upToProd, live]);
    expect(admit(request("prod", "1.5.0"), rest)).toMatchObject({
      decision: "refused",
      because: [expect.stringContaining('environment "prod" does not exist')],
    });
  });
  it("when the environment lacks the protection that the file demands", () => {
    expect(decide(request("prod", "1.5.0"), [...upToProd, live], { environment: { reviewers: false } })).toMatchObject({
      because: [expect.stringContaining("has no required reviewers")],
    });
  });
  it("with all reasons at once, and not only the first", () => {
    const admission = decide(request("prod", "1.5.0"), [live], {
      environment: { reviewers: false },
      holds: [{ number: 7, title: "stop", url: "u", stage: "prod" }],
      ancestry: new Map(),
    });
    expect(admission).toMatchObject({ decision: "refused" });
    if (admission.decision === "refused") expect(admission.because).toHaveLength(4);
  });
});

describe("a known-bad candidate may pass again", () => {
  const records = [...upToProd, live, record(5, "prod", "1.4.9", bad)];
  it("when the commit that mends it is recorded", () => {
    expect(decide(request("prod", "1.5.0"), records, { fixes: [candidate("1.4.9").commit] }).decision).toBe("admitted");
  });
  it("when it does not descend from the bad one", () => {
    const ancestry = new Map([
      [candidate("1.4.0").commit, "ahead" as const],
      [candidate("1.4.9").commit, "diverged" as const],
    ]);
    expect(decide(request("prod", "1.5.0"), records, { ancestry }).decision).toBe("admitted");
  });
  it("when a person answers for it with a reason", () => {
    expect(decide(request("prod", "1.5.0", { override: "the probe was broken" }), records).decision).toBe("admitted");
  });
  it("in the stages after the one in which it was overridden", () => {
    const overridden = record(11, "one-box", "1.5.0", good, { override: "the probe was broken" });
    expect(
      decide(request("prod", "1.5.0"), [...upToProd, live, record(10, "prod", "1.5.0", bad), overridden]).decision,
    ).toBe("admitted");
  });
});

describe("a candidate waits", () => {
  it("for its turn", () => {
    const other = record(10, "prod", "1.4.5", flying);
    expect(decide(request("prod", "1.5.0"), [...upToProd, live, other])).toMatchObject({
      decision: "wait",
      because: [expect.stringContaining("deployment 10 of 1.4.5 is in flight")],
    });
  });
  it("for its window, until the instant at which it opens", () => {
    const friday = Date.parse("2026-11-20T12:00:00Z");
    expect(decide(request("prod", "1.5.0"), [...upToProd, live], { now: friday })).toMatchObject({
      decision: "wait",
      until: Date.parse("2026-11-23T10:00:00Z"),
    });
  });
});

describe("a hotfix", () => {
  const hotfix = request("prod", "1.5.0", { kind: "hotfix", reason: "disks fill up" });
  const freeze = { from: "2026-11-16", to: "2026-11-20", zone: "UTC", reason: "holidays" };
  it.each([
    { hotfixes: true, decision: "admitted" },
    { hotfixes: false, decision: "wait" },
  ])("passes a freeze only if the file says so: $hotfixes", ({ hotfixes, decision }) => {
    const frozen = { ...pipeline, freezes: [{ ...freeze, hotfixes }] };
    expect(decide(hotfix, [...upToProd, live], { pipeline: frozen }).decision).toBe(decision);
    expect(decide(request("prod", "1.5.0"), [...upToProd, live], { pipeline: frozen }).decision).toBe("wait");
  });
  it("says what it overtakes: what is in flight elsewhere, and what is still live there", () => {
    const records = [
      record(1, "beta", "1.4.0", good),
      record(3, "one-box", "1.5.0", good),
      live,
      record(8, "beta", "1.4.9", flying),
    ];
    expect(decide(hotfix, records)).toMatchObject({
      decision: "admitted",
      notes: ["overtakes 1.4.9, which is in flight in beta"],
    });
    expect(decide(hotfix, records.slice(0, 3))).toMatchObject({ notes: ["beta is still on 1.4.0"] });
  });
});

describe("a step is never recorded twice", () => {
  const run = { id: 1, attempt: 2, url: "https://github.test/runs/1" };
  it("the same run finds the record that it began", () => {
    const mine = record(10, "prod", "1.5.0", flying, { run: { ...run, attempt: 1 } });
    expect(decide(request("prod", "1.5.0", { run }), [...upToProd, live, mine])).toMatchObject({
      decision: "resume",
      record: { id: 10 },
    });
  });
  it("what is live and good already is not deployed again", () => {
    const done = record(10, "prod", "1.5.0", good);
    expect(decide(request("prod", "1.5.0"), [...upToProd, live, done])).toMatchObject({
      decision: "done",
      record: { id: 10 },
    });
  });
});

describe("a rollback is stopped by nothing", () => {
  it("neither order, window, freeze, hold nor a promotion in flight, which it supersedes", () => {
    const other = record(10, "prod", "1.5.0", flying);
    const admission = decide(request("prod", "1.4.0", { kind: "rollback" }), [live, other], {
      environment: { reviewers: false },
      now: Date.parse("2026-11-21T03:00:00Z"),
      holds: [{ number: 7, title: "stop", url: "u", stage: "all" }],
      statuses: new Map(),
      ancestry: new Map(),
    });
    expect(admission).toMatchObject({ decision: "admitted", supersedes: [{ id: 10 }] });
  });
});

it("asking twice gives the same answer: admission keeps nothing", () => {
  const outcomes = fc.constantFrom(good, bad, flying, ["queued a", "error lost"]);
  const some = fc.array(
    fc.record({
      stage: fc.constantFrom("beta", "one-box", "prod"),
      version: fc.constantFrom("1.4.0", "1.5.0", "1.6.0"),
      written: outcomes,
    }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(some, fc.constantFrom("promotion", "rollback"), (list, kind) => {
      const records = list.map(({ stage, version, written }, index) => record(index + 1, stage, version, written));
      const first = decide(request("prod", "1.5.0", { kind }), records);
      expect(decide(request("prod", "1.5.0", { kind }), records)).toEqual(first);
      // Whatever lies in the ledger, a candidate that did not complete the stage before never passes.
      const before = records
        .filter(({ payload }) => payload.stage === "one-box" && payload.candidate.version === "1.5.0")
        .at(-1);
      if (kind === "promotion" && first.decision === "admitted")
        expect(before?.statuses).toEqual(record(1, "one-box", "1.5.0", good).statuses);
    }),
  );
});

it.each([
  ["fix it\n\nFixes-bad: abcdef1234567", ["abcdef1234567"]],
  ["fixes-bad: ABCDEF1\nFixes-bad: 1234567", ["abcdef1", "1234567"]],
  ["this Fixes-bad: abcdef1 is prose", []],
  ["Fixes-bad: main", []],
])("Fixes-bad trailers of %j", (message, expected) => {
  expect(fixesBad(message)).toEqual(expected);
});
