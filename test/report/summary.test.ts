import { describe, expect, test } from "vitest";
import type { Observation } from "../../src/evidence/observation.ts";
import type { Check } from "../../src/pipeline/model.ts";
import { describeBaked, describeBaking, describeVerdict } from "../../src/report/describe.ts";
import { evidenceDocument, judgeEvidence, serialiseEvidence } from "../../src/report/evidence.ts";
import { parseEvidence } from "../../src/report/read-evidence.ts";
import { sparkline } from "../../src/report/sparkline.ts";
import { renderSummary } from "../../src/report/summary.ts";
import { createJudge } from "../../src/verdict/judge.ts";
import { httpCheck, logsCheck, metricCheck, runCheck } from "../verdict/checks.ts";

const hour = 3_600_000;

function summaryOf(
  checks: readonly Check[],
  looks: readonly (readonly Observation[])[],
  largest?: number,
  falseAlarm?: number,
): string {
  const judge = createJudge(checks, { kind: "bake", ...(falseAlarm !== undefined && { falseAlarm }) });
  const judged = looks.map((look) => judge.take(look, { final: false }));
  const last = judged.at(-1);
  if (!last) throw new Error("no looks");
  const evidence = evidenceDocument({
    service: "storage-node",
    stage: "one-box",
    kind: "bake",
    candidate: { version: "1.5.0", commit: "0123456789abcdef0123456789abcdef01234567", digest: "sha256:x" },
    since: 1_700_000_000_000,
    until: 1_700_000_000_000 + hour,
    final: false,
    checks,
    observations: looks.flat(),
    measurements: judged.flatMap(({ measurements }) => measurements),
    explanations: judge.explanations(),
    ...(falseAlarm !== undefined && { falseAlarm }),
    verdict: last.verdict,
  });
  // What is shown must survive being written and read.
  const read = parseEvidence(serialiseEvidence(evidence), "e.json");
  expect(read).toEqual(evidence);
  expect(judgeEvidence(read)?.verdict).toEqual(last.verdict);
  return renderSummary(
    { evidence, headline: describeVerdict(last.verdict), next: "The stage is rolled back." },
    largest,
  );
}

const failing: readonly (readonly Observation[])[] = [0, 1, 2].map((look) => [
  {
    check: "errors",
    target: "one-box-eu-1",
    at: look,
    values: { lines: 1_000, errors: 21 * look },
    points: 1_000,
    note: "<b>|boom|",
  },
  { check: "healthy", target: "one-box-eu-1", at: look, values: { status: 200, latency: 0.012 }, points: 1 },
]);

describe("the job summary", () => {
  const text = summaryOf([logsCheck(), httpCheck()], failing);

  test("says the verdict in one sentence, with the word and the sign", () => {
    expect(text.split("\n")[0]).toBe(
      "### ❌ fail: one&#45;box bake: errors &#40;one&#45;box&#45;eu&#45;1&#41;&#58; 21 of 2,000 lines &#40;1.05%&#41; &gt; 0.5%",
    );
  });

  test("has a row for each check and target, worst first, with rule, value, phase and reason", () => {
    const rows = text.split("\n").filter((line) => /^\| (errors|healthy)/.test(line));
    const cells = (rows[0] ?? "")
      .split(" | ")
      .map((cell) =>
        cell.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))).replaceAll("&gt;", ">"),
      );
    expect(cells).toEqual([
      "| errors",
      "one-box-eu-1",
      "≤ 0.5% errors, ≥ 100 lines",
      "4.2%",
      "❌ fail",
      "63 of 3,000 lines (2.1%) > 0.5%<br>&lt;b>|boom| |",
    ]);
    expect(rows[1]).toContain("✅ pass");
    expect(text).toContain("**Next:** The stage is rolled back.");
  });

  test("shows what was measured over time", () => {
    expect(text).toContain("| errors | one&#45;box&#45;eu&#45;1 | 0% | 4.2% | 3 | 2 | ▁▅█ |");
  });

  test("nothing from outside is markup", () => {
    expect(text.replaceAll("<br>", "").replace(/<\/?(details|summary)>/g, "")).not.toMatch(/<\w/);
    for (const line of text.split("\n").filter((row) => row.startsWith("| "))) {
      expect([7, 8]).toContain(line.split("|").length - 1);
    }
  });

  test("of thousands of targets stays under its limit and says what it left out", () => {
    const wide = [0, 1].map((at) =>
      Array.from(
        { length: 9_000 },
        (_, index): Observation => ({
          check: "cpu",
          target: `machine-${index}`,
          at,
          values: { value: index === 8_999 ? 0.9 : 0.1 },
          points: 1,
        }),
      ),
    );
    const long = summaryOf([metricCheck()], wide);
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(900 * 1024);
    expect(long).toContain("7,000 better rows are left out here");
    expect(long).toContain("machine&#45;8999");
    const tiny = summaryOf([metricCheck()], wide, 600);
    expect(Buffer.byteLength(tiny)).toBeLessThanOrEqual(600);
    expect(tiny).toContain("❌ fail");
  });

  test("marks a dry run", () => {
    const dry = summaryOf(
      [runCheck(), metricCheck({ dryRun: true })],
      [
        [
          { check: "smoke", at: 0, values: { exit: 0, seconds: 1 }, points: 1 },
          { check: "cpu", at: 0, values: { value: 0.9 }, points: 1 },
        ],
      ],
    );
    expect(dry).toContain("❌ fail (dry run)");
    expect(dry).toMatch(/^### ✅ pass/);
  });
});

