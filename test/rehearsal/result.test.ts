import { describe, expect, it } from "vitest";
import { composeResult, type Observations } from "../../rehearsal/result.ts";
import type { Result as ActionResult } from "../../src/actions/outputs.ts";
import { type DeploymentRecord, type Kind, SCHEMA, type State } from "../../src/ledger/record.ts";
import { loadPipeline } from "../../src/pipeline/parse.ts";
import type { Phase } from "../../src/verdict/phase.ts";

const { pipeline } = loadPipeline(
  `
service: storage-node
fleet: fleet.yml
checks: { up: { run: "true" } }
stages:
  - { name: source, gate: [up] }
  - { name: beta, deploy: ./d, gate: [up] }
  - { name: prod, deploy: ./d, targets: { ring: prod }, gate: [up] }
`,
  "pipeline.yml",
);
const targets = ["prod-1", "prod-2"].map((name) => ({ name, ring: "prod", address: name, labels: [name] }));

let id = 0;
function record(
  stage: string,
  version: string,
  states: readonly State[],
  more: { run?: number; kind?: Kind; undoes?: number } = {},
): DeploymentRecord {
  id += 1;
  return {
    id,
    environment: stage,
    createdAt: id,
    creator: "x",
    payload: {
      schema: SCHEMA,
      service: "storage-node",
      stage,
      kind: more.kind ?? "promotion",
      candidate: { version, commit: version.padEnd(40, "0"), digest: `sha256:${version}` },
      run: { id: more.run ?? 2, attempt: 1, url: "u" },
      actor: "x",
      ...(more.undoes !== undefined && { undoes: more.undoes }),
    },
    statuses: states.map((state, at) => ({ state, description: `${state} it`, at })),
  };
}

function action(
  stage: string,
  verdict: Phase,
  reasons: readonly string[],
  name: ActionResult["action"] = "gate",
): ActionResult {
  return { schema: "rocksolid/result/v1", action: name, service: "storage-node", stage, verdict, reasons };
}

const earlier = (): DeploymentRecord[] => [
  record("beta", "1.4.0", ["success"], { run: 1 }),
  record("prod", "1.4.0", ["success"], { run: 1 }),
];

const seen = (more: Partial<Observations>): Observations => ({
  pipeline,
  targets,
  version: "1.5.0",
  seededRuns: [1],
  records: earlier(),
  actions: [],
  jobs: [],
  hosts: { "prod-1": "1.4.0", "prod-2": "1.4.0" },
  holds: [],
  requests: [],
  actionSeconds: {},
  traffic: { sent: 0, failed: 0, unreachable: 0 },
  seconds: 41.4,
  setupSeconds: 3,
  ...more,
});

const released = (): Partial<Observations> => ({
  records: [...earlier(), record("beta", "1.5.0", ["in_progress", "success"]), record("prod", "1.5.0", ["success"])],
  actions: [action("beta", "pass", []), action("prod", "pass", [])],
  hosts: { "prod-1": "1.5.0", "prod-2": "1.5.0" },
});

