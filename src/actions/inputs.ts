import type { Kind } from "../ledger/record.ts";
import { parseDuration } from "../pipeline/durations.ts";
import { ConfigurationError } from "../platform/errors.ts";

/** Reads one input as text; an empty one is absent. */
export type ReadInput = (name: string) => string;

/** What all four actions are told. */
export interface StageInputs {
  readonly stage: string;
  readonly pipeline: string;
  readonly token: string;
  readonly deployment?: number;
}

/** What the actions are told that bring a candidate forward. Defaults come from the workflow's own context. */
export interface CommonInputs extends StageInputs {
  readonly version: string;
  readonly commit: string;
  readonly digest: string;
}

/** Which part of a stage's deploy to do: all of it in one job, or one of the parts, so that each machine's own runner does its share. */
export const parts = {
  promote: ["all", "plan", "admit", "deploy", "finish"],
  rollback: ["all", "plan", "deploy", "close"],
} as const;

export interface PromoteInputs extends CommonInputs {
  readonly part: (typeof parts.promote)[number];
  readonly kind: Exclude<Kind, "rollback">;
  readonly reason: string;
  readonly override: string;
  readonly target: string;
  /** Milliseconds. */
  readonly maxWait: number;
  readonly jobStatus: string;
}

export interface GateInputs extends CommonInputs {
  /** Names of checks instead of those of the stage's gate. */
  readonly checks: readonly string[];
}

export interface BakeInputs extends CommonInputs {
  /** Milliseconds; absent = until the bake is decided. */
  readonly maxWait?: number;
}

/** A rollback finds its candidate in the ledger. */
export interface RollbackInputs extends StageInputs {
  readonly part: (typeof parts.rollback)[number];
  readonly reason: string;
  readonly target: string;
  /** The `result` output of the gate or bake that failed. */
  readonly failure: string;
  /** How the jobs ended that brought the targets back; empty where this job did it. */
  readonly deployed: string;
  readonly jobStatus: string;
}

/** The context of the job, from the runner's environment variables. */
export interface JobContext {
  readonly repository: string;
  readonly actor: string;
  readonly sha: string;
  readonly refName: string;
  readonly refType: string;
  readonly run: { readonly id: number; readonly attempt: number; readonly url: string };
  readonly workspace: string;
  readonly temporary: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the job's context; throws {@link ConfigurationError} outside a job. */
export function readContext(env: Environment): JobContext {
  const need = (name: string): string => {
    const value = env[name];
    if (!value) throw new ConfigurationError(`${name} is not set: this runs inside a job of GitHub Actions`);
    return value;
  };
  const id = Number(need("GITHUB_RUN_ID"));
  const attempt = Number(env["GITHUB_RUN_ATTEMPT"] ?? "1");
  const repository = need("GITHUB_REPOSITORY");
  return {
    repository,
    actor: env["GITHUB_ACTOR"] ?? "unknown",
    sha: need("GITHUB_SHA"),
    refName: env["GITHUB_REF_NAME"] ?? "",
    refType: env["GITHUB_REF_TYPE"] ?? "",
    run: {
      id,
      attempt,
      url: `${env["GITHUB_SERVER_URL"] ?? "https://github.com"}/${repository}/actions/runs/${id}/attempts/${attempt}`,
    },
    workspace: need("GITHUB_WORKSPACE"),
    temporary: need("RUNNER_TEMP"),
  };
}

/** Reads what an action was told, with all mistakes in one {@link ConfigurationError}. */
export function inputReader(read: ReadInput, context: JobContext) {
  const problems: string[] = [];
  const text = (name: string) => read(name).trim();

  const required = (name: string): string => {
    const value = text(name);
    if (value === "") problems.push(`input "${name}" is missing: add "${name}: …" under "with:"`);
    return value;
  };
  const oneOf = <T extends string>(name: string, allowed: readonly T[], fallback: T): T => {
    const value = text(name) || fallback;
    const found = allowed.find((word) => word === value);
    if (!found) problems.push(`input "${name}" is "${value}": it must be one of ${allowed.join(", ")}`);
    return found ?? fallback;
  };
  const duration = (name: string): number | undefined => {
    const value = text(name);
    if (value === "") return undefined;
    const ms = value === "0" ? 0 : parseDuration(value);
    if (ms === undefined)
      problems.push(`input "${name}" is "${value}": it must be a duration such as 90s, 5m, 12h or 2d`);
    return ms;
  };
  const number = (name: string): number | undefined => {
    const value = text(name);
    if (value === "") return undefined;
    if (!/^[1-9]\d{0,15}$/.test(value))
      problems.push(`input "${name}" is "${value}": it must be the number of a deployment`);
    return Number(value);
  };
  const oneLine = (name: string, longest: number): string => {
    const value = text(name);
    if (value.length > longest || hasControlCharacter(value)) {
      problems.push(`input "${name}" must be one line of at most ${longest} characters`);
    }
    return value;
  };

  const stage = (): StageInputs => {
    const deployment = number("deployment-id");
    return {
      stage: required("stage"),
      pipeline: text("pipeline") || ".github/pipeline.yml",
      token: required("token"),
      ...(deployment !== undefined && { deployment }),
    };
  };

  return {
    required,
    oneOf,
    duration,
    oneLine,
    text,
    list: (name: string) =>
      text(name)
        .split(/[\s,]+/)
        .filter((word) => word !== ""),
    stage,
    common(): CommonInputs {
      const commit = text("commit") || context.sha;
      if (!/^[0-9a-f]{40,64}$/.test(commit)) {
        problems.push(`input "commit" is "${commit.slice(0, 80)}": it must be a full commit id, not a branch or tag`);
      }
      const version =
        oneLine("version", 100) ||
        (context.refType === "tag" ? context.refName.replace(/^v(?=\d)/, "") : commit.slice(0, 12));
      const digest = oneLine("digest", 200) || `git:${commit}`;
      return { ...stage(), version, commit, digest };
    },
    /** Throws all mistakes that were met; call it once everything was read. */
    done<T>(inputs: T): T {
      if (problems.length > 0) throw new ConfigurationError(problems.join("\n"));
      return inputs;
    },
  };
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < " " || character === "\u007f");
}
