import { execFileSync } from "node:child_process";
import { appendFileSync, copyFileSync, existsSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openLogCommand } from "../../src/logs/command.ts";
import { openLogFiles } from "../../src/logs/files.ts";
import { isRotationOf, rotatedName } from "../../src/logs/rotation.ts";
import { skipUnless } from "../support/tools.ts";
import { lines, temporaryDirectory, window } from "./directory.ts";

const directory = temporaryDirectory();
const open = (files = "app.log") => openLogFiles({ files, format: "auto" }, { directory: directory.path });

describe("names of rotated files", () => {
  it.each([
    ["/l/app.log", "/l/app.log", 0, undefined],
    ["/l/app.log.1", "/l/app.log", 2, undefined],
    ["/l/app.log.12.gz", "/l/app.log", 13, "gz"],
    ["/l/app.log.3.zst", "/l/app.log", 4, "zst"],
    ["/l/app.log.3.xz", "/l/app.log", 4, "other"],
  ])("%s belongs to %s", (path, family, age, packed) => {
    expect(rotatedName(path)).toEqual({ family, age, packed });
  });

  it("knows dates, and takes the later day for the younger file", () => {
    const names = [
      "/l/app.log-20261120",
      "/l/app-2026-11-20.log",
      "/l/app.log.2026-11-20-10",
      "/l/app.2026-11-20.0.log",
    ];
    for (const name of names) expect(isRotationOf("/l/app.log", name)).toBe(true);
    expect(rotatedName("/l/app.log-20261121").age).toBeLessThan(rotatedName("/l/app.log-20261120").age);
    for (const name of ["/l/app.log", "/l/other.log.1", "/l/app.log.bak", "/l/app2.log.1"]) {
      expect(isRotationOf("/l/app.log", name)).toBe(false);
    }
  });
});

