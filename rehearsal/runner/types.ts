import type { Clock } from "../../src/platform/clock.ts";
import type { ActionsService, Conclusion, RunRequest } from "../github/ports.ts";

export interface RunnerMachine {
  readonly name: string;
  /** A job runs here when all labels of its `runs-on` are among these. */
  readonly labels: readonly string[];
  /** False for a machine that is registered but takes no jobs; default true. */
  readonly online?: boolean;
  /** Added to the environment of every process on this machine. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface EnvironmentValues {
  readonly secrets?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
}

export interface RunnerOptions {
  readonly github: {
    /** The REST root; GraphQL is `/graphql` below it. */
    readonly url: string;
    /** `owner/name`. */
    readonly repository: string;
    readonly actions: ActionsService;
  };
  /** The user's git repository. */
  readonly directory: string;
  /** Checkouts on this machine by `owner/name`: what `uses: owner/name/path@ref` resolves to, whatever the ref. */
  readonly actionRepositories?: Readonly<Record<string, string>>;
  readonly runners: readonly RunnerMachine[];
  /** Added to the environment of every process, the rehearsal's clock for example. */
  readonly env?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
  /** Secrets and variables of environments by the environment's name. */
  readonly environments?: Readonly<Record<string, EnvironmentValues>>;
  /** Time for time-outs and the limit of the queue; processes are handled in real time. */
  readonly clock: Clock;
  /** The least that a time limit takes in real milliseconds, unless it is itself shorter; default 30 seconds. */
  readonly realFloor?: number;
  /** A folder that is ours: workspaces, artifacts, copies of commits. */
  readonly temporary: string;
  readonly onEvent?: (event: RunnerEvent) => void;
}

export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly message: string;
  readonly title?: string;
  readonly file?: string;
  readonly line?: number;
}

export type Outcome = "success" | "failure" | "cancelled" | "skipped";

export interface StepResult {
  readonly id: string;
  readonly name: string;
  /** What `uses` said, for an action. */
  readonly uses?: string;
  readonly stage: "pre" | "main" | "post";
  /** Before and after `continue-on-error`. */
  readonly outcome: Outcome;
  readonly conclusion: Outcome;
  /** Secrets hidden. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The Markdown that it wrote to its summary. */
  readonly summary?: string;
  readonly annotations: readonly Annotation[];
  /** Real milliseconds. */
  readonly milliseconds: number;
  /** The steps inside a composite action. */
  readonly steps: readonly StepResult[];
}

export interface JobResult {
  readonly id: number;
  /** The job's path in the workflow files: `beta/deploy`, with a number behind a matrix job: `deploy#2`. */
  readonly key: string;
  /** As GitHub shows it: `beta / deploy (eu-1)`. */
  readonly name: string;
  readonly conclusion: Outcome;
  readonly runner?: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly steps: readonly StepResult[];
  /** Those of the job itself; steps have their own. */
  readonly annotations: readonly Annotation[];
  readonly environmentUrl?: string;
}

export interface RunResult {
  readonly run: number;
  readonly attempt: number;
  readonly conclusion: Conclusion;
  readonly jobs: readonly JobResult[];
}

/** What happens while runs are played, for a live view. `at` is the clock's time in milliseconds. */
export type RunnerEvent = { readonly at: number; readonly run: number; readonly attempt: number } & (
  | { readonly type: "run-started"; readonly request: RunRequest }
  | { readonly type: "run-finished"; readonly conclusion: Conclusion }
  | { readonly type: "run-refused"; readonly request: RunRequest; readonly reason: string }
  | {
      readonly type: "job-waiting";
      readonly job: string;
      readonly for: "runner" | "environment" | "concurrency";
      readonly detail: string;
    }
  | { readonly type: "job-started"; readonly job: string; readonly runner: string }
  | { readonly type: "job-finished"; readonly job: string; readonly conclusion: Outcome }
  | { readonly type: "step-started"; readonly job: string; readonly step: readonly string[]; readonly uses?: string }
  | {
      readonly type: "step-finished";
      readonly job: string;
      readonly step: readonly string[];
      readonly result: StepResult;
    }
  | { readonly type: "log"; readonly job: string; readonly step: readonly string[]; readonly line: string }
  | { readonly type: "summary"; readonly job: string; readonly step: readonly string[]; readonly markdown: string }
  | {
      readonly type: "annotation";
      readonly job: string;
      readonly step: readonly string[];
      readonly annotation: Annotation;
    }
);

/** An event without what is the same for all events of a run. */
export type EventBody = RunnerEvent extends infer E
  ? E extends unknown
    ? Omit<E, "at" | "run" | "attempt">
    : never
  : never;
