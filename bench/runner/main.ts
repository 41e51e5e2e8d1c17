/**
 * What the workflow runner adds to the processes that it starts: a job of JavaScript steps against the same number of bare
 * Node processes, the fastest of each, and a checkout, in one run. `node bench/runner/main.ts [STEPS]`
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ActionsService, Run, RunRequest } from "../../rehearsal/github/ports.ts";
import { createRunner } from "../../rehearsal/runner/runner.ts";
import { systemClock } from "../../src/platform/clock.ts";

const steps = Number(process.argv[2] ?? 40);
const root = mkdtempSync(path.join(tmpdir(), "rocksolid-bench-"));
const directory = path.join(root, "repository");
const write = (name: string, content: string): void => {
  mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
  writeFileSync(path.join(directory, name), content);
};
write("act/action.yml", "name: a\ndescription: d\nruns: { using: node24, main: main.js }\n");
write("act/main.js", "");
write(
  ".github/workflows/main.yml",
  `on: workflow_dispatch\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n${"      - uses: $/act\n".repeat(steps)}`,
);
const git = (...args: string[]): string =>
  execFileSync("git", ["-C", directory, "-c", "user.name=b", "-c", "user.email=b@example.com", ...args], {
    encoding: "utf8",
  }).trim();
git("init", "--quiet", "--initial-branch=main");
git("add", "--all");
git("commit", "--quiet", "--no-gpg-sign", "-m", "one");

let last = 0;
const nothing = (): (() => void) => () => {};
const actions: ActionsService = {
  createRun: (request: RunRequest): Run => ({ id: ++last, number: 1, attempt: 1, request }),
  updateRun: () => {},
  createJob: () => ++last,
  updateJob: () => {},
  issueToken: () => "token",
  revokeToken: () => {},
  registerRunner: () => {},
  enterEnvironment: async () => ({ admitted: true }),
  onDispatch: nothing,
  onCancel: nothing,
  onRerun: nothing,
};
const runner = createRunner({
  github: { url: "http://127.0.0.1:1", repository: "a/b", actions },
  directory,
  runners: [{ name: "one", labels: ["x"] }],
  clock: systemClock,
  temporary: path.join(root, "temporary"),
});
const request: RunRequest = {
  workflow: ".github/workflows/main.yml",
  name: "main",
  event: "workflow_dispatch",
  ref: "refs/heads/main",
  sha: git("rev-parse", "HEAD"),
  actor: "alice",
};

const bare: number[] = [];
for (let i = 0; i < steps; i++) {
  const at = performance.now();
  spawnSync(process.execPath, [path.join(directory, "act/main.js")]);
  bare.push(performance.now() - at);
}
const started = performance.now();
const result = await runner.start(request);
const first = performance.now() - started;
const again = performance.now();
const second = await runner.start(request);
const rest = performance.now() - again;
await runner.close();
rmSync(root, { recursive: true, force: true });
if (result.conclusion !== "success" || second.conclusion !== "success")
  throw new Error(`the run ended with ${second.conclusion}`);
const [checkout, ...played] = second.jobs[0]?.steps ?? [];
// The fastest of each: on a busy machine the rest measures its neighbours.
const one = Math.min(...played.map((step) => step.milliseconds));
const process_ = Math.min(...bare);
process.stdout.write(
  `bare Node process ${process_.toFixed(1)} ms; a JavaScript step ${one.toFixed(1)} ms, ${(one / process_).toFixed(2)} times it\n` +
    `checkout ${checkout?.milliseconds.toFixed(1)} ms; a run of ${steps} steps ${rest.toFixed(0)} ms, the first one, with the parser's loading, ${first.toFixed(0)} ms\n`,
);