describe("a log that is rotated between two looks is counted once and whole", () => {
  it("renamed, and begun anew", async () => {
    const scanner = open();
    writeFileSync(directory.at("app.log"), lines(0, 10));
    expect(await scanner.scan(window)).toMatchObject({ lines: 10, unreadable: [] });
    appendFileSync(directory.at("app.log"), lines(10, 5, "ERROR"));
    renameSync(directory.at("app.log"), directory.at("app.log.1"));
    writeFileSync(directory.at("app.log"), lines(15, 3));
    expect(await scanner.scan(window)).toMatchObject({ lines: 8, errors: 5, unreadable: [] });
    expect(await scanner.scan(window)).toMatchObject({ lines: 0, unreadable: [] });
  });

  it("renamed, and written to under the new name until the program notices", async () => {
    const scanner = open();
    writeFileSync(directory.at("app.log"), lines(0, 10));
    await scanner.scan(window);
    renameSync(directory.at("app.log"), directory.at("app.log.1"));
    appendFileSync(directory.at("app.log.1"), lines(10, 2));
    expect(await scanner.scan(window)).toMatchObject({ lines: 2, unreadable: [] });
    appendFileSync(directory.at("app.log.1"), lines(12, 2));
    writeFileSync(directory.at("app.log"), lines(14, 1));
    expect(await scanner.scan(window)).toMatchObject({ lines: 3, unreadable: [] });
  });

  it.each([
    ["gz", gzipSync],
    ["zst", zstdCompressSync],
  ])("compressed with %s, twice moved on", async (ending, pack) => {
    const scanner = open();
    writeFileSync(directory.at("app.log"), lines(0, 100));
    await scanner.scan(window);
    const all = lines(0, 110);
    rmSync(directory.at("app.log"));
    writeFileSync(directory.at(`app.log.2.${ending}`), pack(Buffer.from(all)));
    writeFileSync(directory.at("app.log.1"), lines(110, 20));
    writeFileSync(directory.at("app.log"), lines(130, 1));
    expect(await scanner.scan(window)).toMatchObject({ lines: 31, unreadable: [] });
    renameSync(directory.at(`app.log.2.${ending}`), directory.at(`app.log.3.${ending}`));
    expect(await scanner.scan(window)).toMatchObject({ lines: 0, unreadable: [] });
  });

  it("copied and truncated", async () => {
    const scanner = open();
    writeFileSync(directory.at("app.log"), lines(0, 50));
    expect(await scanner.scan(window)).toMatchObject({ lines: 50 });
    appendFileSync(directory.at("app.log"), lines(50, 7));
    copyFileSync(directory.at("app.log"), directory.at("app.log.1"));
    // Between the copy and the truncation, both hold the same.
    expect(await scanner.scan(window)).toMatchObject({ lines: 7, unreadable: [] });
    truncateSync(directory.at("app.log"));
    appendFileSync(directory.at("app.log"), lines(57, 3, "ERROR"));
    expect(await scanner.scan(window)).toMatchObject({ lines: 3, errors: 3, unreadable: [] });
    expect(await scanner.scan(window)).toMatchObject({ lines: 0, unreadable: [] });
  });

  it("truncated and overwritten by more than it held: the beginning tells", async () => {
    const scanner = open();
    writeFileSync(directory.at("app.log"), lines(0, 5));
    await scanner.scan(window);
    writeFileSync(directory.at("app.log"), lines(5, 50));
    const report = await scanner.scan(window);
    expect(report).toMatchObject({ lines: 50 });
    // What the program wrote between the look and the truncation is gone, and nobody can say how much it was.
    expect(report.unreadable).toEqual([{ path: "app.log", reason: expect.stringContaining("overwritten") }]);
  });

  it("removed: what may be lost is told", async () => {
    const scanner = open("*.log");
    writeFileSync(directory.at("a.log"), lines(0, 5));
    writeFileSync(directory.at("b.log"), lines(0, 5));
    await scanner.scan(window);
    rmSync(directory.at("a.log"));
    expect((await scanner.scan(window)).unreadable).toEqual([
      { path: "a.log", reason: expect.stringContaining("removed") },
    ]);
  });

  it("by logrotate: rename with delayed compression, and copytruncate", async (context) => {
    const logrotate = skipUnless("logrotate", context);
    for (const mode of ["create", "copytruncate"]) {
      const name = `${mode}.log`;
      const settings = directory.at(`${mode}.conf`);
      const state = directory.at(`${mode}.state`);
      writeFileSync(
        settings,
        `${directory.at(name)} {\n  su root root\n  rotate 5\n  size 1\n  ${mode}\n  compress\n  delaycompress\n}\n`,
        { mode: 0o600 },
      );
      const scanner = open(name);
      let written = 0;
      let counted = 0;
      for (let turn = 0; turn < 4; turn++) {
        for (const more of [40, 3]) {
          appendFileSync(directory.at(name), lines(written, more));
          written += more;
          if (more === 40) {
            const report = await scanner.scan(window);
            expect(report.unreadable).toEqual([]);
            counted += report.lines;
          }
        }
        execFileSync(logrotate, ["--force", "--state", state, settings], { stdio: "pipe" });
      }
      appendFileSync(directory.at(name), lines(written, 1));
      counted += (await scanner.scan(window)).lines;
      expect(existsSync(directory.at(`${name}.2.gz`))).toBe(true);
      expect(counted).toBe(written + 1);
      const fresh = await open(name).scan(window);
      expect(fresh).toMatchObject({ lines: written + 1, unreadable: [] });
    }
  });
});

describe("rotated files on a first look", () => {
  it("are not opened further than to see that they are older than the window", async () => {
    const old = (day: number) => `2026-11-1${day}T10:00:00Z ERROR old\n`.repeat(50_000);
    for (let n = 1; n <= 4; n++) writeFileSync(directory.at(`app.log.${n}`), old(9 - n));
    writeFileSync(directory.at("app.log"), old(9) + lines(0, 10));
    const report = await open().scan(window);
    expect(report).toMatchObject({ lines: 10, errors: 0, unreadable: [] });
    expect(report.bytes).toBeLessThan(600_000);
  });

  it("are read from the oldest on, so that lines without a time follow the right one", async () => {
    writeFileSync(directory.at("app.log.1"), "2026-11-20T10:10:00Z INFO a\n");
    writeFileSync(directory.at("app.log"), "ERROR cut off from its time\n2026-11-20T10:20:00Z INFO b\n");
    expect(await open().scan(window)).toMatchObject({ lines: 3, errors: 1, unreadable: [] });
  });
});

