import { describe, expect, it } from "vitest";
import { random } from "../../../bench/verdict/random.ts";
import { MutableSums, meanTest, noSums, relativePrior } from "../../../src/verdict/series/autoregression.ts";
import { studentQuantile } from "../../../src/verdict/series/distributions.ts";
import { createSeriesJudge } from "../../../src/verdict/series/judge.ts";
import { SlopeLine } from "../../../src/verdict/series/slope-line.ts";

const SHARE = 0.01;

describe("the test of the mean at a look that was appointed beforehand", () => {
  it.each([
    { looks: 36, past: 0, alike: 0 },
    { looks: 144, past: 0, alike: 0 },
    { looks: 144, past: 0, alike: 0.6 },
    { looks: 144, past: 0, alike: 0.9 },
    { looks: 144, past: 0, alike: 0.99 },
    { looks: 144, past: 288, alike: 0 },
    { looks: 144, past: 288, alike: 0.8 },
    { looks: 36, past: 288, alike: 0.8 },
  ])(
    "keeps its share of false alarms: $looks looks after $past, neighbours alike by $alike",
    ({ looks, past, alike }) => {
      const chance = random(looks + past + 100 * alike);
      const runs = 2_000;
      let stopped = 0;
      for (let run = 0; run < runs; run += 1) {
        const [before, now] = [new MutableSums(), new MutableSums()];
        let value = chance.normal();
        for (let look = -past; look < looks; look += 1) {
          (look < 0 ? before : now).add(value);
          value = alike * value + Math.sqrt(1 - alike * alike) * chance.normal();
        }
        const test = meanTest(now, past > 0 ? before : noSums, 0, relativePrior);
        if (test && test.deviations > studentQuantile(1 - SHARE, test.freedom)) stopped += 1;
      }
      // 2.6 standard errors of a count around the share.
      expect(stopped).toBeLessThanOrEqual(SHARE * runs + 2.6 * Math.sqrt(SHARE * runs));
    },
  );

  it("says nothing where too few looks are independent", () => {
    const sums = new MutableSums();
    for (let look = 0; look < 144; look += 1) sums.add(look);
    expect(meanTest(sums, noSums, 0, relativePrior)).toBeUndefined();
  });
});

describe("a bake of latencies that are 8 % worse, with noise of 20 % and as many looks of control", () => {
  const judgeOf = (seed: number, worse: number) => {
    const chance = random(seed);
    const judge = createSeriesJudge(
      { comparison: { worse: "higher", tolerance: 0 }, noData: "fail" },
      { falseAlarm: 0.01, checks: 1 },
    );
    for (let look = 0; look < 144; look += 1) {
      const at = look * 300_000;
      judge.take({ side: "candidate", at, value: worse * Math.exp(0.2 * chance.normal()) });
      judge.take({ side: "baseline", at, value: Math.exp(0.2 * chance.normal()) });
    }
    return judge;
  };
  const seeds = Array.from({ length: 60 }, (_, seed) => seed);

  it("is stopped at its last look where no look before was sure, and says by how much", () => {
    const early = seeds.filter((seed) => judgeOf(seed, 1.08).judgement().phase === "fail");
    const late = seeds.flatMap((seed) => {
      const judge = judgeOf(seed, 1.08);
      judge.end();
      const judgement = judge.judgement();
      return judgement.phase === "fail" ? [judgement] : [];
    });
    expect(late.length).toBeGreaterThan(early.length + 5);
    const last = late.filter(({ stoppedAt }) => stoppedAt === 143 * 300_000);
    expect(last.length).toBeGreaterThan(5);
    for (const { reason, effect } of last) {
      expect(reason).toMatch(/over the whole bake [\d.]+ standard errors beyond, where chance explains [\d.]+$/);
      expect(effect?.low).toBeGreaterThan(1);
    }
  });

  it("goes through where it is healthy", () => {
    const stopped = seeds.filter((seed) => {
      const judge = judgeOf(seed, 1);
      judge.end();
      return judge.judgement().phase === "fail";
    });
    expect(stopped.length).toBeLessThanOrEqual(2);
  });
});

describe("the test of a slope at the last look", () => {
  it.each([
    { looks: 36, alike: 0 },
    { looks: 144, alike: 0 },
    { looks: 144, alike: 0.6 },
    { looks: 144, alike: 0.8 },
    { looks: 144, alike: 0.95 },
    { looks: 144, alike: 1 },
  ])("keeps its share of false alarms: $looks looks, neighbours alike by $alike", ({ looks, alike }) => {
    const chance = random(looks + 100 * alike);
    const runs = 2_000;
    let stopped = 0;
    for (let run = 0; run < runs; run += 1) {
      const line = new SlopeLine();
      let value = chance.normal();
      for (let look = 0; look < looks; look += 1) {
        line.add(look, value);
        value = alike * value + (alike === 1 ? 1 : Math.sqrt(1 - alike * alike)) * chance.normal();
      }
      const test = line.test();
      if (test && test.slope > studentQuantile(1 - SHARE, test.freedom) * test.error) stopped += 1;
    }
    expect(stopped).toBeLessThanOrEqual(SHARE * runs + 2.6 * Math.sqrt(SHARE * runs));
  });

  it("finds a leak of three times the limit in 12 hours of noise whose neighbours resemble each other, and says how", () => {
    const bakes = Array.from({ length: 40 }, (_, seed) => {
      const chance = random(seed);
      const judge = createSeriesJudge({ slope: { max: 1 / 3_600 }, noData: "fail" }, { falseAlarm: 0.01, checks: 1 });
      let noise = chance.normal();
      for (let look = 0; look < 144; look += 1) {
        judge.take({ side: "candidate", at: look * 300_000, value: 500 + look / 4 + 5 * noise });
        noise = 0.8 * noise + 0.6 * chance.normal();
      }
      judge.settle();
      const early = judge.broken;
      judge.end();
      return { early, ...judge.judgement() };
    });
    const late = bakes.filter(({ early, phase }) => !early && phase === "fail");
    expect(late.length).toBeGreaterThan(10);
    for (const { reason, effect, stoppedAt } of late) {
      expect(reason).toMatch(/per hour, by the test of the whole bake$/);
      expect(effect?.low).toBeGreaterThan(1 / 3_600);
      expect(stoppedAt).toBe(143 * 300_000);
    }
  });
});
