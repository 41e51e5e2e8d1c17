import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Observation } from "../../src/evidence/observation.ts";
import type { Check } from "../../src/pipeline/model.ts";
import { createJudge, type JudgeOptions } from "../../src/verdict/judge.ts";
import { phases } from "../../src/verdict/phase.ts";
import { httpCheck, jsonCheck, junitCheck, logsCheck, metricCheck, percent, runCheck } from "./checks.ts";

const bake: JudgeOptions = { kind: "bake" };
const minute = 60_000;

function see(check: Check, values: Readonly<Record<string, number>>, more: Partial<Observation> = {}): Observation {
  return { check: check.name, at: 0, values, points: 1, ...more };
}

/** Phases of the verdict, and its first reason at the end, of one check over looks. */
function over(check: Check, looks: readonly Observation[], options = bake, end = true) {
  const judge = createJudge([check], options);
  const takes = looks.map((look, index) =>
    judge.take([{ ...look, at: index * minute }], { final: end && index === looks.length - 1 }),
  );
  return {
    verdicts: takes.map(({ verdict }) => verdict.phase).join(" "),
    reason: takes.at(-1)?.verdict.reasons[0],
    measured: takes.map(({ measurements }) => measurements[0]?.phase).join(" "),
    last: takes.at(-1)?.verdict,
  };
}

describe("a bake", () => {
  const cpu = metricCheck();
  const good = see(cpu, { value: 0.1 });
  const bad = see(cpu, { value: 0.9 });
  const unread = see(cpu, {}, { points: 0, unreadable: "connection refused" });

  test("that has failed stays failed, with the first reason, while looks go on being measured", () => {
    expect(over(cpu, [good, bad, good])).toMatchObject({
      verdicts: "pass fail fail",
      measured: "pass fail pass",
      reason: "cpu: 90% > 80%",
      last: { looks: 3, failed: 1, span: 2 * minute },
    });
  });

  test("forgives an error once the check can be read again, and not at the end", () => {
    expect(over(cpu, [good, unread, good]).verdicts).toBe("pass error pass");
    expect(over(cpu, [good, good, unread])).toMatchObject({
      verdicts: "pass pass error",
      reason: "cpu: cannot be read: connection refused",
    });
  });

  test("tolerates 2 of 5 broken looks, and fails at the third, until old ones leave the five", () => {
    const tolerant = metricCheck({ tolerate: { failures: 2, of: 5 } });
    expect(over(tolerant, [bad, good, bad, good, good]).verdicts).toBe("pass pass pass pass pass");
    expect(over(tolerant, [bad, bad, good, good, good, bad, bad]).verdicts).toBe("pass pass pass pass pass pass pass");
    expect(over(tolerant, [good, bad, good, bad, bad])).toMatchObject({
      verdicts: "pass pass pass pass fail",
      reason: "cpu: 90% > 80%: 3 of 5 looks broke the rule, 2 tolerated",
    });
  });

  test("never passes by tolerance alone when there were no data at all", () => {
    const tolerant = metricCheck({ tolerate: { failures: 2, of: 5 } });
    const silent = see(tolerant, {}, { points: 0 });
    expect(over(tolerant, [silent, silent]).verdicts).toBe("inconclusive inconclusive");
    expect(over(tolerant, [good, silent]).verdicts).toBe("pass pass");
  });

  test("is inconclusive at the first look at a counter, also when that is the only one", () => {
    const pending = see(cpu, {}, { points: 0, pending: "first look" });
    expect(over(cpu, [pending]).verdicts).toBe("inconclusive");
    expect(over(cpu, [pending, good]).verdicts).toBe("inconclusive pass");
  });

  test("waits through looks without requests, and fails when there never was one", () => {
    const ratio = metricCheck({ limits: { max: percent(1) } });
    const quiet = see(ratio, { requests: 0, total: 0 }, { points: 0, absent: "requests has not grown" });
    const busy = see(ratio, { value: 0, events: 0, total: 10, requests: 10 }, { points: 10 });
    expect(over(ratio, [quiet, busy, quiet]).verdicts).toBe("inconclusive pass pass");
    expect(over(ratio, [quiet, quiet])).toMatchObject({
      verdicts: "inconclusive fail",
      reason: "cpu: no data: requests has not grown",
    });
  });

  test("does not let tolerance or a gate's memory leak into a gate", () => {
    const tolerant = metricCheck({ tolerate: { failures: 2, of: 5 } });
    expect(over(tolerant, [bad, good], { kind: "gate" }).verdicts).toBe("fail pass");
  });
});

