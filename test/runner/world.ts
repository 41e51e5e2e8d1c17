import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type {
  ActionsService,
  Conclusion,
  JobRequest,
  Permissions,
  Run,
  RunRequest,
  Status,
} from "../../rehearsal/github/ports.ts";
import {
  createRunner,
  type RunnerEvent,
  type RunnerOptions,
  type RunResult,
  type WorkflowRunner,
} from "../../rehearsal/runner/runner.ts";
import { type Clock, systemClock } from "../../src/platform/clock.ts";

export interface RecordedJob extends JobRequest {
  readonly history: string[];
}

/** An ActionsService that only remembers. */
export class MemoryActions implements ActionsService {
  readonly runs = new Map<number, { request: RunRequest; history: string[] }>();
  readonly jobs = new Map<number, RecordedJob>();
  readonly tokens = new Map<string, Permissions>();
  readonly grants: Permissions[] = [];
  readonly runners: { name: string; labels: readonly string[]; online: boolean }[] = [];
  readonly entered: { environment: string; deployment: boolean }[] = [];
  /** Answers for environments; admitted where there is none. */
  readonly gates = new Map<
    string,
    (signal: AbortSignal) => Promise<{ admitted: true } | { admitted: false; refused: string }>
  >();
  readonly dispatch = new Set<(request: RunRequest) => void>();
  readonly cancel = new Set<(run: number) => void>();
  readonly rerun = new Set<(run: number, failedJobsOnly: boolean) => void>();
  #last = 0;

  createRun(request: RunRequest): Run {
    const id = ++this.#last;
    this.runs.set(id, { request, history: [] });
    return { id, number: this.runs.size, attempt: 1, request };
  }

  updateRun(id: number, status: Status, conclusion?: Conclusion): void {
    this.runs.get(id)?.history.push(conclusion ?? status);
  }

  createJob(request: JobRequest): number {
    const id = ++this.#last;
    this.jobs.set(id, { ...request, history: [] });
    return id;
  }

  updateJob(id: number, status: Status, detail?: { conclusion?: Conclusion; runner?: string }): void {
    this.jobs.get(id)?.history.push(detail?.conclusion ?? status);
  }

  issueToken({ permissions }: { permissions: Permissions }): string {
    const token = `ghs_${++this.#last}x`;
    this.tokens.set(token, permissions);
    this.grants.push(permissions);
    return token;
  }

  revokeToken(token: string): void {
    this.tokens.delete(token);
  }

  registerRunner(runner: { name: string; labels: readonly string[]; online: boolean }): void {
    this.runners.push(runner);
  }

  async enterEnvironment(
    entry: { environment: string; deployment: boolean },
    signal: AbortSignal,
  ): Promise<{ admitted: true } | { admitted: false; refused: string }> {
    this.entered.push({ environment: entry.environment, deployment: entry.deployment });
    return (await this.gates.get(entry.environment)?.(signal)) ?? { admitted: true };
  }

  onDispatch(listener: (request: RunRequest) => void): () => void {
    this.dispatch.add(listener);
    return () => this.dispatch.delete(listener);
  }

  onCancel(listener: (run: number) => void): () => void {
    this.cancel.add(listener);
    return () => this.cancel.delete(listener);
  }

  onRerun(listener: (run: number, failedJobsOnly: boolean) => void): () => void {
    this.rerun.add(listener);
    return () => this.rerun.delete(listener);
  }
}

