import { expect, test } from "vitest";
import { ConfigurationError } from "../../src/platform/errors.ts";
import { workflow, world } from "./world.ts";

const FILE = ".github/workflows/main.yml";

test.each([
  {
    name: "services",
    lines: ["    services: { db: { image: postgres } }"],
    message: `${FILE}:5:5: jobs.a.services is not supported`,
  },
  { name: "container", lines: ["    container: node:24"], message: `${FILE}:5:5: jobs.a.container is not supported` },
  { name: "snapshot", lines: ["    snapshot: image"], message: `${FILE}:5:5: jobs.a.snapshot is not supported` },
  { name: "an unknown key", lines: ["    run-on: x"], message: `${FILE}:5:5: Unexpected value 'run-on'` },
  {
    name: "an unknown need",
    lines: ["    runs-on: x", "    steps: []", "  c:", "    needs: b"],
    message: `${FILE}:8:12: Job 'c' depends on unknown job 'b'`,
  },
  {
    name: "an unknown context",
    lines: ["    if: nothing.x"],
    message: `${FILE}:5:9: Unrecognized named-value: 'nothing'`,
  },
])("refuses $name by name and line, before anything runs", async ({ lines, message }) => {
  await using w = await workflow(
    ["jobs:", "  a:", ...lines, "    runs-on: ubuntu-latest", "    steps: [{ run: 'true' }]"].join("\n"),
  );
  const refusal = await w.start().catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(ConfigurationError);
  expect((refusal as Error).message).toContain(message);
  expect(w.actions.runs.size).toBe(0);
});

test.each([
  { step: "uses: docker://alpine", message: "7:15: docker://alpine is not supported" },
  { step: "uses: acme/unknown@v1", message: "7:15: acme/unknown@v1: this rehearsal has no checkout of acme/unknown" },
  { step: "uses: nothing", message: '7:15: "nothing" is no reference' },
  { step: "uses: $/missing", message: "7:15: $/missing: there is no action.yml in missing" },
  { step: "uses: $/docker", message: "docker/action.yml:3:16: using: docker is not supported" },
  {
    step: "uses: $/unbuilt",
    message: "unbuilt/action.yml:3:30: there is no file dist/index.js; build the action first",
  },
  { step: "uses: $/nested", message: "nested/action.yml:6:13: acme/other@v2: this rehearsal has no checkout" },
  { step: "uses: ./nested", message: "nested/action.yml:6:13: acme/other@v2: this rehearsal has no checkout" },
  {
    step: "{ uses: actions/checkout@v4, with: { submodules: true } }",
    message: '7:46: actions/checkout@v4: the input "submodules" is not supported',
  },
  { step: "{ run: dir, shell: pwsh }", message: "7:28: shell: pwsh is not supported" },
  { step: "{ run: dir, background: true }", message: "background" },
  { step: "parallel: [{ run: a }, { run: b }]", message: "7:9: parallel is not supported" },
])("refuses the step $step with its place", async ({ step, message }) => {
  await using w = await workflow(`jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - ${step}\n`, {
    "docker/action.yml": "name: d\ndescription: d\nruns: { using: docker, image: alpine }\n",
    "unbuilt/action.yml": "name: d\ndescription: d\nruns: { using: node24, main: dist/index.js }\n",
    "nested/action.yml": "name: d\ndescription: d\nruns:\n  using: composite\n  steps:\n    - uses: acme/other@v2\n",
  });
  await expect(w.start()).rejects.toThrow(message);
  expect(w.actions.runs.size).toBe(0);
});

test("tells all mistakes of all files in one go, in order", async () => {
  await using w = await world({
    [FILE]: `
on: { push: { paths: [src] }, workflow_dispatch: {} }
permissions: { contents: read }
jobs:
  a: { uses: ./.github/workflows/called.yml, with: { known: 1, unknown: 2 } }
  b: { uses: ./.github/workflows/none.yml }
  c: { uses: ./.github/workflows/plain.yml }
`,
    ".github/workflows/called.yml":
      "on: { workflow_call: { inputs: { known: { type: string }, needed: { type: string, required: true } } } }\njobs:\n  x:\n    container: y\n    runs-on: z\n    steps: []\n",
    ".github/workflows/plain.yml": "on: push\njobs: { x: { runs-on: z, steps: [] } }\n",
  });
  const message = await w.start().then(
    () => "",
    (error: Error) => error.message,
  );
  expect(message.split("\n")).toEqual([
    ".github/workflows/called.yml:4:5: jobs.x.container is not supported in a rehearsal",
    `${FILE}:2:15: on.push.paths is not supported in a rehearsal`,
    `${FILE}:5:14: .github/workflows/called.yml requires the input "needed"; the job "a" does not give it`,
    expect.stringMatching(
      /main\.yml:5:64: \.github\/workflows\/called\.yml has no input "unknown"; it has known, needed/,
    ),
    `${FILE}:6:14: there is no workflow .github/workflows/none.yml at refs/heads/main`,
    `${FILE}:7:14: .github/workflows/plain.yml cannot be called: it has no "on: workflow_call"`,
  ]);
});

test("a called workflow that asks for more than its caller allows is refused, with the line to add", async () => {
  await using w = await world({
    [FILE]:
      "on: workflow_dispatch\npermissions: { contents: read }\njobs:\n  a: { uses: ./.github/workflows/called.yml }\n",
    ".github/workflows/called.yml":
      "on: workflow_call\npermissions: { deployments: write }\njobs:\n  x: { runs-on: z, steps: [] }\n",
  });
  await expect(w.start()).rejects.toThrow(
    '.github/workflows/called.yml:4:3: the job "x" asks for "deployments: write", but its caller allows only "deployments: none"; add it under "permissions:" of the calling job',
  );
});

test("a workflow without the event, or whose push filter does not take the ref, is not started", async () => {
  await using w = await world({ [FILE]: "on: { push: { tags: [v*] } }\njobs: { a: { runs-on: x, steps: [] } }\n" });
  await expect(w.start()).rejects.toThrow(`${FILE}: the workflow has no "on: workflow_dispatch"; it has push`);
  await expect(w.start({ event: "push" })).rejects.toThrow("does not take refs/heads/main");
});

test.each([
  { strategy: "{ matrix: { a: [] } }", message: "matrix.a has no values" },
  { strategy: `{ matrix: "\${{ fromJSON('[1]') }}" }`, message: "the matrix must be an object of lists" },
])("a job with the strategy $strategy fails, with its place, and the run ends", async ({ strategy, message }) => {
  await using w = await workflow(`jobs:\n  a:\n    strategy: ${strategy}\n    runs-on: ubuntu-latest\n    steps: []\n`);
  const result = await w.start();
  expect(result.conclusion).toBe("failure");
  expect(result.jobs[0]?.annotations[0]?.message).toMatch(new RegExp(`^${FILE}:5:15: .*${message}`));
});

test("an error in one matrix job fails that job alone", async () => {
  await using w = await workflow(`
jobs:
  a:
    strategy: { fail-fast: false, matrix: { label: [ubuntu-latest, ""] } }
    runs-on: "\${{ matrix.label }}"
    steps: [{ run: "true" }]
`);
  const result = await w.start();
  expect(result.jobs.map((job) => job.conclusion).sort()).toEqual(["failure", "success"]);
});
