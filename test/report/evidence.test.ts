import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Observation } from "../../src/evidence/observation.ts";
import type { Check } from "../../src/pipeline/model.ts";
import { ConfigurationError } from "../../src/platform/errors.ts";
import {
  type Evidence,
  evidenceDocument,
  judgeEvidence,
  serialiseEvidence,
  splitLooks,
} from "../../src/report/evidence.ts";
import { parseEvidence } from "../../src/report/read-evidence.ts";
import { createJudge } from "../../src/verdict/judge.ts";
import { httpCheck, logsCheck, metricCheck, plain, runCheck } from "../verdict/checks.ts";

const candidate = { version: "1.4.0", commit: "c".repeat(40), digest: `sha256:${"d".repeat(64)}` };
const checks: readonly Check[] = [logsCheck(), metricCheck({ tolerate: { failures: 1, of: 3 } }), runCheck()];

/** A bake of the given looks, as an action would judge and write it down. */
function baked(looks: readonly (readonly Observation[])[], final: boolean, largest?: number): Evidence {
  const judge = createJudge(checks, { kind: "bake" });
  let verdict = judge.take([], { final: false }).verdict;
  const again = createJudge(checks, { kind: "bake" });
  const measurements = looks.flatMap((look, index) => {
    const judgement = again.take(look, { final: final && index === looks.length - 1 });
    verdict = judgement.verdict;
    return judgement.measurements;
  });
  return evidenceDocument(
    {
      service: "storage-node",
      stage: "beta",
      kind: "bake",
      candidate,
      deployment: 7,
      since: 0,
      until: 9,
      final,
      checks,
      observations: looks.flat(),
      measurements,
      verdict,
    },
    largest,
  );
}

const numbers = fc.oneof(
  fc.double(),
  fc.integer({ min: 0, max: 2_000 }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY),
);
const observation: fc.Arbitrary<Observation> = fc.record(
  {
    check: fc.constantFrom("errors", "cpu", "smoke"),
    target: fc.constantFrom("a", "b"),
    at: fc.integer(),
    values: fc.dictionary(fc.constantFrom("value", "lines", "errors", "exit", "requests"), numbers),
    points: fc.constantFrom(0, 1, 100),
    unreadable: fc.string(),
    absent: fc.string(),
    pending: fc.string(),
    note: fc.string(),
  },
  { requiredKeys: ["check", "at", "values", "points"] },
) as fc.Arbitrary<Observation>;
const keyOf = ({ check, target }: Observation) => `${check}/${target}`;
/** Looks of a real observer: each check and target of the stage once in every look. */
const looks = fc.uniqueArray(observation, { selector: keyOf, minLength: 1, maxLength: 6 }).chain((first) =>
  fc
    .array(
      fc.tuple(
        ...first.map((one) =>
          observation.map((other) => ({
            ...other,
            check: one.check,
            ...(one.target === undefined ? {} : { target: one.target }),
          })),
        ),
      ),
    )
    .map((rest) => [
      first,
      ...rest.map((look) =>
        look.map(({ target, ...other }, index) =>
          first[index]?.target === undefined ? other : { ...other, target: target ?? "" },
        ),
      ),
    ]),
);

describe("the evidence document", () => {
  test("judged again after a trip through JSON, gives the same verdict and findings", () => {
    fc.assert(
      fc.property(looks, fc.boolean(), (list, final) => {
        const evidence = baked(list, final);
        const back = parseEvidence(serialiseEvidence(evidence), "evidence.json");
        expect(splitLooks(back.observations)).toHaveLength(list.length);
        expect(judgeEvidence(back)?.verdict).toEqual(evidence.verdict);
        expect(back.measurements).toEqual(evidence.measurements);
      }),
      { numRuns: 300 },
    );
  });

  test("can be judged by edited rules", () => {
    const look = [{ check: "cpu", at: 1, values: { value: 85 }, points: 1 }];
    const judge = (max: number) => [metricCheck({ limits: { max: plain(max) } })];
    const evidence = { ...baked([look, look, look], true), checks: judge(80) };
    expect(judgeEvidence(evidence)?.verdict.phase).toBe("fail");
    expect(judgeEvidence(evidence, { checks: judge(90) })?.verdict.phase).toBe("pass");
  });

  test("holds no header value, whatever the check", () => {
    const headers = { Authorization: "Bearer written-into-the-file" };
    const source = { kind: "scrape", name: "m", url: "http://x", headers } as const;
    const text = serialiseEvidence(
      evidenceDocument({
        ...baked([], true),
        measurements: [],
        checks: [httpCheck({ headers }), metricCheck({ source })],
      }),
    );
    expect(text).not.toContain("written-into-the-file");
    expect(text).toContain('"Authorization":"***"');
  });

  test("too large, loses notes first and then the oldest looks, and says so", () => {
    const list = Array.from({ length: 50 }, (_, at) => [
      { check: "smoke", at, values: { exit: 0, seconds: 1 }, points: 1, note: "n".repeat(200) },
    ]);
    const whole = baked(list, true);
    const size = serialiseEvidence(whole).length;
    const withoutNotes = baked(list, true, size - 1);
    expect(withoutNotes.dropped).toEqual({ notes: 50, looks: 0 });
    expect(judgeEvidence(withoutNotes)?.verdict).toEqual(whole.verdict);
    for (const largest of [3_000, 4_500, 6_000]) {
      const small = baked(list, true, largest);
      expect(serialiseEvidence(small).length).toBeLessThanOrEqual(largest);
      expect(small.dropped?.looks).toBeGreaterThan(0);
      expect(small.observations.at(-1)).toMatchObject({ at: 49 });
      expect(small.observations).toHaveLength(small.measurements.length);
      expect(judgeEvidence(small)).toBeUndefined();
    }
  });

  test.each([
    ["{", "evidence.json is not JSON"],
    ["{}", 'schema: Invalid input: expected "rocksolid/evidence/v1"'],
    [serialiseEvidence(baked([], true)).replace('"looks":1', '"looks":"many"'), "verdict.looks: "],
  ])("that is broken is refused with the field", (json, message) => {
    expect(() => parseEvidence(json, "evidence.json")).toThrow(ConfigurationError);
    expect(() => parseEvidence(json, "evidence.json")).toThrow(message);
  });
});