describe("a description of a status", () => {
  test("of a bake says how far and how it went", () => {
    expect(describeBaking(3 * hour, 12 * hour, { looks: 36, failed: 0 })).toBe(
      "baking 3h of 12h: 36 samples, 0 failed",
    );
    expect(describeBaked(12 * hour, { looks: 144, failed: 0 })).toBe("baked 12h: 144 samples, 0 failed");
    expect(describeBaking(-1, 12 * hour, { looks: 1, failed: 1 })).toBe("baking 0ms of 12h: 1 sample, 1 failed");
  });

  test("of a verdict is its first reason, on one line of at most 140 characters", () => {
    expect(describeVerdict({ phase: "fail", reasons: ["cpu: 90% > 80%", "x"] })).toBe("cpu: 90% > 80%");
    expect(describeVerdict({ phase: "inconclusive", reasons: [] })).toBe("inconclusive");
    const long = describeVerdict({ phase: "error", reasons: [`a\nb${"\u{1f600}".repeat(300)}`] });
    expect(Array.from(long)).toHaveLength(140);
    expect(long).toMatch(/^a b.*…$/u);
  });
});

describe("a plot of characters", () => {
  test.each([
    [[0, 1, 2, 3, 4, 5, 6, 7], 60, "▁▂▃▄▅▆▇█"],
    [[5, 5, 5], 60, "▁▁▁"],
    [[1, undefined, 2, Number.NaN], 60, "▁·█·"],
    [[0, 0, 9, 0, 0, 0], 3, "▁█▁"],
    [[-Number.MAX_VALUE, Number.MAX_VALUE], 60, "▁█"],
    [[], 60, "·"],
  ])("of %j", (values, width, line) => {
    expect(sparkline(values, width)).toBe(line);
  });
});

describe("the summary of a bake that is judged over time", () => {
  const start = 1_700_000_000_000;
  const check = metricCheck({
    name: "err<ors>",
    limits: {},
    total: "r",
    detect: 2,
    comparison: { baseline: { query: "e", total: "r" }, worse: "higher", tolerance: 0 },
  });
  const looks = Array.from({ length: 12 }, (_, i): Observation[] => {
    const at = start + i * 300_000;
    const samples = [
      { side: "candidate", at, value: 10 + (i % 3), total: 100 },
      { side: "baseline", at, value: i % 2, total: 100 },
    ] as const;
    return [{ check: check.name, at, values: { value: 0.1, control: 0.01 }, points: 100, samples }];
  });
  const text = summaryOf([check], looks, undefined, 0.01);

  test("says the data, the effect with its interval, when it broke and what would have turned it", () => {
    const line = text.split("\n").find((one) => one.startsWith("- err&lt;ors&gt;") && one.includes("median")) ?? "";
    expect(line).toMatch(/\d+ values in \d+ looks/);
    expect(line).toMatch(/least \d+%, median \d+%, greatest \d+%, 0 gaps/);
    expect(line).toMatch(/effect [\d.]+x, interval [\d.]+x to /);
    expect(line).toContain("found broken at 2023-11-14");
    expect(line).toContain("it would have passed with tolerance");
  });

  test("says what the bake could see, and that this is less than the file asks for", () => {
    const line = text.split("\n").find((one) => one.includes("would be caught 9 times in 10")) ?? "";
    expect(line).toMatch(
      /^- err&lt;ors&gt;: 1h at .*an error rate .*x as high would be caught 9 times in 10; for 2x bake/,
    );
    expect(line).toContain("too little to detect 2x, as the file asks");
  });

  test("plots candidate and control on one scale", () => {
    const plot = text.split("\n").filter((one) => /^(candidate|control) /.test(one));
    expect(plot).toHaveLength(2);
    expect(plot[0]).toMatch(/^candidate [▆▇█]{12} at most 12%$/);
    expect(plot[1]).toMatch(/^control {3}▁{12} at most 1%$/);
  });
});
