import type { Permissions } from "../github/ports.ts";
import type { ConcurrencyGroups } from "./concurrency-groups.ts";
import type { Expressions } from "./expressions.ts";
import type { Workflow } from "./model.ts";
import type { Parser } from "./parser.ts";
import type { RunnerPool } from "./pool.ts";
import type { Sources } from "./sources.ts";
import type { RunnerOptions } from "./types.ts";

/** What all runs of a runner share. */
export interface Shared {
  readonly options: RunnerOptions;
  readonly parser: Parser;
  readonly expressions: Expressions;
  readonly sources: Sources;
  readonly pool: RunnerPool;
  readonly groups: ConcurrencyGroups;
  /** PATH, HOME and what else a process gets before GitHub's variables. */
  readonly env: Readonly<Record<string, string>>;
  readonly defaultBranch: string;
}

/** A workflow being run: the one that was started, or one that it calls. */
export interface Level {
  readonly workflow: Workflow;
  /** `beta / ` before the names, `beta/` before the keys of its jobs. */
  readonly name: string;
  readonly key: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly permissions: Permissions;
  readonly cancel: AbortSignal;
  /** Concurrency groups held by the callers. */
  readonly held: readonly string[];
}
