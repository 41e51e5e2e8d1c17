import { describe, expect, test } from "vitest";
import type { Observation } from "../../src/evidence/observation.ts";
import type { Check } from "../../src/pipeline/model.ts";
import { createForesight } from "../../src/verdict/foresight.ts";
import { createJudge, type JudgeOptions } from "../../src/verdict/judge.ts";
import { httpCheck, logsCheck, metricCheck, percent, plain } from "./checks.ts";

const MINUTE = 60_000;
const budget: JudgeOptions = { kind: "bake", falseAlarm: 0.01 };

/** Numbers from 0 up to 1 that are the same in every run (a linear congruential generator). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

function events(total: number, rate: number, next: () => number): number {
  let count = 0;
  for (let i = 0; i < total; i += 1) if (next() < rate) count += 1;
  return count;
}

/** Judges looks of one check, five minutes apart; answers the verdicts and at which look it was stopped. */
function judged(check: Check, looks: readonly Partial<Observation>[], options = budget) {
  const judge = createJudge([check], options);
  const verdicts = looks.map((look, index) => {
    const observation: Observation = { check: check.name, at: index * 5 * MINUTE, values: {}, points: 1, ...look };
    return judge.take([observation], { final: index === looks.length - 1 }).verdict;
  });
  const stopped = verdicts.findIndex(({ phase }) => phase === "fail");
  return { verdicts, stopped, last: verdicts.at(-1), explanations: judge.explanations() };
}

const lines = (counts: readonly (readonly [errors: number, lines: number])[]) =>
  counts.map(([errors, count]) => ({ values: { errors, lines: count }, points: count }));

describe("errors.max-rate under a budget of false alarms", () => {
  const check = logsCheck({ minLines: 1, maxRate: percent(0.5) });

  test("is not stopped by 3 errors in the first 20 lines of a 12 h bake", () => {
    const looks = lines([[3, 20], ...Array.from({ length: 143 }, (): [number, number] => [0, 20])]);
    expect(judged(check, looks, { kind: "bake" }).stopped).toBe(0);
    const { stopped, last } = judged(check, looks);
    expect(stopped).toBe(-1);
    expect(last?.phase).not.toBe("fail");
  });

  test("is stopped by 20% errors within minutes", () => {
    const next = random(7);
    const minutes = lines(Array.from({ length: 20 }, (): [number, number] => [events(100, 0.2, next), 100]));
    const { stopped, last, explanations } = judged(check, minutes);
    expect(stopped).toBeGreaterThan(0);
    expect(stopped).toBeLessThan(12);
    expect(last?.reasons[0]).toMatch(/^errors: \d+ of [\d,]+ \(\d+(\.\d+)?%\) > 0\.5%, interval/);
    expect(explanations).toMatchObject([{ check: "errors", phase: "fail", stoppedAt: stopped * 5 * MINUTE }]);
  });

  test("keeps max-count, min-lines and silence as they are", () => {
    const counted = logsCheck({ minLines: 100, maxRate: percent(50), maxCount: 5 });
    expect(judged(counted, lines([[6, 1_000]])).last?.reasons[0]).toBe("errors: 6 errors in 1,000 lines > 5");
    expect(
      judged(
        counted,
        lines([
          [0, 10],
          [0, 10],
        ]),
      ).last,
    ).toMatchObject({ phase: "fail" });
    expect(
      judged(
        counted,
        lines([
          [0, 0],
          [0, 0],
        ]),
      ).last,
    ).toMatchObject({ phase: "fail" });
  });

  test("stays within its budget over healthy bakes at its limit, and without one does not", () => {
    let stopped = 0;
    let simple = 0;
    for (let seed = 1; seed <= 100; seed += 1) {
      const next = random(seed);
      const looks = lines(Array.from({ length: 48 }, (): [number, number] => [events(40, 0.005, next), 40]));
      if (judged(check, looks).stopped >= 0) stopped += 1;
      if (judged(check, looks, { kind: "bake" }).stopped >= 0) simple += 1;
    }
    // Of 100 bakes with a chance of 1% each, more than 4 are seen four times in a thousand.
    expect(stopped).toBeLessThanOrEqual(4);
    expect(simple).toBeGreaterThan(50);
  });
});

describe("the budget", () => {
  const compared = metricCheck({
    name: "compared",
    limits: {},
    query: "e",
    total: "r",
    comparison: { baseline: { query: "e2", total: "r2" }, worse: "higher", tolerance: 0 },
  });

  /** The look at which a moderate rise is found, where some other checks share the budget. */
  function found(checks: readonly Check[], places = 1): number {
    const judge = createJudge(checks, budget);
    const next = random(3);
    for (let look = 0; look < 400; look += 1) {
      const at = look * MINUTE;
      const samples = [
        { side: "candidate", at, value: events(200, 0.03, next), total: 200 },
        { side: "baseline", at, value: events(200, 0.015, next), total: 200 },
      ] as const;
      const seen = Array.from(
        { length: places },
        (_, place): Observation => ({
          check: "compared",
          ...(places > 1 && { target: `t${place}` }),
          at,
          values: {},
          points: 200,
          samples,
        }),
      );
      if (judge.take(seen, { final: false }).verdict.phase === "fail") return look;
    }
    return 400;
  }

  test("is shared over the checks that can be wrong by chance, and over the places of each", () => {
    const alone = found([compared]);
    const others = Array.from({ length: 30 }, (_, i) => ({ ...compared, name: `other-${i}` }));
    expect(alone).toBeLessThan(400);
    expect(found([compared, ...others])).toBeGreaterThan(alone);
    expect(found([compared], 30)).toBeGreaterThan(alone);
  });

  test("is not shared with what cannot be wrong by chance, nor with dry runs", () => {
    const alone = found([compared]);
    const none = Array.from({ length: 30 }, (_, i) => httpCheck({ name: `http-${i}` }));
    const dry = Array.from({ length: 30 }, (_, i) => ({ ...compared, name: `dry-${i}`, dryRun: true }));
    expect(found([compared, ...none, ...dry])).toBe(alone);
  });
});

