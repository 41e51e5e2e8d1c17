import { describe, expect, it } from "vitest";
import { fold } from "../../src/ledger/fold.ts";
import type { DeploymentRecord } from "../../src/ledger/record.ts";
import { leftBehind, planRollback } from "../../src/ledger/rollback-plan.ts";
import { bad, flying, good, record } from "./build.ts";

const RUN = 1;
const rolledBack = ["queued admitted", "in_progress deploying", "in_progress deployed", "success rolled back"];
const rollbackFailed = ["queued admitted", "in_progress deploying", "in_progress deployed", "failure not healthy"];
const lost = ["queued admitted", "in_progress deploying", "error stale: its run ended (failure) and did not close it"];

function rollback(id: number, version: string, undoes: number, written: string[], run = RUN): DeploymentRecord {
  return record(id, "prod", version, written, {
    kind: "rollback",
    undoes,
    run: { id: run, attempt: 1, url: `https://github.test/runs/${run}` },
  });
}
const prod = (id: number, version: string, written: string[]) => record(id, "prod", version, written);

const table: readonly {
  readonly name: string;
  readonly records: readonly DeploymentRecord[];
  readonly asked?: { readonly deployment?: number; readonly byHand?: boolean };
  readonly plan: string;
}[] = [
  { name: "an empty ledger", records: [], plan: "nothing: nothing of this service was ever deployed here" },
  {
    name: "a failed candidate goes back to the last good one",
    records: [prod(1, "1.4.0", good), prod(2, "1.5.0", bad)],
    plan: "admitted: 1.5.0 → 1.4.0",
  },
  {
    name: "what is in flight goes back too",
    records: [prod(1, "1.4.0", good), prod(2, "1.5.0", flying)],
    plan: "admitted: 1.5.0 → 1.4.0",
  },
  {
    name: "a candidate that failed once is no good candidate, however good it was before",
    records: [prod(1, "1.3.0", good), prod(2, "1.4.0", good), prod(3, "1.4.0", bad), prod(4, "1.5.0", bad)],
    plan: "admitted: 1.5.0 → 1.3.0",
  },
  {
    name: "the same candidate is nothing to go back to",
    records: [prod(1, "1.4.0", good), prod(2, "1.5.0", good), prod(3, "1.5.0", flying)],
    plan: "admitted: 1.5.0 → 1.4.0",
  },
  {
    name: "without any good candidate a person decides",
    records: [prod(1, "1.5.0", bad)],
    plan: "refused: the ledger knows no other candidate that was ever good here: a person has to decide",
  },
  {
    name: "what ended before anything was deployed has nothing to undo",
    records: [prod(1, "1.4.0", good), prod(2, "1.5.0", ["queued admitted", "failure not ready"])],
    plan: "nothing: deployment 2 of 1.5.0 ended before anything was deployed",
  },
  {
    name: "what a newer good candidate has replaced is left alone",
    records: [prod(1, "1.4.0", good), prod(2, "1.5.0", bad), prod(3, "1.6.0", good)],
    asked: { deployment: 2 },
    plan: "nothing: deployment 3 of 1.6.0 has replaced deployment 2 since",
  },
  {
    name: "what was undone is not undone again",
    records: [prod(1, "1.4.0", good), prod(2, "1.5.0", bad), rollback(3, "1.4.0", 2, rolledBack)],
    plan: "done: 3",
  },
  {
    name: "this run's own rollback goes on",
    records: [prod(1, "1.4.0", good), prod(2, "1.5.0", bad), rollback(3, "1.4.0", 2, flying)],
    plan: "resume: 3",
  },
  {
    name: "another run's rollback is left alone",
    records: [prod(1, "1.4.0", good), prod(2, "1.5.0", bad), rollback(3, "1.4.0", 2, flying, 9)],
    plan: "nothing: deployment 3 is undoing it already (https://github.test/runs/9)",
  },
  {
    name: "a rollback of something older that is under way is left alone",
    records: [
      prod(1, "1.4.0", good),
      prod(2, "1.5.0", bad),
      prod(3, "1.6.0", flying),
      rollback(4, "1.4.0", 2, flying, 9),
    ],
    asked: { deployment: 3 },
    plan: "nothing: rollback 4 to 1.4.0 is under way (https://github.test/runs/9)",
  },
  {
    name: "after a rollback that failed nothing is tried by itself",
    records: [prod(1, "1.4.0", good), prod(2, "1.5.0", bad), rollback(3, "1.4.0", 2, rollbackFailed)],
    plan: "refused: the rollback 3 to 1.4.0 failed (not healthy): a person has to decide",
  },
  {
    name: "after a rollback that failed a person may try again",
    records: [prod(1, "1.4.0", good), prod(2, "1.5.0", bad), rollback(3, "1.4.0", 2, rollbackFailed)],
    asked: { byHand: true },
    plan: "admitted: 1.5.0 → 1.4.0",
  },
  {
    name: "a rollback that never reached a machine stands in nobody's way",
    records: [
      prod(1, "1.4.0", good),
      prod(2, "1.5.0", bad),
      rollback(3, "1.4.0", 2, ["queued admitted", "error stale"], 9),
    ],
    plan: "admitted: 1.5.0 → 1.4.0",
  },
  {
    name: "a rollback whose machine died is begun once more",
    records: [prod(1, "1.4.0", good), prod(2, "1.5.0", bad), rollback(3, "1.4.0", 2, lost, 9)],
    plan: "admitted: 1.5.0 → 1.4.0",
  },
  {
    name: "a second rollback whose machine died asks for a person",
    records: [
      prod(1, "1.4.0", good),
      prod(2, "1.5.0", bad),
      rollback(3, "1.4.0", 2, lost, 8),
      rollback(4, "1.4.0", 2, lost, 9),
    ],
    plan: "refused: the rollback 4 to 1.4.0 failed (stale: its run ended (failure) and did not close it): a person has to decide",
  },
  {
    name: "an old rollback that failed does not stop that of a later candidate",
    records: [
      prod(1, "1.4.0", good),
      prod(2, "1.5.0", bad),
      rollback(3, "1.4.0", 2, rollbackFailed),
      prod(4, "1.6.0", good),
      prod(5, "1.7.0", bad),
    ],
    plan: "admitted: 1.7.0 → 1.6.0",
  },
];

