import { afterEach, describe, expect, it } from "vitest";
import { Lab, PIPELINE } from "./lab.ts";

let lab: Lab;
afterEach(async () => {
  expect(lab.github.administration.violations).toEqual([]);
  await lab.close();
});

describe("a stage, as the runner plays it with the shipped bundle", () => {
  it("goes from admission to a complete bake, and every step stands in the ledger", async () => {
    lab = await Lab.open();
    await lab.release("1.4.0", "source", "beta");
    expect(lab.read("live-beta")).toBe("1.4.0");
    const ledger = await lab.ledger();
    expect(ledger.slice(0, 5)).toEqual([
      "beta promotion 1.4.0: queued: admitted 1.4.0",
      "beta promotion 1.4.0: in_progress: checking that beta is ready: 1 check",
      "beta promotion 1.4.0: in_progress: deploying 1.4.0",
      "beta promotion 1.4.0: in_progress: deployed 1.4.0",
      "beta promotion 1.4.0: in_progress: gate passed: 1 check, bake follows",
    ]);
    // A machine so slow that the half hour is over at the first look tells no progress.
    for (const line of ledger.slice(5, -1))
      expect(line).toMatch(/^beta promotion 1\.4\.0: in_progress: baking .* of 30m: \d+ samples?, 0 failed$/);
    expect(ledger.at(-1)).toMatch(/^beta promotion 1\.4\.0: success: baked .*: \d+ samples?, 0 failed$/);
  });

  it("replaces the version before it, and says so on both", async () => {
    lab = await Lab.open();
    await lab.seed("1.4.0", "source", "beta");
    await lab.seed("1.5.0", "source");
    await lab.release("1.5.0", "beta");
    const ledger = await lab.ledger();
    expect(ledger.filter((line) => line.startsWith("beta promotion 1.4.0")).at(-1)).toMatch(
      /inactive: replaced by 1\.5\.0 \(deployment \d+\)$/,
    );
    expect(lab.read("live-beta")).toBe("1.5.0");
  });

  it("tells machines everything in outputs, and people in the summary", async () => {
    lab = await Lab.open();
    await lab.seed("1.4.0", "source", "beta");
    await lab.seed("1.5.0", "source");
    const run = lab.newRun("1.5.0");
    const promoted = await lab.action("promote", { stage: "beta", version: "1.5.0" }, { run });
    expect(promoted.outputs).toMatchObject({
      verdict: "pass",
      decision: "admitted",
      version: "1.5.0",
      "previous-version": "1.4.0",
      environment: "beta",
      "runs-on": '["ubuntu-latest"]',
      targets: '[{"target":"","runs-on":["ubuntu-latest"]}]',
    });
    expect(JSON.parse(promoted.outputs["result"] ?? "")).toMatchObject({
      schema: "rocksolid/result/v1",
      action: "promote",
      stage: "beta",
      verdict: "pass",
      candidate: { version: "1.5.0" },
    });
    expect(promoted.summary).toContain("admitted: **1.5.0** may enter beta, after 1.4.0");
    const gate = await lab.action(
      "gate",
      { stage: "beta", "deployment-id": promoted.outputs["deployment-id"] ?? "" },
      { run },
    );
    expect(gate.outputs).toMatchObject({ verdict: "pass", reason: "passed: 1 check" });
    expect(gate.summary).toContain("smoke");
  });

  it("is entered only after the stage before, and the refusal names every reason", async () => {
    lab = await Lab.open();
    const run = lab.newRun("1.5.0");
    const ended = await lab.action("promote", { stage: "prod", version: "1.5.0" }, { run });
    expect(ended.code).toBe(1);
    expect(ended.errors).toEqual([
      expect.stringContaining("1.5.0 may not enter prod:\n- 1.5.0 was never deployed to beta, the stage before"),
    ]);
    expect(ended.outputs).toMatchObject({ decision: "refused", verdict: "fail" });
    expect(await lab.ledger()).toEqual([]);
  });

  it("plans without a word to the ledger", async () => {
    lab = await Lab.open();
    await lab.seed("1.5.0", "source");
    const ended = await lab.action("promote", { stage: "beta", part: "plan" }, { run: lab.newRun("1.5.0") });
    expect(ended.outputs).toMatchObject({ decision: "admitted", environment: "beta" });
    expect(await lab.ledger()).toEqual([]);
    expect(
      lab.github.administration.requests.filter(
        ({ method, route }) => method === "POST" && route.includes("/deployments"),
      ),
    ).toEqual([]);
  });

  it("does nothing a second time for what is live and good", async () => {
    lab = await Lab.open();
    await lab.seed("1.4.0", "source", "beta");
    const before = await lab.ledger();
    await lab.release("1.4.0", "beta");
    expect(await lab.ledger()).toEqual(before);
  });

  it("skips the bake of a hotfix and nothing else, and every record says who and why", async () => {
    lab = await Lab.open();
    await lab.seed("1.5.0", "source");
    const run = lab.newRun("1.5.0");
    const refused = await lab.action("promote", { stage: "beta", kind: "hotfix" }, { run });
    expect(refused.errors[0]).toContain('a hotfix needs a reason: write it in the input "reason"');
    const promoted = await lab.action("promote", { stage: "beta", kind: "hotfix", reason: "disks fill up" }, { run });
    const gate = await lab.action(
      "gate",
      { stage: "beta", "deployment-id": promoted.outputs["deployment-id"] ?? "" },
      { run },
    );
    expect(gate.outputs["verdict"]).toBe("pass");
    const bake = await lab.action(
      "bake",
      { stage: "beta", "deployment-id": promoted.outputs["deployment-id"] ?? "" },
      { run },
    );
    expect(bake.outputs["verdict"]).toBe("pass");
    expect(await lab.ledger()).toEqual([
      "beta hotfix 1.5.0: queued: admitted 1.5.0 as hotfix by ada: disks fill up",
      "beta hotfix 1.5.0: in_progress: checking that beta is ready: 1 check",
      "beta hotfix 1.5.0: in_progress: deploying 1.5.0",
      "beta hotfix 1.5.0: in_progress: deployed 1.5.0",
      "beta hotfix 1.5.0: success: passed: 1 check, bake skipped: hotfix by ada",
    ]);
  });
});

