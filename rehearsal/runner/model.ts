import type { MappingToken, TemplateToken } from "@actions/workflow-parser/templates/tokens/index";
import type { Permissions } from "../github/ports.ts";
import type { Position } from "./mistakes.ts";

/** A repository at one commit, with its files on disk. */
export interface Source {
  /** `owner/name`. */
  readonly repository: string;
  /** What was asked for: `refs/heads/main`, `v1`. */
  readonly ref: string;
  readonly sha: string;
  /** The folder that holds the files. */
  readonly root: string;
  /** Put before a path in messages: empty in the user's repository, `owner/name/` elsewhere. */
  readonly prefix: string;
}

export interface Step {
  /** The `id`, or a name of our own that starts with `__`. */
  readonly id: string;
  readonly position: Position;
  readonly name?: TemplateToken;
  /** An expression that contains a status function. */
  readonly condition: string;
  readonly run?: TemplateToken;
  readonly uses?: string;
  /** What `uses` names; absent for `run` and for `./` paths, which are looked up in the workspace when the step runs. */
  readonly action?: Action;
  readonly with?: MappingToken;
  readonly env?: MappingToken;
  readonly shell?: TemplateToken;
  readonly workingDirectory?: TemplateToken;
  readonly continueOnError?: TemplateToken;
  readonly timeoutMinutes?: TemplateToken;
}

/** An action that this machine plays by itself, since the real one needs a server that is not here. */
export type StandIn = "checkout" | "upload-artifact" | "download-artifact";

export interface Action {
  /** `actions/checkout@v4`, `./deploy`, as messages show it. */
  readonly label: string;
  readonly file: string;
  readonly source: Source;
  /** The folder of `action.yml`. */
  readonly directory: string;
  /** True for `./` paths: no `pre` on these. */
  readonly local: boolean;
  readonly inputs: readonly {
    readonly name: string;
    readonly default?: TemplateToken;
    readonly deprecation?: string;
  }[];
  readonly outputs: readonly { readonly name: string; readonly value?: TemplateToken }[];
  readonly runs: ActionRuns;
}

export type ActionRuns =
  | {
      readonly kind: "node";
      readonly main: string;
      readonly pre?: string;
      readonly preIf: string;
      readonly post?: string;
      readonly postIf: string;
    }
  | { readonly kind: "composite"; readonly steps: readonly Step[] }
  | { readonly kind: "stand-in"; readonly name: StandIn };

export interface RunDefaults {
  readonly shell?: TemplateToken;
  readonly workingDirectory?: TemplateToken;
}

export interface Job {
  readonly id: string;
  readonly position: Position;
  readonly name?: TemplateToken;
  readonly needs: readonly string[];
  readonly condition: string;
  readonly permissions?: Permissions;
  readonly concurrency?: TemplateToken;
  readonly strategy?: TemplateToken;
  readonly env?: MappingToken;
  readonly outputs?: MappingToken;
  readonly environment?: TemplateToken;
  readonly runsOn?: TemplateToken;
  readonly timeoutMinutes?: TemplateToken;
  readonly cancelTimeoutMinutes?: TemplateToken;
  readonly continueOnError?: TemplateToken;
  readonly defaults: RunDefaults;
  readonly steps: readonly Step[];
  /** For a job that calls a workflow. */
  readonly call?: {
    readonly workflow: Workflow;
    readonly with?: MappingToken;
    readonly secrets?: MappingToken | "inherit";
  };
}

export interface InputDefinition {
  readonly name: string;
  readonly type: "string" | "boolean" | "number" | "choice" | "environment";
  readonly required: boolean;
  readonly default?: TemplateToken;
  readonly options: readonly string[];
}

export interface PushFilter {
  readonly branches?: readonly string[];
  readonly branchesIgnore?: readonly string[];
  readonly tags?: readonly string[];
  readonly tagsIgnore?: readonly string[];
}

export interface Triggers {
  readonly push?: PushFilter;
  readonly workflowDispatch?: { readonly inputs: readonly InputDefinition[] };
  readonly workflowCall?: {
    readonly inputs: readonly InputDefinition[];
    readonly secrets: readonly { readonly name: string; readonly required: boolean }[];
    readonly outputs: readonly { readonly name: string; readonly value: TemplateToken }[];
  };
  /** All events by name. */
  readonly names: readonly string[];
}

export interface Workflow {
  readonly source: Source;
  /** Path inside its repository. */
  readonly path: string;
  /** As messages show it. */
  readonly file: string;
  readonly name: string;
  readonly triggers: Triggers;
  readonly permissions?: Permissions;
  readonly concurrency?: TemplateToken;
  readonly env?: MappingToken;
  readonly defaults: RunDefaults;
  readonly jobs: readonly Job[];
}