describe("logs over a window", () => {
  const check = logsCheck({ minLines: 100 });
  const look = (lines: number, errors: number, more: Partial<Observation> = {}) =>
    see(check, { lines, errors, fatal: 0 }, { points: lines, ...more });

  test("add up, so that a rate is judged over the whole window", () => {
    expect(over(check, [look(1_000, 0), look(10, 5), look(10, 1)])).toMatchObject({
      verdicts: "pass pass fail",
      reason: "errors: 6 of 1,020 lines (0.588%) > 0.5%",
    });
  });

  test("too few lines are inconclusive while time remains and a failure at the end", () => {
    expect(over(check, [look(10, 3), look(20, 0)])).toMatchObject({
      verdicts: "inconclusive fail",
      reason: "errors: 30 lines < 100",
    });
    expect(over(check, [look(10, 0), look(90, 0)]).verdicts).toBe("inconclusive pass");
  });

  test("a look without a line changes nothing once there were enough", () => {
    expect(over(check, [look(100, 0), look(0, 0)]).verdicts).toBe("pass pass");
  });

  test("count what could be read of a look that was partly unreadable", () => {
    const partly = look(1_000, 20, { unreadable: "b.log: permission denied" });
    expect(over(check, [partly]).verdicts).toBe("fail");
    expect(over(check, [look(60, 0, { unreadable: "b.log: busy" }), look(60, 0)]).verdicts).toBe("error pass");
  });

  test("an unreadable look without counts is an error and not a failure for want of lines", () => {
    const blind = see(check, {}, { points: 0, unreadable: "gone" });
    expect(over(check, [look(200, 0), blind]).verdicts).toBe("pass error");
  });
});

describe("a verdict over several checks and targets", () => {
  test("gives its reasons worst first, each with check and target", () => {
    const checks = [runCheck(), metricCheck(), logsCheck()];
    const { verdict } = createJudge(checks, bake).take(
      [
        { check: "smoke", at: 0, values: {}, points: 0, unreadable: "cancelled" },
        { check: "cpu", target: "b", at: 5, values: { value: 0.9 }, points: 1 },
        { check: "cpu", target: "a", at: 9, values: { value: 0.95 }, points: 1 },
        { check: "errors", target: "one-box-eu-1", at: 9, values: { lines: 1_000, errors: 21 }, points: 1_000 },
      ],
      { final: false },
    );
    expect(verdict).toEqual({
      phase: "fail",
      reasons: [
        "cpu (a): 95% > 80%",
        "cpu (b): 90% > 80%",
        "errors (one-box-eu-1): 21 of 1,000 lines (2.1%) > 0.5%",
        "smoke: cannot be read: cancelled",
      ],
      looks: 1,
      failed: 1,
      span: 9,
    });
  });

  test("is inconclusive for a check that was never observed, and for no check at all", () => {
    const judge = createJudge([runCheck(), metricCheck()], bake);
    expect(judge.take([see(runCheck(), { exit: 0, seconds: 1 })], { final: true }).verdict).toMatchObject({
      phase: "inconclusive",
      reasons: ["cpu: not observed"],
    });
    expect(createJudge([], bake).take([], { final: true }).verdict.phase).toBe("inconclusive");
  });

  test("is an error for an observation of a check that it does not know", () => {
    const stranger: Observation = { check: "other", at: 0, values: { value: 1 }, points: 1 };
    expect(createJudge([], bake).take([stranger], { final: true }).verdict).toMatchObject({
      phase: "error",
      reasons: ["other: there is no such check here"],
    });
  });

  test("shows a dry run and does not count it", () => {
    const dry = metricCheck({ name: "dry", dryRun: true });
    const judge = createJudge([dry, runCheck()], bake);
    const { measurements, verdict } = judge.take(
      [see(dry, { value: 0.99 }), see(runCheck(), { exit: 0, seconds: 1 })],
      { final: true },
    );
    expect(measurements.map(({ phase }) => phase)).toEqual(["fail", "pass"]);
    expect(verdict).toMatchObject({ phase: "pass", reasons: [], failed: 0 });
  });
});

