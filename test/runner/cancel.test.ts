import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { CANCEL_GRACE, runProcess } from "../../rehearsal/runner/processes.ts";
import { workflow } from "./world.ts";

const TRAP = `const fs = require('fs');
process.on('SIGINT', () => { console.log('interrupted'); process.exit(0); });
console.log('ready', process.pid);
setInterval(() => {}, 1000);`;
const ACTION = {
  "act/action.yml": `name: a
description: d
inputs: { status: { description: s, default: "\${{ job.status }}" } }
runs: { using: node24, main: main.js, post: post.js }
`,
  "act/main.js": TRAP,
  "act/post.js": "console.log('post', process.env.INPUT_STATUS)",
};
const JOBS = `
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - uses: $/act
      - run: echo "not this"
      - if: always()
        run: echo "always"
      - if: cancelled()
        run: echo "cancelled"
      - if: failure()
        run: echo "not that"
  two:
    needs: one
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
  three:
    needs: one
    if: always()
    runs-on: ubuntu-latest
    steps: [{ run: "echo after \${{ needs.one.result }}" }]
`;

test("a cancelled run interrupts the step by SIGINT, runs always(), cancelled() and post steps, and starts nothing else", async () => {
  await using w = await workflow(JOBS, ACTION);
  const running = w.start();
  const { run } = await w.when("log", (event) => event.line.startsWith("ready"));
  for (const listener of w.actions.cancel) listener(run);
  const result = await running;
  expect(result.conclusion).toBe("cancelled");
  expect(w.log("one").filter((line) => !line.startsWith("$") && !line.startsWith("ready"))).toEqual([
    "interrupted",
    "always",
    "cancelled",
    "post cancelled",
  ]);
  expect(Object.fromEntries(result.jobs.map((job) => [job.name, job.conclusion]))).toEqual({
    one: "cancelled",
    two: "skipped",
    three: "success",
  });
  expect(w.log("three")).toContain("after cancelled");
});

test("a step with always() is not interrupted by a cancellation", async () => {
  await using w = await workflow(
    `
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - if: always()
        run: |
          mkfifo "$GITHUB_WORKSPACE/gate"
          echo "begin $GITHUB_WORKSPACE"
          read -r _ < "$GITHUB_WORKSPACE/gate"
          echo "end"
      - run: echo "not this"
`,
  );
  const running = w.start();
  const { run, line } = await w.when("log", (event) => event.line.startsWith("begin "));
  w.runner.cancel(run);
  await writeFile(`${line.slice("begin ".length)}/gate`, "go\n");
  expect((await running).conclusion).toBe("cancelled");
  expect(w.log("one")).toContain("end");
  expect(w.log("one")).not.toContain("not this");
});

test("a process that takes no notice of SIGINT gets SIGTERM, and then its whole group is killed", async () => {
  const lines: string[] = [];
  const cancel = new AbortController();
  const script = `trap 'echo int' INT; trap 'echo term' TERM; sleep 300 & echo "ready $!"; while true; do sleep 0.05; done`;
  const ended = runProcess(
    {
      command: "bash",
      args: ["-c", script],
      cwd: "/",
      env: { PATH: process.env["PATH"] ?? "" },
      cancel: cancel.signal,
      kill: new AbortController().signal,
      onLine: (line) => {
        lines.push(line);
        if (line.startsWith("ready")) cancel.abort();
      },
    },
    { interrupt: 1000, terminate: 1000 },
  );
  expect(await ended).toBe(128 + 9);
  expect(lines.slice(1)).toEqual(["int", "term"]);
  await expect.poll(() => isAlive(Number(lines[0]?.split(" ")[1])), { timeout: 10_000 }).toBe(false);
  expect(CANCEL_GRACE).toEqual({ interrupt: 7500, terminate: 2500 });
});

test("a killed machine runs nothing more, and the job stays in progress until it is declared lost", async () => {
  await using w = await workflow(JOBS, ACTION);
  const running = w.start();
  const { run, line } = await w.when("log", (event) => event.line.startsWith("ready"));
  const machine = w.runner.kill(run, "one");
  const id = [...w.actions.jobs].find(([, job]) => job.name === "one")?.[0] ?? 0;
  await expect.poll(() => isAlive(Number(line.split(" ")[1])), { timeout: 10_000 }).toBe(false);
  expect(w.actions.jobs.get(id)?.history).toEqual(["in_progress"]);
  machine.declareLost();
  const result = await running;
  expect(w.actions.jobs.get(id)?.history).toEqual(["in_progress", "failure"]);
  expect(w.log("one").filter((one) => one !== line)).toEqual([]);
  const job = result.jobs.find((one) => one.name === "one");
  expect(job?.annotations[0]?.message).toContain("lost communication");
  expect(w.log("three")).toContain("after failure");
});

test("close ends what runs, also a machine that was killed and never declared lost", async () => {
  const w = await workflow(JOBS, ACTION);
  const running = w.start();
  const { run } = await w.when("log", (event) => event.line.startsWith("ready"));
  w.runner.kill(run);
  await w.runner.close();
  expect((await running).conclusion).toBe("cancelled");
  await w[Symbol.asyncDispose]();
});

/** Whether a process is there and no zombie, which a container without an init process keeps. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.trim().startsWith("Z");
}
