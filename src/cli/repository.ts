import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Octokit } from "@octokit/rest";
import { type Ledger, openLedger } from "../ledger/ledger.ts";
import type { Pipeline } from "../pipeline/model.ts";
import { loadPipeline } from "../pipeline/parse.ts";
import { clockFromEnvironment } from "../platform/clock.ts";
import { ConfigurationError } from "../platform/errors.ts";
import { connectGitHub, type GitHub } from "../platform/github.ts";
import type { Io } from "./command.ts";

/** The options of every command that asks GitHub. */
export const repositoryOptions = {
  repo: { type: "string" },
  pipeline: { type: "string", default: ".github/pipeline.yml" },
} as const;

/** Their part of a command's `--help`. */
export const repositoryUsage = `--repo OWNER/NAME   default: GITHUB_REPOSITORY, or where the git remote "origin" points
--pipeline FILE     default: .github/pipeline.yml
The token is taken from GITHUB_TOKEN or GH_TOKEN; reading deployments, issues and runs is enough.`;

export interface Repository {
  readonly github: GitHub;
  readonly ledger: Ledger;
  readonly pipeline: Pipeline;
}

/** Opens the repository that a command is about, from outside a runner. */
export function openRepository(
  io: Io,
  values: { readonly repo?: string | undefined; readonly pipeline: string },
): Repository {
  const token = io.env["GITHUB_TOKEN"] || io.env["GH_TOKEN"];
  if (!token)
    throw new ConfigurationError(
      "no token: set GITHUB_TOKEN (or GH_TOKEN), for example by: export GH_TOKEN=$(gh auth token)",
    );
  const repository = values.repo ?? io.env["GITHUB_REPOSITORY"] ?? remote(io.cwd);
  if (!repository || !/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new ConfigurationError(
      `no repository${repository ? `: "${repository}" is not OWNER/NAME` : ""}: add --repo OWNER/NAME`,
    );
  }
  const clock = clockFromEnvironment(io.env);
  const github = connectGitHub(
    {
      token,
      repository,
      clock,
      baseUrl: io.env["GITHUB_API_URL"] ?? "https://api.github.com",
      warn: (text) => io.err(`${text}\n`),
    },
    (auth, options, plugins) => new (Octokit.plugin(...plugins))({ ...options, auth }),
  );
  return { github, ledger: openLedger(github, clock, ""), pipeline: readPipeline(io, values.pipeline) };
}

function readPipeline(io: Io, file: string): Pipeline {
  let text: string;
  try {
    text = readFileSync(join(io.cwd, file), "utf8");
  } catch (error) {
    throw new ConfigurationError(`${file} cannot be read: ${(error as Error).message}; add --pipeline FILE`);
  }
  return loadPipeline(text, file).pipeline;
}

/** `owner/name` of the git remote `origin`, where there is one. */
function remote(cwd: string): string | undefined {
  return /[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(git(cwd, "remote", "get-url", "origin") ?? "")?.[1];
}

/** One line that git answers, or undefined where it does not. */
export function git(cwd: string, ...args: string[]): string | undefined {
  try {
    return execFileSync("git", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}
