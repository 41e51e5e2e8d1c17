import { expect, test } from "vitest";
import { workflow } from "./world.ts";

/** A JavaScript action whose stages print their name, an input and the job's status. */
function action(name: string, more = ""): Record<string, string> {
  const stage = (which: string): string =>
    `console.log('${which} ${name}', process.env.INPUT_TEXT ?? '', process.env.INPUT_STATUS, process.env.STATE_saved ?? '-');` +
    "require('fs').appendFileSync(process.env.GITHUB_STATE, 'saved=" +
    which +
    "\\n');" +
    (which === "main" ? "process.exitCode = Number(process.env.INPUT_EXIT || 0);" : "");
  return {
    [`${name}/action.yml`]: `name: ${name}
description: prints its stages
inputs:
  text: { description: any }
  exit: { description: exit code }
  status: { description: the job's, default: "\${{ job.status }}" }
runs: { using: node24, pre: pre.js, main: main.js, post: post.js${more} }
`,
    [`${name}/pre.js`]: stage("pre"),
    [`${name}/main.js`]: stage("main"),
    [`${name}/post.js`]: stage("post"),
  };
}

const stages = (lines: readonly string[]): string[] => lines.filter((line) => /^(pre|main|post) /.test(line));

test("jobs, needs, outputs, a JavaScript action and a checkout play together", async () => {
  await using w = await workflow(
    `
jobs:
  one:
    runs-on: ubuntu-latest
    outputs: { value: "\${{ steps.set.outputs.value }}" }
    steps:
      - uses: actions/checkout@v4
      - id: set
        run: |
          cat README.md
          echo "value=\${{ github.ref_name }}-$GITHUB_RUN_ID" >> "$GITHUB_OUTPUT"
      - uses: ./a
        with: { text: hello }
  two:
    needs: one
    runs-on: ubuntu-latest
    steps:
      - env: { VALUE: "\${{ needs.one.outputs.value }}" }
        run: echo "got $VALUE"
`,
    { "README.md": "read me\n", ...action("a") },
  );
  const result = await w.start();
  expect(result.conclusion).toBe("success");
  expect(w.log("two")).toContain("got main-1");
  expect(w.log("one")).toContain("read me");
  expect(stages(w.log("one"))).toEqual(
    ["main a hello success -", "post a  success main"].map((line) => line.replace("  ", " hello ")),
  );
});

test("pre runs first, post last in reverse order, state is handed on, and post sees the job's final status", async () => {
  await using w = await workflow(
    `
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - uses: $/a
      - uses: $/b
        with: { exit: "1" }
      - uses: $/c
      - if: failure()
        run: echo "main cleanup"
`,
    { ...action("a"), ...action("b"), ...action("c", ", post-if: failure()") },
  );
  const result = await w.start();
  expect(result.conclusion).toBe("failure");
  expect(stages(w.log("one"))).toEqual([
    "pre a  success -",
    "pre b  success -",
    "pre c  success -",
    "main a  success pre",
    "main b  success pre",
    "main cleanup",
    "post c  failure pre",
    "post b  failure main",
    "post a  failure main",
  ]);
  expect(result.jobs[0]?.steps.map((step) => [step.stage, step.conclusion])).toContainEqual(["main", "skipped"]);
});