describe("the result of a rehearsal", () => {
  it("is released when the last stage's ledger says so and its hosts agree", () => {
    const result = composeResult(seen(released()));
    expect(result).toMatchObject({
      outcome: "released",
      exitStatus: 0,
      sentence: "released: 1.5.0 is live on 2 of 2 prod hosts after 41 s",
      live: { beta: "1.5.0", prod: "1.5.0" },
    });
    expect(result.stages.map(({ name, verdict }) => [name, verdict])).toEqual([
      ["source", null],
      ["beta", "pass"],
      ["prod", "pass"],
    ]);
    expect(result.stages[1]?.statuses).toEqual([
      { state: "in_progress", description: "in_progress it" },
      { state: "success", description: "success it" },
    ]);
  });

  it.each(["1.5.0", "v1.5.0"])(
    "takes a version for the same with a leading v and without: the hosts tell %s",
    (told) => {
      const result = composeResult(
        seen({
          ...released(),
          records: [...earlier(), record("prod", "v1.5.0", ["success"])],
          hosts: { "prod-1": told, "prod-2": told },
        }),
      );
      expect(result).toMatchObject({
        outcome: "released",
        exitStatus: 0,
        reason: "1.5.0 is live on 2 of 2 prod hosts",
      });
    },
  );

  it("does not exit with 0 when a host denies what the ledger says", () => {
    const result = composeResult(seen({ ...released(), hosts: { "prod-1": "1.5.0", "prod-2": "1.4.0" } }));
    expect(result).toMatchObject({ exitStatus: 1, reason: "1.5.0 is live on 1 of 2 prod hosts" });
  });

  it("is rolled back when a stage failed and its rollback succeeded, with the production that was untouched", () => {
    const bad = record("beta", "1.5.0", ["failure", "inactive"]);
    const result = composeResult(
      seen({
        records: [...earlier(), bad, record("beta", "1.4.0", ["success"], { kind: "rollback", undoes: bad.id })],
        actions: [
          action("beta", "fail", ["errors: 52 of 1,000 lines (5.2%) > 0.5%"]),
          action("beta", "pass", ["undone"], "rollback"),
        ],
        holds: [{ stage: "beta", title: "beta is on hold", number: 3 }],
      }),
    );
    expect(result).toMatchObject({
      outcome: "rolled-back",
      exitStatus: 3,
      reason: "errors: 52 of 1,000 lines (5.2%) > 0.5%",
      sentence:
        "stopped in beta and rolled back to 1.4.0: errors: 52 of 1,000 lines (5.2%) > 0.5%; prod still runs 1.4.0; hold #3 opened",
      live: { beta: "1.4.0", prod: "1.4.0" },
    });
    expect(result.stages[1]).toMatchObject({
      deployment: bad.id,
      verdict: "fail",
      rollback: { version: "1.4.0", verdict: "pass" },
    });
  });

  it("says so when the rollback failed too", () => {
    const result = composeResult(
      seen({
        records: [
          ...earlier(),
          record("beta", "1.5.0", ["failure"]),
          record("beta", "1.4.0", ["failure"], { kind: "rollback" }),
        ],
        actions: [action("beta", "fail", ["no"])],
      }),
    );
    expect(result).toMatchObject({ outcome: "stopped", exitStatus: 3 });
    expect(result.sentence).toContain("stopped in beta, and the rollback did not succeed: no; failure it; prod");
  });

  it("is stopped in the stage whose reviewer rejected it", () => {
    const result = composeResult(
      seen({
        records: [...earlier(), record("beta", "1.5.0", ["success"])],
        actions: [action("beta", "pass", [])],
        jobs: [{ name: "prod / admit", conclusion: "failure", errors: ["rejected by release-manager"] }],
      }),
    );
    expect(result).toMatchObject({
      outcome: "stopped",
      exitStatus: 3,
      sentence: 'stopped in prod: job "prod / admit": rejected by release-manager; prod still runs 1.4.0',
    });
  });

  it("tells why of a run that was cancelled from the ledger, and not that it was cancelled", () => {
    const bad = record("beta", "1.5.0", ["failure", "inactive"]);
    const result = composeResult(
      seen({
        records: [...earlier(), bad, record("beta", "1.4.0", ["success"], { kind: "rollback", undoes: bad.id })],
        jobs: [{ name: "beta / bake", conclusion: "cancelled", errors: ["The run was canceled"] }],
      }),
    );
    expect(result).toMatchObject({ outcome: "rolled-back", exitStatus: 3, reason: "failure it" });
  });

  it("is a success when a rollback was what was asked for", () => {
    const records = [...earlier(), record("prod", "1.3.0", ["success"], { kind: "rollback", undoes: 2 })];
    expect(composeResult(seen({ records }))).toMatchObject({ outcome: "rolled-back", exitStatus: 0 });
  });

  it("is neither a release nor a stop when nothing happened at all", () => {
    expect(composeResult(seen({}))).toMatchObject({ outcome: "stopped", exitStatus: 1 });
  });

  it("counts the requests of jobs only, by route", () => {
    const result = composeResult(
      seen({
        requests: [
          { route: "GET /a", run: 2 },
          { route: "GET /b", run: 2 },
          { route: "GET /b", run: 2 },
          { route: "GET /a" },
        ],
      }),
    );
    expect(result.requests).toEqual({ total: 3, byRoute: { "GET /b": 2, "GET /a": 1 } });
  });
});
