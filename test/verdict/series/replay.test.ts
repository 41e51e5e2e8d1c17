import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommandLine } from "../../../src/cli/commands.ts";
import type { Observation } from "../../../src/evidence/observation.ts";
import { loadPipeline } from "../../../src/pipeline/parse.ts";
import { type Evidence, evidenceDocument, judgeEvidence, serialiseEvidence } from "../../../src/report/evidence.ts";
import { draws } from "./helpers.ts";

let cwd = "";
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "replay-"));
});
afterAll(() => rm(cwd, { recursive: true }));

async function run(args: readonly string[], input = ""): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const code = await runCommandLine(["replay", ...args], {
    cwd,
    env: {},
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    stdin: Readable.from([input]),
  });
  return { code, out, err };
}

const minutes = (count: number, value: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => [i * 300, value(i)]);

describe("replay --jsonl", () => {
  test("every line is answered; a bad one has an error and does not stop the others", async () => {
    const cases = [
      {
        id: "limit",
        check: { max: "80%" },
        candidate: [
          [0, 0.5],
          [300, 0.9],
        ],
      },
      { id: "typo", check: { mx: "80%", tolerate: "5 of 2" }, candidate: [[0, 0.5]] },
      { id: 7, check: { slope: { max: "1MiB per hour" } }, candidate: minutes(60, (i) => 1e9 + 2e6 * i) },
    ];
    const { code, out } = await run(["--jsonl"], `${cases.map((one) => JSON.stringify(one)).join("\n")}\n{oops\n\n`);
    const answers = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(code).toBe(1);
    expect(answers).toHaveLength(4);
    expect(answers[0]).toEqual({
      id: "limit",
      phase: "fail",
      reason: "90% > 80%",
      stoppedAt: 300,
      effect: { ratio: expect.closeTo(1.125), difference: expect.closeTo(0.1), low: null, high: null },
    });
    expect(answers[1]).toEqual({
      id: "typo",
      phase: "error",
      reason: answers[1].error,
      stoppedAt: null,
      effect: null,
      error: expect.stringMatching(/^line 2: .*"mx".*did you mean max.*tolerate is "5 of 2"/),
    });
    expect(answers[2]).toMatchObject({ id: 7, phase: "fail" });
    expect(answers[2].reason).toContain("> 1 MiB per hour");
    expect(answers[3]).toMatchObject({ id: null, error: expect.stringContaining("line 4 is not JSON") });
  });

  test("machines, totals, pasts, null for no number; samples in any order", async () => {
    const counts = (mean: number, seed: number) =>
      draws(60, (r) => r.poisson(mean), seed).map((count, i) => [i * 300, count, 100]);
    const shuffled = (points: number[][]) =>
      [...points].sort((a, b) => (((a[0] ?? 0) * 7919) % 1_013) - (((b[0] ?? 0) * 7919) % 1_013));
    const one = { id: 1, check: { baseline: {}, worse: "higher", tolerance: "10%" }, falseAlarm: 0.05, checks: 3 };
    const sides = { candidate: { a: counts(9, 1), b: counts(3, 2) }, baseline: { c: counts(3, 3), d: counts(3, 4) } };
    const mixed = {
      candidate: { a: shuffled(counts(9, 1)), b: shuffled(counts(3, 2)) },
      baseline: { c: shuffled(counts(3, 3)), d: counts(3, 4) },
    };
    const gaps = {
      id: 2,
      check: { max: 5 },
      candidate: [
        [0, null],
        [300, "NaN"],
        [600, 1],
        [900, 1],
        [1200, 1],
      ],
    };
    const { code, out } = await run(
      ["--jsonl"],
      [{ ...one, ...sides }, { ...one, ...mixed }, gaps].map((c) => JSON.stringify(c)).join("\n"),
    );
    const [first, second, third] = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(first.phase).toBe("fail");
    expect(second).toEqual(first);
    expect(third).toMatchObject({ phase: "pass", stoppedAt: null, effect: null });
  });

  test("a control read a little later than the candidate is put beside it", async () => {
    const noise = draws(40, (r) => Math.exp(r.normal()), 3);
    const candidate = minutes(40, (i) => 1.3 * (noise[i] ?? 1));
    const baseline = minutes(40, (i) => noise[i] ?? 1).map(([at = 0, value]) => [at + 20, value]);
    const { out } = await run(["--jsonl"], JSON.stringify({ id: 1, check: { worse: "higher" }, candidate, baseline }));
    expect(JSON.parse(out)).toMatchObject({ phase: "fail", effect: { ratio: expect.closeTo(1.3) } });
  });

  test.each([
    ["not an object", "[1]", /an object with id, check and candidate/],
    ["no rule", '{"id":1,"check":{},"candidate":[[0,1]]}', /check has no rule/],
    ["a wrong budget", '{"id":1,"check":{"max":1},"falseAlarm":2,"candidate":[]}', /falseAlarm is 2/],
    ["a wrong point", '{"id":1,"check":{"max":1},"candidate":[[0,1],"x"]}', /candidate\[1\] is "x"/],
    [
      "a time as text",
      '{"id":1,"check":{"max":1},"candidate":{"a":[["12:00",1]]}}',
      /candidate\."a"\[0\] is .*the seconds as/,
    ],
    [
      "a command",
      '{"id":1,"check":{"run":"./x"},"candidate":[]}',
      /run cannot be replayed from a series: a command is/,
    ],
    ["new kinds of errors", '{"id":1,"check":{"logs":"x","new-signatures":0}}', /new-signatures cannot be replayed/],
    [
      "a typo inside a rule",
      '{"id":1,"check":{"slope":{"max":1,"mn":0}}}',
      /unknown key "mn" in slope: did you mean min/,
    ],
    [
      "a share without totals",
      '{"id":1,"check":{"errors":{"max-rate":"1%"}},"candidate":[[0,3]]}',
      /candidate at 0 s has no total/,
    ],
    [
      "totals here and there",
      '{"id":1,"check":{"max":"1%"},"candidate":[[0,3,9],[60,1]]}',
      /candidate at 60 s has no total and/,
    ],
    ["a broken line with an id", '{"id":1,"check":{', /line 1 is not JSON/],
    ["an unknown field", '{"id":1,"check":{"max":1},"candidat":[]}', /unknown key "candidat"/],
  ])("%s is an error that says what to write", async (_, line, message) => {
    const { code, out } = await run(["--jsonl"], line);
    expect(code).toBe(1);
    expect(JSON.parse(out).error).toMatch(message);
    expect(JSON.parse(out).id).toBe(line.includes('"id":1') ? 1 : null);
  });

  test.each([
    [
      "min-lines at the end",
      { "min-lines": 30, errors: { "max-rate": "5%" } },
      [
        [0, 0, 10],
        [60, 0, 10],
      ],
      "fail",
      null,
      "20 lines < 30",
    ],
    [
      "min-lines alone",
      { "min-lines": 20 },
      [
        [0, 0, 10],
        [60, 0, 10],
      ],
      "pass",
      null,
      "0 errors in 20 lines",
    ],
    [
      "max-count at once",
      { errors: { "max-count": 2 } },
      [
        [0, 1],
        [60, 2],
        [90, 0],
      ],
      "fail",
      60,
      "3 errors > 2",
    ],
    ["volume without data", { "min-lines": 20 }, [], "fail", null, "no data"],
    ["a value of a JSON file", { json: "a.json", value: "b", min: 80 }, [[0, 79]], "fail", 0, "79 < 80"],
  ] as const)("%s", async (_, check, candidate, phase, stoppedAt, reason) => {
    const { code, out } = await run(["--jsonl"], JSON.stringify({ id: 1, check, candidate }));
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ phase, stoppedAt, reason });
  });

  test("NaN and Infinity as Python writes them, after a mark of byte order, are numbers that were not read", async () => {
    const line =
      '\uFEFF{"id": "NaN or Infinity", "check": {"max": 5}, "candidate": [[0, NaN], [60, -Infinity], [120, Infinity]]}';
    const { code, out } = await run(["--jsonl"], line);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ id: "NaN or Infinity", phase: "fail", stoppedAt: 120, reason: "+Inf > 5" });
  });

  test("the command line says what is missing", async () => {
    expect(await run([])).toMatchObject({ code: 2, err: expect.stringContaining("write rocksolid replay EVIDENCE") });
    expect((await run(["--jsonl", "x"])).code).toBe(2);
    expect((await run(["nowhere.json"])).err).toContain("nowhere.json cannot be read");
  });
});