const numbers = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 5e-324, Number.MAX_VALUE),
);
const everyCheck: readonly Check[] = [
  logsCheck({ name: "c0", tolerate: { failures: 1, of: 3 } }),
  metricCheck({ name: "c1" }),
  jsonCheck({ name: "c2", noData: "inconclusive" }),
  httpCheck({ name: "c3", contains: "x" }),
  runCheck({ name: "c4" }),
  junitCheck({ name: "c5" }),
  metricCheck({ name: "c6", tolerate: { failures: 1, of: 2 } }),
  logsCheck({ name: "c7", newSignatures: 0, maxCount: 3 }),
];
const keys = [
  "value",
  "events",
  "total",
  "requests",
  "status",
  "latency",
  "exit",
  "lines",
  "errors",
  "tests",
  "failures",
  "skipped",
  "newSignatures",
];
const observations: fc.Arbitrary<Observation> = fc.record(
  {
    check: fc.constantFrom("c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "stranger"),
    target: fc.constantFrom("a", "b"),
    at: numbers,
    values: fc.dictionary(fc.constantFrom(...keys), numbers),
    points: numbers,
    unreadable: fc.string(),
    absent: fc.string(),
    pending: fc.string(),
  },
  { requiredKeys: ["check", "at", "values", "points"] },
) as fc.Arbitrary<Observation>;

describe("whatever was observed", () => {
  test("every measurement has one of the four phases and a reason, and nothing throws", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(observations, { maxLength: 8 }), { maxLength: 6 }),
        fc.constantFrom("gate", "bake"),
        (looks, kind) => {
          const judge = createJudge(everyCheck, { kind });
          for (const [index, look] of looks.entries()) {
            const { measurements, verdict } = judge.take(look, { final: index === looks.length - 1 });
            expect(measurements).toHaveLength(look.length);
            for (const { phase, reason } of measurements) {
              expect(phases).toContain(phase);
              expect(reason).not.toBe("");
            }
            expect(phases).toContain(verdict.phase);
            expect(Number.isFinite(verdict.span)).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a look without data or that could not be read is never a pass by itself", () => {
    fc.assert(
      fc.property(observations, fc.boolean(), (observation, final) => {
        fc.pre(observation.unreadable !== undefined || observation.pending !== undefined || !(observation.points > 0));
        fc.pre(!observation.check.match(/c0|c7/)); // Logs are judged by their counts of lines.
        const { measurements } = createJudge(everyCheck, bake).take([observation], { final });
        expect(measurements[0]?.phase).not.toBe("pass");
      }),
      { numRuns: 1_000 },
    );
  });

  test("the order of checks and targets within a look changes no verdict", () => {
    const distinct = fc.uniqueArray(observations, {
      selector: ({ check, target }) => `${check}/${target}`,
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.array(distinct, { minLength: 1, maxLength: 4 }), fc.infiniteStream(fc.nat()), (looks, random) => {
        const one = createJudge(everyCheck, bake);
        const other = createJudge(everyCheck, bake);
        for (const look of looks) {
          const keyed = look.map((observation) => ({ observation, key: random.next().value }));
          const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ observation }) => observation);
          expect(other.take(shuffled, { final: false }).verdict).toEqual(one.take(look, { final: false }).verdict);
        }
      }),
    );
  });

  test("a bake that failed fails at every later look", () => {
    fc.assert(
      fc.property(fc.array(fc.array(observations, { maxLength: 6 }), { maxLength: 8 }), (looks) => {
        const judge = createJudge(everyCheck, bake);
        let failed = false;
        for (const look of looks) {
          const { phase } = judge.take(look, { final: false }).verdict;
          if (failed) expect(phase).toBe("fail");
          failed ||= phase === "fail";
        }
      }),
    );
  });
});
