import { describe, expect, test } from "vitest";
import { createObserver } from "../../src/evidence/observer.ts";
import type { MetricCheck } from "../../src/pipeline/model.ts";
import { metricCheck } from "../verdict/checks.ts";
import { realPorts, scopeOf, serve } from "./world.ts";

/** Looks at metrics that a real server shows, a minute of the clock apart; one text for each look. */
async function looks(check: Partial<MetricCheck>, ...answers: readonly string[]) {
  let now = "";
  let requests = 0;
  await using server = await serve((_, response) => {
    requests += 1;
    if (now === "500") response.statusCode = 500;
    response.end(now);
  });
  const clock = { time: 0 };
  const source = { kind: "scrape", name: "metrics", url: `${server.url}/metrics`, headers: {} } as const;
  const observer = createObserver([metricCheck({ ...check, source })], scopeOf(), realPorts(clock));
  const seen = [];
  for (const answer of answers) {
    now = answer;
    clock.time += 60_000;
    seen.push(...(await observer.look(0, clock.time)));
  }
  await observer.close();
  return { seen: seen.map(({ check: _, at: __, ...reading }) => reading), requests };
}

const pending = (name: string) => ({
  values: {},
  points: 0,
  pending: `first look at the counter ${name}: its increase shows at the next`,
});

describe("a gauge", () => {
  test("is its value, or the sum of the series that match", async () => {
    const { seen } = await looks(
      { query: 'cpu{mode!="idle"}' },
      'cpu{mode="user"} 0.25\ncpu{mode="sys"} 0.5\ncpu{mode="idle"} 9\n',
    );
    expect(seen).toEqual([{ values: { value: 0.75 }, points: 2 }]);
  });

  test("that no series matches is no data, and says which there are", async () => {
    const { seen } = await looks({ query: 'cpu{mode="usr"}' }, 'cpu{mode="user"} 1\ncpu{mode="sys"} 2\n');
    expect(seen).toEqual([
      { values: {}, points: 0, absent: 'no series matches cpu{mode="usr"}; there are mode: user, sys' },
    ]);
  });
});

describe("a name that does not exist", () => {
  test("is no data, and the nearest that exist are named", async () => {
    const answer = "requests_total 1\nrequests_failed 2\nup 1\n";
    const { seen } = await looks({ query: "request_total" }, answer);
    expect(seen[0]).toMatchObject({
      points: 0,
      absent: expect.stringMatching(/^no metric "request_total" for the query request_total; nearest: requests_total/),
    });
  });

  test("also where only the total is mistyped", async () => {
    const { seen } = await looks({ query: "a_total", total: "b_totl" }, "a_total 1\nb_total 2\n");
    expect(seen[0]?.absent).toContain('no metric "b_totl"');
  });

  test("of a label is no data too, so that a mistyped label is no silent 0", async () => {
    const { seen } = await looks({ query: 'a_total{cod="500"}', total: "a_total" }, 'a_total{code="200"} 1\n');
    expect(seen[0]?.absent).toBe('no series of a_total has the label "cod"; there are code');
  });

  test("of an empty answer is said so", async () => {
    expect((await looks({ query: "a" }, "")).seen[0]?.absent).toContain("the answer has no metrics at all");
  });
});

describe("a counter", () => {
  test.each([
    ["declared", "# TYPE hits counter\nhits ", "hits"],
    ["by its name", "hits_total ", "hits_total"],
    ["as the count of a histogram", "# TYPE lat histogram\nlat_count ", "lat_count"],
    ["as the sum of a summary", "# TYPE lat summary\nlat_sum ", "lat_sum"],
  ])("%s is its increase per second, from the second look on", async (_, prefix, query) => {
    const { seen } = await looks({ query }, `${prefix}100\n`, `${prefix}160\n`, `${prefix}160\n`);
    expect(seen).toEqual([
      pending(query),
      { values: { value: 1, increase: 60 }, points: 1 },
      { values: { value: 0, increase: 0 }, points: 1 },
    ]);
  });

  test("a name that ends in _total and is declared as a gauge is a gauge", async () => {
    expect((await looks({ query: "x_total" }, "# TYPE x_total gauge\nx_total 7\n")).seen).toEqual([
      { values: { value: 7 }, points: 1 },
    ]);
  });

  test("that was reset by a restart has grown by its new value, series by series", async () => {
    const { seen } = await looks(
      { query: "hits_total" },
      'hits_total{m="get"} 1000\nhits_total{m="put"} 10\n',
      'hits_total{m="get"} 30\nhits_total{m="put"} 40\n',
    );
    expect(seen[1]).toMatchObject({ values: { increase: 60, value: 1 } });
  });

  test("bridges a look that could not be read", async () => {
    const { seen } = await looks({ query: "hits_total" }, "hits_total 0\n", "500", "hits_total 240\n");
    expect(seen[1]).toMatchObject({ points: 0, unreadable: expect.stringMatching(/\/metrics: status 500$/) });
    expect(seen[2]).toMatchObject({ values: { increase: 240, value: 2 } });
  });
});

