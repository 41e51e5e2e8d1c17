import { describe, expect, test } from "vitest";
import { STEP } from "../../../bench/verdict/worlds.ts";
import { createSeriesJudge } from "../../../src/verdict/series/judge.ts";
import type { Sample, SeriesRule } from "../../../src/verdict/series/types.ts";
import { budget, draws, judge, type Points, series } from "./helpers.ts";

const limit: SeriesRule = { limits: { max: 10 }, noData: "fail" };
const rate: SeriesRule = { limits: { max: 0.01 }, noData: "fail" };
const higher: SeriesRule = { comparison: { worse: "higher", tolerance: 0 }, noData: "fail" };
const slope: SeriesRule = { slope: { max: 1 / 3_600 }, noData: "fail" };
const sigma: SeriesRule = { sigma: { max: 3, sameHour: false }, noData: "fail" };
const rules = { limit, rate, higher, slope, sigma };
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const flat = (value: number, count = 40): number[] => new Array<number>(count).fill(value);

describe("no data", () => {
  test.each(Object.entries(rules))("%s: nothing at all is what the check says it is, and never a pass", (_, rule) => {
    expect(judge(rule).phase).toBe("fail");
    expect(judge({ ...rule, noData: "inconclusive" }).phase).toBe("inconclusive");
    expect(judge(rule).stoppedAt).toBeNull();
  });

  test.each(Object.entries(rules))("%s: only NaN is no data", (_, rule) => {
    const judged = judge(rule, series("candidate", flat(nan, 5)), series("baseline", flat(1, 5)));
    expect(judged.phase).toBe("fail");
    expect(judged.reason).toBe("no data in 5 looks");
  });

  test("a check without a rule is inconclusive", () => {
    expect(judge({ noData: "fail" }, series("candidate", [1, 2])).phase).toBe("inconclusive");
  });

  test("silence at the end of good values is inconclusive, a gap in the middle is not", () => {
    const silent = judge(limit, series("candidate", [1, 1, 1, 1, 1, nan, nan, nan]));
    expect(silent.phase).toBe("inconclusive");
    expect(silent.reason).toContain("no data in the last 3 looks");
    const gap = judge(limit, series("candidate", [1, 1, nan, nan, nan, 1, 1, 1]));
    expect(gap).toMatchObject({ phase: "pass", summary: { gaps: 3, samples: 5 } });
  });

  test("data in less than half of the looks are inconclusive", () => {
    expect(judge(limit, series("candidate", [1, nan, nan, 1, nan, nan, 1])).phase).toBe("inconclusive");
  });

  test("a candidate that stops reporting while its control goes on is inconclusive", () => {
    const judged = judge(higher, series("candidate", flat(1, 10)), series("baseline", flat(1, 20)));
    expect(judged.phase).toBe("inconclusive");
    expect(judged.reason).toContain("since the candidate's last value");
  });
});

describe("infinities, resets, duplicates, disorder", () => {
  test("an infinite value breaks a maximum, and is a gap to everything else", () => {
    expect(judge(limit, series("candidate", [1, inf]))).toMatchObject({ phase: "fail", stoppedAt: STEP });
    expect(judge(limit, series("candidate", [1, -inf])).phase).toBe("pass");
    const compared = judge(higher, series("candidate", [...flat(5), inf, 5]), series("baseline", flat(5, 42)));
    expect(compared.phase).toBe("pass");
  });

  test("a counter that ran backwards is a gap, not a negative number of events", () => {
    const points: Points = [
      [1, 1_000],
      [-900, 1_000],
      [1, -5],
      [1, 1_000],
      [1, 1_000],
      [1, 1_000],
    ];
    expect(judge(rate, series("candidate", points))).toMatchObject({ phase: "pass", summary: { gaps: 2, samples: 4 } });
  });

  test("nothing counted is a gap", () => {
    expect(
      judge(
        rate,
        series("candidate", [
          [0, 0],
          [0, 0],
        ]),
      ).phase,
    ).toBe("fail");
    expect(judge({ ...rate, noData: "inconclusive" }, series("candidate", [[0, 0]])).phase).toBe("inconclusive");
  });

  test("a second sample of the same time and machine is left out and counted", () => {
    const judged = judge(limit, series("candidate", [1, 1]), series("candidate", [99, 99]));
    expect(judged).toMatchObject({ phase: "pass", summary: { ignored: 2, max: 1 } });
  });

  test("samples that come too late are left out and counted", () => {
    const one = createSeriesJudge(limit, budget);
    for (const at of [0, 2, 1]) one.take({ side: "candidate", at: at * STEP, value: at === 1 ? 99 : 1 });
    expect(one.judgement()).toMatchObject({ phase: "pass", summary: { ignored: 1, samples: 2 } });
  });

  test("a time that is no number is left out", () => {
    const one = createSeriesJudge(limit, budget);
    one.take({ side: "candidate", at: nan, value: 1 });
    expect(one.judgement()).toMatchObject({ phase: "fail", summary: { ignored: 1 } });
  });
});

