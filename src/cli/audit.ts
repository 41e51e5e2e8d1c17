import { parseArgs } from "node:util";
import { type Approval, type AuditEntry, audit } from "../ledger/audit.ts";
import type { DeploymentRecord } from "../ledger/record.ts";
import { formatCount } from "../pipeline/format.ts";
import { ConfigurationError, messageOf } from "../platform/errors.ts";
import { type GitHub, NotFound } from "../platform/github.ts";
import { neutraliseForLog, oneLine } from "../report/neutralise.ts";
import type { Command } from "./command.ts";
import { openRepository, repositoryOptions, repositoryUsage } from "./repository.ts";

const usage = `Usage: rocksolid audit [VERSION] [--json]

Prints, from GitHub alone, what happened to a version, or to all: who promoted it, who approved, every status with its
reason, what was skipped, rolled back or overridden, with links.
${repositoryUsage}
Exit status: 0 printed, 1 the ledger knows no such version, 2 could not be read.`;

/** `rocksolid audit`: what GitHub's record says about a version. */
export const auditCommand: Command = {
  name: "audit",
  summary: "Prints what happened to a version: who, when, why, approved by whom.",
  usage,
  async run(args, io) {
    const { version, json, ...values } = argumentsOf(args);
    const { github, ledger, pipeline } = openRepository(io, values);
    const environments = pipeline.stages.flatMap(({ environment }) => environment ?? []);
    const records = await ledger.records(pipeline.service, environments);
    const entries = audit(records, await readApprovals(github, records), version);
    if (json) {
      const text = {
        schema: "rocksolid/audit/v1",
        service: pipeline.service,
        ...(version !== undefined && { version }),
        entries,
      };
      io.out(`${JSON.stringify(text, timesAsText, 2)}\n`);
    } else if (entries.length > 0) {
      io.out(
        neutraliseForLog(`${entries.map(describe).join("\n\n")}\n\n${formatCount(entries.length, "deployment")}\n`),
      );
    }
    if (entries.length > 0) return 0;
    io.err(
      neutraliseForLog(
        `the ledger of ${pipeline.service} knows ${version === undefined ? "no deployment" : `no version ${version}`}\n`,
      ),
    );
    return 1;
  },
};

function argumentsOf(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...repositoryOptions, json: { type: "boolean", default: false } },
    });
    if (positionals.length > 1) throw new Error("it takes one version");
    return { ...values, version: positionals[0] };
  } catch (error) {
    throw new ConfigurationError(`${messageOf(error)}; write rocksolid audit [VERSION] [--json]`);
  }
}

interface Review {
  readonly state: string;
  readonly comment: string;
  readonly user: { readonly login: string } | null;
  readonly environments: readonly { readonly name: string }[];
}

/** The reviews of the runs that made the records, by run. A run that GitHub has deleted has none any more. */
async function readApprovals(
  github: GitHub,
  records: readonly DeploymentRecord[],
): Promise<ReadonlyMap<number, readonly Approval[]>> {
  const approvals = new Map<number, readonly Approval[]>();
  for (const run of new Set(records.map(({ payload }) => payload.run.id))) {
    try {
      const { data } = await github.rest<Review[]>(
        "GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals",
        { run_id: run },
        { needs: "actions: read", doing: `read the approvals of run ${run}` },
      );
      const found = data.flatMap(({ state, comment, user, environments }) =>
        environments.map(({ name }): Approval => ({ environment: name, user: user?.login ?? "ghost", state, comment })),
      );
      approvals.set(run, found);
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
    }
  }
  return approvals;
}

function describe(entry: AuditEntry): string {
  const { candidate } = entry;
  const facts: [string, string][] = [
    ["commit", candidate.commit],
    ["digest", candidate.digest],
    ["started by", `${entry.actor}, recorded by ${entry.creator}`],
    ["run", entry.run],
    ...(entry.reason === undefined ? [] : ([["reason", entry.reason]] as [string, string][])),
    ...(entry.override === undefined ? [] : ([["overridden", entry.override]] as [string, string][])),
    ...entry.approvals.map(({ user, state, comment }): [string, string] => [
      state,
      `by ${user}${comment ? `: ${comment}` : ""}`,
    ]),
    ...entry.skipped.map((what): [string, string] => ["skipped", what]),
    ...(entry.undoes === undefined ? [] : ([["undoes", `deployment ${entry.undoes}`]] as [string, string][])),
    ...(entry.undoneBy === undefined ? [] : ([["undone by", `deployment ${entry.undoneBy}`]] as [string, string][])),
  ];
  return [
    `${entry.stage}: ${entry.kind} of ${candidate.version}: ${entry.outcome} (deployment ${entry.deployment})`,
    ...facts.map(([name, text]) => `  ${name.padEnd(11)} ${oneLine(text)}`),
    ...entry.statuses.map(
      ({ at, state, description }) => `  ${new Date(at).toISOString()}  ${state.padEnd(11)} ${oneLine(description)}`,
    ),
  ].join("\n");
}

function timesAsText(key: string, value: unknown): unknown {
  return (key === "at" || key === "createdAt") && typeof value === "number" ? new Date(value).toISOString() : value;
}
