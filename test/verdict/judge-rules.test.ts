import { describe, expect, test } from "vitest";
import type { Observation } from "../../src/evidence/observation.ts";
import type { Check } from "../../src/pipeline/model.ts";
import { createJudge } from "../../src/verdict/judge.ts";
import type { Phase } from "../../src/verdict/phase.ts";
import {
  httpCheck,
  jsonCheck,
  junitCheck,
  logsCheck,
  mebibytes,
  metricCheck,
  percent,
  plain,
  runCheck,
  seconds,
} from "./checks.ts";

type Row = readonly [name: string, check: Check, seen: Partial<Observation>, phase: Phase, reason: string];

const inf = Number.POSITIVE_INFINITY;
const value = (number: number): Partial<Observation> => ({ values: { value: number }, points: 1 });

/** Errors in a time instead of a share. */
function pacedCheck(count: number, per: number, text: string) {
  const { maxRate: _, ...check } = logsCheck();
  return { ...check, maxPace: { count, per, text } };
}

const rows: readonly Row[] = [
  // Limits
  ["a value on the limit passes", metricCheck(), value(0.8), "pass", "80% ≤ 80%"],
  ["a value just over the limit shows enough digits to differ", metricCheck(), value(0.80004), "fail", "80.004% > 80%"],
  ["a value under the least", jsonCheck(), value(79.5), "fail", "79.5 < 80"],
  ["both ends are shown", jsonCheck({ limits: { min: plain(1), max: plain(9) } }), value(5), "pass", "5 ≥ 1, ≤ 9"],
  [
    "bytes in the unit of people",
    metricCheck({ limits: { max: mebibytes(1) } }),
    value(2 ** 21),
    "fail",
    "2 MiB > 1MiB",
  ],
  [
    "seconds under one as milliseconds",
    metricCheck({ limits: { max: seconds(0.5, "500ms") } }),
    value(0.75),
    "fail",
    "750ms > 500ms",
  ],
  [
    "a share says what it is a share of",
    metricCheck({ limits: { max: percent(0.5) } }),
    { values: { value: 0.021, events: 21, total: 1_000, requests: 1_000 }, points: 1_000 },
    "fail",
    "21 of 1,000 (2.1%) > 0.5%",
  ],
  ["+Inf breaks a greatest", metricCheck(), value(inf), "fail", "+Inf > 80%"],
  ["+Inf never satisfies a least", jsonCheck(), value(inf), "error", "the value is +Inf"],
  ["-Inf breaks a least", jsonCheck(), value(-inf), "fail", "-Inf < 80"],
  ["NaN is no data", jsonCheck(), value(Number.NaN), "fail", "no data"],
  [
    "an unevaluated limit is an error",
    jsonCheck({ limits: { min: { expression: "2 * 3" } } }),
    value(7),
    "error",
    'the limit "2 * 3" is not a number',
  ],
  [
    "a limit that is NaN is an error",
    jsonCheck({ limits: { min: plain(Number.NaN) } }),
    value(7),
    "error",
    'the limit "NaN" is not a number',
  ],
  ["a check without any limit is never a pass", jsonCheck({ limits: {} }), value(7), "error", "no rule for this check"],
  [
    "a slope of one look is never a pass",
    metricCheck({ slope: { max: plain(1) } }),
    value(0.1),
    "inconclusive",
    "no line through 1 look over 0ms (7 needed)",
  ],
  [
    "a comparison without a control is never a pass",
    metricCheck({ comparison: { baseline: { query: "other" }, worse: "higher", tolerance: 0 } }),
    { values: {}, points: 0, absent: "baseline: the query other answers nothing" },
    "fail",
    "no data: baseline: the query other answers nothing",
  ],
  // HTTP
  [
    "an accepted status",
    httpCheck({ status: [200, 204] }),
    { values: { status: 204, latency: 0.012 } },
    "pass",
    "status 204 in 12ms",
  ],
  ["another status", httpCheck(), { values: { status: 503, latency: 0.012 } }, "fail", "status 503, not 200"],
  [
    "no answer",
    httpCheck(),
    { values: { status: 0, latency: 1 }, note: "connection refused" },
    "fail",
    "no answer: connection refused",
  ],
  [
    "too slow",
    httpCheck({ maxLatency: seconds(0.5, "500ms") }),
    { values: { status: 200, latency: 0.5001 } },
    "fail",
    "status 200 in 500.1ms > 500ms",
  ],
  [
    "in time",
    httpCheck({ maxLatency: seconds(0.5, "500ms") }),
    { values: { status: 200, latency: 0.1 } },
    "pass",
    "status 200 in 100ms ≤ 500ms",
  ],
  [
    "a latency that is missing",
    httpCheck({ maxLatency: seconds(1) }),
    { values: { status: 200 } },
    "error",
    "the latency or its limit is not a number",
  ],
  [
    "a body without the text",
    httpCheck({ contains: "ok" }),
    { values: { status: 200, latency: 0, contains: 0 } },
    "fail",
    'status 200, but the body lacks "ok"',
  ],
  // Commands
  ["exit status 0", runCheck(), { values: { exit: 0, seconds: 12.34 } }, "pass", "exit status 0 after 12.3s"],
  ["another exit status", runCheck(), { values: { exit: 3, seconds: 1 } }, "fail", "exit status 3 after 1s"],
  [
    "a command that hung",
    runCheck(),
    { values: { exit: 137, seconds: 600, timeout: 1 } },
    "fail",
    "not done within 10m",
  ],
  ["an exit status that is missing", runCheck(), { values: {} }, "error", "the observation has no exit status"],
  // JUnit
  [
    "all passed",
    junitCheck(),
    { values: { tests: 1_204, failures: 0, errors: 0, skipped: 2 } },
    "pass",
    "0 of 1,204 tests failed, 2 skipped",
  ],
  [
    "failures and errors add up",
    junitCheck(),
    { values: { tests: 1_204, failures: 2, errors: 1, skipped: 0 } },
    "fail",
    "3 of 1,204 tests failed > 0",
  ],
  [
    "skipped tests were not executed",
    junitCheck(),
    { values: { tests: 3, failures: 0, errors: 0, skipped: 3 } },
    "fail",
    "0 tests executed (3 of 3 skipped) < 1",
  ],
  [
    "too few tests",
    junitCheck({ minTests: 10 }),
    { values: { tests: 9, failures: 0, errors: 0, skipped: 0 } },
    "fail",
    "9 tests executed < 10",
  ],
  [
    "counts that are missing",
    junitCheck(),
    { values: { tests: 3 } },
    "error",
    "the observation lacks a number of tests, failures, errors or skipped",
  ],
  // Logs
  [
    "errors over the rate",
    logsCheck(),
    { values: { lines: 1_000, errors: 21 } },
    "fail",
    "21 of 1,000 lines (2.1%) > 0.5%",
  ],
  [
    "errors under the rate",
    logsCheck(),
    { values: { lines: 1_000, errors: 5 } },
    "pass",
    "5 of 1,000 lines (0.5%) ≤ 0.5%",
  ],
  [
    "more errors than the count",
    logsCheck({ maxCount: 2 }),
    { values: { lines: 10, errors: 3 } },
    "fail",
    "3 errors in 10 lines > 2",
  ],
  ["too few lines at the end", logsCheck(), { values: { lines: 99, errors: 0 } }, "fail", "99 lines < 100"],
  [
    "silence at the end",
    logsCheck({ minLines: 0 }),
    { values: { lines: 0, errors: 0 }, points: 0 },
    "fail",
    "no data: no lines",
  ],
  [
    "new kinds that were not counted",
    logsCheck({ newSignatures: 0 }),
    { values: { lines: 100, errors: 1 } },
    "error",
    "the scanner did not report new kinds of errors",
  ],
  [
    "new kinds of errors",
    logsCheck({ newSignatures: 0 }),
    { values: { lines: 1_000, errors: 1, newSignatures: 1 } },
    "fail",
    "1 new kind of errors > 0",
  ],
  [
    "fatal events",
    logsCheck({ maxFatal: 0 }),
    { values: { lines: 1_000, errors: 3, fatal: 1 } },
    "fail",
    "1 fatal event in 1,000 lines > 0",
  ],
  [
    "fatal events that were not counted",
    logsCheck({ maxFatal: 0 }),
    { values: { lines: 1_000, errors: 3 } },
    "error",
    "the number of fatal is NaN",
  ],
  [
    "errors over a rate of requests",
    logsCheck({ rateOf: "requests" }),
    { values: { lines: 1_000, errors: 3, requests: 200 } },
    "fail",
    "3 of 200 requests (1.5%) > 0.5%",
  ],
  [
    "a rate of requests without any",
    logsCheck({ rateOf: "requests" }),
    { values: { lines: 1_000, errors: 3, requests: 0 } },
    "fail",
    "no data: no requests among 1,000 lines, and the rate is one of requests: lines of access logs are",
  ],
  [
    "more errors in a time than may be",
    pacedCheck(10, 60_000, "10 per minute"),
    { values: { lines: 1_000, errors: 55, span: 300 } },
    "fail",
    "55 errors in 5m (11 per minute) > 10 per minute",
  ],
  [
    "as many errors in a time as may be",
    pacedCheck(10, 60_000, "10 per minute"),
    { values: { lines: 1_000, errors: 50, span: 300 } },
    "pass",
    "50 of 1,000 lines (5%), ≤ 10 per minute",
  ],
  [
    "at the beginning of an hour, what is allowed in all of it",
    pacedCheck(10, 3_600_000, "10 per hour"),
    { values: { lines: 1_000, errors: 10, span: 60 } },
    "pass",
    "10 of 1,000 lines (1%), ≤ 10 per hour",
  ],
  [
    "a host that fell silent",
    logsCheck(),
    { values: { lines: 1_000, errors: 0, silent: 1 }, note: "db-1 has written nothing for 12m" },
    "fail",
    "1 host fell silent > 0: db-1 has written nothing for 12m",
  ],
  [
    "as many silent hosts as may be",
    logsCheck({ silentHosts: 1 }),
    { values: { lines: 1_000, errors: 0, silent: 1 } },
    "pass",
    "0 of 1,000 lines (0%) ≤ 0.5%",
  ],
  [
    "silent hosts that nobody asked for",
    logsCheck({ silentHosts: "any" }),
    { values: { lines: 1_000, errors: 0, silent: 9 } },
    "pass",
    "0 of 1,000 lines (0%) ≤ 0.5%",
  ],
  [
    "lines that are NaN",
    logsCheck(),
    { values: { lines: Number.NaN, errors: 0 } },
    "error",
    "the number of lines is NaN",
  ],
  // What every check has
  ["unreadable", runCheck(), { unreadable: "cancelled", points: 0 }, "error", "cannot be read: cancelled"],
  [
    "no data says why",
    metricCheck(),
    { values: {}, points: 0, absent: 'no metric "cpu_bussy"' },
    "fail",
    'no data: no metric "cpu_bussy"',
  ],
  ["no data by policy", metricCheck({ noData: "inconclusive" }), { values: {}, points: 0 }, "inconclusive", "no data"],
  ["points that are NaN are no data", metricCheck(), { ...value(0.1), points: Number.NaN }, "fail", "no data"],
  [
    "the first look at a counter",
    metricCheck(),
    { values: {}, points: 0, pending: "first look" },
    "inconclusive",
    "first look",
  ],
];

