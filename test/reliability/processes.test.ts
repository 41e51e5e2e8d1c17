import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { CLOCK_VARIABLE, formatClock } from "../../src/platform/clock.ts";
import { Lab } from "../actions/lab.ts";

let lab: Lab;
afterEach(async () => {
  expect(lab.github.administration.violations).toEqual([]);
  await lab.close();
});

const PIPELINE = `
service: storage-node
checks:
  smoke: { run: "test ! -e broken-$ROCKSOLID_VERSION" }
stages:
  - { name: source, gate: [smoke] }
  - { name: beta, deploy: "./deploy.sh", gate: { checks: [smoke], timeout: 2m, every: 30s } }
`;
const DEPLOY = "#!/bin/sh\necho $ROCKSOLID_VERSION >live-beta\n";

async function open(deploy = DEPLOY): Promise<number> {
  lab = await Lab.open({
    ".github/pipeline.yml": PIPELINE.replace("./deploy.sh", "sh ./deploy.sh"),
    "deploy.sh": deploy,
  });
  await lab.seed("1.4.0", "beta");
  await lab.seed("1.5.0", "source");
  const run = lab.newRun("1.5.0");
  lab.github.actions.updateRun(run, "in_progress");
  return run;
}

const DONE = [
  "beta promotion 1.5.0: queued: admitted 1.5.0",
  "beta promotion 1.5.0: in_progress: deploying 1.5.0",
  "beta promotion 1.5.0: in_progress: deployed 1.5.0",
  "beta promotion 1.5.0: success: passed: 1 check",
];
const of = (version: string, ledger: readonly string[]) => ledger.filter((line) => line.includes(` ${version}: `));

async function promoteAndGate(run: number): Promise<void> {
  const promoted = await lab.action("promote", { stage: "beta" }, { run });
  expect(promoted.errors).toEqual([]);
  const deployment = promoted.outputs["deployment-id"] ?? "";
  const gate = await lab.action("gate", { stage: "beta", "deployment-id": deployment }, { run });
  expect(gate.errors).toEqual([]);
}