describe("what a bake cannot see yet", () => {
  test("is inconclusive while it is less than `detect` asks for", () => {
    const check = metricCheck({
      limits: {},
      total: "r",
      detect: 2,
      comparison: { baseline: { query: "e", total: "r" }, worse: "higher", tolerance: 0 },
    });
    const look = (at: number, total: number): Partial<Observation> => ({
      samples: (["candidate", "baseline"] as const).map((side) => ({
        side,
        at,
        value: Math.round(total / 100),
        total,
      })),
    });
    const looksOf = (total: number) => Array.from({ length: 40 }, (_, i) => look(i * 5 * MINUTE, total));
    expect(judged(check, looksOf(100)).last).toMatchObject({
      phase: "inconclusive",
      reasons: [expect.stringMatching(/^cpu: too little to see 2x/)],
    });
    expect(judged(check, looksOf(10_000)).last?.phase).toBe("pass");
  });

  test("is foretold from the volume of the first looks, in the words of the file", () => {
    const check = metricCheck({
      name: "errors",
      limits: {},
      total: "r",
      detect: 2,
      comparison: { baseline: { query: "e", total: "r" }, worse: "higher", tolerance: 0.1 },
    });
    const foresight = createForesight([check, httpCheck()], 0);
    foresight.take([{ check: "errors", at: 0, values: {}, points: 0, pending: "first look" }]);
    const plan = { length: 12 * 60 * MINUTE, falseAlarm: 0.01 };
    expect(foresight.tell(plan)).toEqual([]);
    const at = 30 * MINUTE;
    const samples = [
      { side: "candidate", at, value: 1, total: 20 },
      { side: "baseline", at, value: 10, total: 400 },
    ] as const;
    foresight.take([{ check: "errors", at, values: {}, points: 20, samples }]);
    const [told] = foresight.tell(plan);
    expect(told).toMatchObject({ check: "errors", tooWeakFor: 2 });
    expect(told?.text).toMatch(
      /^12h at 40 requests\/h: an error rate \d(\.\d)?x as high would be caught 9 times in 10; for 2x bake \d/,
    );
    expect(told?.ratio).toBeGreaterThan(2);
  });

  test("is told of a rate against its limit, for each target with its share", () => {
    const check = logsCheck({ maxRate: percent(1) });
    const look = (target?: string): Observation => ({
      check: "errors",
      at: 60 * MINUTE,
      values: { lines: 500, errors: 0 },
      points: 500,
      ...(target !== undefined && { target }),
    });
    const tell = (looks: readonly Observation[]) => {
      const foresight = createForesight([check], 0);
      foresight.take(looks);
      return foresight.tell({ length: 2 * 60 * MINUTE, falseAlarm: 0.01 });
    };
    const [alone] = tell([look()]);
    expect(alone?.text).toMatch(/^2h at 500 lines\/h: an error rate .*x the limit would be caught 9 times in 10/);
    const many = tell([look("a"), look("b"), look("c")]);
    expect(many.map(({ target }) => target)).toEqual(["a", "b", "c"]);
    expect(many[0]?.ratio).toBeGreaterThan(alone?.ratio ?? 0);
  });
});

describe("a slope", () => {
  const check = metricCheck({ limits: {}, slope: { max: { ...plain(1 / 3_600), perSecond: true } } });

  test("stops what goes on rising, lets noise pass, and is inconclusive after a few looks", () => {
    const next = random(5);
    const values = (perHour: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({ values: { value: 100 + (perHour * i) / 12 + next() } }));
    expect(judged(check, values(6, 144)).last?.reasons[0]).toMatch(/^cpu: slope .* per hour over .*, > 1 per hour$/);
    expect(judged(check, values(0, 144)).last?.phase).toBe("pass");
    expect(judged(check, values(0, 4)).last?.phase).toBe("inconclusive");
  });

  test("takes a look that could not be read as an error, then as a gap", () => {
    const steady = Array.from({ length: 40 }, () => ({ values: { value: 5 } }));
    const { verdicts } = judged(check, [...steady, { values: {}, points: 0, unreadable: "reset" }, ...steady]);
    expect(verdicts[40]).toMatchObject({ phase: "error", reasons: ["cpu: cannot be read: reset"] });
    expect(verdicts.at(-1)?.phase).toBe("pass");
  });
});
