import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { EmbeddedGitHub, Permissions } from "../../rehearsal/github/ports.ts";
import { startGitHub } from "../../rehearsal/github/server.ts";
import { statusContext } from "../../src/ledger/facts.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import { type Payload, SCHEMA } from "../../src/ledger/record.ts";
import { CLOCK_VARIABLE, formatClock, scaledClock, systemClock } from "../../src/platform/clock.ts";
import { connectGitHub } from "../../src/platform/github.ts";

const root = new URL("../../", import.meta.url).pathname;
/** Of the one runner that all labs are, so that an action is compiled at its first start only; kept for the next run of the tests. */
const TOOLS = join(root, "node_modules", ".cache", "runner-tools");
/** GitHub's clock and the actions' run this much faster than the machine's. */
const SPEED = 1_200;

export const PIPELINE = `
service: storage-node
checks:
  unit: { run: "true" }
  smoke: { run: "test ! -e broken && test ! -e broken-$ROCKSOLID_VERSION" }
  steady: { run: "test ! -e unsteady-$ROCKSOLID_VERSION" }
  prepared: { run: "test ! -e unprepared" }
stages:
  - { name: source, gate: [unit] }
  - { name: beta, deploy: "echo $ROCKSOLID_VERSION >live-beta", ready: { checks: [prepared], timeout: 1m, every: 30s }, gate: { checks: [smoke], timeout: 2m, every: 30s }, bake: { for: 30m, every: 10m, checks: [steady] } }
  - { name: prod, deploy: "echo $ROCKSOLID_VERSION >live-prod", gate: { checks: [smoke], timeout: 2m, every: 30s }, reviewers: true }
`;

/** Everything that jobs of the workflow files may be given. */
export const PERMISSIONS: Permissions = {
  actions: "read",
  contents: "read",
  deployments: "write",
  issues: "write",
  statuses: "write",
};

export interface Ended {
  readonly code: number | null;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly log: string;
  readonly errors: readonly string[];
  /** Runs the same action's post part, as the runner does when the job has ended. */
  post(jobStatus: string): Promise<Ended>;
}

export interface Job {
  readonly run: number;
  readonly permissions?: Permissions;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the process while it runs. */
  readonly during?: (child: ReturnType<typeof spawn>) => void;
}

/** An embedded GitHub, a repository, and a way to start the shipped actions as the runner does. */
export class Lab {
  readonly github: EmbeddedGitHub;
  readonly workspace: string;
  readonly commits: Readonly<Record<string, string>>;
  readonly #directory: string;
  readonly #clock: string;
  #runs = 0;

  private constructor(
    github: EmbeddedGitHub,
    directory: string,
    workspace: string,
    commits: Record<string, string>,
    clock: string,
  ) {
    this.github = github;
    this.#directory = directory;
    this.workspace = workspace;
    this.commits = commits;
    this.#clock = clock;
  }

