import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openLogCommand } from "../../src/logs/command.ts";
import { lines, temporaryDirectory, window } from "./directory.ts";

const directory = temporaryDirectory();
const open = (command: string, more: object = {}) =>
  openLogCommand({ command, format: "auto", name: "cmd", ...more }, { directory: directory.path, env: { EXTRA: "7" } });

describe("logs that a command prints", () => {
  it("are counted once, although the command prints them at every look", async () => {
    writeFileSync(directory.at("out"), lines(0, 5, "ERROR"));
    const scanner = open("cat out");
    expect(await scanner.scan(window)).toMatchObject({ lines: 5, errors: 5, unreadable: [] });
    expect(await scanner.scan(window)).toMatchObject({ lines: 0 });
    writeFileSync(directory.at("out"), lines(0, 5, "ERROR") + lines(5, 2));
    expect(await scanner.scan(window)).toMatchObject({ lines: 2, errors: 0 });
  });

  it("are asked for by environment variables, never by text in the command", async () => {
    const scanner = open('echo "$(date -u -d @$ROCKSOLID_SINCE +%Y-%m-%dT%H:%M:%SZ) ERROR $EXTRA"');
    expect(await scanner.scan(window)).toMatchObject({ lines: 1, sample: "2026-11-20T10:00:00Z ERROR 7" });
  });

  it("name their hosts: journal, kubectl --prefix", async () => {
    writeFileSync(
      directory.at("out"),
      `{"__REALTIME_TIMESTAMP":"${(window.since + 5) * 1000}","PRIORITY":"3","_HOSTNAME":"box-1","MESSAGE":"x"}\n[pod/web/app] 2026-11-20T10:00:00Z ERROR y\n`,
    );
    const report = await open("cat out").scan(window);
    expect(report.sources?.map(({ name }) => name)).toEqual(["box-1", "pod/web/app"]);
  });

  it("without times count at the first look; then new and old cannot be told apart", async () => {
    const scanner = open("echo ERROR x");
    expect(await scanner.scan(window)).toMatchObject({ lines: 1, errors: 1, unreadable: [] });
    expect((await scanner.scan(window)).unreadable[0]?.reason).toContain("have no time");
  });

  it.each([
    ["echo oops >&2; exit 3", "it ended with 3: oops"],
    ["no-such-command-at-all", "it ended with 127"],
    ["kill -9 $$", "SIGKILL"],
  ])("%s fails the look", async (command, reason) => {
    expect((await open(command).scan(window)).unreadable[0]).toMatchObject({
      path: "cmd",
      reason: expect.stringContaining(reason),
    });
  });

  it("that never end are stopped with all that they started, and told", async () => {
    const report = await open("echo '2026-11-20T10:00:00Z ERROR x'; sleep 60 | cat", { timeout: 300 }).scan(window);
    expect(report).toMatchObject({ lines: 1, unreadable: [{ reason: "it was stopped after 0.3 s" }] });
  });
});
