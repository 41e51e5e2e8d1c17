import { describe, expect, test } from "vitest";
import type { Observation } from "../../src/evidence/observation.ts";
import type { Check } from "../../src/pipeline/model.ts";
import { loadPipeline } from "../../src/pipeline/parse.ts";
import { explainOne } from "../../src/report/series.ts";
import { createJudge, type JudgeOptions } from "../../src/verdict/judge.ts";
import type { Sample } from "../../src/verdict/series/types.ts";

const MINUTE = 60_000;

/** A check as the pipeline file has it. */
function written(check: string, kind: JudgeOptions["kind"]): Check {
  const use = kind === "bake" ? "gate: [probe], bake: { for: 12h, every: 5m, checks: [it] }" : "gate: [it]";
  const text = `service: demo
sources:
  prom: { prometheus: "http://prom.example" }
  page: { scrape: "http://page.example" }
  host: { files: "*.log" }
checks:
  probe: { run: "true" }
  it: ${check}
stages: [{ name: beta, deploy: ./deploy.sh, ${use} }]
`;
  const { pipeline } = loadPipeline(text, "pipeline.yml");
  const read = pipeline.checks["it"];
  if (!read) throw new Error("the check is gone");
  return read;
}

type Look = Partial<Observation>;

const value = (...values: readonly number[]): Look[] => values.map((one) => ({ values: { value: one } }));
const said = (...values: readonly Readonly<Record<string, number>>[]): Look[] => values.map((one) => ({ values: one }));
/** Looks with samples: of each side one number, or one number and its total, for each look. */
const sampled = (looks: number, at: (look: number) => Partial<Record<Sample["side"], readonly number[]>>): Look[] =>
  Array.from({ length: looks }, (_, look) => {
    const samples = Object.entries(at(look)).map(([side, [number = Number.NaN, total]]) => ({
      side: side as Sample["side"],
      at: look * 5 * MINUTE,
      value: number,
      ...(total !== undefined && { total }),
    }));
    return { values: { value: samples[0]?.value ?? Number.NaN }, samples };
  });

// Neither random nor regular.
const wave = (look: number) => Math.sin(2.3 * look) + Math.sin(5.1 * look);

const past = Array.from(
  { length: 400 },
  (_, i): Sample => ({ side: "history", at: (i - 1_000) * 5 * MINUTE, value: 100 + wave(i) }),
);

interface Case {
  readonly rule: string;
  readonly check: string;
  readonly looks: readonly Look[];
  readonly kind?: JudgeOptions["kind"];
  readonly falseAlarm?: number;
  readonly phase?: "pass" | "inconclusive" | "fail";
  /** The line that people read, from its rule on. */
  readonly told: RegExp;
  /** The check with the change that it names; absent where no change of the rule turns it. */
  readonly turned?: (turnedBy: string) => string;
}

const first = (turnedBy: string) => turnedBy.split(" or ")[0] ?? "";

