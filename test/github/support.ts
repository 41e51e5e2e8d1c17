import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Octokit } from "@octokit/rest";
import { afterAll, afterEach, expect } from "vitest";
import type { EmbeddedGitHub, EmbeddedGitHubOptions, Permissions, Run } from "../../rehearsal/github/ports.ts";
import { startGitHub } from "../../rehearsal/github/server.ts";
import type { Clock } from "../../src/platform/clock.ts";

export const OWNER = "acme";
export const REPO = "storage";
export const here = { owner: OWNER, repo: REPO } as const;

/** A clock that moves only by `advance`, and by no more than a sleeper asked for at a time. */
export class HandClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();

  constructor(now = Date.parse("2026-11-20T12:00:00Z")) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const sleeper = {
        at: this.#now + ms,
        wake: () => {
          this.#sleepers.delete(sleeper);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      });
    });
  }

  /** Moves the clock, waking sleepers in their order. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#sleepers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  get sleepers(): number {
    return this.#sleepers.size;
  }
}

/** Lets everything that is ready to run do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A git repository in a temporary folder. */
export class Repository {
  readonly directory = mkdtempSync(join(tmpdir(), "embedded-github-"));
  #commits = 0;

  /** An empty one, or a copy: copying is several times as fast as making the same commits again. */
  constructor(original?: Repository) {
    if (original === undefined) {
      this.git("init", "--quiet", "--initial-branch=main", "--template=");
      return;
    }
    cpSync(original.directory, this.directory, { recursive: true });
    this.#commits = original.#commits;
  }

  git(...args: readonly string[]): string {
    const date = `${1_790_000_000 + this.#commits * 60} +0000`;
    const env = {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: "Ada",
      GIT_AUTHOR_EMAIL: "ada@example.com",
      GIT_COMMITTER_NAME: "Ada",
      GIT_COMMITTER_EMAIL: "ada@example.com",
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
    };
    return execFileSync("git", ["-C", this.directory, ...args], { env, encoding: "utf8" }).trim();
  }

  /** Writes files, commits them, and answers the SHA. */
  commit(files: Readonly<Record<string, string>>, message = "change"): string {
    this.#commits += 1;
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.directory, path)), { recursive: true });
      writeFileSync(join(this.directory, path), content);
    }
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", `--message=${message}`);
    return this.git("rev-parse", "HEAD");
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export interface World {
  readonly github: EmbeddedGitHub;
  readonly repository: Repository;
  readonly clock: HandClock;
  /** The first commit, at the tip of main. */
  readonly sha: string;
  readonly run: Run;
  /** A client with a job's token. */
  job(permissions: Permissions): Octokit;
  /** A client with a person's token. */
  person(login?: string): Octokit;
}

const open: World[] = [];
const originals = new Map<string, Repository>();

/** A repository with one commit of these files, made once for all tests of a file. */
function original(files: Readonly<Record<string, string>>): Repository {
  const key = JSON.stringify(files);
  const known = originals.get(key);
  if (known !== undefined) return known;
  const made = new Repository();
  made.commit(files, "first");
  originals.set(key, made);
  return made;
}

afterAll(() => {
  for (const repository of originals.values()) repository.remove();
});

afterEach(async () => {
  for (const { github, repository } of open.splice(0)) {
    const { violations } = github.administration;
    await github.close();
    repository.remove();
    expect(violations, "answers that break GitHub's schema").toEqual([]);
  }
});

export function client(url: string, token: string): Octokit {
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  return new Octokit({ auth: token, baseUrl: url, userAgent: "test", log });
}

/** Starts an embedded GitHub on a copy of a repository, or on one with one commit of these files; ended, and checked for violations, after the test. */
export async function start(
  options: Partial<EmbeddedGitHubOptions> = {},
  source: Readonly<Record<string, string>> | Repository = { "README.md": "storage\n" },
): Promise<World> {
  const repository = new Repository(source instanceof Repository ? source : original(source));
  const sha = repository.git("rev-list", "--max-parents=0", "main");
  const clock = new HandClock();
  const github = await startGitHub({
    repository: `${OWNER}/${REPO}`,
    directory: repository.directory,
    clock,
    ...options,
  });
  const run = github.actions.createRun({
    workflow: ".github/workflows/pipeline.yml",
    name: "pipeline",
    event: "push",
    ref: "refs/heads/main",
    sha,
    actor: "alice",
  });
  const world: World = {
    github,
    repository,
    clock,
    sha,
    run,
    job: (permissions) => client(github.url, github.actions.issueToken({ run: run.id, job: 1, permissions })),
    person: (login = "root") => client(github.url, github.administration.userToken(login)),
  };
  open.push(world);
  return world;
}

/** How a call was refused: status and message. Fails where it was not refused. */
export async function refusal(call: Promise<unknown>): Promise<{ status: number; message: string; data: unknown }> {
  try {
    await call;
  } catch (error) {
    const { status, response } = error as { status: number; response?: { data: { message: string } } };
    if (response === undefined) throw error;
    return { status, message: response.data.message, data: response.data };
  }
  throw new Error("the call was not refused");
}