describe("when something fails", () => {
  it("nothing is deployed where the stage is not ready, and nothing has to be rolled back", async () => {
    lab = await Lab.open();
    await lab.seed("1.4.0", "source", "beta");
    await lab.seed("1.5.0", "source");
    lab.write("unprepared");
    const run = lab.newRun("1.5.0");
    const ended = await lab.action("promote", { stage: "beta" }, { run });
    expect(ended.code).toBe(1);
    expect(lab.read("live-beta")).toBe("1.4.0");
    const rollback = await lab.action(
      "rollback",
      { stage: "beta", "deployment-id": ended.outputs["deployment-id"] ?? "" },
      { run },
    );
    expect(rollback).toMatchObject({ code: 0, outputs: { decision: "nothing" } });
    expect(await lab.issues()).toEqual([]);
  });

  it("a failed gate is rolled back to the last good candidate, marked, and the stage is held", async () => {
    lab = await Lab.open();
    await lab.seed("1.4.0", "source", "beta");
    await lab.seed("1.5.0", "source");
    lab.write("broken-1.5.0");
    const run = lab.newRun("1.5.0");
    const promoted = await lab.action("promote", { stage: "beta" }, { run });
    const deployment = promoted.outputs["deployment-id"] ?? "";
    const gate = await lab.action("gate", { stage: "beta", "deployment-id": deployment }, { run });
    expect(gate).toMatchObject({ code: 1, outputs: { verdict: "fail" } });
    const rollback = await lab.action(
      "rollback",
      { stage: "beta", "deployment-id": deployment, failure: gate.outputs["result"] ?? "" },
      { run },
    );
    expect(rollback).toMatchObject({
      code: 0,
      outputs: { verdict: "pass", version: "1.4.0", "previous-version": "1.5.0" },
    });
    expect(lab.read("live-beta")).toBe("1.4.0");
    const ledger = await lab.ledger();
    expect(ledger.filter((line) => line.startsWith("beta promotion 1.5.0: ")).slice(-2)).toEqual([
      expect.stringMatching(/^beta promotion 1\.5\.0: failure: smoke: /),
      expect.stringMatching(/^beta promotion 1\.5\.0: inactive: rolled back to 1\.4\.0/),
    ]);
    expect(ledger.at(-1)).toBe("beta rollback 1.4.0: success: rolled back to 1.4.0: passed: 1 check");
    const [hold, ...others] = await lab.issues();
    expect(others).toEqual([]);
    expect(hold).toMatchObject({
      labels: ["hold:beta"],
      title: expect.stringContaining("beta is on hold: 1.5.0 failed"),
    });
    expect(hold?.body).toContain("smoke");

    // Held, and known bad besides: neither it nor what descends from it goes anywhere until a person has looked.
    await lab.seed("1.6.0", "source");
    const next = await lab.action("promote", { stage: "beta", version: "1.6.0" }, { run: lab.newRun("1.6.0") });
    expect(next.errors[0]).toMatch(/descends from it[\s\S]*beta is on hold: #\d+/);
  });

  it("the same failure opens one hold, however often the rollback is run", async () => {
    lab = await Lab.open();
    await lab.seed("1.4.0", "source", "beta");
    await lab.seed("1.5.0", "source");
    lab.write("broken-1.5.0");
    const run = lab.newRun("1.5.0");
    const deployment = (await lab.action("promote", { stage: "beta" }, { run })).outputs["deployment-id"] ?? "";
    await lab.action("gate", { stage: "beta", "deployment-id": deployment }, { run });
    await lab.action("rollback", { stage: "beta", "deployment-id": deployment }, { run });
    const before = await lab.ledger();
    const again = await lab.action("rollback", { stage: "beta", "deployment-id": deployment }, { run });
    expect(again).toMatchObject({ code: 0, outputs: { decision: "done" } });
    expect(await lab.ledger()).toEqual(before);
    expect(await lab.issues()).toHaveLength(1);
  });

  it("a bake stops at its first failure, long before its time", async () => {
    lab = await Lab.open();
    await lab.seed("1.4.0", "source", "beta");
    await lab.seed("1.5.0", "source");
    const run = lab.newRun("1.5.0");
    const deployment = (await lab.action("promote", { stage: "beta" }, { run })).outputs["deployment-id"] ?? "";
    await lab.action("gate", { stage: "beta", "deployment-id": deployment }, { run });
    lab.write("unsteady-1.5.0");
    const bake = await lab.action("bake", { stage: "beta", "deployment-id": deployment }, { run });
    expect(bake).toMatchObject({ code: 1, outputs: { verdict: "fail", reason: expect.stringMatching(/^steady: /) } });
    expect((await lab.ledger()).at(-1)).toMatch(/^beta promotion 1\.5\.0: failure: steady: /);
  });

  it("one look leaves a bake to the next, which takes it up from the ledger", async () => {
    lab = await Lab.open({ ".github/pipeline.yml": PIPELINE.replace("for: 30m", "for: 14d") });
    await lab.seed("1.5.0", "source");
    const run = lab.newRun("1.5.0");
    const deployment = (await lab.action("promote", { stage: "beta" }, { run })).outputs["deployment-id"] ?? "";
    await lab.action("gate", { stage: "beta", "deployment-id": deployment }, { run });
    const look = await lab.action("bake", { stage: "beta", "deployment-id": deployment, "max-wait": "0" }, { run });
    expect(look).toMatchObject({
      code: 0,
      outputs: { verdict: "inconclusive", reason: expect.stringMatching(/^baking .* of 14d/) },
    });
    expect((await lab.ledger()).at(-1)).toMatch(
      /^beta promotion 1\.5\.0: in_progress: baking .* of 14d: 1 sample, 0 failed$/,
    );
    const watch = await lab.action("bake", { stage: "*", "max-wait": "0" }, { run: lab.newRun("1.5.0") });
    expect(watch).toMatchObject({ code: 0, outputs: { failed: "[]" } });
    lab.write("unsteady-1.5.0");
    const caught = await lab.action("bake", { stage: "*", "max-wait": "0" }, { run: lab.newRun("1.5.0") });
    expect(caught).toMatchObject({
      code: 1,
      outputs: { failed: JSON.stringify([{ stage: "beta", "deployment-id": Number(deployment) }]) },
    });
  });

  it.each([
    { how: "cancelled", state: "error", description: "cancelled while deployed" },
    {
      how: "failure",
      state: "failure",
      description: 'the job failed after "deployed": https://github.test/demo/storage-node/actions/runs/',
    },
  ])("a job that ends $how leaves no record open", async ({ how, state, description }) => {
    lab = await Lab.open();
    await lab.seed("1.5.0", "source");
    const promoted = await lab.action("promote", { stage: "beta" }, { run: lab.newRun("1.5.0") });
    expect((await promoted.post("success")).code).toBe(0);
    expect((await lab.ledger()).at(-1)).toContain("in_progress: deployed");
    await promoted.post(how);
    expect((await lab.ledger()).at(-1)).toContain(`: ${state}: ${description}`);
  });

  it("a rollback without any good candidate asks for a person and holds the stage", async () => {
    lab = await Lab.open();
    await lab.seed("1.5.0", "source");
    const run = lab.newRun("1.5.0");
    const deployment = (await lab.action("promote", { stage: "beta" }, { run })).outputs["deployment-id"] ?? "";
    const rollback = await lab.action(
      "rollback",
      { stage: "beta", "deployment-id": deployment, reason: "customers call" },
      { run },
    );
    expect(rollback).toMatchObject({ code: 1, outputs: { decision: "refused" } });
    expect(rollback.errors[0]).toContain("a person has to decide");
    expect(await lab.issues()).toHaveLength(1);
    expect((await lab.ledger()).at(-1)).toBe("beta promotion 1.5.0: failure: customers call");
  });
});

describe("what users do wrong is told in a sentence, without a stack trace", () => {
  it.each([
    {
      name: "an unknown stage",
      inputs: { stage: "betta" },
      message: 'input "stage" is "betta", and .github/pipeline.yml has no such stage: did you mean "beta"?',
    },
    {
      name: "no checkout",
      inputs: { stage: "beta", pipeline: ".github/none.yml" },
      message:
        'the pipeline file .github/none.yml is not in the workspace: is there a step "uses: actions/checkout" before this one?',
    },
    {
      name: "several mistakes in one go",
      inputs: { stage: "beta", commit: "main", "max-wait": "soon" },
      message: /input "commit" is "main".*\n.*input "max-wait" is "soon"|input "max-wait"[\s\S]*input "commit"/,
    },
    {
      name: "a stage without environment",
      inputs: { stage: "source" },
      message: 'stage "source" has no environment to deploy to: use action-gate for it',
    },
  ])("$name", async ({ inputs, message }) => {
    lab = await Lab.open();
    const ended = await lab.action("promote", inputs, { run: lab.newRun("1.5.0") });
    expect(ended.code).toBe(1);
    expect(ended.errors.join("\n")).toMatch(message);
    expect(ended.log).not.toMatch(/^\s+at /m);
  });

  it("a missing permission is named as the line to add", async () => {
    lab = await Lab.open();
    await lab.seed("1.5.0", "source");
    const ended = await lab.action(
      "promote",
      { stage: "beta" },
      {
        run: lab.newRun("1.5.0"),
        permissions: { actions: "read", contents: "read", deployments: "read", issues: "read", statuses: "read" },
      },
    );
    expect(ended.errors).toEqual([
      expect.stringContaining('missing "deployments: write": add it under "permissions:" of this job'),
    ]);
  });
});

describe("hostile input", () => {
  it("a version cannot become a workflow command, a shell word or Markdown", async () => {
    lab = await Lab.open();
    await lab.seed("1.5.0", "source");
    const version = "1.0$(touch pwned)`touch pwned`|<img src=x>::error::x";
    const ended = await lab.action(
      "promote",
      { stage: "beta", version, commit: lab.commit("1.5.0"), digest: "sha256:1" },
      { run: lab.newRun("1.5.0") },
    );
    expect(ended.code).toBe(0);
    expect(() => lab.read("pwned")).toThrow();
    expect(lab.read("live-beta")).toBe(version);
    expect(ended.summary).not.toContain("<img");
    expect(ended.errors).toEqual([]);
  });

  it("what a deploy command prints cannot become a workflow command", async () => {
    lab = await Lab.open({
      ".github/pipeline.yml": `service: s
checks:
  ok: { run: "true" }
stages:
  - { name: beta, deploy: "printf '::error::from outside\\\\n  ::set-output name=x::y\\\\n'", gate: [ok] }
`,
    });
    const ended = await lab.action("promote", { stage: "beta" }, { run: lab.newRun("1.5.0") });
    expect(ended.log).toContain("from outside");
    expect(ended.errors).toEqual([]);
    expect(ended.log).not.toMatch(/^\s*::set-output/m);
  });
});