const cases: readonly Case[] = [
  {
    rule: "max",
    check: "{ metric: page, query: cpu, max: 80% }",
    looks: value(0.5, 0.813456, 0.7),
    told: /^≤ 80%; 81\.3% > 80%; 3 values in 3 looks: least 50%, median 70%, greatest 81\.3%, 0 gaps; first violation "81\.3% > 80%" at 1970-01-01 00:05 UTC; found broken at 1970-01-01 00:05 UTC; it would have passed with max: 81\.4%$/,
    turned: (by) => `{ metric: page, query: cpu, ${by} }`,
  },
  {
    rule: "min, in a gate",
    kind: "gate",
    check: "{ metric: page, query: free, min: 1GiB }",
    looks: value(2 ** 29 + 12_345),
    told: /; 512 MiB < 1GiB; 1 value in 1 look: .*; it would have passed with min: 512MiB$/,
    turned: (by) => `{ metric: page, query: free, ${by} }`,
  },
  {
    rule: "max that holds",
    phase: "pass",
    check: "{ metric: page, query: cpu, max: 80% }",
    looks: value(0.5, 0.7),
    told: /; 70% ≤ 80%; 2 values in 2 looks: least 50%, .*; it would have failed with max below 70%$/,
    turned: () => "{ metric: page, query: cpu, max: 69.9% }",
  },
  {
    rule: "tolerate",
    check: "{ metric: page, query: cpu, max: 80%, tolerate: 1 of 4 }",
    looks: value(0.9, 0.85, 0.7),
    told: /; 85% > 80%: 2 of 4 looks broke the rule, 1 tolerated; .*first violation .* at 1970-01-01 00:00 UTC; found broken at 1970-01-01 00:05 UTC; it would have passed with tolerate: 2 of 4 or max: 85%$/,
    turned: (by) => `{ metric: page, query: cpu, max: 80%, ${first(by)} }`,
  },
  {
    rule: "no data",
    check: "{ metric: page, query: cpu, max: 80% }",
    looks: [{ values: {}, points: 0, absent: "no metric cpu" }],
    told: /; no data: no metric cpu; no value in 1 look; first violation "no data: no metric cpu" at .*; no change of the rule alone would have turned it$/,
  },
  {
    rule: "limits of a server that keeps its past",
    check: "{ metric: prom, query: cpu, max: 80%, tolerate: 1 of 5 }",
    looks: sampled(4, (look) => ({ candidate: [[0.5, 0.95, 0.7, 0.91][look] ?? 0] })),
    told: /; 91% > 80%: 2 of the last 5 looks broke the rule, 1 tolerated; 4 values in 4 looks: .*; first violation 95% at 1970-01-01 00:05 UTC; found broken at 1970-01-01 00:15 UTC; it would have passed with max: 91%$/,
    turned: (by) => `{ metric: prom, query: cpu, tolerate: 1 of 5, ${by} }`,
  },
  {
    rule: "a rate against its limit",
    falseAlarm: 0.01,
    check: "{ metric: prom, query: e, total: r, max: 1% }",
    looks: sampled(6, (look) => ({ candidate: [70 + (look % 3), 1_000] })),
    told: /; 1\d\d of 2,000 \(7\.\d+%\) > 1%, interval .*; 2 values in 2 looks: .*; effect 7\.\d+x, interval .*; found broken at 1970-01-01 00:05 UTC; it would have passed with max: [\d.]+%$/,
    turned: (by) => `{ metric: prom, query: e, total: r, ${by} }`,
  },
  {
    rule: "a rate within its limit",
    phase: "pass",
    falseAlarm: 0.01,
    check: "{ metric: prom, query: e, total: r, max: 5% }",
    looks: sampled(20, (look) => ({ candidate: [20 + (look % 5), 1_000] })),
    told: /≤ 5%, interval .*; it would have failed with max below [\d.]+%; [\d.]+x the limit would have been caught 9 times in 10$/,
  },
  {
    rule: "slope",
    check: "{ metric: prom, query: rss, slope: { max: 1MiB per hour } }",
    looks: sampled(60, (look) => ({ candidate: [2 ** 20 * (500 + look + 2 * wave(look))] })),
    told: /; slope [\d.]+ MiB per hour over .*, interval .*, > 1 MiB per hour; .* values in .*; found broken at .*; it would have passed with slope max: [\d.]+MiB per hour$/,
    turned: (by) => `{ metric: prom, query: rss, slope: { max: ${by.replace("slope max: ", "")} } }`,
  },
  {
    rule: "a slope within its limit",
    phase: "pass",
    check: "{ metric: prom, query: rss, slope: { max: 9MiB per hour } }",
    looks: sampled(100, (look) => ({ candidate: [2 ** 20 * (500 + look / 4 + wave(look))] })),
    told: /limit ≤ 9 MiB per hour; .*; it would have failed with slope max below [\d.]+MiB per hour$/,
    turned: (by) => `{ metric: prom, query: rss, slope: { max: ${by.replace("slope max below ", "")} } }`,
  },
  {
    rule: "sigma",
    check: "{ metric: prom, query: p99, sigma: { max: 3, history: 7d } }",
    looks: sampled(20, (look) => ({ candidate: [120 + wave(look)] })).map((look, i) => ({
      ...look,
      samples: [...(i === 0 ? past : []), ...(look.samples ?? [])],
    })),
    told: /σ above its past .* looks beyond .*; first violation 1\d\d(\.\d+)? at 1970-01-01 00:00 UTC; found broken at .*; it would have passed with sigma max: [\d.]+$/,
    turned: (by) => `{ metric: prom, query: p99, sigma: { max: ${by.replace("sigma max: ", "")}, history: 7d } }`,
  },
  {
    rule: "comparison of counts",
    check: "{ metric: prom, query: e, total: r, baseline: { query: e2, total: r2 } }",
    looks: sampled(30, (look) => ({ candidate: [50 + (look % 7), 1_000], baseline: [10 + (look % 5), 1_000] })),
    told: /^not higher than the control, tolerance 0%; candidate .* against control .*; .* values in .*; effect .*x, interval .*; found broken at .*; it would have passed with tolerance: \d+%/,
    turned: (by) => `{ metric: prom, query: e, total: r, baseline: { query: e2, total: r2 }, ${by} }`,
  },
  {
    rule: "comparison of values",
    check: "{ metric: prom, query: p99, baseline: { query: p99b } }",
    looks: sampled(60, (look) => ({ candidate: [0.2 + 0.01 * wave(look)], baseline: [0.1 + 0.005 * wave(look + 9)] })),
    told: /; effect .*x, interval .*; found broken at .*; it would have passed with tolerance: \d+%/,
    turned: (by) => `{ metric: prom, query: p99, baseline: { query: p99b }, ${by} }`,
  },
  {
    rule: "http: status, latency and text",
    kind: "gate",
    check: '{ http: "http://a.example", max-latency: 500ms, contains: ok }',
    looks: said({ status: 503, latency: 0.7, contains: 0 }),
    told: /; status 503, not 200; 1 value in 1 look: least 700ms, .*; first violation "status 503, not 200" at .*; it would have passed with status: \[200, 503\] and contains left out and max-latency: 700ms$/,
    turned: () => '{ http: "http://a.example", status: [200, 503], max-latency: 700ms }',
  },
  {
    rule: "http without an answer",
    kind: "gate",
    check: '{ http: "http://a.example" }',
    looks: said({ status: 0 }),
    told: /; no answer; no value in 1 look; .*; no change of the rule alone would have turned it$/,
  },
  {
    rule: "http: share of failures over a bake",
    check: '{ http: "http://a.example", max-failures: 5% }',
    looks: Array.from({ length: 40 }, (_, look) => ({ values: { status: look % 2 === 0 ? 500 : 200, latency: 0.1 } })),
    told: /^status 200, ≤ 5% failed; \d+ of \d+ \([\d.]+%\) > 5%, interval .*; the last failure: status 500, not 200; .*; found broken at .*; it would have passed with max-failures: [\d.]+%$/,
    turned: (by) => `{ http: "http://a.example", ${by} }`,
  },
  {
    rule: "run",
    kind: "gate",
    check: "{ run: ./smoke.sh, timeout: 1m }",
    looks: said({ exit: 3, seconds: 2 }),
    told: /^exit status 0; exit status 3 after 2s; 1 value in 1 look: least 2s, .*; no change of the rule alone would have turned it$/,
  },
  {
    rule: "run that takes too long",
    kind: "gate",
    check: "{ run: ./smoke.sh, timeout: 1m }",
    looks: said({ exit: 143, seconds: 60, timeout: 1 }),
    told: /; not done within 1m; .*; it would have passed with timeout above 1m$/,
  },
  {
    rule: "json",
    kind: "gate",
    check: "{ json: coverage.json, value: total.lines.pct, min: 80 }",
    looks: value(79.4567),
    told: /^≥ 80; 79\.5 < 80; .*; it would have passed with min: 79\.4$/,
    turned: (by) => `{ json: coverage.json, value: total.lines.pct, ${by} }`,
  },
  {
    rule: "junit",
    kind: "gate",
    check: '{ junit: "*.xml", min-tests: 10, max-failures: 1 }',
    looks: said({ tests: 9, failures: 2, errors: 1, skipped: 2 }),
    told: /; 3 of 9 tests failed > 1; 1 value in 1 look: .*; it would have passed with max-failures: 3 and min-tests: 7$/,
    turned: (by) => `{ junit: "*.xml", ${by.replace(" and ", ", ")} }`,
  },
  {
    rule: "rate of log errors",
    kind: "gate",
    check: "{ logs: host, errors: { max-rate: 0.5% }, min-lines: 100 }",
    looks: said({ lines: 1_000, errors: 21 }),
    told: /; 21 of 1,000 lines \(2\.1%\) > 0\.5%; .*; it would have passed with max-rate: 2\.1%$/,
    turned: (by) => `{ logs: host, errors: { ${by} }, min-lines: 100 }`,
  },
  {
    rule: "number of log errors",
    check: "{ logs: host, errors: { max-count: 5 } }",
    looks: said({ lines: 100, errors: 3 }, { lines: 100, errors: 4 }),
    told: /; 7 errors in 200 lines > 5; 2 values in 2 looks: .*; it would have passed with max-count: 7$/,
    turned: (by) => `{ logs: host, errors: { ${by} } }`,
  },
  {
    rule: "new kinds of log errors",
    kind: "gate",
    check: "{ logs: host, new-signatures: 0 }",
    looks: said({ lines: 100, errors: 4, newSignatures: 2 }),
    told: /; 2 new kinds of errors > 0; .*; it would have passed with new-signatures: 2$/,
    turned: (by) => `{ logs: host, ${by} }`,
  },
  {
    rule: "few lines of logs",
    kind: "gate",
    check: "{ logs: host, errors: { max-rate: 50% }, min-lines: 100 }",
    looks: said({ lines: 7, errors: 0 }),
    told: /; 7 lines < 100; .*; it would have passed with min-lines: 7$/,
    turned: (by) => `{ logs: host, errors: { max-rate: 50% }, ${by} }`,
  },
  {
    rule: "hosts that fell silent",
    kind: "gate",
    check: "{ logs: host, errors: { max-rate: 50% } }",
    looks: said({ lines: 100, errors: 0, silent: 2 }),
    told: /; 2 hosts fell silent > 0; .*; it would have passed with silent-hosts: 2$/,
    turned: (by) => `{ logs: host, errors: { max-rate: 50% }, ${by} }`,
  },
  {
    rule: "rate of log errors under a budget",
    falseAlarm: 0.01,
    check: "{ logs: host, errors: { max-rate: 0.5% } }",
    looks: Array.from({ length: 12 }, (_, look) => ({ values: { lines: 1_000, errors: 40 + (look % 4) } })),
    told: /> 0\.5%, interval .*; .* values in .*; effect .*; found broken at .*; it would have passed with max: [\d.]+%$/,
    turned: (by) => `{ logs: host, errors: { max-rate: ${by.replace("max: ", "")} } }`,
  },
];

