import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openElasticsearch } from "../../src/logs/elasticsearch.ts";
import { openLoki } from "../../src/logs/loki.ts";
import { since, window } from "./directory.ts";

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: Record<string, unknown> | undefined;
}

let server: Server;
let address: string;
let asked: Asked[];
let answer: (request: Asked) => { status?: number; body: unknown; location?: string };

beforeEach(async () => {
  asked = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const one: Asked = {
      method: request.method ?? "",
      url: new URL(request.url ?? "", "http://x"),
      headers: request.headers,
      body: text === "" ? undefined : (JSON.parse(text) as Record<string, unknown>),
    };
    asked.push(one);
    const { status = 200, body, location } = answer(one);
    response.writeHead(status, { "content-type": "application/json", ...(location ? { location } : {}) });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const ports = { fetch };

describe("Loki", () => {
  interface Row {
    readonly at: bigint;
    readonly labels: Record<string, string>;
    readonly line: string;
  }
  let rows: Row[];
  const ns = (ms: number, more = 0): bigint => BigInt(since + ms) * 1_000_000n + BigInt(more);

  /** As Loki 3 answers: streams with their own values, the limit over all of them, the end exclusive. */
  const loki = ({ url }: Asked) => {
    const [start, end] = [BigInt(url.searchParams.get("start") ?? 0), BigInt(url.searchParams.get("end") ?? 0)];
    const found = rows.filter(({ at }) => at >= start && at < end);
    if (url.pathname === "/loki/api/v1/index/stats") {
      return { body: { streams: 1, chunks: 2, bytes: 100, entries: found.length } };
    }
    const limited = found.sort((a, b) => Number(a.at - b.at)).slice(0, Number(url.searchParams.get("limit")));
    const streams = Map.groupBy(limited, ({ labels }) => JSON.stringify(labels));
    const result = [...streams].map(([labels, entries]) => ({
      stream: JSON.parse(labels) as unknown,
      values: entries.map(({ at, line }) => [String(at), line]),
    }));
    return { body: { status: "success", data: { resultType: "streams", result, stats: { summary: {} } } } };
  };
  const open = (more: object = {}) =>
    openLoki(
      { url: `${address}/`, headers: { "X-Scope-OrgID": "lab" }, query: '{app="x"} |= ""', page: 10, ...more },
      ports,
    );

  beforeEach(() => {
    rows = [];
    answer = loki;
  });

  it("is paged by time, with the headers, each entry once, though many have the same instant", async () => {
    for (let n = 0; n < 37; n++) {
      rows.push({
        at: ns(n < 8 ? 5 : n * 10),
        labels: { app: "x", pod: `p${n % 2}` },
        line: `level=${n % 3 ? "info" : "error"} msg="a ${n}"`,
      });
    }
    rows.push({ at: ns(3_600_001), labels: { app: "x" }, line: "level=error after the window" });
    const scanner = open();
    const report = await scanner.scan(window);
    expect(report).toMatchObject({ lines: 37, errors: 13, unreadable: [] });
    expect(report.sources?.map(({ name, lines }) => [name, lines])).toEqual([
      ["p0", 19],
      ["p1", 18],
    ]);
    expect(asked.every(({ headers }) => headers["x-scope-orgid"] === "lab")).toBe(true);
    expect(asked.length).toBeGreaterThan(4);
    expect(asked[0]?.url.searchParams.get("query")).toBe('{app="x"}');
  });

  it("is asked again for what is new only, and for what came late", async () => {
    const scanner = open({ page: 5_000 });
    rows.push({ at: ns(1_000), labels: { pod: "a" }, line: "level=error one" });
    expect(await scanner.scan(window)).toMatchObject({ lines: 1 });
    rows.push({ at: ns(500), labels: { pod: "a" }, line: "level=error late" });
    rows.push({ at: ns(2_000), labels: { pod: "a" }, line: "level=info two" });
    expect(await scanner.scan(window)).toMatchObject({ lines: 2, errors: 1 });
    expect(await scanner.scan(window)).toMatchObject({ lines: 0 });
  });

  it("gives stack traces of several entries, and levels of labels", async () => {
    rows.push({ at: ns(1), labels: { pod: "a" }, line: "2026-11-20 10:00:00 ERROR boom" });
    rows.push({ at: ns(2), labels: { pod: "b", detected_level: "error" }, line: "no level in here" });
    rows.push({ at: ns(3), labels: { pod: "a" }, line: "java.lang.IllegalStateException: x" });
    rows.push({ at: ns(4), labels: { pod: "a" }, line: "\tat a.b(C.java:1)" });
    expect(await open({ page: 5_000 }).scan(window)).toMatchObject({ lines: 2, errors: 2 });
  });

  it("finds new kinds against the time before and against control machines", async () => {
    rows.push({ at: ns(-1_000), labels: { pod: "a" }, line: 'level=error msg="disk 1 full"' });
    rows.push({ at: ns(1_000), labels: { pod: "a" }, line: 'level=error msg="disk 2 full"' });
    rows.push({ at: ns(2_000), labels: { pod: "a" }, line: 'level=error msg="fan 2 broken"' });
    const report = await open({ signatures: true, baseline: 60_000 }).scan(window);
    expect(report.newSignatures?.map(({ template }) => template)).toEqual(["fan <*> broken"]);
    expect(report.baseline).toEqual({ lines: 1, errors: 1, fatal: 0 });
  });

  it("names the label's host that stopped writing, and reads no more of the time before than that takes", async () => {
    for (let n = -360; n < 180; n++) {
      rows.push({ at: ns(n * 10_000), labels: { host: "db-1", pod: "x" }, line: "level=info" });
      if (n < 0) rows.push({ at: ns(n * 10_000, 1), labels: { host: "db-2", pod: "y" }, line: "level=info" });
    }
    const late = { since, until: since + 1_800_000 };
    const report = await open({ page: 5_000, baseline: 3_600_000 }).scan(late);
    expect(report).toMatchObject({ lines: 180, baseline: { lines: 720 }, unreadable: [] });
    expect(report.silent).toMatchObject([{ name: "db-2", quiet: 1_800_000, wroteIn: 60, spans: 60 }]);

    // Where there is ten times as much as it takes, a tenth of the time is read.
    answer = (one) => (one.url.pathname.endsWith("stats") ? { body: { entries: 2_000_000 } } : loki(one));
    const part = await open({ page: 5_000, baseline: 3_600_000 }).scan(late);
    expect(part).toMatchObject({ lines: 180, baseline: { lines: 72 }, silent: [{ name: "db-2", spans: 6 }] });
  });

  it("calls no host silent while it cannot be asked itself", async () => {
    for (let n = -360; n < 0; n++) rows.push({ at: ns(n * 10_000), labels: { host: "db-1" }, line: "level=info" });
    const scanner = open({ page: 5_000, baseline: 3_600_000 });
    expect(await scanner.scan({ since, until: since + 60_000 })).toMatchObject({ silent: [], unreadable: [] });
    answer = () => ({ status: 500, body: "gone" });
    const blind = await scanner.scan({ since, until: since + 1_200_000 });
    expect(blind.unreadable).toHaveLength(1);
    expect(blind).not.toHaveProperty("silent");
    // What it wrote meanwhile is read when the server is back.
    for (let n = 0; n < 180; n++) rows.push({ at: ns(n * 10_000), labels: { host: "db-1" }, line: "level=info" });
    answer = loki;
    expect(await scanner.scan({ since, until: since + 1_800_000 })).toMatchObject({ lines: 180, silent: [] });
  });

  it("refuses a query that matches too much before it reads it", async () => {
    answer = () => ({ body: { entries: 3_000_000 } });
    expect((await open().scan(window)).unreadable[0]?.reason).toContain("3,000,000 entries match");
    expect(asked).toHaveLength(1);
  });

  it.each([
    ["an error status", () => ({ status: 500, body: "::error::too many outstanding requests" }), "answered 500"],
    ["no JSON", () => ({ body: "<html>" }), "no JSON object"],
    [
      "a count instead of lines",
      ({ url }: Asked) => ({
        body: url.pathname.endsWith("stats")
          ? { entries: 1 }
          : { status: "success", data: { resultType: "matrix", result: [] } },
      }),
      "must select lines",
    ],
    ["a redirect", () => ({ status: 302, location: "http://evil.example/", body: "" }), "answered 302, a redirect"],
  ])("%s is told, and is never a silent log", async (_name, how, reason) => {
    answer = how;
    const { unreadable, lines } = await open().scan(window);
    expect(lines).toBe(0);
    expect(unreadable[0]?.reason).toContain(reason);
    expect(unreadable[0]?.reason).not.toContain("::error");
  });

  it("that is not there is told", async () => {
    server.close();
    server.closeAllConnections();
    expect((await open().scan(window)).unreadable[0]?.reason).toContain("cannot be reached");
  });

  it("more entries of one instant than a page holds are told", async () => {
    for (let n = 0; n < 25; n++) rows.push({ at: ns(7), labels: { app: "x" }, line: `level=info ${n}` });
    expect((await open().scan(window)).unreadable[0]?.reason).toContain("same time");
  });
});

describe("Elasticsearch", () => {
  interface Doc {
    readonly _id: string;
    readonly time: number;
    readonly _source: Record<string, unknown>;
  }
  let docs: Doc[];

  /** As Elasticsearch 8 and OpenSearch 2 answer. */
  const elastic = ({ url, body }: Asked) => {
    const query = body?.["query"] as
      | { bool: { filter: { range?: { "@timestamp": { gte: number; lte: number } } }[] } }
      | undefined;
    const filter = query?.bool.filter ?? [];
    const { gte, lte } = filter[0]?.range?.["@timestamp"] ?? { gte: 0, lte: 0 };
    const found = docs.filter(({ time }) => time >= gte && time <= lte).sort((a, b) => a.time - b.time);
    if (url.pathname.endsWith("/_count"))
      return { body: { count: found.length, _shards: { total: 1, successful: 1, skipped: 0, failed: 0 } } };
    const after = (body?.["search_after"] as number[] | undefined)?.[0] ?? Number.NEGATIVE_INFINITY;
    const page = found.filter(({ time }) => time > after).slice(0, body?.["size"] as number);
    const hits = page.map(({ _id, time, _source }) => ({ _index: "logs-1", _id, _score: null, _source, sort: [time] }));
    return {
      body: {
        took: 1,
        timed_out: false,
        _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
        hits: { max_score: null, hits },
      },
    };
  };
  const open = (more: object = {}) =>
    openElasticsearch(
      { url: address, headers: { Authorization: "ApiKey abc" }, index: "logs-*", query: "env:beta", page: 10, ...more },
      ports,
    );
  const doc = (n: number, time: number, source: Record<string, unknown>) =>
    docs.push({ _id: `d${n}`, time: since + time, _source: source });

  beforeEach(() => {
    docs = [];
    answer = elastic;
  });

  it("is counted, then paged by search_after, each document once", async () => {
    for (let n = 0; n < 43; n++) {
      doc(n, n < 9 ? 5 : n * 10, {
        "@timestamp": "x",
        message: `event ${n}`,
        log: { level: n % 4 ? "info" : "error" },
        host: { name: `h${n % 2}` },
      });
    }
    const report = await open().scan(window);
    expect(report).toMatchObject({ lines: 43, errors: 11, unreadable: [] });
    expect(report.sources?.map(({ name }) => name)).toEqual(["h0", "h1"]);
    expect(asked[0]).toMatchObject({
      method: "POST",
      url: { pathname: "/logs-*/_count" },
      headers: { authorization: "ApiKey abc" },
    });
    expect(JSON.stringify(asked[0]?.body)).toContain('"query_string":{"query":"env:beta"}');
    expect(asked.at(-1)?.body).toHaveProperty("search_after");
  });

  it("takes a document with line breaks for one event, and its level from dotted or nested fields or the message", async () => {
    doc(1, 1, { message: "boom\njava.lang.IllegalStateException: x\n\tat a.b", "log.level": "ERROR" });
    doc(2, 2, { message: "2026-11-20 10:00:00 ERROR from the line" });
    doc(3, 3, { level: "warn", text: "no message" });
    expect(await open().scan(window)).toMatchObject({ lines: 3, errors: 2 });
  });

  it("names the host of the documents that stopped writing", async () => {
    for (let n = -360; n < 60; n++) {
      doc(2 * n, n * 10_000, { message: "a", host: { name: "db-1" } });
      if (n < 0) doc(2 * n + 1, n * 10_000, { message: "a", host: { name: "db-2" } });
    }
    const report = await open({ page: 5_000, baseline: 3_600_000 }).scan({ since, until: since + 600_000 });
    expect(report.silent).toMatchObject([{ name: "db-2", quiet: 600_000 }]);
  });

  it("does not read documents again", async () => {
    const scanner = open();
    doc(1, 1_000, { message: "a", level: "error" });
    expect(await scanner.scan(window)).toMatchObject({ lines: 1 });
    doc(2, 1_000, { message: "a", level: "error" });
    expect(await scanner.scan(window)).toMatchObject({ lines: 1 });
  });

  it.each([
    ["too many documents", () => ({ body: { count: 9_000_000 } }), "narrow the query"],
    ["a failed shard", () => ({ body: { count: 1, _shards: { failed: 1 } } }), "shards failed"],
    [
      "a missing index",
      () => ({ status: 404, body: { error: { type: "index_not_found_exception" } } }),
      "index_not_found_exception",
    ],
    [
      "a search that timed out",
      (one: Asked) => (one.url.pathname.endsWith("_count") ? { body: { count: 1 } } : { body: { timed_out: true } }),
      "timed out",
    ],
    [
      "fewer documents than were counted",
      (one: Asked) => (one.url.pathname.endsWith("_count") ? { body: { count: 5 } } : { body: { hits: { hits: [] } } }),
      "only 0 of 5",
    ],
  ])("%s: told, and never a silent log", async (_name, how, reason) => {
    answer = how;
    expect((await open().scan(window)).unreadable[0]?.reason).toContain(reason);
  });
});