  static async open(files: Readonly<Record<string, string>> = { ".github/pipeline.yml": PIPELINE }): Promise<Lab> {
    const directory = mkdtempSync(join(tmpdir(), "rocksolid-lab-"));
    const workspace = join(directory, "workspace");
    mkdirSync(workspace);
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=lab", "-c", "user.email=lab@example.test", ...args], {
        cwd: workspace,
        encoding: "utf8",
      }).trim();
    git("init", "--quiet", "--initial-branch=main");
    const commits: Record<string, string> = {};
    for (const version of ["1.4.0", "1.5.0", "1.6.0"]) {
      for (const [path, text] of Object.entries({ ...files, VERSION: version })) {
        mkdirSync(dirname(join(workspace, path)), { recursive: true });
        writeFileSync(join(workspace, path), text);
      }
      git("add", "-A");
      git("commit", "--quiet", "-m", version);
      git("tag", `v${version}`);
      commits[version] = git("rev-parse", "HEAD");
    }
    const now = Date.now();
    const github = await startGitHub({
      repository: "demo/storage-node",
      directory: workspace,
      clock: scaledClock(now, now, SPEED),
    });
    github.administration.createEnvironment({ name: "beta" });
    github.administration.createEnvironment({ name: "prod", reviewers: ["grace"] });
    return new Lab(github, directory, workspace, commits, formatClock(now, now, SPEED));
  }

  async close(): Promise<void> {
    await this.github.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  commit(version: string): string {
    return this.commits[version] ?? "";
  }

  write(path: string, text = ""): void {
    writeFileSync(join(this.workspace, path), text);
  }
  remove(path: string): void {
    rmSync(join(this.workspace, path), { force: true });
  }
  read(path: string): string {
    return readFileSync(join(this.workspace, path), "utf8").trim();
  }

  /** A new run of the pipeline for a tag. */
  newRun(version: string): number {
    this.#runs += 1;
    return this.github.actions.createRun({
      workflow: ".github/workflows/pipeline.yml",
      name: "pipeline",
      event: "push",
      ref: `refs/tags/v${version}`,
      sha: this.commit(version),
      actor: "ada",
    }).id;
  }

  /** Starts `action-<name>/main.js` as the runner does: inputs, files and context in the environment. */
  async action(
    name: string,
    inputs: Readonly<Record<string, string>>,
    job: Job,
    state: Readonly<Record<string, string>> = {},
  ): Promise<Ended> {
    const { actions, url } = this.github;
    const id = actions.createJob({ run: job.run, attempt: 1, name: "lab", labels: ["ubuntu-latest"] });
    const token = actions.issueToken({ run: job.run, job: id, permissions: job.permissions ?? PERMISSIONS });
    const files = mkdtempSync(join(this.#directory, "files-"));
    const paths = {
      GITHUB_OUTPUT: join(files, "output"),
      GITHUB_STATE: join(files, "state"),
      GITHUB_STEP_SUMMARY: join(files, "summary"),
      GITHUB_ENV: join(files, "env"),
      GITHUB_EVENT_PATH: join(files, "event.json"),
    };
    for (const path of Object.values(paths)) writeFileSync(path, path.endsWith(".json") ? "{}" : "");
    const version = inputs["version"] ?? "1.5.0";
    const env: Record<string, string> = {
      PATH: process.env["PATH"] ?? "",
      HOME: files,
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: url,
      GITHUB_GRAPHQL_URL: `${url}/graphql`,
      GITHUB_SERVER_URL: "https://github.test",
      GITHUB_REPOSITORY: "demo/storage-node",
      GITHUB_RUN_ID: String(job.run),
      GITHUB_RUN_ATTEMPT: "1",
      GITHUB_SHA: this.commits[version] ?? this.commit("1.5.0"),
      GITHUB_REF_NAME: `v${version}`,
      GITHUB_REF_TYPE: "tag",
      GITHUB_ACTOR: "ada",
      GITHUB_WORKSPACE: this.workspace,
      RUNNER_TEMP: files,
      RUNNER_TOOL_CACHE: TOOLS,
      [CLOCK_VARIABLE]: this.#clock,
      ...paths,
      ...job.env,
    };
    const given = {
      pipeline: ".github/pipeline.yml",
      token,
      ...(this.commits[version] && { commit: this.commit(version) }),
      ...inputs,
    };
    for (const [input, value] of Object.entries(given))
      env[`INPUT_${input.toUpperCase().replaceAll(" ", "_")}`] = value;
    for (const [key, value] of Object.entries(state)) env[`STATE_${key}`] = value;
    const child = spawn(process.execPath, [join(root, `action-${name}/main.js`)], {
      env,
      cwd: this.workspace,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let log = "";
    child.stdout.on("data", (data) => {
      log += data;
    });
    child.stderr.on("data", (data) => {
      log += data;
    });
    job.during?.(child);
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    actions.revokeToken(token);
    const saved = keyValues(readFileSync(paths.GITHUB_STATE, "utf8"));
    return {
      code,
      outputs: keyValues(readFileSync(paths.GITHUB_OUTPUT, "utf8")),
      summary: readFileSync(paths.GITHUB_STEP_SUMMARY, "utf8"),
      log,
      errors: [...log.matchAll(/^::error[^:]*::(.*)$/gm)].map((match) => decode(match[1] ?? "")),
      post: (jobStatus) => this.action(name, { ...inputs, "job-status": jobStatus }, job, saved),
    };
  }

  /** What GitHub shows on its Deployments page: `environment version: state description`, oldest first. */
  async ledger(): Promise<string[]> {
    const get = async <T>(path: string): Promise<T> => {
      const response = await fetch(`${this.github.url}/repos/demo/storage-node/${path}`, {
        headers: { authorization: `token ${this.github.administration.adminToken()}` },
      });
      return (await response.json()) as T;
    };
    const deployments =
      await get<{ id: number; environment: string; payload: { candidate: { version: string }; kind: string } }[]>(
        "deployments?per_page=100",
      );
    const lines: string[] = [];
    for (const { id, environment, payload } of deployments.sort((a, b) => a.id - b.id)) {
      const statuses = await get<{ state: string; description: string }[]>(`deployments/${id}/statuses?per_page=100`);
      for (const { state, description } of statuses.reverse())
        lines.push(`${environment} ${payload.kind} ${payload.candidate.version}: ${state}: ${description}`);
    }
    return lines;
  }

  async issues(): Promise<{ number: number; title: string; body: string; labels: string[] }[]> {
    const response = await fetch(`${this.github.url}/repos/demo/storage-node/issues?state=open`, {
      headers: { authorization: `token ${this.github.administration.adminToken()}` },
    });
    const issues = (await response.json()) as {
      number: number;
      title: string;
      body: string;
      labels: { name: string }[];
    }[];
    return issues.map(({ number, title, body, labels }) => ({
      number,
      title,
      body,
      labels: labels.map((label) => label.name),
    }));
  }

  /** The ledger and the live version as they are after a version completed a stage, without playing it. */
  async seed(version: string, ...stages: string[]): Promise<void> {
    const github = connectGitHub({
      token: this.github.administration.adminToken(),
      repository: "demo/storage-node",
      clock: systemClock,
      baseUrl: this.github.url,
      warn: () => {},
    });
    const candidate = { version, commit: this.commit(version), digest: `git:${this.commit(version)}` };
    const run = { id: this.newRun(version), attempt: 1, url: "https://github.test/seeded" };
    const ledger = openLedger(github, systemClock, run.url);
    for (const stage of stages) {
      if (stage === "source") {
        const context = statusContext("storage-node", stage);
        const call = { needs: "statuses: write", doing: "seed" } as const;
        await github.rest(
          "POST /repos/{owner}/{repo}/statuses/{sha}",
          { sha: candidate.commit, state: "success", context },
          call,
        );
        continue;
      }
      const payload: Payload = {
        schema: SCHEMA,
        service: "storage-node",
        stage,
        kind: "promotion",
        candidate,
        run,
        actor: "ada",
      };
      const { id } = await ledger.create({
        environment: stage,
        production: stage === "prod",
        payload,
        description: version,
      });
      await ledger.append(id, { state: "in_progress", description: `deployed ${version}` });
      await ledger.append(id, { state: "success", description: "baked 30m: 4 samples, 0 failed" });
      this.write(`live-${stage}`, version);
    }
  }

  /** Brings a version through source, beta and, if asked, prod, in one run each. */
  async release(version: string, ...stages: string[]): Promise<void> {
    const run = this.newRun(version);
    for (const stage of stages) {
      const parts = stage === "source" ? ["gate"] : ["promote", "gate", "bake"];
      for (const part of parts) {
        const ended = await this.action(part, { stage, version }, { run });
        if (ended.code !== 0) throw new Error(`${part} of ${version} in ${stage}: ${ended.log}`);
      }
    }
  }
}

function keyValues(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const match of text.matchAll(/^([^\n<]+)<<(\S+)\r?\n([\s\S]*?)\r?\n\2$/gm))
    values[match[1] ?? ""] = match[3] ?? "";
  return values;
}

function decode(text: string): string {
  return text.replaceAll("%0A", "\n").replaceAll("%0D", "\r").replaceAll("%25", "%");
}
