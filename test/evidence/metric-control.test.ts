import { describe, expect, test } from "vitest";
import { createObserver } from "../../src/evidence/observer.ts";
import type { Baseline, MetricCheck } from "../../src/pipeline/model.ts";
import { createJudge } from "../../src/verdict/judge.ts";
import { metricCheck } from "../verdict/checks.ts";
import { realPorts, scopeOf, serve, target } from "./world.ts";

const MINUTE = 60_000;

/** Looks at a fleet of real servers, a minute apart; `pages` answers for a machine at a look, undefined for status 500. */
async function looks(
  check: Partial<MetricCheck> & { readonly baseline?: Baseline },
  pages: (machine: string, look: number) => string | undefined,
  count: number,
) {
  let now = 0;
  const names = ["one-1", "one-2", "prod-1", "prod-2"];
  const servers = await Promise.all(
    names.map((name) =>
      serve((_, response) => {
        const page = pages(name, now);
        response.statusCode = page === undefined ? 500 : 200;
        response.end(page);
      }),
    ),
  );
  try {
    const fleet = names.map((name, i) => ({
      ...target(name, servers[i]?.authority ?? ""),
      ring: name.startsWith("prod") ? "prod" : "one-box",
    }));
    const { baseline = { targets: { ring: "prod" } }, ...more } = check;
    const compared = metricCheck({
      source: { kind: "scrape", name: "metrics", url: "http://${address}/metrics", headers: {} },
      limits: {},
      comparison: { baseline, worse: "higher", tolerance: 0 },
      ...more,
    });
    const clock = { time: 0 };
    const scope = scopeOf({ targets: fleet.slice(0, 2), fleet });
    const observer = createObserver([compared], scope, realPorts(clock));
    const judge = createJudge([compared], { kind: "bake", falseAlarm: 0.01 });
    const seen = [];
    for (now = 1; now <= count; now += 1) {
      clock.time = now * MINUTE;
      const look = await observer.look(0, clock.time);
      seen.push({ observation: look[0], verdict: judge.take(look, { final: now === count }).verdict });
    }
    await observer.close();
    return { seen, explanations: judge.explanations() };
  } finally {
    for (const server of servers) await server[Symbol.asyncDispose]();
  }
}

const counters = (errors: number, requests: number) =>
  `# TYPE errors_total counter\nerrors_total ${errors}\n# TYPE requests_total counter\nrequests_total ${requests}\n`;
const rated = { query: "errors_total", total: "requests_total" };

describe("a metric of scraped pages beside a control", () => {
  test("has every target of the stage and of the baseline as a machine, read in the same look", async () => {
    const { seen } = await looks(rated, (name, look) => counters(name === "one-1" ? look : 0, look * 100), 2);
    expect(seen[0]?.observation).toMatchObject({
      points: 0,
      pending: expect.stringMatching(/^first look at the counter/),
    });
    expect(seen[0]?.verdict.phase).toBe("inconclusive");
    expect(seen[1]?.observation).toMatchObject({
      check: "cpu",
      values: { value: 1 / 200, control: 0, events: 1, total: 200, requests: 200, controlEvents: 0, controlTotal: 200 },
      points: 200,
      samples: [
        { side: "candidate", machine: "one-1", at: 2 * MINUTE, value: 1, total: 100 },
        { side: "candidate", machine: "one-2", at: 2 * MINUTE, value: 0, total: 100 },
        { side: "baseline", machine: "prod-1", at: 2 * MINUTE, value: 0, total: 100 },
        { side: "baseline", machine: "prod-2", at: 2 * MINUTE, value: 0, total: 100 },
      ],
    });
    expect(seen[1]?.observation?.target).toBeUndefined();
  });

  test("stops a candidate whose errors rise against a control without any, and says by how much", async () => {
    const { seen, explanations } = await looks(
      rated,
      (name, look) => counters(name.startsWith("one") ? look * 10 : 0, look * 100),
      15,
    );
    const stopped = seen.findIndex(({ verdict }) => verdict.phase === "fail");
    expect(stopped).toBeGreaterThan(0);
    expect(seen.at(-1)?.verdict.reasons[0]).toMatch(/^cpu: candidate.* against control 0 of [\d,]+ \(0%\)/);
    expect(explanations).toMatchObject([{ check: "cpu", phase: "fail", stoppedAt: (stopped + 1) * MINUTE }]);
  });

  test("passes a candidate that does what its control does, also through a restart of its counters", async () => {
    const { seen } = await looks(
      rated,
      (name, look) =>
        name === "one-1" && look > 10 ? counters(look - 10, (look - 10) * 100) : counters(look, look * 100),
      30,
    );
    expect(seen.map(({ verdict }) => verdict.phase)).not.toContain("fail");
    expect(seen.at(-1)?.verdict).toMatchObject({ phase: "pass" });
  });

  test("fails with the query and the side when either answers nothing at the first looks", async () => {
    const { seen } = await looks(
      { query: "latency_seconds" },
      (name) => (name.startsWith("prod") ? "latency_second 1\n" : "latency_seconds 1\n"),
      4,
    );
    expect(seen.map(({ verdict }) => verdict.phase)).toEqual(["inconclusive", "inconclusive", "fail", "fail"]);
    expect(seen[2]?.verdict.reasons[0]).toMatch(
      /^cpu: no data: baseline: prod-1: no metric "latency_seconds" for the query latency_seconds; nearest: latency_second/,
    );
  });

  test("leaves a control machine out that cannot be read, and is unreadable without any or without the candidate's", async () => {
    const page = (name: string, look: number) => {
      if (look === 1) return name === "prod-2" ? undefined : "latency_seconds 1\n";
      if (look === 2) return name.startsWith("prod") ? undefined : "latency_seconds 1\n";
      return name === "one-2" ? undefined : "latency_seconds 1\n";
    };
    const { seen } = await looks({ query: "latency_seconds" }, page, 3);
    expect(seen[0]?.observation?.note).toMatch(/^1 of 2 machines of the baseline left out: prod-2: .*status 500/);
    expect(seen[0]?.observation?.samples).toHaveLength(3);
    expect(seen[1]?.observation?.unreadable).toMatch(/^no machine of the baseline can be read: prod-1: .*status 500/);
    expect(seen[2]?.observation?.unreadable).toMatch(/^one-2: .*status 500/);
    expect(seen.map(({ verdict }) => verdict.phase)).toEqual([
      expect.stringMatching(/pass|inconclusive/),
      "error",
      "error",
    ]);
  });

  test("may have a control of its own query on the same machines", async () => {
    const { seen } = await looks(
      {
        query: 'errors_total{box="new"}',
        total: 'requests_total{box="new"}',
        baseline: { query: 'errors_total{box="old"}', total: 'requests_total{box="old"}' },
      },
      (_, look) =>
        ["new", "old"]
          .map(
            (box) =>
              `errors_total{box="${box}"} ${box === "new" ? look : 0}\nrequests_total{box="${box}"} ${look * 10}\n`,
          )
          .join(""),
      2,
    );
    expect(seen[1]?.observation?.values).toMatchObject({ events: 2, total: 20, controlEvents: 0, controlTotal: 20 });
  });

  test("is an error, never a pass, when the baseline chooses nothing but the stage's own targets", async () => {
    const { seen } = await looks({ ...rated, baseline: { targets: { ring: "one-box" } } }, () => counters(0, 1), 1);
    expect(seen[0]?.observation?.unreadable).toMatch(/there is no control/);
    expect(seen[0]?.verdict.phase).toBe("error");
  });
});