describe("a share of a total", () => {
  const check = { query: 'r_total{code=~"5.."}', total: "r_total" } as const;

  test("is the increase of one by the increase of the other", async () => {
    const { seen, requests } = await looks(
      check,
      'r_total{code="200"} 100\nr_total{code="500"} 1\n',
      'r_total{code="200"} 295\nr_total{code="500"} 6\n',
    );
    expect(seen).toEqual([
      pending(check.query),
      { values: { value: 0.025, events: 5, total: 200, requests: 200 }, points: 200 },
    ]);
    expect(requests).toBe(2);
  });

  test("finds errors of a kind that did not exist before", async () => {
    const { seen } = await looks(
      check,
      'r_total{code="200"} 100\n',
      'r_total{code="200"} 190\nr_total{code="503"} 10\n',
    );
    expect(seen[1]).toMatchObject({ values: { value: 0.1, events: 10, total: 100 }, points: 100 });
  });

  test("without a request is no data, and says so", async () => {
    const { seen } = await looks(check, 'r_total{code="500"} 1\n', 'r_total{code="500"} 1\n');
    expect(seen[1]).toEqual({
      values: { events: 0, total: 0, requests: 0 },
      points: 0,
      absent: "r_total has not grown since the look before",
    });
  });

  test("of a gauge is refused", async () => {
    const { seen } = await looks({ query: "a", total: "b" }, "# TYPE a gauge\na 1\nb 2\n");
    expect(seen[0]?.unreadable).toBe("a is a gauge, and total needs counters");
  });
});

describe("a quantile", () => {
  const buckets = (fast: number, slow: number, all: number) =>
    `# TYPE lat histogram\nlat_bucket{le="0.1"} ${fast}\nlat_bucket{le="0.5"} ${slow}\nlat_bucket{le="+Inf"} ${all}\nlat_count ${all}\n`;

  test("comes from the requests since the look before, not from all since the start", async () => {
    const { seen } = await looks(
      { query: "lat", quantile: 0.5 },
      buckets(1_000, 1_000, 1_000),
      buckets(1_000, 1_100, 1_100),
      buckets(1_000, 1_100, 1_100),
    );
    expect(seen[0]?.pending).toContain("first look");
    expect(seen[1]).toMatchObject({ values: { requests: 100 }, points: 100 });
    expect(seen[1]?.values["value"]).toBeCloseTo(0.3, 12);
    expect(seen[2]).toMatchObject({ values: { requests: 0 }, points: 0 });
  });

  test("of something that is no histogram is refused or no data", async () => {
    expect((await looks({ query: "up", quantile: 0.5 }, "up 1\n", "up 1\n")).seen[1]?.unreadable).toBe(
      'a bucket has the bound le=""',
    );
    expect((await looks({ query: "lats", quantile: 0.5 }, buckets(1, 1, 1))).seen[0]?.absent).toContain(
      "nearest: lat_bucket",
    );
  });
});

describe("an answer that is no exposition", () => {
  test("makes the check unreadable and names the line", async () => {
    const { seen } = await looks({ query: "up" }, "<html>oops</html>\n");
    expect(seen[0]?.unreadable).toMatch(/is not in the Prometheus text format: line 1: /);
  });

  test("a query that is none says what to write", async () => {
    expect((await looks({ query: "rate(up[5m])" }, "up 1\n")).seen[0]?.unreadable).toContain("write name or name{");
  });
});