test("a composite's steps look at the composite for success() and failure(), its post steps run at the job's end", async () => {
  await using w = await workflow(
    `
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - run: exit 3
      - if: always()
        id: both
        uses: $/composite
        with: { who: you }
        env: { OUTER: outer }
      - if: always()
        run: echo "out=\${{ steps.both.outputs.said }} inner=\${{ steps.say.outputs.word }} conclusion=\${{ steps.both.conclusion }}"
`,
    {
      ...action("a"),
      "composite/action.yml": `name: composite
description: two steps and one that fails
inputs: { who: { description: name }, mark: { description: mark, default: "!" } }
outputs: { said: { description: word, value: "\${{ steps.say.outputs.word }}" } }
runs:
  using: composite
  steps:
    - id: say
      shell: bash
      env: { WHO: "\${{ inputs.who }}\${{ inputs.mark }}" }
      run: |
        echo "runs $WHO $OUTER in $(basename "$GITHUB_ACTION_PATH")"
        echo "word=$WHO" >> "$GITHUB_OUTPUT"
    - uses: $/a
      with: { text: inner }
    - shell: bash
      run: exit 1
    - shell: bash
      run: echo never
    - if: failure()
      shell: bash
      run: echo "main rescue"
`,
    },
  );
  const result = await w.start();
  expect(result.conclusion).toBe("failure");
  expect(w.log("one")).toContain("runs you! outer in composite");
  expect(w.log("one")).not.toContain("never");
  expect(w.log("one")).toContain("out=you! inner= conclusion=failure");
  expect(stages(w.log("one"))).toEqual([
    "pre a inner success -",
    "main a inner failure pre",
    "main rescue",
    "post a inner failure main",
  ]);
  const composite = result.jobs[0]?.steps.find((step) => step.id === "both" && step.stage === "main");
  expect(composite?.steps.map((step) => step.conclusion)).toEqual([
    "success",
    "success",
    "failure",
    "skipped",
    "success",
  ]);
});

test("$/ means the repository of the file it stands in, ./ the workspace", async () => {
  const named = (text: string): string =>
    `name: n\ndescription: d\nruns: { using: composite, steps: [{ shell: bash, run: "echo ${text}" }] }\n`;
  await using w = await workflow(
    `
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: tools/kit/outer@v1
`,
    { "inner/action.yml": named("from the workspace") },
    {
      others: {
        "tools/kit": {
          "outer/action.yml":
            "name: n\ndescription: d\nruns:\n  using: composite\n  steps:\n    - uses: $/inner\n    - uses: ./inner\n",
          "inner/action.yml": named("from the kit"),
        },
      },
    },
  );
  expect((await w.start()).conclusion).toBe("success");
  expect(w.log("one").filter((line) => line.startsWith("from"))).toEqual(["from the kit", "from the workspace"]);
});

test("env, GITHUB_ENV, GITHUB_PATH and defaults reach the steps as on GitHub, and nothing of ours does", async () => {
  process.env["ROCKSOLID_TEST_LEAK"] = "leak";
  await using w = await workflow(
    `
env: { A: workflow, B: workflow, C: workflow }
defaults: { run: { shell: sh } }
jobs:
  one:
    runs-on: ubuntu-latest
    env: { B: job, C: job }
    defaults: { run: { working-directory: sub } }
    steps:
      - working-directory: .
        shell: bash
        run: |
          mkdir sub tools
          printf '#!/bin/sh\\necho tool' > tools/mytool && chmod +x tools/mytool
          echo "$PWD/tools" >> "$GITHUB_PATH"
          printf 'D<<X\\none\\ntwo\\nX\\nNODE_OPTIONS=--bad\\nGITHUB_SHA=forged\\n' >> "$GITHUB_ENV"
      - env: { C: step }
        run: |
          echo "env $A $B $C $(echo "$D" | tr '\\n' ,)"
          echo "where $(basename "$PWD") $(mytool) $0"
          echo "leak \${ROCKSOLID_TEST_LEAK:-none} \${NODE_OPTIONS:-none} $GITHUB_SHA"
          echo "github $GITHUB_REPOSITORY $GITHUB_REF $GITHUB_REF_NAME $GITHUB_REF_TYPE $GITHUB_ACTOR $GITHUB_JOB $GITHUB_WORKFLOW $GITHUB_EVENT_NAME $CI $GITHUB_ACTION"
          echo "urls $GITHUB_API_URL $GITHUB_GRAPHQL_URL $RUNNER_NAME $RUNNER_ENVIRONMENT"
          grep -o '"ref":"[^"]*"' "$GITHUB_EVENT_PATH"
`,
    {},
    { env: { CLOCK: "x" } },
  );
  const result = await w.start();
  delete process.env["ROCKSOLID_TEST_LEAK"];
  expect(result.conclusion).toBe("success");
  const log = w.log("one");
  expect(log).toContain("env workflow job step one,two,");
  expect(log.find((line) => line.startsWith("where "))).toMatch(/^where sub tool .*\.sh$/);
  expect(log).toContain(`leak none none ${w.sha}`);
  expect(log).toContain(
    "github acme/storage refs/heads/main main branch alice one main workflow_dispatch true __run_2",
  );
  expect(log).toContain("urls http://127.0.0.1:1 http://127.0.0.1:1/graphql one github-hosted");
  expect(log).toContain('"ref":"refs/heads/main"');
});

