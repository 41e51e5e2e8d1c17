import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openElasticsearch } from "../../src/logs/elasticsearch.ts";
import { openLoki } from "../../src/logs/loki.ts";
import { since, window } from "./directory.ts";

let server: Server;
let url: string;
let asked: string[];
let slept: number[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  asked = [];
  slept = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    request.resume();
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const ports = {
  fetch,
  sleep: async (ms: number) => {
    slept.push(ms);
  },
};
const SECRET = "s3cr3t-value-of-a-token";
const headers = { Authorization: `Bearer ${SECRET}` };

const loki = (more: object = {}, signal?: AbortSignal) =>
  openLoki(
    { url, headers, variables: ["LOKI_TOKEN"], query: '{app="x"}', page: 10, ...more },
    { ...ports, ...(signal && { signal }) },
  );
const elastic = (more: object = {}) =>
  openElasticsearch({ url, headers, index: "logs", query: undefined, page: 10, ...more }, ports);

const json = (body: unknown, status = 200, more: Record<string, string> = {}) => {
  return (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(status, { "content-type": "application/json", ...more });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
};
const ns = (ms: number): string => `${BigInt(since + ms) * 1_000_000n}`;
const streams = (values: unknown, labels: unknown = { host: "a" }, more: object = {}) => ({
  status: "success",
  data: { resultType: "streams", result: [{ stream: labels, values }] },
  ...more,
});
/** `index/stats` as it should be, then something else. */
const then = (use: typeof answer): typeof answer => {
  return (request, response) =>
    request.url?.includes("index/stats") ? json({ entries: 1 })(request, response) : use(request, response);
};
/** Half of an answer, and then what the connection does. */
const half = (use: (response: ServerResponse) => void): typeof answer => {
  return (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"status":"success","data":{"resultType":"streams","result":[', () => use(response));
  };
};
const endless: typeof answer = (_, response) => {
  response.writeHead(200);
  const more = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536, 32)));
    response.once("drain", more);
  };
  more();
};

describe.each([
  ["Loki", loki],
  ["Elasticsearch", elastic],
])("%s: what is no answer is told, and the secret is not", (_, open) => {
  it.each<[string, typeof answer, string, object?]>([
    [
      "a redirect",
      json("", 302, { location: "https://login.example/?next=/loki" }),
      "answered 302, a redirect to https://login.example/, and none is followed",
    ],
    ["a login page", json("<!doctype html><title>Log in</title>"), "something that is no JSON object, as a login page"],
    ["a list", json([1]), "no JSON object"],
    ["JSON without an end of its depth", json("[".repeat(200_000)), "no JSON object"],
    ["half an answer", half((response) => response.destroy()), "broke off in the middle of its answer"],
    [
      "fewer bytes than were promised",
      (_request, response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write("{}", () => response.destroy());
      },
      "broke off in the middle of its answer",
    ],
    ["an answer that never ends", endless, "answered with more than 1 MiB", { largest: 1 << 20 }],
    ["an answer that stops in the middle", half(() => undefined), "did not answer within 200ms", { patience: 200 }],
    ["no answer at all", () => undefined, "did not answer within 200ms", { patience: 200 }],
    ["a closed connection", (request) => request.socket.destroy(), "cannot be reached"],
    ["later, much later", json("slow down", 429, { "retry-after": "3600" }), "slow down; it asks to wait for 1h"],
    ["later, again and again", json("busy", 503), "answered 503: busy"],
    [
      "refused headers, said back",
      json(`bad Bearer ${SECRET} and ${SECRET}`, 401),
      "answered 401: bad *** and ***: it does not accept the source's headers (Authorization, filled from LOKI_TOKEN)",
      { variables: ["LOKI_TOKEN"] },
    ],
    [
      "missing headers",
      json("who are you?", 403),
      'add headers: { Authorization: "Bearer ${env:NAME}" } to the source, and set NAME in the workflow\'s env',
      { headers: {} },
    ],
    ["a missing tenant", json("no org id", 401), "add headers: { X-Scope-OrgID: … } to the source"],
    ["a workflow command", json("\n::error::gotcha <img src=x>", 500), "answered 500: : :error: :gotcha"],
  ])("%s", async (_name, how, reason, more = {}) => {
    answer = how;
    const { unreadable, lines } = await open(more).scan(window);
    expect(lines).toBe(0);
    expect(unreadable).toHaveLength(1);
    expect(unreadable[0]?.reason).toContain(reason);
    expect(unreadable[0]?.reason).not.toContain(SECRET);
    expect(unreadable[0]?.reason).not.toMatch(/\n|(^|\s)::/);
  });
});

describe("a server that is busy for a moment", () => {
  it("is asked again after the pause that it asks for, three times in all", async () => {
    let busy = 2;
    answer = (request, response) => {
      const good = then(json(streams([[ns(1), "level=error"]])));
      if (busy-- > 0) json("later", busy > 0 ? 429 : 503, busy > 0 ? { "retry-after": "7" } : {})(request, response);
      else good(request, response);
    };
    expect(await loki().scan(window)).toMatchObject({ lines: 1, errors: 1, unreadable: [] });
    expect(slept).toEqual([7_000, 1_000]);
  });

  it("is let alone when the job is cancelled", async () => {
    answer = json("later", 503);
    const { unreadable } = await loki({}, AbortSignal.abort()).scan(window);
    expect(unreadable[0]?.reason).toContain("was given up");
    expect(slept).toEqual([]);
  });
});

