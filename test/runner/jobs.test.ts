import { expect, test } from "vitest";
import type { RunResult } from "../../rehearsal/runner/runner.ts";
import type { Clock } from "../../src/platform/clock.ts";
import { workflow, world } from "./world.ts";

const conclusions = (result: RunResult): Record<string, string> =>
  Object.fromEntries(result.jobs.map((job) => [job.name, job.conclusion]));

test.each([
  { condition: undefined, needs: "good", expected: "success" },
  { condition: undefined, needs: "bad", expected: "skipped" },
  { condition: undefined, needs: "skipped", expected: "skipped" },
  { condition: undefined, needs: "afterSkipped", expected: "skipped" },
  { condition: undefined, needs: "tolerated", expected: "success" },
  { condition: "always()", needs: "bad", expected: "success" },
  { condition: "failure()", needs: "bad", expected: "success" },
  { condition: "failure()", needs: "good", expected: "skipped" },
  { condition: "failure()", needs: "afterBad", expected: "success" },
  { condition: "success('good')", needs: "[good, bad]", expected: "success" },
  { condition: "!failure() && !cancelled()", needs: "skipped", expected: "success" },
  { condition: "needs.bad.result == 'failure'", needs: "bad", expected: "skipped" },
  { condition: "always() && needs.bad.result == 'failure'", needs: "bad", expected: "success" },
  { condition: "always() && needs.tolerated.result == 'success'", needs: "tolerated", expected: "success" },
  {
    condition: `\${{ always() && contains(needs.*.result, 'skipped') }}`,
    needs: "[good, skipped]",
    expected: "success",
  },
])("a job with if: $condition that needs $needs ends with $expected", async ({ condition, needs, expected }) => {
  const steps = (run: string): string => `    runs-on: ubuntu-latest\n    steps: [{ run: "${run}" }]\n`;
  await using w = await workflow(`
jobs:
  good:
${steps("true")}  bad:
${steps("false")}  tolerated:
    continue-on-error: true
${steps("false")}  skipped:
    if: false
${steps("true")}  afterSkipped:
    needs: skipped
    if: always()
${steps("true")}  afterBad:
    needs: bad
${steps("true")}  asked:
    needs: ${needs}
${condition === undefined ? "" : `    if: "${condition}"\n`}${steps("true")}`);
  const result = await w.start();
  expect(conclusions(result)["asked"]).toBe(expected);
  expect(conclusions(result)["tolerated"]).toBe("failure");
  expect(result.conclusion).toBe("failure");
});

test("a condition that cannot be evaluated fails its job or step, with its place", async () => {
  await using w = await workflow(`
jobs:
  a:
    if: fromJSON('{')
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
  b:
    runs-on: ubuntu-latest
    steps:
      - { if: "fromJSON('{')", run: "true" }
`);
  const result = await w.start();
  const of = (name: string): RunResult["jobs"][number] | undefined => result.jobs.find((job) => job.name === name);
  expect(conclusions(result)).toEqual({ a: "failure", b: "failure" });
  expect(of("a")?.annotations[0]?.message).toMatch(/^\.github\/workflows\/main\.yml:5:3: if: /);
  expect(of("b")?.steps[0]?.annotations[0]?.message).toMatch(/^\.github\/workflows\/main\.yml:12:9: if: /);
});

test("a run of only skipped jobs is skipped, one with a tolerated failure is a success", async () => {
  await using w = await workflow(`
jobs:
  a: { if: "false", runs-on: ubuntu-latest, steps: [{ run: "true" }] }
`);
  expect((await w.start()).conclusion).toBe("skipped");
  await using v = await workflow(`
jobs:
  a: { continue-on-error: true, runs-on: ubuntu-latest, steps: [{ run: "false" }] }
`);
  expect((await v.start()).conclusion).toBe("success");
});

test("a matrix from an output runs a job for each on its own runner; one that fails does not stop the others with fail-fast: false", async () => {
  await using w = await workflow(
    `
jobs:
  plan:
    runs-on: ubuntu-latest
    outputs: { targets: "\${{ steps.p.outputs.t }}" }
    steps: [{ id: p, run: "echo 't=[\\"eu-1\\",\\"eu-2\\",\\"us-1\\"]' >> $GITHUB_OUTPUT" }]
  deploy:
    needs: plan
    strategy:
      fail-fast: false
      matrix: { target: "\${{ fromJSON(needs.plan.outputs.targets) }}" }
    runs-on: [self-hosted, "\${{ matrix.target }}"]
    outputs: { last: "\${{ matrix.target }}" }
    steps:
      - run: |
          echo "on $RUNNER_NAME \${{ strategy.job-index }} of \${{ strategy.job-total }} $HOST_NAME"
          test "\${{ matrix.target }}" != eu-2
  after:
    needs: deploy
    if: always()
    runs-on: ubuntu-latest
    steps: [{ run: "echo result \${{ needs.deploy.result }}" }]
`,
    {},
    {
      runners: [
        { name: "hosted", labels: ["ubuntu-latest"] },
        ...["eu-1", "eu-2", "us-1"].map((name) => ({
          name: `machine-${name}`,
          labels: ["self-hosted", "linux", name],
          env: { HOST_NAME: `host-${name}` },
        })),
      ],
    },
  );
  const result = await w.start();
  expect(conclusions(result)).toMatchObject({
    "deploy (eu-1)": "success",
    "deploy (eu-2)": "failure",
    "deploy (us-1)": "success",
  });
  expect(w.log("deploy (us-1)")).toContain("on machine-us-1 2 of 3 host-us-1");
  expect(w.log("after")).toContain("result failure");
  expect(result.jobs.find((job) => job.name === "deploy (eu-2)")?.runner).toBe("machine-eu-2");
});

