import type { Clock } from "../../src/platform/clock.ts";

/**
 * The two faces of the embedded GitHub that are not HTTP: what the workflow runner tells it (`ActionsService`), and what
 * a person or a test does to it (`Administration`). Everything else goes over its REST and GraphQL API.
 */

export type Status = "queued" | "waiting" | "in_progress" | "completed";
export type Conclusion = "success" | "failure" | "cancelled" | "skipped" | "timed_out";

export interface RunRequest {
  /** Path inside the repository, `.github/workflows/pipeline.yml`. */
  readonly workflow: string;
  readonly name: string;
  readonly event: "push" | "workflow_dispatch" | "schedule" | "repository_dispatch";
  /** `refs/heads/main`, `refs/tags/v1.4.0`. */
  readonly ref: string;
  readonly sha: string;
  readonly actor: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** The `client_payload` of a repository dispatch, and its `event_type`. */
  readonly payload?: unknown;
  readonly eventType?: string;
}

export interface Run {
  readonly id: number;
  readonly number: number;
  readonly attempt: number;
  readonly request: RunRequest;
}

export interface JobRequest {
  readonly run: number;
  readonly attempt: number;
  /** As GitHub shows it: `beta / deploy (beta-eu-1)`. */
  readonly name: string;
  readonly labels: readonly string[];
}

/** What `permissions:` gives a job's token; a scope that is not named is `none`. */
export type Permissions = Readonly<Record<string, "read" | "write" | "none">>;

export interface ActionsService {
  createRun(request: RunRequest): Run;
  updateRun(id: number, status: Status, conclusion?: Conclusion): void;
  /** Answers the job's id. */
  createJob(request: JobRequest): number;
  updateJob(id: number, status: Status, detail?: { conclusion?: Conclusion; runner?: string }): void;
  /** A token with these permissions for this job; it ends with `revokeToken`. */
  issueToken(grant: { readonly run: number; readonly job: number; readonly permissions: Permissions }): string;
  revokeToken(token: string): void;
  registerRunner(runner: { readonly name: string; readonly labels: readonly string[]; readonly online: boolean }): void;
  /**
   * A job wants to enter an environment: creates it, unprotected, where it is missing; applies branch rules, asks the
   * reviewers and waits for the wait timer; adds GitHub's own deployment unless `deployment` is false. Resolves when the
   * job may start, with `refused` when a reviewer rejects it or the ref is not allowed. Rejects when aborted.
   */
  enterEnvironment(
    entry: { readonly run: number; readonly job: number; readonly environment: string; readonly deployment: boolean },
    signal: AbortSignal,
  ): Promise<{ readonly admitted: true } | { readonly admitted: false; readonly refused: string }>;
  /** What the API asks of the runner. Each returns a function that unsubscribes. */
  onDispatch(listener: (request: RunRequest) => void): () => void;
  onCancel(listener: (run: number) => void): () => void;
  onRerun(listener: (run: number, failedJobsOnly: boolean) => void): () => void;
}

export interface EnvironmentSettings {
  readonly name: string;
  readonly reviewers?: readonly string[];
  readonly preventSelfReview?: boolean;
  readonly waitMinutes?: number;
  /** Name patterns of branches and tags that may deploy; absent = all. */
  readonly branches?: readonly string[];
}

/** A fault for the requests that it matches, taken from the queue as often as `times` says. */
export interface Fault {
  readonly match: { readonly method?: string; readonly path?: RegExp; readonly body?: RegExp };
  readonly times: number;
  readonly kind:
    | {
        readonly type: "status";
        readonly status: number;
        readonly headers?: Readonly<Record<string, string>>;
        readonly body?: string;
      }
    /** The connection is reset before the request is carried out. */
    | { readonly type: "reset" }
    /** The request is carried out, and the connection reset instead of an answer. */
    | { readonly type: "lost-answer" }
    /** Headers and half of the body are sent, then the connection is reset. */
    | { readonly type: "half-body" }
    /** The request is carried out; no answer for so many real milliseconds, then the ordinary one. */
    | { readonly type: "silence"; readonly ms: number };
}

/** A share of all answers that fail at random: 5xx, 429 and secondary limits with Retry-After, resets, lost and half answers. */
export interface Weather {
  /** The same seed gives the same series of faults. */
  readonly seed: number;
  /** From 0 (never) to 1 (always). */
  readonly share: number;
  /** The `Retry-After` of rate-limit answers, in seconds; 1 unless said. */
  readonly retryAfter?: number;
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  /** The route with its parameters' names: `POST /repos/{owner}/{repo}/deployments`, or `POST /graphql deployments`. */
  readonly route: string;
  /** The status that was sent; 0 where the connection was reset instead. */
  readonly status: number;
  /** The run whose job's token was used. */
  readonly run?: number;
  /** The fault that was played. */
  readonly fault?: Fault["kind"]["type"];
}

export interface PendingReview {
  readonly run: number;
  readonly environment: string;
  readonly reviewers: readonly string[];
}

export interface Administration {
  createEnvironment(settings: EnvironmentSettings): void;
  pendingReviews(): readonly PendingReview[];
  onPendingReview(listener: (pending: PendingReview) => void): () => void;
  review(run: number, environment: string, decision: "approved" | "rejected", user: string, comment?: string): void;
  /** A token of a person or an App with all rights, for seeding and for tests. */
  adminToken(): string;
  /** A person's token, with all rights in the repository; their reviews count where they are a reviewer. */
  userToken(login: string): string;
  inject(fault: Fault): void;
  /** Faults that were injected and have not happened yet. */
  readonly pendingFaults: readonly Fault[];
  /** Sets or ends the weather for requests with job tokens; those with a person's token are spared. */
  setWeather(weather: Weather | undefined): void;
  /** Called for every request before it is carried out and after it has been, before the answer is sent: tests kill the caller there. */
  onRequest(
    listener: (request: {
      method: string;
      path: string;
      body: string;
      moment: "before" | "after";
    }) => void | Promise<void>,
  ): () => void;
  readonly requests: readonly RecordedRequest[];
  /** Answers of the embedded GitHub that broke GitHub's schema: mistakes of ours, answered with 500. Tests fail on them. */
  readonly violations: readonly string[];
}

export interface EmbeddedGitHub {
  /** The REST root, `http://127.0.0.1:PORT`; GraphQL is `/graphql` below it. */
  readonly url: string;
  readonly repository: string;
  readonly actions: ActionsService;
  readonly administration: Administration;
  close(): Promise<void>;
}

export interface EmbeddedGitHubOptions {
  /** `owner/name`. */
  readonly repository: string;
  /** A git repository on this machine: commits, comparisons, contents and tags are answered from it. */
  readonly directory: string;
  readonly clock: Clock;
  readonly defaultBranch?: string;
  /** Requests an hour that all job tokens of the repository share; 1,000 unless said. */
  readonly rateLimit?: number;
  readonly weather?: Weather;
}
