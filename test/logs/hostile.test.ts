import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { logs } from "../../src/evidence/logs.ts";
import { openLogFiles } from "../../src/logs/files.ts";
import { safeSample } from "../../src/logs/safe.ts";
import { SignatureTable } from "../../src/logs/signature.ts";
import type { LogsCheck } from "../../src/pipeline/model.ts";
import { lines, temporaryDirectory, window } from "./directory.ts";
import { readEvents } from "./helpers.ts";

const directory = temporaryDirectory();
const scan = (files = "*.log", more: object = {}) =>
  openLogFiles({ files, format: "auto", signatures: true, ...more }, { directory: directory.path }).scan(window);
const head = "2026-11-20T10:00:01Z ERROR ";

describe("hostile logs neither hang the scan nor hide anything", () => {
  it("100 MB without a line break: one event, told as cut, in bounded time", { timeout: 20_000 }, async () => {
    const file = openSync(directory.at("a.log"), "w");
    writeSync(file, head);
    const block = Buffer.alloc(1 << 20, "x");
    for (let i = 0; i < 100; i++) writeSync(file, block);
    writeSync(file, `\n${lines(5, 1)}`);
    closeSync(file);
    const before = process.memoryUsage().arrayBuffers;
    const started = performance.now();
    expect(await scan()).toMatchObject({ lines: 2, errors: 1, cutLines: 1, unreadable: [] });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30e6);
  });

  it("a stack trace without end", () => {
    const trace = Buffer.from(`${head}x\n${"\tat a.b.C(D.java:1)\n".repeat(300_000)}`);
    const { events } = readEvents([trace]);
    expect(events).toHaveLength(1);
    expect(events[0]?.text.length).toBeLessThanOrEqual(65_536);
  });

  it("NUL bytes and broken UTF-8", async () => {
    writeFileSync(
      directory.at("a.log"),
      Buffer.concat([
        Buffer.from(`${head}a`),
        Buffer.from([0, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80]),
        Buffer.from(`b\n${lines(5, 1)}`),
      ]),
    );
    const report = await scan();
    expect(report).toMatchObject({ lines: 2, errors: 1 });
    expect(report.sample).not.toMatch(/\p{Cc}/u);
    truncateSync(directory.at("a.log"), 0);
    writeFileSync(directory.at("a.log"), Buffer.concat([Buffer.alloc(1 << 20), Buffer.from(`\n${lines(5, 2)}`)]));
    expect(await scan()).toMatchObject({ errors: 0 });
  });

  it.each([
    ["little endian with a mark", "\ufeff", false],
    ["big endian with a mark", "\ufeff", true],
    ["little endian without a mark", "", false],
    ["big endian without a mark", "", true],
  ])("UTF-16, %s, over two looks", async (_name, mark, big) => {
    const bytes = Buffer.from(`${mark}${lines(0, 3)}${lines(3, 2, "ERROR")}`, "utf16le");
    if (big) bytes.swap16();
    writeFileSync(directory.at("a.log"), bytes.subarray(0, 201));
    const scanner = openLogFiles({ files: "a.log", format: "auto" }, { directory: directory.path });
    const first = await scanner.scan(window);
    appendFileSync(directory.at("a.log"), bytes.subarray(201));
    const second = await scanner.scan(window);
    expect([first.lines + second.lines, first.errors + second.errors]).toEqual([5, 2]);
  });

  it("JSON 10,000 levels deep, and never closed", async () => {
    const deep = `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`;
    const line = (x: string) => `{"x":${x},"level":"error","time":"2026-11-20T10:00:00Z","msg":"m"}\n`;
    writeFileSync(directory.at("a.log"), line(deep) + line("[".repeat(10_000)) + line("1"));
    const report = await scan();
    expect(report.errors).toBeGreaterThanOrEqual(2);
    expect(report.lines).toBeGreaterThanOrEqual(2);
  });

  it("workflow commands, HTML and colours come out of samples and templates as plain text", async () => {
    writeFileSync(
      directory.at("a.log"),
      `${head}\u001b[31mx\r::set-output name=a::b ##[error]y <img src=x> \u202e\u2028z\n`,
    );
    const report = await scan();
    for (const text of [
      report.sample ?? "",
      report.newSignatures?.[0]?.template ?? "",
      report.newSignatures?.[0]?.sample ?? "",
    ]) {
      expect(text).not.toBe("");
      expect(text).not.toMatch(/::\w|##\[|[\p{Cc}\p{Cf}\u2028]/u);
    }
  });

  it("secrets do not come out", () => {
    for (const [text, secret] of [
      ["Authorization: Bearer abcdef0123456789", "abcdef0123456789"],
      ['{"password":"hunter2","x":1}', "hunter2"],
      ["url https://user:pa55w0rd@host/x?api_key=k3y1234&b=1", "pa55w0rd"],
      ["url https://host/x?api_key=k3y1234&b=1", "k3y1234"],
      ["token ghp_abcdefghijklmnopqrstuvwxyz0123456789 used", "ghp_abcdefghijkl"],
      ["aws AKIAABCDEFGHIJKLMNOP", "AKIAABCDEFGHIJKLMNOP"],
      ["jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "eyJzdWIi"],
      ["DB_PASSWORD=s3cr3t!", "s3cr3t"],
      ["-----BEGIN PRIVATE KEY----- MIIEvQIBADANBgkq", "MIIEvQIBADANBgkq"],
    ] as const) {
      expect(safeSample(text)).not.toContain(secret);
      expect(safeSample(text)).toContain("***");
    }
    expect(safeSample("x".repeat(500))).toHaveLength(200);
  });

  it("a link out of the directory is told and not followed; a link inside is the file itself, once", async () => {
    mkdirSync(directory.at("logs"));
    mkdirSync(directory.at("outside"));
    writeFileSync(directory.at("outside/secret.log"), lines(0, 5, "ERROR"));
    writeFileSync(directory.at("logs/a.log"), lines(0, 1));
    symlinkSync(directory.at("outside/secret.log"), directory.at("logs/b.log"));
    symlinkSync("a.log", directory.at("logs/current.log"));
    const report = await scan("logs/*.log");
    expect(report).toMatchObject({ lines: 1, errors: 0 });
    expect(report.unreadable).toEqual([{ path: "logs/b.log", reason: expect.stringContaining("outside") }]);
  });

  it("a pipe is told, and nobody waits for it", async () => {
    execFileSync("mkfifo", [directory.at("p.log")]);
    writeFileSync(directory.at("a.log"), lines(0, 1));
    const report = await scan();
    expect(report).toMatchObject({ lines: 1 });
    expect(report.unreadable).toEqual([{ path: "p.log", reason: "it is no regular file" }]);
  });

  it("a file that cannot be opened, a damaged and a cut off .gz are told", async () => {
    const packed = gzipSync(Buffer.from(lines(0, 2_000)));
    writeFileSync(directory.at("a.log.1.gz"), packed.subarray(0, packed.length - 20));
    writeFileSync(directory.at("b.log.1.gz"), Buffer.from("no gzip at all"));
    writeFileSync(directory.at("c.log.1.xz"), "x");
    const reasons = (await scan("*.log*")).unreadable.map(({ path, reason }) => `${path}: ${reason}`);
    expect(reasons).toEqual([
      expect.stringContaining("a.log.1.gz: the compressed file ends too early"),
      expect.stringContaining("b.log.1.gz: the compressed file is damaged"),
      expect.stringContaining("c.log.1.xz: this compression cannot be read"),
    ]);
  });

  it("no file at all: a name is told, a pattern counts nothing", async () => {
    expect(await scan("none.log")).toMatchObject({
      lines: 0,
      unreadable: [{ path: "none.log", reason: "no such file" }],
    });
    expect(await scan("none*.log")).toMatchObject({ lines: 0, unreadable: [] });
  });

  it("1,000,000 different values are one kind", () => {
    const table = new SignatureTable();
    for (let n = 0; n < 1_000_000; n++) {
      const bytes = Buffer.from(`user ${n} at 10.0.${n % 255}.1 lost /data/${n} "q ${n}"`);
      table.add(bytes, 0, bytes.length, "", n, false, "a", () => "x");
    }
    expect(table.report()).toMatchObject([{ template: "user <*> at <*> lost <*>", count: 1_000_000 }]);
  });

  it("60,000 messages without a word in common: a bounded table, every event counted, and told", async () => {
    const word = (n: number) => [...String(n)].map((digit) => "ghijklmnop"[Number(digit)]).join("");
    const different = (from: number) =>
      Array.from(
        { length: 30_000 },
        (_, i) => `${word(from + i)} ${word((from + i) * 7)} is ${word((from + i) * 13)} ${word((from + i) * 3)}\n`,
      );
    const [before, after] = [different(100_000), different(500_000)];
    writeFileSync(directory.at("a.log"), after.map((text) => head + text).join(""));
    const report = await scan();
    expect(report).toMatchObject({ errors: 30_000, unreadable: [] });
    expect(report.newSignatures).toHaveLength(50);
    expect(report.newSignatureCount).toBeGreaterThanOrEqual(2_000);
    expect(report.newSignatureCount).toBeLessThan(3_100);
    expect(report.unsorted).toBe(28_000);
    // Where known ones have overflowed too, nobody can say what is new: that is no pass.
    writeFileSync(
      directory.at("a.log"),
      [...before.map((text) => head.replace("T10", "T09") + text), ...after.map((text) => head + text)].join(""),
    );
    const compared = await scan("a.log", { baseline: 3_600_000 });
    expect(compared).toMatchObject({ errors: 30_000, baseline: { errors: 30_000 } });
    expect(compared.unreadable).toEqual([
      { path: "(kinds of errors)", reason: expect.stringContaining("new ones cannot be told from known ones") },
    ]);
  });

  it("more new kinds than are listed are counted all the same: a limit of 200 is exceeded by 201", async () => {
    const word = (n: number) => [...String(n)].map((digit) => "ghijklmnop"[Number(digit)]).join("");
    for (const kinds of [200, 201]) {
      const texts = Array.from({ length: kinds }, (_, n) => `${head}${word(1_000 + 7 * n)}\n`);
      writeFileSync(directory.at("a.log"), texts.join(""));
      const check = { kind: "logs", name: "errors", source: { kind: "files", files: "*.log" }, newSignatures: 200 };
      const reader = logs.open(
        check as unknown as LogsCheck,
        { context: {} } as never,
        {
          openLogs: () =>
            openLogFiles({ files: "*.log", format: "auto", signatures: true }, { directory: directory.path }),
        } as never,
      );
      const observed = await reader.read(window as never);
      expect(observed.values).toMatchObject({ newSignatures: kinds });
      expect(observed.unreadable).toBeUndefined();
    }
  });

  it("a file that disappears between two looks is told", async () => {
    const scanner = openLogFiles({ files: "*.log", format: "auto" }, { directory: directory.path });
    writeFileSync(directory.at("a.log"), lines(0, 1));
    await scanner.scan(window);
    rmSync(directory.at("a.log"));
    expect((await scanner.scan(window)).unreadable).toHaveLength(1);
  });
});