/** `whole`: looks of the whole bake, of which the last is known to be the last; the given ones may be its beginning. */
function judged({ looks, kind = "bake", falseAlarm }: Case, check: Check, whole = looks.length) {
  const judge = createJudge([check], { kind, ...(falseAlarm !== undefined && { falseAlarm }) });
  const phases = looks.map((look, i) => {
    const observation: Observation = { check: "it", at: i * 5 * MINUTE, values: {}, points: 1, ...look };
    return judge.take([observation], { final: i === whole - 1 }).verdict.phase;
  });
  const [explanation] = judge.explanations();
  if (!explanation) throw new Error("no explanation");
  return { phase: phases.at(-1), explanation, firstFailure: phases.indexOf("fail") };
}

describe("every rule explains itself: arithmetic, data, first violation, and the change that would have turned it", () => {
  test.each(cases)("$rule", (one) => {
    const check = written(one.check, one.kind ?? "bake");
    const { phase, explanation, firstFailure } = judged(one, check);
    expect(phase).toBe(one.phase ?? "fail");
    const line = explainOne(explanation, check, (text) => text);
    expect(line.startsWith("it: ")).toBe(true);
    expect(line.slice(4)).toMatch(one.told);
    if (!one.turned) return;
    // The change is judged by what was seen until the verdict fell.
    const turned = { ...one, looks: phase === "fail" ? one.looks.slice(0, firstFailure + 1) : one.looks };
    const edited = written(one.turned(explanation.turnedBy ?? ""), one.kind ?? "bake");
    const again = judged(turned, edited, one.looks.length);
    expect(again.phase === "fail").toBe(phase === "pass");
  });
});