describe("a last line without a line break", () => {
  it("waits while it may still be written, and then counts once", async () => {
    const now = () => Date.now();
    const scanner = openLogFiles({ files: "app.log", format: "auto" }, { directory: directory.path, now });
    writeFileSync(directory.at("app.log"), "2026-11-20T10:10:00Z ERR");
    expect(await scanner.scan(window)).toMatchObject({ lines: 0 });
    appendFileSync(directory.at("app.log"), "OR broken\n");
    expect(await scanner.scan(window)).toMatchObject({ lines: 1, errors: 1 });
    appendFileSync(directory.at("app.log"), "2026-11-20T10:10:01Z FATAL last words");
    expect(await scanner.scan(window)).toMatchObject({ lines: 0 });
    expect(await scanner.scan(window)).toMatchObject({ lines: 1, fatal: 1 });
    expect(await scanner.scan(window)).toMatchObject({ lines: 0 });
    appendFileSync(directory.at("app.log"), " and more\n2026-11-20T10:10:02Z INFO next\n");
    expect(await scanner.scan(window)).toMatchObject({ lines: 1, errors: 0 });
  });

  it("counts at once where the file has rested", async () => {
    writeFileSync(directory.at("app.log"), "2026-11-20T10:10:01Z FATAL last words");
    const later = { directory: directory.path, now: () => Date.now() + 5_000 };
    expect(await openLogFiles({ files: "app.log", format: "auto" }, later).scan(window)).toMatchObject({ fatal: 1 });
  });
});

describe("lines without any time", () => {
  it("count where the file is younger than the window, or the lines are newer than the last look", async () => {
    const now = Date.now();
    const scanner = open();
    writeFileSync(directory.at("app.log"), "ERROR one\nINFO two\n");
    const recent = { since: now - 60_000, until: now + 60_000 };
    expect(await scanner.scan(recent)).toMatchObject({ lines: 2, errors: 1, unreadable: [] });
    appendFileSync(directory.at("app.log"), "ERROR three\n");
    expect(await scanner.scan(recent)).toMatchObject({ lines: 1, errors: 1, unreadable: [] });
  });

  it("are told where some may be older than the window", async () => {
    writeFileSync(directory.at("app.log"), "ERROR one\nINFO two\n");
    // The file was born before this window, which begins a little later, and written to after it: a moment no file system can show.
    const born = Date.now();
    const report = await open().scan({ since: born + 60_000, until: born + 120_000 });
    expect(report).toMatchObject({ lines: 0 });
    appendFileSync(directory.at("app.log"), "ERROR three\n");
    const mixed = openLogFiles(
      { files: "app.log", format: "auto", baseline: 3_600_000 },
      { directory: directory.path },
    );
    expect((await mixed.scan({ since: born + 60_000, until: born + 120_000 })).unreadable).toEqual([
      { path: "app.log", reason: expect.stringContaining("no time") },
    ]);
  });
});

// Of Debian's package systemd-journal-remote: without it no journal can be made for a test.
const journalRemote = "/lib/systemd/systemd-journal-remote";

describe("the journal", () => {
  it("is read through journalctl, from a journal file made for the test", async (context) => {
    skipUnless("journalctl", context);
    skipUnless(journalRemote, context);
    const entries = [3, 6, 6].map(
      (priority, n) =>
        `__REALTIME_TIMESTAMP=${(window.since + n * 1_000) * 1_000}\n__MONOTONIC_TIMESTAMP=${n + 1}\n_BOOT_ID=11111111111111111111111111111111\nPRIORITY=${priority}\nMESSAGE=message ${n}\n_HOSTNAME=box\n`,
    );
    writeFileSync(directory.at("export"), `${entries.join("\n")}\n`);
    execFileSync(journalRemote, ["-o", directory.at("test.journal"), directory.at("export")], { stdio: "pipe" });
    const scanner = openLogCommand(
      { command: `journalctl -o json --file test.journal --since @$ROCKSOLID_SINCE`, format: "auto", name: "journal" },
      { directory: directory.path, env: { TZ: "UTC" } },
    );
    expect(await scanner.scan(window)).toMatchObject({
      lines: 3,
      errors: 1,
      unreadable: [],
      sources: [{ name: "box" }],
    });
    expect(await scanner.scan(window)).toMatchObject({ lines: 0, unreadable: [] });
  });
});
