/** An instant (milliseconds since the epoch) as GitHub writes it: ISO 8601, whole seconds, UTC. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");
}

const PREFIXES = {
  Deployment: "DE",
  DeploymentStatus: "DS",
  Environment: "EN",
  Repository: "R",
  User: "U",
  Bot: "BOT",
  Issue: "I",
  IssueComment: "IC",
  Label: "LA",
  CommitStatus: "SC",
  CheckRun: "CR",
  WorkflowRun: "WFR",
  Workflow: "W",
  Commit: "C",
  Ref: "REF",
  GateRule: "GA",
  Integration: "A",
} as const;

export type NodeType = keyof typeof PREFIXES;

/** The global id of an object, opaque to callers, different for each type. */
export function nodeId(type: NodeType, id: number | string): string {
  return `${PREFIXES[type]}_${Buffer.from(`${type}:${id}`).toString("base64url")}`;
}

/** The inverse of {@link nodeId}; undefined for a text that is none. */
export function parseNodeId(text: string): { readonly type: string; readonly id: string } | undefined {
  const decoded = Buffer.from(text.slice(text.indexOf("_") + 1), "base64url").toString();
  const match = /^([A-Za-z]+):(.+)$/s.exec(decoded);
  return match?.[1] === undefined || match[2] === undefined ? undefined : { type: match[1], id: match[2] };
}