test("secrets are hidden in log, summary and annotations, and kept out of job outputs", async () => {
  await using w = await workflow(
    `
jobs:
  one:
    runs-on: ubuntu-latest
    outputs: { leaked: "\${{ steps.a.outputs.x }}", fine: "\${{ steps.a.outputs.y }}" }
    steps:
      - id: a
        env: { S: "\${{ secrets.KEY }}", T: "\${{ github.token }}" }
        run: |
          echo "key $S token $T"
          echo "::add-mask::later"
          echo "::error::$S and later"
          echo "# $S" >> "$GITHUB_STEP_SUMMARY"
          echo "x=$S" >> "$GITHUB_OUTPUT"
          echo "y=ok" >> "$GITHUB_OUTPUT"
`,
    {},
    { secrets: { KEY: "hunter2" } },
  );
  const result = await w.start();
  expect(w.log("one")).toContain("key *** token ***");
  expect(JSON.stringify(w.events)).not.toContain("hunter2");
  const job = result.jobs[0];
  expect(job?.steps[0]?.summary).toBe("# ***\n");
  expect(job?.steps[0]?.annotations).toEqual([{ level: "error", message: "*** and ***" }]);
  expect(job?.outputs).toEqual({ fine: "ok" });
  expect(job?.annotations[0]?.message).toBe("Skip output 'leaked' since it may contain secret.");
  expect(w.actions.tokens.size).toBe(0);
});

test("workflow commands: ten annotations of a level, stop-commands, old forms warned of or refused", async () => {
  await using w = await workflow(`
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - id: a
        run: |
          for i in $(seq 12); do echo "::warning file=a.ts,line=$i,title=T::w$i"; done
          echo "::set-output name=old::value"
          echo "::stop-commands::pause"
          echo "::error::not a command"
          echo "::pause::"
          echo "::debug::hidden"
      - run: echo "old \${{ steps.a.outputs.old }}"
      - id: refused
        continue-on-error: true
        run: echo "::set-env name=X::1"
      - run: echo "outcome \${{ steps.refused.outcome }} \${{ steps.refused.conclusion }}"
`);
  const result = await w.start();
  expect(result.conclusion).toBe("success");
  const first = result.jobs[0]?.steps[0];
  expect(first?.annotations.filter((one) => one.level === "warning")).toHaveLength(10);
  expect(first?.annotations[0]).toEqual({ level: "warning", message: "w1", title: "T", file: "a.ts", line: 1 });
  expect(first?.annotations.filter((one) => one.level === "error")).toEqual([]);
  expect(w.log("one")).toContain("::error::not a command");
  expect(w.log("one")).not.toContain("hidden");
  expect(w.log("one")).toContain("old value");
  expect(w.log("one")).toContain("outcome failure success");
});

test("a summary above 1 MiB is lost with an error annotation, and a bad file fails the step", async () => {
  await using w = await workflow(`
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - run: head -c 1100000 /dev/zero | tr '\\0' x >> "$GITHUB_STEP_SUMMARY"
      - run: echo nonsense >> "$GITHUB_OUTPUT"
`);
  const result = await w.start();
  const [big, bad] = result.jobs[0]?.steps ?? [];
  expect(big?.summary).toBeUndefined();
  expect(big?.conclusion).toBe("success");
  expect(big?.annotations[0]?.message).toMatch(/upload aborted, supports content up to a size of 1024k, got 1074k/);
  expect(bad?.conclusion).toBe("failure");
  expect(bad?.annotations.map((one) => one.message)).toContain("Invalid format 'nonsense'");
});