export interface World {
  readonly actions: MemoryActions;
  readonly runner: WorkflowRunner;
  readonly events: RunnerEvent[];
  readonly directory: string;
  readonly temporary: string;
  readonly sha: string;
  readonly request: RunRequest;
  /** Starts `.github/workflows/main.yml`. */
  start(more?: Partial<RunRequest>): Promise<RunResult>;
  /** All log lines of a job, or of one step of it. */
  log(job: string, step?: string): string[];
  /** Resolves with the first event, from now or before, that the predicate takes. */
  when<T extends RunnerEvent["type"]>(
    type: T,
    predicate?: (event: Extract<RunnerEvent, { type: T }>) => boolean,
  ): Promise<Extract<RunnerEvent, { type: T }>>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface WorldOptions extends Partial<Omit<RunnerOptions, "github" | "directory" | "temporary">> {
  /** Files of other repositories by `owner/name`. */
  readonly others?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

let empty: string | undefined;

/** A `.git` folder without commits, made once, since every git process counts. */
function emptyRepository(): string {
  if (empty === undefined) {
    const root = mkdtempSync(path.join(tmpdir(), "rocksolid-empty-"));
    execFileSync("git", ["init", "--quiet", "--initial-branch=main", "--template=", root]);
    process.once("exit", () => rmSync(root, { recursive: true, force: true }));
    empty = path.join(root, ".git");
  }
  return empty;
}

const HOSTED = ["one", "two", "three", "four"].map((name) => ({ name, labels: ["ubuntu-latest"] }));

/** A git repository with these files, an ActionsService and a runner over both. */
export async function world(files: Readonly<Record<string, string>>, options: WorldOptions = {}): Promise<World> {
  const root = mkdtempSync(path.join(tmpdir(), "rocksolid-runner-"));
  const directory = path.join(root, "repository");
  const temporary = path.join(root, "temporary");
  writeAll(directory, files);
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", directory, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      encoding: "utf8",
    }).trim();
  mkdirSync(directory, { recursive: true });
  cpSync(emptyRepository(), path.join(directory, ".git"), { recursive: true });
  git("add", "--all");
  git("commit", "--quiet", "--no-gpg-sign", "-m", "one");
  const sha = readFileSync(path.join(directory, ".git", "refs", "heads", "main"), "utf8").trim();
  const others: Record<string, string> = {};
  for (const [name, content] of Object.entries(options.others ?? {})) {
    const folder = path.join(root, "others", name);
    writeAll(folder, content);
    others[name] = folder;
  }
  const actions = new MemoryActions();
  const events: RunnerEvent[] = [];
  const waiting = new Set<(event: RunnerEvent) => void>();
  const clock: Clock = options.clock ?? systemClock;
  const runner = createRunner({
    runners: HOSTED,
    ...options,
    clock,
    github: { url: "http://127.0.0.1:1", repository: "acme/storage", actions },
    directory,
    actionRepositories: others,
    temporary,
    onEvent: (event) => {
      events.push(event);
      for (const one of waiting) one(event);
    },
  });
  const request: RunRequest = {
    workflow: ".github/workflows/main.yml",
    name: "main",
    event: "workflow_dispatch",
    ref: "refs/heads/main",
    sha,
    actor: "alice",
  };
  return {
    actions,
    runner,
    events,
    directory,
    temporary,
    sha,
    request,
    start: (more) => runner.start({ ...request, ...more }),
    log: (job, step) =>
      events.flatMap((event) =>
        event.type === "log" && event.job === job && (step === undefined || event.step.includes(step))
          ? [event.line]
          : [],
      ),
    when: (type, predicate = () => true) =>
      new Promise((resolve) => {
        type Wanted = Extract<RunnerEvent, { type: typeof type }>;
        const look = (event: RunnerEvent): void => {
          if (event.type !== type || !predicate(event as Wanted)) return;
          waiting.delete(look);
          resolve(event as Wanted);
        };
        waiting.add(look);
        for (const event of events) look(event);
      }),
    async [Symbol.asyncDispose]() {
      await runner.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A world with one workflow, dispatched by hand. */
export function workflow(
  jobs: string,
  files: Readonly<Record<string, string>> = {},
  options: WorldOptions = {},
): Promise<World> {
  return world({ ".github/workflows/main.yml": `name: main\non: workflow_dispatch\n${jobs}`, ...files }, options);
}

function writeAll(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
