import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { openLoki } from "../../src/logs/loki.ts";
import { skipUnless } from "../support/tools.ts";
import { type RunningServer, startServer } from "./servers.ts";

const since = Math.floor(Date.now() / 1_000) * 1_000 - 600_000;
const window = { since, until: since + 300_000 };

/** Everything in one process and one directory, without reports to its makers. */
const configuration = (directory: string, http: number, inner: number) => `
auth_enabled: false
analytics: { reporting_enabled: false }
server: { http_listen_address: 127.0.0.1, http_listen_port: ${http}, grpc_listen_address: 127.0.0.1, grpc_listen_port: ${inner}, log_level: error }
common:
  instance_addr: 127.0.0.1
  path_prefix: ${directory}
  replication_factor: 1
  ring: { kvstore: { store: inmemory } }
  storage: { filesystem: { chunks_directory: ${directory}/chunks, rules_directory: ${directory}/rules } }
ingester: { lifecycler: { min_ready_duration: 0s } }
schema_config:
  configs: [{ from: 2020-10-24, store: tsdb, object_store: filesystem, schema: v13, index: { prefix: index_, period: 24h } }]
`;

let running: Promise<RunningServer> | undefined;
let url = "";

beforeEach(async (context) => {
  const program = skipUnless("loki", context);
  running ??= startServer(
    program,
    async (directory, http, inner) => {
      const file = join(directory, "loki.yaml");
      await writeFile(file, configuration(directory, http, inner));
      return [`-config.file=${file}`];
    },
    "/ready",
  );
  ({ url } = await running);
}, 60_000);

afterAll(async () => {
  await (await running)?.stop();
});

type Entry = readonly [nanoseconds: bigint, line: string];

const ns = (ms: number, more = 0): bigint => BigInt(since + ms) * 1_000_000n + BigInt(more);

async function push(labels: Readonly<Record<string, string>>, values: readonly Entry[]): Promise<void> {
  const stream = { stream: labels, values: values.map(([at, line]) => [String(at), line]) };
  const answer = await fetch(`${url}/loki/api/v1/push`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ streams: [stream] }),
  });
  expect([answer.status, await answer.text()]).toEqual([204, ""]);
}

const open = (app: string, more: object = {}) =>
  openLoki({ url, headers: {}, query: `{app="${app}"}`, ...more }, { fetch });

describe("a real Loki", { timeout: 60_000 }, () => {
  it("is read whole over pages of the server's own limit, though streams share their instants", async () => {
    for (const host of ["a", "b", "c"]) {
      const values = Array.from(
        { length: 4_000 },
        (_, n): Entry => [
          ns(Math.floor(n / 40) * 1_000),
          `level=${n % 10 === 0 ? "error" : "info"} msg="${host} ${n}"`,
        ],
      );
      await push({ app: "paged", host }, values);
    }
    const report = await open("paged").scan(window);
    expect(report).toMatchObject({ lines: 12_000, errors: 1_200, unreadable: [] });
    expect(report.sources?.map(({ name, lines }) => [name, lines])).toEqual([
      ["a", 4_000],
      ["b", 4_000],
      ["c", 4_000],
    ]);
    // More than it gives: the page shrinks to what it says that it gives.
    expect(await open("paged", { page: 9_000 }).scan(window)).toMatchObject({ lines: 12_000, unreadable: [] });
    expect(await open("paged", { page: 250 }).scan(window)).toMatchObject({ lines: 12_000, unreadable: [] });
  });

  it("more entries of one instant than a page are an error, and not cut off", async () => {
    const values = Array.from({ length: 300 }, (_, n): Entry => [ns(1_000), `level=info msg="entry ${n}"`]);
    await push({ app: "instant", host: "a" }, values);
    expect(await open("instant").scan(window)).toMatchObject({ lines: 300, unreadable: [] });
    const { unreadable } = await open("instant", { page: 100 }).scan(window);
    expect(unreadable[0]?.reason).toContain("have the same time");
  });

  it("answers for the window alone, both ends included, and for what is new in the next look", async () => {
    const at = (time: number, more = 0): Entry => [ns(time, more), `level=error msg="at ${time} ${more}"`];
    const end = window.until - since;
    await push({ app: "ends", host: "a" }, [at(-1, 999_999), at(0), at(10), at(end, 999_999), at(end + 1)]);
    const scanner = open("ends");
    expect(await scanner.scan(window)).toMatchObject({ lines: 3, errors: 3, unreadable: [] });
    await push({ app: "ends", host: "a" }, [at(end + 5), at(end + 5, 1)]);
    // The one that was after the first window is in the second, and nothing is there twice.
    expect(await scanner.scan({ since, until: window.until + 60_000 })).toMatchObject({ lines: 3, errors: 3 });
    expect(await scanner.scan({ since, until: window.until + 60_000 })).toMatchObject({ lines: 0, unreadable: [] });
  });

  it("levels that Loki itself detected, and stack traces of several entries, count as they do in files", async () => {
    await push({ app: "levels", host: "a" }, [
      [ns(1), "2026-11-20 10:00:00 ERROR cannot write"],
      [ns(2), "java.lang.IllegalStateException: no"],
      [ns(3), "\tat a.b.C(D.java:1)"],
      [ns(4), "2026-11-20 10:00:01 INFO all is well"],
    ]);
    expect(await open("levels").scan(window)).toMatchObject({ lines: 2, errors: 1 });
  });

  it("new kinds of errors are told from those before the deploy", async () => {
    await push({ app: "kinds", host: "a" }, [
      [ns(-60_000), 'level=error msg="disk 1 full"'],
      [ns(1_000), 'level=error msg="disk 2 full"'],
      [ns(2_000), 'level=error msg="fan 3 broken"'],
    ]);
    const report = await open("kinds", { signatures: true, baseline: 120_000 }).scan(window);
    expect(report.newSignatures?.map(({ template }) => template)).toEqual(["fan <*> broken"]);
    expect(report.baseline).toMatchObject({ lines: 1, errors: 1 });
  });

  it("its refusals are told in its own words: a mistake in the query, a query that counts", async () => {
    await push({ app: "refused", host: "a" }, [[ns(1), "level=info"]]);
    const reasonOf = async (more: object) => (await open("refused", more).scan(window)).unreadable[0]?.reason;
    expect(await reasonOf({ query: '{app="refused"} |= nothing' })).toMatch(/answered 400: parse error/);
    expect(await reasonOf({ query: 'count_over_time({app="refused"}[1m])' })).toContain("no stream selector");
    expect(await reasonOf({ query: "{}" })).toMatch(/answered 400/);
  });
});
