import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Observation, Verdict } from "../../src/evidence/observation.ts";
import { createObserver } from "../../src/evidence/observer.ts";
import type { Scope } from "../../src/evidence/reader.ts";
import type { MetricCheck } from "../../src/pipeline/model.ts";
import { createJudge } from "../../src/verdict/judge.ts";
import { skipUnless } from "../support/tools.ts";
import { metricCheck, percent, plain } from "../verdict/checks.ts";
import { realPorts, scopeOf, serve } from "./world.ts";

const MINUTE = 60_000;
/** When the deploy finished, in milliseconds since the epoch. */
const SINCE = 1_700_000_000_000;

interface Asked {
  readonly path: string;
  readonly query: string;
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly authorization: string | undefined;
}

type Series = readonly {
  readonly labels: Record<string, string>;
  readonly at: (ms: number) => number | string | undefined;
}[];

/** What a Prometheus answers: `matrix` for a range, `vector` for one time, in the shapes of its documentation. */
function answerOf({ path, start, end, step }: Asked, series: Series): string {
  const times = path.endsWith("_range")
    ? Array.from({ length: Math.floor((end - start) / step + 1e-6) + 1 }, (_, i) => start + i * step)
    : [end];
  const result = series.flatMap(({ labels, at }) => {
    const points = times.flatMap((time) => {
      const value = at(time * 1_000 - SINCE);
      return value === undefined ? [] : [[time, String(value)]];
    });
    if (points.length === 0) return [];
    return [{ metric: labels, ...(path.endsWith("_range") ? { values: points } : { value: points[0] }) }];
  });
  return JSON.stringify({
    status: "success",
    data: { resultType: path.endsWith("_range") ? "matrix" : "vector", result },
  });
}

/** Looks at so many minutes after the deploy, against a server that answers as a test says. */
async function looks(
  check: Partial<MetricCheck>,
  answer: (asked: Asked) => Series | { status: number; body: string } | "hang",
  minutes: readonly number[],
  scope: Partial<Scope> = { every: MINUTE },
) {
  const asked: Asked[] = [];
  await using server = await serve((request, response) => {
    const url = new URL(request.url ?? "", "http://x");
    const number = (name: string) => Number(url.searchParams.get(name));
    const one = {
      path: url.pathname,
      query: url.searchParams.get("query") ?? "",
      start: number("start"),
      end: url.searchParams.has("time") ? number("time") : number("end"),
      step: number("step"),
      authorization: request.headers.authorization,
    };
    asked.push(one);
    const said = answer(one);
    if (said === "hang") return request.socket.destroy();
    if ("status" in said) {
      response.statusCode = said.status;
      return response.end(said.body);
    }
    return response.end(answerOf(one, said));
  });
  const asWritten = metricCheck({
    source: {
      kind: "prometheus",
      name: "prom",
      url: `${server.url}/tenant/`,
      headers: { Authorization: "Bearer ${env:PROM_TOKEN}" },
    },
    limits: {},
    ...check,
  });
  const clock = { time: SINCE };
  const context = { names: {}, env: { PROM_TOKEN: "hunter2hunter2" } };
  const observer = createObserver([asWritten], scopeOf({ context, ...scope }), realPorts(clock));
  const judge = createJudge([asWritten], { kind: scope.every === undefined ? "gate" : "bake", falseAlarm: 0.01 });
  const seen: Observation[] = [];
  let verdict: Verdict | undefined;
  for (const [index, minute] of minutes.entries()) {
    clock.time = SINCE + minute * MINUTE;
    const look = await observer.look(SINCE, clock.time);
    seen.push(...look);
    verdict = judge.take(look, { final: index === minutes.length - 1 }).verdict;
  }
  await observer.close();
  return { seen, asked, verdict };
}

const gauge = (labels: Record<string, string>, at: (minute: number) => number | string | undefined) => ({
  labels,
  at: (ms: number) => at(Math.round(ms / MINUTE)),
});
const times = (one: Observation | undefined, side = "candidate") =>
  (one?.samples ?? []).filter((sample) => sample.side === side).map(({ at }) => (at - SINCE) / MINUTE);