describe("the last look of a gate", () => {
  test.each(rows)("%s", (_, check, seen, phase, reason) => {
    const observation: Observation = { check: check.name, at: 1_000, values: {}, points: 1, ...seen };
    const { measurements, verdict } = createJudge([check], { kind: "gate" }).take([observation], { final: true });
    expect(measurements).toEqual([{ ...observation, phase, reason: `${check.name}: ${reason}` }]);
    expect(verdict.phase).toBe(phase);
    expect(verdict.reasons).toEqual(phase === "pass" ? [] : [`${check.name}: ${reason}`]);
  });
});

describe("a host that is silent", () => {
  const see = (silent: number, at: number): Observation => ({
    check: "errors",
    at,
    values: { lines: 1_000, errors: 0, silent },
    points: 1_000,
  });
  test("in one look may be starting again, and is no pass; in two it has failed", () => {
    const judge = createJudge([logsCheck()], { kind: "gate" });
    const look = (silent: number, at: number) => judge.take([see(silent, at)], { final: false }).verdict.phase;
    expect([look(1, 1), look(0, 2), look(1, 3), look(1, 4)]).toEqual(["inconclusive", "pass", "inconclusive", "fail"]);
  });
  test("is not failed by a look that could not be read, not even by the last", () => {
    const judge = createJudge([logsCheck()], { kind: "gate" });
    const broken = { check: "errors", at: 2, values: { lines: 0, errors: 0 }, points: 0, unreadable: "loki: gone" };
    expect(judge.take([see(1, 1)], { final: false }).verdict.phase).toBe("inconclusive");
    expect(judge.take([broken], { final: false }).verdict.phase).toBe("error");
    expect(judge.take([broken], { final: true }).verdict.phase).toBe("error");
  });
});
