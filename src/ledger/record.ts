/** What is released: the same bytes in every stage. */
export interface Candidate {
  readonly version: string;
  /** Full commit id. */
  readonly commit: string;
  /** `algorithm:value` of the artifact; `git:<commit>` where the source itself is the artifact. */
  readonly digest: string;
}

export const kinds = ["promotion", "hotfix", "rollback"] as const;
export type Kind = (typeof kinds)[number];

export interface RunReference {
  readonly id: number;
  readonly attempt: number;
  readonly url: string;
}

/** What we write into a deployment's `payload`; only deployments that carry it are records of the ledger. */
export interface Payload {
  readonly schema: typeof SCHEMA;
  readonly service: string;
  readonly stage: string;
  readonly kind: Kind;
  readonly candidate: Candidate;
  readonly run: RunReference;
  readonly actor: string;
  /** Why, in a person's words: asked for by hotfixes and rollbacks by hand. */
  readonly reason?: string;
  /** Why a refusal was overridden, and by that who answers for it. */
  readonly override?: string;
  /** The deployment that this one replaces: the good one before it, or, for a rollback, the bad one. */
  readonly previous?: { readonly deployment: number; readonly candidate: Candidate };
  /** For a rollback: the deployment that it undoes. */
  readonly undoes?: number;
}

export const SCHEMA = "rocksolid/deployment/v1";

/** The states of a deployment status, in GitHub's words. */
export const states = ["queued", "pending", "in_progress", "success", "failure", "error", "inactive"] as const;
export type State = (typeof states)[number];

export interface Status {
  readonly state: State;
  readonly description: string;
  /** GitHub's time, milliseconds since the epoch. */
  readonly at: number;
  readonly logUrl?: string;
}

/** One deployment of ours, with all its statuses, oldest first. */
export interface DeploymentRecord {
  readonly id: number;
  readonly environment: string;
  readonly createdAt: number;
  readonly creator: string;
  readonly payload: Payload;
  readonly statuses: readonly Status[];
}

export function sameCandidate(a: Candidate, b: Candidate): boolean {
  return a.version === b.version && a.commit === b.commit && a.digest === b.digest;
}

/**
 * Reads a deployment's payload: ours, `undefined` for anyone else's, and `"unreadable"` for one that claims our schema and
 * does not keep it (a newer version of it, or a forgery), over which nothing may be decided.
 */
export function parsePayload(raw: unknown): Payload | "unreadable" | undefined {
  let value = raw;
  // GraphQL answers the payload as JSON text, and a payload that was sent as text is encoded twice.
  for (let depth = 0; depth < 2 && typeof value === "string"; depth++) {
    try {
      value = JSON.parse(value);
    } catch {
      return undefined;
    }
  }
  if (!isObject(value) || typeof value["schema"] !== "string" || !value["schema"].startsWith("rocksolid/deployment/"))
    return undefined;
  return isPayload(value) ? value : "unreadable";
}

function isPayload(value: Record<string, unknown>): value is Record<string, unknown> & Payload {
  const { run, previous } = value;
  return (
    value["schema"] === SCHEMA &&
    ["service", "stage", "actor"].every((key) => typeof value[key] === "string") &&
    kinds.some((kind) => kind === value["kind"]) &&
    isCandidate(value["candidate"]) &&
    isObject(run) &&
    typeof run["id"] === "number" &&
    typeof run["attempt"] === "number" &&
    typeof run["url"] === "string" &&
    (previous === undefined ||
      (isObject(previous) && typeof previous["deployment"] === "number" && isCandidate(previous["candidate"]))) &&
    (value["undoes"] === undefined || typeof value["undoes"] === "number") &&
    ["reason", "override"].every((key) => value[key] === undefined || typeof value[key] === "string")
  );
}

function isCandidate(value: unknown): value is Candidate {
  return (
    isObject(value) &&
    ["version", "commit", "digest"].every((key) => typeof value[key] === "string" && value[key] !== "")
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