test.each([
  { shell: undefined, script: "false | true", conclusion: "success" },
  { shell: "bash", script: "false | true", conclusion: "failure" },
  { shell: "sh", script: "false; true", conclusion: "failure" },
  { shell: "bash {0}", script: "false; true", conclusion: "success" },
  { shell: "nonsense", script: "true", conclusion: "failure" },
])("shell $shell ends $script with $conclusion", async ({ shell, script, conclusion }) => {
  await using w = await workflow(`
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - run: ${script}
${shell === undefined ? "" : `        shell: "${shell}"`}
`);
  expect((await w.start()).conclusion).toBe(conclusion);
});

test("a script of several lines with expressions keeps its lines and loses YAML's indentation", async () => {
  await using w = await workflow(`
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - run: |
          cat <<END
          a \${{ github.event_name }}
            b {0} '\${{ format('{0}', 1) }}'
          END
      - run: >-
          echo folded
          \${{ github.job }}
`);
  await w.start();
  expect(w.log("one")).toEqual(expect.arrayContaining(["a workflow_dispatch", "  b {0} '1'", "folded one"]));
});

test("artifacts go from job to job, and an upload tells the digest", async () => {
  await using w = await workflow(`
jobs:
  one:
    runs-on: ubuntu-latest
    outputs: { digest: "\${{ steps.up.outputs.artifact-digest }}" }
    steps:
      - run: mkdir -p out/deep && echo 1 > out/a.txt && echo 2 > out/deep/b.txt
      - id: up
        uses: actions/upload-artifact@v4
        with: { name: build, path: out }
  two:
    needs: one
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v4
        with: { name: build, path: got }
      - run: cat got/a.txt got/deep/b.txt
  three:
    needs: one
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v4
        with: { name: missing }
`);
  const result = await w.start();
  expect(result.jobs.find((job) => job.name === "one")?.outputs["digest"]).toMatch(/^[0-9a-f]{64}$/);
  expect(w.log("two")).toEqual(expect.arrayContaining(["1", "2"]));
  expect(result.jobs.find((job) => job.name === "three")?.conclusion).toBe("failure");
});

test("checkout hides the history unless it is asked for, and git push cannot reach the user's repository", async () => {
  await using w = await workflow(`
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: |
          echo "shallow $(git rev-parse --is-shallow-repository) $(git rev-parse --abbrev-ref HEAD) $(git status --porcelain | wc -l)"
          git push origin HEAD:refs/heads/evil || echo "not pushed"
      - uses: actions/checkout@v4
        with: { fetch-depth: 0, path: whole }
      - run: git -C whole log --oneline | wc -l
      - run: echo "again \${{ hashFiles('**/main.yml') != '' }}"
`);
  const result = await w.start();
  expect(result.conclusion).toBe("success");
  expect(w.log("one")).toEqual(expect.arrayContaining(["shallow true main 0", "not pushed", "1", "again true"]));
});

test("what a job leaves running is ended with it, unless it took itself out", async () => {
  await using w = await workflow(`
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - run: |
          setsid sleep 300 > /dev/null 2>&1 &
          echo "pid $!"
          RUNNER_TRACKING_ID=0 setsid sleep 301 > /dev/null 2>&1 &
          echo "kept $!"
`);
  await w.start();
  const pid = (word: string): number =>
    Number(
      w
        .log("one")
        .find((line) => line.startsWith(word))
        ?.split(" ")[1],
    );
  expect(w.log("one").some((line) => line.startsWith(`Terminate orphan process: pid (${pid("pid")})`))).toBe(true);
  expect(process.kill(pid("kept"), "SIGKILL")).toBe(true);
});