describe("a metric of Prometheus", () => {
  test("is asked with the header's secret, under the path of the source", async () => {
    const { asked, seen } = await looks({ query: "up" }, () => [gauge({}, () => 1)], [1]);
    expect(asked).toEqual([
      {
        path: "/tenant/api/v1/query",
        query: "up",
        start: 0,
        end: SINCE / 1_000 + 60,
        step: 0,
        authorization: "Bearer hunter2hunter2",
      },
    ]);
    expect(seen).toMatchObject([{ values: { value: 1 }, points: 1 }]);
  });

  test("of a bake that is judged in one look has every step since the deploy", async () => {
    const { seen, asked } = await looks({ query: "cpu" }, () => [gauge({}, (minute) => minute)], [10]);
    expect(asked).toHaveLength(1);
    expect(times(seen[0])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(seen[0]?.values).toEqual({ value: 10 });
  });

  test("gives the same verdict in one look as in many", async () => {
    const check: Partial<MetricCheck> = {
      query: "errors_total",
      total: "requests_total",
      comparison: { baseline: { query: "errors_old", total: "requests_old" }, worse: "higher", tolerance: 0 },
    };
    const answer = ({ query }: Asked) => [
      gauge({}, (minute) => (query === "errors_total" ? minute * 3 : query === "errors_old" ? 0 : minute * 50)),
    ];
    const once = await looks(check, answer, [30]);
    const often = await looks(
      check,
      answer,
      Array.from({ length: 31 }, (_, i) => i),
    );
    expect(once.verdict?.phase).toBe("fail");
    expect(often.verdict?.reasons).toEqual(once.verdict?.reasons);
    expect(often.seen.flatMap(({ samples }) => samples ?? [])).toEqual(once.seen[0]?.samples);
  });

  test("with a total is the increase of both counters, through restarts, new series and gaps", async () => {
    const requests = [100, 150, 30, undefined, 90];
    const errors = [undefined, 5, 1, undefined, 2];
    const { seen } = await looks(
      { query: "errors_total", total: "requests_total" },
      ({ query }) => [
        gauge({ instance: "a" }, (minute) => (query === "errors_total" ? errors : requests)[minute]),
        gauge({ instance: "b" }, (minute) => (query === "errors_total" ? 0 : minute * 10)),
      ],
      [4],
    );
    const ofA = (seen[0]?.samples ?? []).filter(({ machine }) => machine === "a");
    expect(ofA.map(({ value, total }) => [value, total])).toEqual([
      [5, 50],
      [1, 30],
      [0, 0],
      [1, 60],
    ]);
    expect(seen[0]?.values).toEqual({ value: 7 / 180, events: 7, total: 180, requests: 180 });
  });

  test("in a gate is its value at the time of the look; of counters, their increase since the deploy", async () => {
    const now = await looks(
      { query: "cpu", limits: { max: percent(80) } },
      () => [gauge({}, (minute) => minute / 10)],
      [5, 9],
      {},
    );
    expect(now.asked.map(({ path }) => path)).toEqual(["/tenant/api/v1/query", "/tenant/api/v1/query"]);
    expect(now.verdict).toMatchObject({ phase: "fail", reasons: ["cpu: 90% > 80%"] });
    const counted = await looks(
      { query: "e", total: "r", limits: { max: percent(1) } },
      ({ query }) => [gauge({}, (minute) => (query === "e" ? 0 : 100 + minute))],
      [5],
      {},
    );
    expect(counted.seen[0]?.values).toMatchObject({ events: 0, total: 5 });
    expect(counted.verdict?.phase).toBe("pass");
  });

  test("of several machines is judged by the worst of them in a gate", async () => {
    const { verdict } = await looks(
      { query: "cpu", limits: { max: percent(80) } },
      () => [gauge({ instance: "a" }, () => 0.1), gauge({ instance: "b" }, () => 0.9)],
      [1],
      {},
    );
    expect(verdict?.reasons).toEqual(["cpu: b: 90% > 80%"]);
  });

  test("reads the past of both sides once, before anything else", async () => {
    const { seen, asked } = await looks(
      {
        query: "mem",
        sigma: { max: 3, history: 60 * MINUTE, sameHour: false },
        comparison: { baseline: { query: "mem_old" }, worse: "higher", tolerance: 0.1 },
      },
      () => [gauge({}, (minute) => 100 + (minute % 3))],
      [1, 2],
    );
    expect(times(seen[0], "history")).toEqual(Array.from({ length: 60 }, (_, i) => i - 60));
    expect(times(seen[0], "baselineHistory")).toHaveLength(60);
    expect(times(seen[1], "history")).toEqual([]);
    expect(asked.map(({ query }) => query)).toEqual(["mem", "mem_old", "mem", "mem_old", "mem", "mem_old"]);
  });

  test("stops what strays from its own past, without any control or limit", async () => {
    const { verdict } = await looks(
      { query: "mem", sigma: { max: 3, history: 7 * 24 * 60 * MINUTE, sameHour: false } },
      () => [gauge({}, (minute) => (minute > 0 ? 200 : 100 + ((minute * 7919) % 13)))],
      [60],
    );
    expect(verdict?.phase).toBe("fail");
    expect(verdict?.reasons[0]).toMatch(/^cpu: 200 is .*σ above its past/);
  });

  test("stops a leak by its slope", async () => {
    const { verdict } = await looks(
      { query: "mem", slope: { max: { ...plain(1 / 3_600), perSecond: true } } },
      () => [gauge({}, (minute) => 100 + minute / 6 + ((minute * 7919) % 13) / 100)],
      [120],
    );
    expect(verdict?.phase).toBe("fail");
    expect(verdict?.reasons[0]).toMatch(/^cpu: slope (9|10)(\.\d+)? per hour over .*, interval .*, > 1 per hour$/);
  });

  test("is no data, with the query, when either side answers nothing: a failure, at once in a gate", async () => {
    const check: Partial<MetricCheck> = {
      query: 'errors{box="one"}',
      comparison: { baseline: { query: 'errors{box!="one"}' }, worse: "higher", tolerance: 0 },
    };
    const answer = ({ query }: Asked) => (query.includes("!=") ? [] : [gauge({}, () => 0)]);
    const gate = await looks(check, answer, [1], {});
    expect(gate.verdict).toMatchObject({
      phase: "fail",
      reasons: ['cpu: no data: the query errors{box!="one"} answers nothing'],
    });
    const bake = await looks(check, answer, [1, 2, 3, 4]);
    expect(bake.verdict).toMatchObject({ phase: "fail", reasons: gate.verdict?.reasons });
  });

  test("with NaN and infinities never passes", async () => {
    for (const value of ["NaN", "+Inf"]) {
      const { verdict } = await looks(
        { query: "cpu", limits: { max: percent(80) } },
        () => [gauge({}, () => value)],
        [5],
      );
      expect([value, verdict?.phase]).toEqual([value, expect.not.stringMatching("pass")]);
    }
  });

  test.each([
    [
      "an error of the query",
      { status: 400, body: '{"status":"error","errorType":"bad_data","error":"unexpected <aggr:sum>"}' },
      "bad_data: unexpected <aggr:sum>, for the query cpu",
    ],
    ["a refused login", { status: 401, body: "no" }, "status 401, for the query cpu"],
    ["another service", { status: 200, body: "<html>" }, "the answer is not that of a Prometheus API"],
    [
      "half an answer of VictoriaMetrics",
      { status: 200, body: '{"status":"success","isPartial":true,"data":{"resultType":"vector","result":[]}}' },
      "the answer is partial",
    ],
    [
      "a text",
      { status: 200, body: '{"status":"success","data":{"resultType":"string","result":[1,"a"]}}' },
      "the answer is a string, not numbers",
    ],
    [
      "a native histogram",
      {
        status: 200,
        body: '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"histogram":[1,{}]}]}}',
      },
      "native histograms",
    ],
    [
      "a broken series",
      { status: 200, body: '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1]}]}}' },
      "a value is not [time, text]",
    ],
    ["nothing at all", "hang", "connection"],
  ] as const)("that answers %s is unreadable, never a pass", async (_, answer, reason) => {
    const { seen, verdict } = await looks({ query: "cpu", limits: { max: percent(80) } }, () => answer, [1]);
    expect(seen[0]?.unreadable).toContain(reason);
    expect(seen[0]?.unreadable).not.toContain("hunter2");
    expect(verdict?.phase).toBe("error");
  });

  test("makes up at the next look for one that could not be read", async () => {
    let fails = true;
    const { seen } = await looks(
      { query: "e", total: "r" },
      ({ query, end }) => {
        fails = end === SINCE / 1_000 + 120;
        return fails ? { status: 503, body: "" } : [gauge({}, (minute) => (query === "e" ? 0 : minute * 10))];
      },
      [0, 1, 2, 3],
    );
    expect(seen[2]?.unreadable).toContain("status 503");
    expect(times(seen[3])).toEqual([2, 3]);
    expect(seen[3]?.values["total"]).toBe(20);
  });

  test.each([
    [
      [
        { instance: "a", job: "x" },
        { instance: "b", job: "y" },
      ],
      ["a", "b"],
    ],
    [
      [{ shard: "1" }, { shard: "2" }],
      ["1", "2"],
    ],
    [[{ instance: "a" }], ["a"]],
    [[{}], [undefined]],
    [
      [
        { shard: "1", code: "500" },
        { shard: "2", code: "404" },
      ],
      "differ in shard, code, and none of these names a machine",
    ],
    [
      [
        { instance: "a", code: "500" },
        { instance: "a", code: "404" },
        { instance: "b", code: "404" },
      ],
      'several series of instance "a": add them up, sum by (instance)',
    ],
  ] as const)("of series %j has as machines %j", async (labels, machines) => {
    const { seen } = await looks({ query: "cpu" }, () => labels.map((one) => gauge({ ...one }, () => 1)), [1]);
    if (typeof machines === "string") expect(seen[0]?.unreadable).toContain(machines);
    else expect(seen[0]?.samples?.map(({ machine }) => machine)).toEqual(machines);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Starts a real server that scrapes an exporter, and waits until it has seen both machines count. */
async function withServer(
  program: string,
  args: (directory: string, port: number) => readonly string[],
  use: (url: string) => Promise<void>,
): Promise<void> {
  let requests = 0;
  await using exporter = await serve((request, response) => {
    requests += 5;
    const box = request.url?.includes("old") ? "old" : "new";
    const errors = box === "new" ? requests / 5 : 0;
    response.end(
      `# TYPE requests_total counter\nrequests_total ${requests}\n# TYPE errors_total counter\nerrors_total ${errors}\n`,
    );
  });
  const directory = await mkdtemp(join(tmpdir(), "rocksolid-prometheus-"));
  let child: ChildProcess | undefined;
  try {
    const job = (name: string) =>
      `  - { job_name: ${name}, metrics_path: /${name}, static_configs: [{ targets: ["${exporter.authority}"] }] }\n`;
    await writeFile(
      join(directory, "prometheus.yml"),
      `global: { scrape_interval: 1s, scrape_timeout: 1s }\nscrape_configs:\n${job("new")}${job("old")}`,
    );
    const port = await freePort();
    child = spawn(program, args(directory, port), { cwd: directory, stdio: "ignore" });
    const url = `http://127.0.0.1:${port}`;
    const ready = async () => {
      const query = encodeURIComponent("count(requests_total offset 3s > 0)");
      const response = await fetch(`${url}/api/v1/query?query=${query}`).catch(() => undefined);
      return (await response?.text())?.includes('"2"') === true;
    };
    const limit = performance.now() + 20_000;
    while (!(await ready())) {
      if (performance.now() > limit) throw new Error(`${program} did not scrape within 20 s`);
      await delay(100);
    }
    await use(url);
  } finally {
    if (child && child.exitCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

const servers = [
  {
    program: "prometheus",
    args: (directory: string, port: number) => [
      `--config.file=${directory}/prometheus.yml`,
      `--storage.tsdb.path=${directory}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
  },
  {
    program: "victoria-metrics",
    args: (directory: string, port: number) => [
      `-promscrape.config=${directory}/prometheus.yml`,
      `-storageDataPath=${directory}/data`,
      `-httpListenAddr=127.0.0.1:${port}`,
      "-search.latencyOffset=1s",
    ],
  },
] as const;

describe("a real server", () => {
  test.concurrent.for(servers)(
    "$program gives increases of candidate and control, and names what it has not",
    async ({ program, args }, context) => {
      await withServer(skipUnless(program, context), args, async (url) => {
        const source = { kind: "prometheus", name: "prom", url, headers: {} } as const;
        const compared = metricCheck({
          source,
          limits: {},
          query: 'errors_total{job="new"}',
          total: 'requests_total{job="new"}',
          comparison: {
            baseline: { query: 'errors_total{job="old"}', total: 'requests_total{job="old"}' },
            worse: "higher",
            tolerance: 0,
          },
        });
        const absent = metricCheck({ name: "absent", source, query: "errrors_total" });
        const mistyped = metricCheck({ name: "mistyped", source, query: "sum(errors_total" });
        const clock = { time: Date.now() };
        const observer = createObserver([compared, absent, mistyped], scopeOf({ every: 1_000 }), realPorts(clock));
        const [counted, none, wrong] = await observer.look(clock.time - 4_000, clock.time);
        await observer.close();
        const { expect } = context;
        expect(counted).toMatchObject({ values: { value: 0.2, control: 0 } });
        expect(counted?.values["controlTotal"]).toBeGreaterThan(0);
        expect(counted?.samples?.length).toBeGreaterThan(4);
        expect(none?.absent).toBe("the query errrors_total answers nothing");
        expect(wrong?.unreadable).toMatch(/(bad_data|422|400): .*sum\(errors_total/s);
      });
    },
  );
});