test("fail-fast cancels the neighbours, max-parallel holds the rest back", async () => {
  await using w = await workflow(`
jobs:
  deploy:
    strategy: { max-parallel: 2, matrix: { n: [1, 2, 3] } }
    runs-on: ubuntu-latest
    steps:
      - run: if [ \${{ matrix.n }} = 1 ]; then exit 1; fi; exec sleep 60
      - if: cancelled()
        run: echo "told of it"
`);
  const result = await w.start();
  expect(conclusions(result)).toEqual({
    "deploy (1)": "failure",
    "deploy (2)": "cancelled",
    "deploy (3)": "cancelled",
  });
  expect(w.log("deploy (2)")).toContain("told of it");
  expect(w.events.some((event) => event.type === "job-started" && event.job === "deploy (3)")).toBe(false);
});

/** A clock whose sleeps end when the test says so. */
function heldClock(): Clock & { pass(ms: number): void; readonly asked: number[] } {
  const sleepers = new Map<number, (() => void)[]>();
  const asked: number[] = [];
  return {
    asked,
    now: () => 0,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        asked.push(ms);
        sleepers.set(ms, [...(sleepers.get(ms) ?? []), resolve]);
        signal?.addEventListener("abort", () => reject(signal.reason));
      }),
    pass: (ms) => {
      for (const wake of sleepers.get(ms) ?? []) wake();
    },
  };
}

const DAY = 24 * 3600 * 1000;
const AWAY = `
jobs:
  gone: { runs-on: [self-hosted, away], steps: [{ run: "true" }] }
  here: { runs-on: ubuntu-latest, steps: [{ run: "true" }] }
`;
const MACHINES = [
  { name: "away", labels: ["self-hosted", "away"], online: false },
  { name: "one", labels: ["ubuntu-latest"] },
];

test("a job for an offline machine waits 24 hours of the clock and then fails, without holding up the others", async () => {
  const clock = heldClock();
  await using w = await workflow(AWAY, {}, { clock, runners: MACHINES });
  const running = w.start();
  expect(await w.when("job-waiting")).toMatchObject({ job: "gone", for: "runner", detail: "self-hosted, away" });
  await w.when("job-finished", (event) => event.job === "here");
  expect(w.events.some((event) => event.type === "job-finished" && event.job === "gone")).toBe(false);
  clock.pass(DAY);
  const result = await running;
  expect(conclusions(result)).toEqual({ gone: "failure", here: "success" });
  expect(result.jobs.find((job) => job.name === "gone")?.annotations[0]?.message).toContain("not picked up");
  expect(w.actions.runners).toContainEqual(MACHINES[0]);
});

test("a machine that comes up takes the job that waits for it", async () => {
  await using w = await workflow(AWAY, {}, { runners: MACHINES });
  const running = w.start();
  await w.when("job-waiting");
  w.runner.addRunner({ name: "away", labels: ["self-hosted", "away"] });
  expect((await running).conclusion).toBe("success");
});

test("a step over its time limit fails, a job over its limit is cancelled and cleans up", async () => {
  const clock = heldClock();
  const jobs = `
jobs:
  step:
    runs-on: ubuntu-latest
    steps:
      - { name: slow, timeout-minutes: 5, run: echo started; exec sleep 60 }
      - { if: failure(), run: echo rescued }
  job:
    runs-on: ubuntu-latest
    timeout-minutes: 7
    steps:
      - { run: echo started; exec sleep 60 }
      - { if: cancelled(), run: echo cleaned }
`;
  await using w = await workflow(jobs, {}, { clock, realFloor: 1 });
  const running = w.start();
  await Promise.all(
    ["step", "job"].map((job) => w.when("log", (event) => event.job === job && event.line === "started")),
  );
  clock.pass(5 * 60_000);
  clock.pass(7 * 60_000);
  const result = await running;
  expect(conclusions(result)).toEqual({ step: "failure", job: "cancelled" });
  const step = result.jobs.find((job) => job.name === "step");
  expect(step?.steps[0]?.annotations[0]?.message).toBe("The action 'slow' has timed out after 5 minutes.");
  expect(w.log("step")).toContain("rescued");
  expect(w.log("job")).toContain("cleaned");
  expect(result.jobs.find((job) => job.name === "job")?.annotations[0]?.message).toContain(
    "maximum execution time of 7m0s",
  );
});