describe("the shipped actions as real processes", () => {
  it.each([
    { what: "the deployment is created", method: "POST", path: /\/deployments$/, moment: "before" },
    { what: "the deployment is created", method: "POST", path: /\/deployments$/, moment: "after" },
    { what: "it says that it deploys", method: "POST", path: /\/statuses$/, body: /deploying/, moment: "after" },
    { what: "it says that it has deployed", method: "POST", path: /\/statuses$/, body: /deployed/, moment: "before" },
  ] as const)("killed $moment $what, and run again, repeat nothing", async ({ method, path, moment, ...more }) => {
    const run = await open();
    let kill: (() => void) | undefined;
    let killed = false;
    const off = lab.github.administration.onRequest((request) => {
      const body = "body" in more ? more.body.test(request.body) : true;
      if (killed || request.method !== method || !path.test(request.path) || request.moment !== moment || !body) return;
      killed = true;
      kill?.();
    });
    const first = await lab.action(
      "promote",
      { stage: "beta" },
      {
        run,
        during: (child) => {
          kill = () => void child.kill("SIGKILL");
        },
      },
    );
    off();
    expect({ killed, code: first.code }).toEqual({ killed: true, code: null });
    await promoteAndGate(run);
    expect(of("1.5.0", await lab.ledger())).toEqual(DONE);
    expect(lab.read("live-beta")).toBe("1.5.0");
  });

  it("a cancelled job's record says so, its command got the runner's signal, and nothing is left open", async () => {
    const run = await open(
      "#!/bin/sh\ntrap 'echo INT >signal; exit 130' INT\necho $$ >started\nwhile :; do sleep 0.1; done\n",
    );
    const promoted = await lab.action(
      "promote",
      { stage: "beta" },
      {
        run,
        async during(child) {
          while (!exists("started")) await delay(20);
          child.kill("SIGINT");
        },
      },
    );
    expect(promoted.code).toBe(1);
    expect(lab.read("signal")).toBe("INT");
    await promoted.post("cancelled");
    expect(of("1.5.0", await lab.ledger()).at(-1)).toBe(
      "beta promotion 1.5.0: error: deploy of artifact was cancelled",
    );
    expect(lab.read("live-beta")).toBe("1.4.0");
  });

  it("a command that takes no notice of SIGINT gets SIGTERM 7.5 s later, as the runner gives it", async () => {
    const run = await open(
      "#!/bin/sh\ntrap '' INT\ntrap 'echo TERM >signal; exit 143' TERM\necho $$ >started\nwhile :; do sleep 0.1; done\n",
    );
    const promoted = await lab.action(
      "promote",
      { stage: "beta" },
      {
        run,
        async during(child) {
          while (!exists("started")) await delay(20);
          child.kill("SIGINT");
        },
      },
    );
    expect(promoted.code).toBe(1);
    expect(lab.read("signal")).toBe("TERM");
    expect(of("1.5.0", await lab.ledger()).at(-1)).toContain("error: deploy of artifact was cancelled");
  });

  it("what a run that has ended left in flight is closed with a reason, and does not block", async () => {
    const run = await open();
    const left = await lab.action("promote", { stage: "beta" }, { run });
    expect(left.code).toBe(0);
    await lab.seed("1.6.0", "source");
    const next = lab.newRun("1.6.0");
    lab.github.actions.updateRun(next, "in_progress");
    const blocked = await lab.action("promote", { stage: "beta", version: "1.6.0", "max-wait": "0" }, { run: next });
    expect(blocked.errors[0]).toMatch(/deployment \d+ of 1\.5\.0 is in flight/);
    lab.github.actions.updateRun(run, "completed", "failure");
    const passed = await lab.action("promote", { stage: "beta", version: "1.6.0", "max-wait": "0" }, { run: next });
    expect(passed.errors).toEqual([]);
    expect(of("1.5.0", await lab.ledger()).at(-1)).toBe(
      "beta promotion 1.5.0: error: stale: its run ended (failure) and did not close it",
    );
    expect(lab.read("live-beta")).toBe("1.6.0");
  });

  it.each([-1, 1])("a machine whose clock is %i h wrong writes the same ledger", async (hours) => {
    const run = await open();
    const now = Date.now();
    const env = { [CLOCK_VARIABLE]: formatClock(now, now + hours * 3_600_000, 1_200) };
    const promoted = await lab.action("promote", { stage: "beta" }, { run, env });
    expect(promoted.errors).toEqual([]);
    const deployment = promoted.outputs["deployment-id"] ?? "";
    const gate = await lab.action("gate", { stage: "beta", "deployment-id": deployment }, { run, env });
    expect(gate.errors).toEqual([]);
    expect(of("1.5.0", await lab.ledger())).toEqual(DONE);
  });

  it.each(["lost-answer", "half-body"] as const)(
    "a create and its statuses with a %s are not doubled",
    async (type) => {
      const run = await open();
      for (const path of [/\/deployments$/, /\/statuses$/])
        lab.github.administration.inject({ match: { method: "POST", path }, times: 1, kind: { type } });
      await promoteAndGate(run);
      expect(lab.github.administration.pendingFaults).toEqual([]);
      expect(of("1.5.0", await lab.ledger())).toEqual(DONE);
    },
  );

  it("of four runs that promote at the same instant one goes on, and the others leave with a reason", async () => {
    await open();
    const off = lab.github.administration.onRequest(({ moment }) => delay(moment === "after" ? jitter() : 0));
    const runs = Array.from({ length: 4 }, () => lab.newRun("1.5.0"));
    for (const run of runs) lab.github.actions.updateRun(run, "in_progress");
    const ended = await Promise.all(
      runs.map((run) => lab.action("promote", { stage: "beta", "max-wait": "0" }, { run })),
    );
    off();
    expect(ended.filter(({ code }) => code === 0)).toHaveLength(1);
    for (const { errors } of ended.filter(({ code }) => code !== 0))
      expect(errors[0]).toMatch(/deployment \d+ of 1\.5\.0 is in flight/);
    const ledger = of("1.5.0", await lab.ledger());
    expect(ledger.filter((line) => line.includes("deploying"))).toHaveLength(1);
    expect(lab.read("live-beta")).toBe("1.5.0");
  });
});

function exists(path: string): boolean {
  try {
    lab.read(path);
    return true;
  } catch {
    return false;
  }
}

let jitters = 0;
/** Milliseconds that differ from answer to answer, the same in every run of the test. */
function jitter(): number {
  jitters = (jitters * 1_103_515_245 + 12_345) % 2_147_483_648;
  return jitters % 40;
}
