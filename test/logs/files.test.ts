import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openLogFiles } from "../../src/logs/files.ts";

const since = Date.parse("2026-11-20T10:00:00Z");
const until = Date.parse("2026-11-20T11:00:00Z");
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "logs-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

describe("log files", () => {
  it("counts errors of JSON lines in the window only", async () => {
    const line = (time: string, level: string | number) => `${JSON.stringify({ level, time, msg: "x" })}\n`;
    await writeFile(
      join(directory, "app.log"),
      line("2026-11-20T09:59:59Z", "error") +
        line("2026-11-20T10:00:00Z", "info") +
        line("2026-11-20T10:30:00Z", 50) +
        line("2026-11-20T10:31:00Z", 60),
    );
    const scanner = openLogFiles({ files: "*.log*", format: "json" }, { directory });
    expect(await scanner.scan({ since, until })).toMatchObject({ lines: 3, errors: 2, fatal: 1, unreadable: [] });
  });

  it("answers a second look with what is new only", async () => {
    const file = join(directory, "app.log");
    await writeFile(file, "2026-11-20T10:00:01Z ERROR one\n");
    const scanner = openLogFiles({ files: "app.log", format: "auto" }, { directory });
    expect(await scanner.scan({ since, until })).toMatchObject({ lines: 1, errors: 1 });
    await appendFile(file, "2026-11-20T10:00:02Z INFO two\n");
    expect(await scanner.scan({ since, until })).toMatchObject({ lines: 1, errors: 0 });
    expect(await scanner.scan({ since, until })).toMatchObject({ lines: 0, errors: 0 });
  });

  it("reads rotated and compressed files, and takes a stack trace for one event", async () => {
    await writeFile(
      join(directory, "app.log.1.gz"),
      gzipSync(
        "2026-11-20 10:00:01Z ERROR [main] c.e.App - boom\njava.lang.IllegalStateException: x\n\tat a.b(C.java:1)\n",
      ),
    );
    await writeFile(join(directory, "app.log"), "2026-11-20 10:00:02Z INFO [main] c.e.App - ok\n");
    const scanner = openLogFiles({ files: "app.log*", format: "auto" }, { directory });
    expect(await scanner.scan({ since, until })).toMatchObject({ lines: 2, errors: 1 });
  });

  it("names a file that does not exist", async () => {
    const scanner = openLogFiles({ files: "no.log", format: "auto" }, { directory });
    expect((await scanner.scan({ since, until })).unreadable).toEqual([{ path: "no.log", reason: "no such file" }]);
  });
});