const pipelineText = (max: string) => `service: demo
sources: { prom: { prometheus: "http://prom.example" } }
checks:
  cpu: { metric: prom, query: "cpu", max: ${max} }
  leak: { metric: prom, query: "rss", slope: { max: 1MiB per hour } }
stages:
  - { name: beta, deploy: ./deploy.sh, gate: [cpu], bake: { for: 5h, every: 5m, checks: [cpu, leak], false-alarm: 1% } }
`;

function evidence(cpu: number): Evidence {
  const { pipeline } = loadPipeline(pipelineText("80%"), "pipeline.yml");
  const checks = ["cpu", "leak"].flatMap((name) => pipeline.checks[name] ?? []);
  const observations: Observation[] = Array.from({ length: 60 }, (_, i) => [
    { check: "cpu", at: i * 300_000, values: { value: cpu }, points: 1 },
    { check: "leak", at: i * 300_000, values: { value: 1e9 + (i % 7) * 1e5 }, points: 1 },
  ]).flat();
  const facts = {
    service: "demo",
    stage: "beta",
    candidate: { version: "1.0.0", commit: "c".repeat(40), digest: `sha256:${"d".repeat(64)}` },
    kind: "bake" as const,
    since: 0,
    until: 60 * 300_000,
    falseAlarm: 0.01,
    final: true,
    checks,
    observations,
    measurements: observations.map((one) => ({ ...one, phase: "pass" as const, reason: "" })),
    verdict: { phase: "inconclusive" as const, reasons: [], looks: 0, failed: 0, span: 0 },
  };
  const judged = judgeEvidence(evidenceDocument(facts));
  if (!judged) throw new Error("no looks");
  return evidenceDocument({ ...facts, verdict: judged.verdict });
}