test("a called workflow has its inputs, secrets and outputs, the caller's github context and its own file's job context", async () => {
  const called = `
name: called
on:
  workflow_call:
    inputs:
      stage: { type: string, required: true }
      dry: { type: boolean }
      count: { type: number, default: 7 }
    secrets: { KEY: { required: true } }
    outputs: { version: { description: v, value: "\${{ jobs.inner.outputs.version }}" } }
permissions: { contents: read, deployments: write }
jobs:
  inner:
    runs-on: ubuntu-latest
    outputs: { version: "\${{ steps.v.outputs.v }}" }
    steps:
      - id: v
        env: { K: "\${{ secrets.KEY }}" }
        run: |
          echo "inputs \${{ inputs.stage }} \${{ inputs.dry == false }} \${{ inputs.count == 7 }} key \${#K}"
          echo "where \${{ github.workflow }} \${{ job.workflow_file_path }} \${{ job.workflow_repository }}"
          echo "v=1.4.0" >> "$GITHUB_OUTPUT"
  failing:
    if: inputs.stage == 'never'
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
`;
  await using w = await world(
    {
      ".github/workflows/main.yml": `
name: main
on: { push: { tags: ["v*"] } }
permissions: { contents: write, deployments: write, issues: write }
jobs:
  beta:
    uses: ./.github/workflows/called.yml
    with: { stage: beta }
    secrets: { KEY: "\${{ secrets.KEY }}" }
  remote:
    needs: beta
    permissions: { contents: read, deployments: write }
    uses: tools/kit/.github/workflows/called.yml@v1
    with: { stage: "\${{ needs.beta.outputs.version }}" }
    secrets: inherit
  after:
    needs: [beta, remote]
    runs-on: ubuntu-latest
    steps: [{ run: "echo version \${{ needs.remote.outputs.version }}" }]
`,
      ".github/workflows/called.yml": called,
      ".github/workflows/other.yml": "on: { push: { branches: [main] } }\njobs: { a: { runs-on: x, steps: [] } }\n",
    },
    { secrets: { KEY: "12345" }, others: { "tools/kit": { ".github/workflows/called.yml": called } } },
  );
  const [result, ...more] = await w.runner.push({ ref: "refs/tags/v1", sha: w.sha, actor: "bob" });
  expect(more).toEqual([]);
  expect(result?.conclusion).toBe("success");
  expect(result && conclusions(result)).toEqual({
    "beta / inner": "success",
    "beta / failing": "skipped",
    "remote / inner": "success",
    "remote / failing": "skipped",
    after: "success",
  });
  expect(w.log("beta / inner")).toContain("inputs beta true true key 5");
  expect(w.log("beta / inner")).toContain("where main .github/workflows/called.yml acme/storage");
  expect(w.log("remote / inner")).toContain("inputs 1.4.0 true true key 5");
  expect(w.log("remote / inner")).toContain("where main .github/workflows/called.yml tools/kit");
  expect(w.log("after")).toContain("version 1.4.0");
  expect(w.actions.grants).toContainEqual({ metadata: "read", contents: "read", deployments: "write" });
});

test("a token has the job's permissions, else the workflow's, else GitHub's restricted default", async () => {
  await using w = await workflow(`
permissions: { contents: read }
jobs:
  a: { runs-on: ubuntu-latest, permissions: { issues: write }, steps: [{ run: "true" }] }
  b: { needs: a, runs-on: ubuntu-latest, steps: [{ run: "true" }] }
`);
  await w.start();
  expect(w.actions.grants).toEqual([
    { metadata: "read", issues: "write" },
    { metadata: "read", contents: "read" },
  ]);
  await using v = await workflow(`
jobs:
  a: { runs-on: ubuntu-latest, steps: [{ run: "true" }] }
`);
  await v.start();
  expect(v.actions.grants).toEqual([{ metadata: "read", contents: "read", packages: "read" }]);
});