function describePlan(plan: ReturnType<typeof planRollback>): string {
  switch (plan.decision) {
    case "admitted":
      return `admitted: ${plan.bad.payload.candidate.version} → ${plan.good.payload.candidate.version}`;
    case "resume":
    case "done":
      return `${plan.decision}: ${plan.record.id}`;
    case "nothing":
    case "refused":
      return `${plan.decision}: ${plan.because}`;
  }
}

describe("what a stage goes back to", () => {
  it.each(table)("$name", ({ records, asked = {}, plan }) => {
    const { deployment, byHand = false } = asked;
    const decided = planRollback(fold(records), { run: RUN, byHand, ...(deployment !== undefined && { deployment }) });
    expect(describePlan(decided)).toBe(plan);
  });

  it("never loops: whatever becomes of one automatic rollback, no second one follows it", () => {
    for (const ending of [rollbackFailed, [...flying, "error the rollback was left by its job"], rolledBack]) {
      const records = [
        prod(1, "1.3.0", good),
        prod(2, "1.4.0", good),
        prod(3, "1.5.0", bad),
        rollback(4, "1.4.0", 3, ending),
      ];
      for (const deployment of [undefined, 3, 4]) {
        const plan = planRollback(fold(records), { run: 7, byHand: false, ...(deployment && { deployment }) });
        expect(plan.decision).not.toBe("admitted");
      }
    }
  });
});

describe("what was left behind by the run that had to bring the last good candidate back", () => {
  const baked = ["queued admitted", "in_progress deploying", "in_progress deployed", "in_progress gate passed"];
  const failedBake = [...baked, "failure errors: rate 2.1% > 0.5%"];
  const left = (...records: DeploymentRecord[]) => {
    const found = leftBehind(fold([prod(1, "1.4.0", good), ...records]));
    return found && `${found.bad.id} by run ${found.run}`;
  };
  const ticked = prod(2, "1.5.0", failedBake);
  const byTick = {
    ...ticked,
    statuses: ticked.statuses.map((status) => ({
      ...status,
      logUrl: "https://github.test/d/s/actions/runs/77/attempts/1",
    })),
  };

  it.each<{ name: string; records: DeploymentRecord[]; left: string | undefined }>([
    { name: "a good candidate", records: [prod(2, "1.5.0", good)], left: undefined },
    { name: "a bake that goes on", records: [prod(2, "1.5.0", baked)], left: undefined },
    { name: "a failed bake, by its own run", records: [prod(2, "1.5.0", failedBake)], left: "2 by run 1002" },
    { name: "a failed bake, by the run whose tick found it", records: [byTick], left: "2 by run 77" },
    {
      name: "a failed bake, with a newer candidate that waits",
      records: [byTick, prod(3, "1.6.0", ["queued admitted"])],
      left: "2 by run 77",
    },
    {
      name: "a failed bake, with a newer candidate that deploys",
      records: [byTick, prod(3, "1.6.0", flying)],
      left: undefined,
    },
    { name: "a failed gate, which its own workflow looks after", records: [prod(2, "1.5.0", bad)], left: undefined },
    { name: "a rollback in flight", records: [byTick, rollback(3, "1.4.0", 2, flying, 9)], left: "2 by run 9" },
    {
      name: "a rollback that has not said a word yet",
      records: [byTick, rollback(3, "1.4.0", 2, [], 9)],
      left: "2 by run 9",
    },
    { name: "a rollback whose machine died", records: [byTick, rollback(3, "1.4.0", 2, lost, 9)], left: "2 by run 9" },
    {
      name: "two rollbacks whose machines died",
      records: [byTick, rollback(3, "1.4.0", 2, lost, 8), rollback(4, "1.4.0", 2, lost, 9)],
      left: undefined,
    },
    { name: "a rollback that failed", records: [byTick, rollback(3, "1.4.0", 2, rollbackFailed, 9)], left: undefined },
    { name: "a rollback that is done", records: [byTick, rollback(3, "1.4.0", 2, rolledBack, 9)], left: undefined },
  ])("$name", ({ records, left: expected }) => {
    expect(left(...records)).toBe(expected);
  });
});