describe("Loki: an answer that cannot be whole or true is told", () => {
  const row = (at: number, n = 0) => [ns(at), `level=info msg="${n}"`];
  it.each<[string, unknown, string]>([
    [
      "warnings",
      streams([], {}, { warnings: ["ingester ::add-mask::x is gone"] }),
      "not complete by the server's own words: ingester : :add-mask",
    ],
    ["entries before the window", streams([row(-1)]), "not in the time that was asked for"],
    ["entries after the window", streams([row(3_600_001)]), "not in the time that was asked for"],
    [
      "a page that repeats itself",
      streams(Array.from({ length: 10 }, (_, n) => row(5, n))),
      "more than 10 entries have the same time",
    ],
    ["a time that is no number", streams([["soon", "x"]]), 'not a pair of nanoseconds and a line: ["soon","x"]'],
    ["a line that is no text", streams([[ns(1), { a: 1 }]]), "not a pair of nanoseconds and a line"],
    ["values that are none", streams("x"), "no labels or no values"],
    ["no labels", streams([row(1)], null), "no labels or no values"],
    [
      "a stream that is none",
      { status: "success", data: { resultType: "streams", result: [null] } },
      "no labels or no values",
    ],
    ["an error of its own", { status: "error", error: "x" }, "holds no streams"],
  ])("%s", async (_name, body, reason) => {
    answer = then(json(body));
    const { unreadable } = await loki().scan(window);
    expect(unreadable[0]?.reason).toContain(reason);
    expect(asked.length).toBeLessThan(6);
  });

  it("statistics without a number", async () => {
    answer = json({});
    expect((await loki().scan(window)).unreadable[0]?.reason).toContain("no number of entries");
  });

  it("and one whose pages are cut shorter than was asked for is read whole all the same", async () => {
    const all = Array.from({ length: 23 }, (_, n) => row(n * 1_000, n));
    answer = then((request, response) => {
      const start = BigInt(new URL(request.url ?? "", url).searchParams.get("start") ?? 0);
      json(streams(all.filter(([at]) => BigInt(at ?? 0) >= start).slice(0, 4)))(request, response);
    });
    expect(await loki({ page: 5_000 }).scan(window)).toMatchObject({ lines: 23, unreadable: [] });
  });

  it("a line of 100 MB is one event, of which the beginning is looked at", async () => {
    answer = then((_, response) => {
      response.writeHead(200);
      response.write(
        `{"status":"success","data":{"resultType":"streams","result":[{"stream":{"host":"a"},"values":[["${ns(1)}","ERROR boom `,
      );
      for (let n = 0; n < 100; n++) response.write(Buffer.alloc(1 << 20, 120));
      response.end('"]]}]}}');
    });
    expect(await loki().scan(window)).toMatchObject({ lines: 1, errors: 1, cutLines: 1, unreadable: [] });
  });
});

describe("Elasticsearch: an answer that cannot be whole or true is told", () => {
  const count = { count: 1, _shards: { failed: 0 } };
  const hit = (at: number, id = "1") => ({ _index: "i", _id: id, _source: { message: "x" }, sort: [since + at] });
  const hits = (...all: unknown[]) => ({ timed_out: false, hits: { hits: all } });
  it.each<[string, unknown, unknown, string]>([
    ["a count that timed out", { ...count, timed_out: true }, hits(), "_count timed out"],
    ["a count without shards", { ...count, _shards: { failed: 2 } }, hits(), "2 shards failed"],
    ["a count that is none", { count: "many" }, hits(), "holds no count"],
    ["a search that timed out", count, { ...hits(), timed_out: true }, "_search timed out"],
    ["a search without shards", count, { ...hits(), _shards: { failed: 1 } }, "1 shards failed"],
    [
      "clusters that were left out",
      count,
      { ...hits(hit(1)), _clusters: { total: 2, successful: 1, skipped: 1 } },
      "1 clusters did not answer",
    ],
    ["no hits", count, { hits: {} }, "holds no hits"],
    ["a hit that is none", count, hits(null), "a hit has no sort value"],
    ["a hit without a time", count, hits({ ...hit(1), sort: [] }), "no sort value"],
    ["a hit without an _id", count, hits({ ...hit(1), _id: undefined }), "a hit has no _id"],
    ["hits of another time", count, hits(hit(-1)), "out of order or of the time"],
    ["hits out of order", count, hits(hit(5), hit(4, "2")), "out of order or of the time"],
    [
      "a page that repeats itself",
      count,
      hits(...Array.from({ length: 10 }, (_, n) => hit(5, `${n}`))),
      "have the same millisecond",
    ],
    ["fewer than were counted", { ...count, count: 3 }, hits(hit(1)), "only 1 of 3"],
  ])("%s", async (_name, counted, found, reason) => {
    answer = (request, response) => json(request.url?.includes("_count") ? counted : found)(request, response);
    const { unreadable } = await elastic().scan(window);
    expect(unreadable[0]?.reason).toContain(reason);
    expect(asked.length).toBeLessThan(6);
  });
});