test("an environment is entered before a machine is taken, gives its secrets, and a refusal fails the job", async () => {
  await using w = await workflow(
    `
jobs:
  beta:
    environment: { name: beta, url: "https://x/\${{ steps.u.outputs.p }}", deployment: false }
    runs-on: ubuntu-latest
    steps:
      - id: u
        env: { S: "\${{ secrets.WHO }}" }
        run: echo "p=\${#S}-\${{ vars.SIZE }}" >> "$GITHUB_OUTPUT"
  prod: { environment: prod, runs-on: ubuntu-latest, steps: [{ run: "true" }] }
`,
    {},
    { secrets: { WHO: "x" }, environments: { Beta: { secrets: { WHO: "four" }, vars: { SIZE: "9" } } } },
  );
  w.actions.gates.set("prod", async () => ({ admitted: false, refused: "rejected by carol" }));
  const result = await w.start();
  expect(w.actions.entered).toEqual([
    { environment: "beta", deployment: false },
    { environment: "prod", deployment: true },
  ]);
  expect(result.jobs.find((job) => job.name === "beta")?.environmentUrl).toBe("https://x/4-9");
  const prod = result.jobs.find((job) => job.name === "prod");
  expect(prod?.conclusion).toBe("failure");
  expect(prod?.annotations[0]?.message).toBe("rejected by carol");
  expect(prod?.runner).toBeUndefined();
});

test("concurrency: queue max runs one after the other, queue single cancels the run that waits", async () => {
  const files = (queue: string): string => `
concurrency: { group: deploy, queue: ${queue} }
jobs:
  a:
    environment: hold
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
`;
  for (const [queue, expected] of [
    ["max", ["success", "success", "success"]],
    ["single", ["success", "cancelled", "success"]],
  ] as const) {
    await using w = await workflow(files(queue));
    const open = Promise.withResolvers<void>();
    w.actions.gates.set("hold", async () => {
      await open.promise;
      return { admitted: true };
    });
    const runs = [w.start()];
    await w.when("job-waiting", (event) => event.for === "environment");
    for (let i = 0; i < 2; i++) {
      const before = w.events.length;
      runs.push(w.start());
      await w.when("job-waiting", (event) => event.for === "concurrency" && w.events.indexOf(event) >= before);
    }
    expect(w.actions.entered).toHaveLength(1);
    open.resolve();
    expect((await Promise.all(runs)).map((run) => run.conclusion)).toEqual(expected);
  }
});

test("a called workflow in its caller's concurrency group is cancelled, since it would wait for ever", async () => {
  await using w = await workflow(
    `
concurrency: { group: deploy, queue: max }
jobs:
  a: { uses: ./.github/workflows/called.yml }
`,
    {
      ".github/workflows/called.yml":
        "on: workflow_call\nconcurrency: { group: Deploy, queue: max }\njobs: { x: { runs-on: ubuntu-latest, steps: [{ run: 'true' }] } }\n",
    },
  );
  expect((await w.start()).conclusion).toBe("cancelled");
});

test("a re-run of failed jobs keeps what succeeded, with its outputs, under the next attempt", async () => {
  await using w = await workflow(`
jobs:
  good:
    runs-on: ubuntu-latest
    outputs: { at: "\${{ steps.s.outputs.at }}" }
    steps: [{ id: s, run: "echo at=$GITHUB_RUN_ATTEMPT >> $GITHUB_OUTPUT" }]
  flaky:
    needs: good
    runs-on: ubuntu-latest
    steps: [{ run: "echo good at \${{ needs.good.outputs.at }} && test $GITHUB_RUN_ATTEMPT = 2" }]
`);
  const first = await w.start();
  expect(first.conclusion).toBe("failure");
  for (const listener of w.actions.rerun) listener(first.run, true);
  await w.when("run-finished", (event) => event.attempt === 2);
  expect(w.events.filter((event) => event.type === "job-started").map((event) => event.job)).toEqual([
    "good",
    "flaky",
    "flaky",
  ]);
  expect(w.log("flaky")).toContain("good at 1");
  expect(w.actions.runs.get(first.run)?.history.at(-1)).toBe("success");
});

test("dispatches of the API are played, and refused ones become an event", async () => {
  await using w = await world({
    ".github/workflows/main.yml": `
on:
  workflow_dispatch:
    inputs:
      version: { required: true }
      dry: { type: boolean, default: true }
jobs:
  a: { runs-on: ubuntu-latest, steps: [{ run: "echo \${{ inputs.version }} \${{ inputs.dry && 'dry' }} \${{ github.event.inputs.version }} \${{ github.event.inputs.dry == 'true' }}" }] }
`,
  });
  for (const listener of w.actions.dispatch) listener({ ...w.request, inputs: { version: "1.2" } });
  await w.when("run-finished");
  expect(w.log("a")).toContain("1.2 dry 1.2 true");
  for (const listener of w.actions.dispatch) listener({ ...w.request, inputs: { dry: "maybe", other: "x" } });
  const { reason } = await w.when("run-refused");
  expect(reason).toContain('there is no input "other"');
  expect(reason).toContain('the input "version" is required');
  expect(reason).toContain('the input "dry" is a boolean');
});
