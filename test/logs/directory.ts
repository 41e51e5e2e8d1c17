import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";

export const since = Date.parse("2026-11-20T10:00:00Z");
export const until = Date.parse("2026-11-20T11:00:00Z");
export const window = { since, until };

/** A fresh directory for each test of the file, removed after it. */
export function temporaryDirectory(): { readonly path: string; at(name: string): string } {
  let path = "";
  beforeEach(() => {
    path = realpathSync(mkdtempSync(join(tmpdir(), "rocksolid-logs-")));
  });
  afterEach(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return {
    get path() {
      return path;
    },
    at: (name) => join(path, name),
  };
}

/** Lines `2026-11-20T10:MM:SSZ LEVEL text n`, one a second from the given number on. */
export function lines(from: number, count: number, level = "INFO", text = "thing"): string {
  let all = "";
  for (let n = from; n < from + count; n++) {
    all += `${new Date(since + n * 1_000).toISOString()} ${level} ${text} ${n}\n`;
  }
  return all;
}