describe("one sample, constant series, all zero", () => {
  test("one sample is enough for a limit, and for nothing that needs more", () => {
    expect(judge(limit, series("candidate", [1])).phase).toBe("pass");
    expect(judge(limit, series("candidate", [11])).phase).toBe("fail");
    expect(judge(rate, series("candidate", [[0, 1_000]])).phase).toBe("pass");
    expect(judge(higher, series("candidate", [5.5]), series("baseline", [1.1])).phase).toBe("inconclusive");
    expect(judge(slope, series("candidate", [5])).phase).toBe("inconclusive");
    expect(judge(sigma, series("candidate", [5])).phase).toBe("inconclusive");
  });

  test("constant series that are equal pass, and that stand apart fail", () => {
    expect(judge(higher, series("candidate", flat(70.5)), series("baseline", flat(70.5))).phase).toBe("pass");
    expect(judge(higher, series("candidate", flat(90.5)), series("baseline", flat(70.5))).phase).toBe("fail");
    expect(judge(slope, series("candidate", flat(70.5))).phase).toBe("pass");
    expect(judge(sigma, series("history", flat(70.5), -40), series("candidate", flat(70.5))).phase).toBe("pass");
    expect(judge(sigma, series("history", flat(70.5), -40), series("candidate", flat(71))).phase).toBe("fail");
  });

  test("all zero passes where zero is healthy", () => {
    expect(judge(limit, series("candidate", flat(0))).phase).toBe("pass");
    expect(judge(higher, series("candidate", flat(0)), series("baseline", flat(0))).phase).toBe("pass");
    const none = flat(0).map((): readonly [number, number] => [0, 100]);
    const judged = judge(higher, series("candidate", none), series("baseline", none));
    expect(judged).toMatchObject({ phase: "pass", effect: { ratio: null, difference: 0 } });
    expect(judged.reason).toContain("no events on either side");
    expect(judge(slope, series("candidate", flat(0))).phase).toBe("pass");
  });

  test("errors where the control has none are found", () => {
    const errors = draws(30, (r) => r.poisson(1)).map((count): readonly [number, number] => [count, 100]);
    const none = flat(0, 30).map((): readonly [number, number] => [0, 100]);
    expect(judge(higher, series("candidate", errors), series("baseline", none)).phase).toBe("fail");
  });
});

describe("control", () => {
  test("no control and no past is inconclusive and says so", () => {
    const judged = judge(higher, series("candidate", flat(5)));
    expect(judged.phase).toBe("inconclusive");
    expect(judged.reason).toBe("there is no control and no past to compare with");
  });

  test("no control but a past: compared with the same hours, and the verdict says so", () => {
    const past = series(
      "history",
      draws(288, (r) => 5.5 + r.normal() / 10),
      -288,
    );
    const same = judge(
      higher,
      past,
      series(
        "candidate",
        draws(60, (r) => 5.5 + r.normal() / 10, 2),
      ),
    );
    expect(same.phase).toBe("pass");
    expect(same.reason).toContain("no control, compared with the same hours of its own past");
    const worse = judge(
      higher,
      past,
      series(
        "candidate",
        draws(60, (r) => 6.5 + r.normal() / 10, 2),
      ),
    );
    expect(worse.phase).toBe("fail");
  });

  test("the same for rates of errors", () => {
    const points = (mean: number, count: number, seed: number) =>
      draws(count, (r) => r.poisson(mean), seed).map((value): readonly [number, number] => [value, 1_000]);
    const past = series("history", points(5, 288, 1), -288);
    expect(judge(higher, past, series("candidate", points(5, 60, 2))).phase).toBe("pass");
    expect(judge(higher, past, series("candidate", points(15, 60, 2)))).toMatchObject({ phase: "fail" });
  });

  test("a control that moved too acquits the candidate", () => {
    const jump = draws(80, (r) => r.normal() / 20).map((noise, i) => Math.exp(noise + (i > 20 ? 1 : 0)));
    const control = draws(80, (r) => r.normal() / 20, 3).map((noise, i) => Math.exp(noise + (i > 20 ? 1 : 0)));
    expect(judge(higher, series("candidate", jump), series("baseline", control)).phase).toBe("pass");
  });

  test("machines that differ from birth are compared with their own past", () => {
    const slow = (count: number, factor: number, seed: number) =>
      draws(count, (r) => factor * Math.exp(r.normal() / 20), seed);
    const past = [series("history", slow(100, 2, 1), -100), series("baselineHistory", slow(100, 1, 2), -100)];
    const bake = (factor: number) => [series("candidate", slow(80, factor, 3)), series("baseline", slow(80, 1, 4))];
    expect(judge(higher, ...past, ...bake(2)).phase).toBe("pass");
    expect(judge(higher, ...past, ...bake(2.5)).phase).toBe("fail");
    expect(judge(higher, ...bake(2)).phase).toBe("fail");
  });

  test("one bad machine among good ones is found and named", () => {
    const good = (seed: number) => draws(100, (r) => Math.exp(r.normal() / 20), seed);
    const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    const judged = judge(
      higher,
      ...names.map((name, i) => series("candidate", name === "c" ? good(i).map((v) => 1.5 * v) : good(i), 0, name)),
      ...names.map((name, i) => series("baseline", good(i + 10), 0, `other-${name}`)),
    );
    expect(judged.phase).toBe("fail");
    expect(judged.reason).toContain(`candidate's "c" `);
  });
});

test("a look is judged as complete: what comes later for the same time is ignored", () => {
  const one = createSeriesJudge(limit, budget);
  const sample: Sample = { side: "candidate", at: 0, value: 1 };
  one.take(sample);
  expect(one.judgement().phase).toBe("pass");
  one.take({ ...sample, machine: "late", value: 99 });
  expect(one.judgement()).toMatchObject({ phase: "pass", summary: { ignored: 1 } });
});
