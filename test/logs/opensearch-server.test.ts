import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { openElasticsearch } from "../../src/logs/elasticsearch.ts";
import { skipUnless } from "../support/tools.ts";
import { type RunningServer, startServer } from "./servers.ts";

const since = Math.floor(Date.now() / 1_000) * 1_000 - 600_000;
const window = { since, until: since + 300_000 };
const home = fileURLToPath(new URL("opensearch/", import.meta.url));

let running: Promise<RunningServer> | undefined;
let url = "";

beforeEach(async (context) => {
  const java = skipUnless("java", context);
  const jars = skipUnless(join(home, "target/dependency"), context);
  running ??= startServer(
    java,
    (directory, http, inner) => [
      ...["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", `${jars}/*`, join(home, "Start.java")],
      ...[directory, String(http), String(inner)],
    ],
    "/_cluster/health?wait_for_status=yellow",
  );
  ({ url } = await running);
}, 60_000);

afterAll(async () => {
  await (await running)?.stop();
});

async function ask(path: string, method: string, body: string, type = "application/json"): Promise<void> {
  const answer = await fetch(`${url}${path}`, { method, headers: { "content-type": type }, body });
  const text = await answer.text();
  expect([answer.status < 300, text.includes('"errors":true')], text.slice(0, 500)).toEqual([true, false]);
}

/** Writes documents, and makes them visible to searches. */
async function write(index: string, documents: readonly object[]): Promise<void> {
  const rows = documents.map((one) => `{"index":{}}\n${JSON.stringify(one)}\n`);
  await ask(`/${index}/_bulk?refresh=true`, "POST", rows.join(""), "application/x-ndjson");
}

const at = (ms: number): string => new Date(since + ms).toISOString();
const open = (index: string, more: object = {}) =>
  openElasticsearch({ url, headers: {}, index, query: undefined, ...more }, { fetch });

describe("a real OpenSearch", { timeout: 60_000 }, () => {
  it("is read whole over pages and indices, though many documents share a millisecond", async () => {
    for (const [n, index] of ["paged-1", "paged-2"].entries()) {
      const documents = Array.from({ length: 3_000 }, (_, i) => ({
        "@timestamp": at(Math.floor(i / 20) * 1_000),
        message: `event ${i}`,
        log: { level: i % 10 === 0 ? "error" : "info" },
        host: { name: `h${n}` },
      }));
      await write(index, documents);
    }
    const report = await open("paged-*").scan(window);
    expect(report).toMatchObject({ lines: 6_000, errors: 600, unreadable: [] });
    expect(report.sources?.map(({ name, lines }) => [name, lines])).toEqual([
      ["h0", 3_000],
      ["h1", 3_000],
    ]);
    expect(await open("paged-*", { page: 300 }).scan(window)).toMatchObject({ lines: 6_000, unreadable: [] });
    const { unreadable } = await open("paged-*", { page: 30 }).scan(window);
    expect(unreadable[0]?.reason).toContain("have the same millisecond");
  });

  it("times of nanoseconds are read by their milliseconds, both ends of the window included", async () => {
    await ask("/nano", "PUT", JSON.stringify({ mappings: { properties: { "@timestamp": { type: "date_nanos" } } } }));
    const nano = (ms: number, more: string) => at(ms).replace("Z", `${more}Z`);
    const end = window.until - since;
    const times = [nano(-1, "999999"), nano(0, "000000"), nano(7, "123456"), nano(7, "123457"), nano(end, "000000")];
    const documents = [...times, nano(end + 1, "000000")].map((time) => ({ "@timestamp": time, message: "x" }));
    await write("nano", documents);
    expect(await open("nano").scan(window)).toMatchObject({ lines: 4, unreadable: [] });
  });

  it("the query chooses, and a later look gives what is new", async () => {
    const scanner = open("chosen", { query: "env:beta AND NOT quiet" });
    await write("chosen", [
      { "@timestamp": at(1_000), message: "ERROR one", env: "beta" },
      { "@timestamp": at(1_000), message: "ERROR quiet", env: "beta" },
      { "@timestamp": at(1_000), message: "ERROR other", env: "prod" },
    ]);
    expect(await scanner.scan(window)).toMatchObject({ lines: 1, errors: 1, unreadable: [] });
    await write("chosen", [{ "@timestamp": at(1_000), message: "ERROR one", env: "beta" }]);
    expect(await scanner.scan(window)).toMatchObject({ lines: 1, errors: 1, unreadable: [] });
    expect(await scanner.scan(window)).toMatchObject({ lines: 0, unreadable: [] });
  });

  it("its refusals are told in its own words: no such index, a mistake in the query, too large a page", async () => {
    await write("refused", [{ "@timestamp": at(1), message: "x" }]);
    const reasonOf = async (index: string, more: object = {}) =>
      (await open(index, more).scan(window)).unreadable[0]?.reason;
    expect(await reasonOf("nothing")).toMatch(/answered 404: .*index_not_found_exception/);
    expect(await reasonOf("nothing-*")).toMatch(/answered 404: .*index_not_found_exception/);
    expect(await reasonOf("refused", { query: "a:(" })).toMatch(/answered 400: .*Failed to parse query/);
    expect(await reasonOf("refused", { page: 20_000 })).toMatch(/answered 400: .*10000/);
    expect(await reasonOf("refused", { timeField: "when" })).toContain(
      "1 of the matching documents have no field when",
    );
  });
});
