import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { EmbeddedGitHub, Permissions } from "../../rehearsal/github/ports.ts";
import { startGitHub } from "../../rehearsal/github/server.ts";
import { CLOCK_VARIABLE, formatClock, scaledClock } from "../../src/platform/clock.ts";

const root = new URL("../../", import.meta.url).pathname;
const REPOSITORY = "demo/storage-node";
/** GitHub's clock and the actions' run this much faster than the machine's. */
const SPEED = 1_200;

/** act knows no `$/`, so the actions stand in the workflow's own repository, as in a copy that a user keeps. Its checkout is act's own copying of the folder. */
const WORKFLOW = `
name: pipeline
on: push
jobs:
  source:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
      - uses: ./action-gate
        with: { stage: source }
  beta:
    needs: source
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
      - id: promote
        uses: ./action-promote
        with: { stage: beta }
      - id: gate
        uses: ./action-gate
        with: { stage: beta, deployment-id: "\${{ steps.promote.outputs.deployment-id }}" }
      - id: bake
        uses: ./action-bake
        with: { stage: beta, deployment-id: "\${{ steps.promote.outputs.deployment-id }}" }
      - if: \${{ failure() && steps.promote.outputs.deployment-id != '' }}
        uses: ./action-rollback
        with:
          stage: beta
          deployment-id: \${{ steps.promote.outputs.deployment-id }}
          failure: \${{ steps.bake.outputs.result || steps.gate.outputs.result }}
`;

const PIPELINE = `
service: storage-node
checks:
  unit: { run: "true" }
  smoke: { run: 'test "$ROCKSOLID_VERSION" != 1.6.0' }
stages:
  - { name: source, gate: [unit] }
  - { name: beta, deploy: 'echo "$ROCKSOLID_VERSION" >>"$LIVE"', gate: { checks: [smoke], timeout: 2m, every: 30s }, bake: { for: 30m, every: 10m, checks: [unit] } }
`;

const PERMISSIONS: Permissions = {
  actions: "read",
  contents: "read",
  deployments: "write",
  issues: "write",
  statuses: "write",
};

/** A repository that carries the shipped actions, the embedded GitHub, and act to play its workflow. */
export interface ActLab {
  readonly github: EmbeddedGitHub;
  /** The file to which every deploy adds the version that it deployed. */
  readonly live: string;
  /** Plays the workflow for a version's tag. */
  push(version: string): Promise<{ readonly code: number | null; readonly log: string }>;
  /** What the repository's owner gets from GitHub. */
  get<T>(path: string): Promise<T>;
  close(): Promise<void>;
}

/** Makes the lab; `act` is the program's path. */
export async function openActLab(act: string): Promise<ActLab> {
  const directory = mkdtempSync(join(tmpdir(), "rocksolid-act-"));
  const repository = join(directory, "repository");
  const home = join(directory, "home");
  mkdirSync(home);
  for (const name of ["dist", "action-promote", "action-gate", "action-bake", "action-rollback"])
    cpSync(join(root, name), join(repository, name), { recursive: true });
  const files = {
    ".github/pipeline.yml": PIPELINE,
    ".github/workflows/pipeline.yml": WORKFLOW,
    "package.json": '{ "type": "module" }\n',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text);
  }
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=lab", "-c", "user.email=lab@example.test", ...args], {
      cwd: repository,
      encoding: "utf8",
    }).trim();
  git("init", "--quiet", "--initial-branch=main");
  git("add", "-A");

  const now = Date.now();
  const github = await startGitHub({
    repository: REPOSITORY,
    directory: repository,
    clock: scaledClock(now, now, SPEED),
  });
  github.administration.createEnvironment({ name: "beta" });
  const live = join(directory, "live");
  const variables = {
    LIVE: live,
    [CLOCK_VARIABLE]: formatClock(now, now, SPEED),
    GITHUB_API_URL: github.url,
    GITHUB_GRAPHQL_URL: `${github.url}/graphql`,
    GITHUB_SERVER_URL: "https://github.test",
    GITHUB_REPOSITORY: REPOSITORY,
  };

  return {
    github,
    live,
    async push(version) {
      git("commit", "--quiet", "--allow-empty", "-m", version);
      git("tag", `v${version}`);
      const sha = git("rev-parse", "HEAD");
      const ref = `refs/tags/v${version}`;
      const { actions } = github;
      const run = actions.createRun({
        workflow: ".github/workflows/pipeline.yml",
        name: "pipeline",
        event: "push",
        ref,
        sha,
        actor: "ada",
      }).id;
      const job = actions.createJob({ run, attempt: 1, name: "act", labels: ["ubuntu-latest"] });
      const token = actions.issueToken({ run, job, permissions: PERMISSIONS });
      const event = join(directory, `event-${version}.json`);
      writeFileSync(event, JSON.stringify({ ref, after: sha, repository: { full_name: REPOSITORY } }));
      const named = Object.entries({ ...variables, GITHUB_RUN_ID: String(run), GITHUB_REF: ref, GITHUB_SHA: sha });
      const child = spawn(
        act,
        [
          "push",
          "--platform=ubuntu-latest=-self-hosted",
          "--pull=false",
          "--action-offline-mode",
          "--no-cache-server",
          `--eventpath=${event}`,
          "--actor=ada",
          `--secret=GITHUB_TOKEN=${token}`,
          ...named.map(([name, value]) => `--env=${name}=${value}`),
        ],
        {
          cwd: repository,
          env: {
            HOME: home,
            PATH: [join(root, "node_modules/.bin"), process.env["PATH"] ?? ""].join(delimiter),
          },
          stdio: ["ignore", "pipe", "pipe"],
        },
      );
      let log = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (data) => {
          log += data;
        });
      }
      const code = await new Promise<number | null>((resolve, reject) => {
        child.once("error", reject);
        child.once("close", resolve);
      });
      actions.revokeToken(token);
      return { code, log };
    },
    async get<T>(path: string) {
      const response = await fetch(`${github.url}/repos/${REPOSITORY}/${path}`, {
        headers: { authorization: `token ${github.administration.adminToken()}` },
      });
      return (await response.json()) as T;
    },
    async close() {
      await github.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
