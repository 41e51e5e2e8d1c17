import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { loadPipeline } from "../../../src/pipeline/parse.ts";
import { createJudge } from "../../../src/verdict/judge.ts";
import { judgeLine, readCase } from "../../../src/verdict/series/cases.ts";
import { createSeriesJudge } from "../../../src/verdict/series/judge.ts";
import type { Sample } from "../../../src/verdict/series/types.ts";

const value = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 0, max: 60 }) },
  { weight: 1, arbitrary: fc.constantFrom(null, "Infinity", "-Infinity", -3, 1e9) },
);
const total = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 60, max: 500 }) },
  { weight: 1, arbitrary: fc.constantFrom(null, 0, -5) },
);
const time = fc.integer({ min: 0, max: 60 }).map((look) => look * 300);
const points = (counted: boolean) =>
  fc.array<(number | string | null)[]>(counted ? fc.tuple(time, value, total) : fc.tuple(time, value), {
    maxLength: 60,
  });
const side = (counted: boolean) =>
  fc.oneof(points(counted), fc.dictionary(fc.constantFrom("a", "b", "__proto__"), points(counted), { maxKeys: 3 }));

const values = ["max: 40", "max: 40, tolerate: 2 of 5", "slope: { max: 5 per hour }", "sigma: { max: 3, history: 7d }"];
const counts = ["max: 20%", "min: 50%", "max: 10%, detect: 3x"];
const compared = ["baseline: { query: b }", "baseline: { query: b }, worse: lower, tolerance: 10%"];
const countsCompared = [
  "baseline: { query: b, total: n }, detect: 2x",
  "baseline: { query: b, total: n }, worse: different",
];

const written = fc.constantFrom(...values, ...counts, ...compared, ...countsCompared).chain((rule) => {
  const counted = counts.includes(rule) || countsCompared.includes(rule);
  const controlled = rule.includes("baseline");
  const sides = {
    candidate: side(counted),
    ...(controlled && { baseline: side(counted) }),
    ...(rule.includes("sigma") && { history: points(counted) }),
  };
  return fc.record({ rule: fc.constant(rule), counted: fc.constant(counted), sides: fc.record(sides) });
});

function checkOf(rule: string, counted: boolean) {
  const text = `service: demo
sources: { prom: { prometheus: "http://prom.example" } }
checks: { it: { metric: prom, query: q, ${counted ? "total: n, " : ""}${rule} }, probe: { run: "true" } }
stages: [{ name: beta, deploy: ./deploy.sh, gate: [probe], bake: { for: 12h, every: 5m, checks: [it], false-alarm: 1% } }]
`;
  const check = loadPipeline(text, "pipeline.yml").pipeline.checks["it"];
  if (!check) throw new Error("the check is gone");
  return check;
}

function looksOf(samples: readonly Sample[]): Sample[][] {
  const looks: Sample[][] = [];
  for (const sample of samples) {
    const look = looks.at(-1);
    const past = (one: Sample | undefined) => one?.side === "history";
    if (look && (look[0]?.at === sample.at || past(look[0])) && past(look[0]) === past(sample)) look.push(sample);
    else looks.push([sample]);
  }
  return looks;
}

describe("replayed at once or judged look by look", () => {
  test("the phase and the time at which it was stopped are the same", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(written, ({ rule, counted, sides }) => {
        const text = JSON.stringify({ id: 1, check: parse(`{ ${rule} }`), ...sides });
        const replayed = judgeLine(text, 1);
        seen.add(`${replayed.phase}${replayed.stoppedAt === null ? "" : ", stopped"}`);
        const read = readCase(JSON.parse(text));
        if ("error" in read) throw new Error(read.error);
        const looks = looksOf(read.samples);

        const judge = createSeriesJudge(read.check.rule, { falseAlarm: 0.01, checks: 1 });
        let judged = judge.judgement();
        for (const look of looks) {
          for (const sample of look) judge.take(sample);
          judged = judge.judgement();
          if (judge.broken) break;
        }
        expect({ ...judged, stoppedAt: judged.stoppedAt === null ? null : judged.stoppedAt / 1_000 }).toMatchObject({
          phase: replayed.phase,
          reason: replayed.reason,
          stoppedAt: replayed.stoppedAt,
          effect: replayed.effect,
        });

        // And by the judge of a bake, to which each look is one observation.
        const bake = createJudge([checkOf(rule, counted)], { kind: "bake", falseAlarm: 0.01 });
        const [past = [], ...later] = looks[0]?.[0]?.side === "history" ? looks : [[], ...looks];
        let phase = "inconclusive";
        for (const [i, look] of later.entries()) {
          const samples = i === 0 ? [...past, ...look] : look;
          const at = look[0]?.at ?? 0;
          const observation = { check: "it", at, values: { value: 1 }, points: 1, samples };
          phase = bake.take([observation], { final: i === later.length - 1 }).verdict.phase;
          if (phase === "fail") break;
        }
        if (later.length > 0) expect(phase).toBe(replayed.phase);
      }),
      { numRuns: 300, seed: 21 },
    );
    expect([...seen].sort()).toEqual(["fail", "fail, stopped", "inconclusive", "pass"]);
  });

  test("every answer has the same fields, whatever the line", () => {
    const line = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.json(),
      fc.json().map((json) => `{"id":"a","check":${json},"candidate":${json}}`),
      fc.json().map((json) => `{"id":"a","check":{"max":1},"candidate":${json}`),
    );
    fc.assert(
      fc.property(line, (text) => {
        const answer = judgeLine(text, 3);
        expect(Object.keys(answer).filter((key) => key !== "error")).toEqual([
          "id",
          "phase",
          "reason",
          "stoppedAt",
          "effect",
        ]);
        expect(answer.error === undefined).toBe(answer.phase !== "error");
        if (text.startsWith('{"id":"a"')) expect(answer.id).toBe("a");
      }),
      { numRuns: 500, seed: 22 },
    );
  });
});