describe("replay EVIDENCE", () => {
  test("gives the verdict that was recorded", async () => {
    await writeFile(join(cwd, "good.json"), serialiseEvidence(evidence(0.5)));
    await writeFile(join(cwd, "bad.json"), serialiseEvidence(evidence(0.9)));
    const good = await run(["good.json"]);
    expect(good).toMatchObject({ code: 0, err: "" });
    expect(good.out.split("\n")).toEqual([
      "pass, as recorded",
      "  pass: cpu: ≤ 80%; 50% ≤ 80%; 60 values in 60 looks: least 50%, median 50%, greatest 50%, 0 gaps; it would have failed with max below 50%",
      expect.stringMatching(/^ {2}pass: leak: slope ≤ 1MiB per hour; slope .*, interval .*; 60 values in 60 looks: /),
      "",
    ]);
    const bad = await run(["bad.json"]);
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(
      /^fail, as recorded\n {2}fail: cpu: ≤ 80%; 90% > 80%; .*; first violation 90% at 1970-01-01 00:00 UTC; found broken at .*; it would have passed with max: 90%\n/,
    );
  });

  test("gives the verdict under edited rules, and says what changed", async () => {
    await writeFile(join(cwd, "bad.json"), serialiseEvidence(evidence(0.9)));
    await writeFile(join(cwd, "edited.yml"), pipelineText("95%"));
    expect(await run(["bad.json", "--pipeline", "edited.yml"])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^pass, recorded as fail\n {2}pass: cpu: ≤ 95%/),
    });
  });

  test("refuses what is no evidence", async () => {
    await writeFile(join(cwd, "other.json"), "{}");
    expect(await run(["other.json"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("not an evidence document"),
    });
  });
});
