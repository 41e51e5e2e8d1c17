import type { Pipeline, Stage } from "../pipeline/model.ts";
import { type GitHub, NotFound } from "../platform/github.ts";
import { type AdmissionFacts, type AdmissionRequest, type Ancestry, badRecords, type Hold } from "./admission.ts";
import { fold, type History } from "./fold.ts";
import type { Ledger } from "./ledger.ts";

/** The label of the issues that hold a stage: `hold:prod`; `hold:all` holds every stage. */
export function holdLabel(stage: string): string {
  return `hold:${stage}`;
}

/** The name under which a stage without an environment records its result, as a status of the candidate's commit. */
export function statusContext(service: string, stage: string): string {
  return `rocksolid/${service}/${stage}`;
}

/** The histories of all stages that have an environment, by stage name. */
export async function readHistories(ledger: Ledger, pipeline: Pipeline): Promise<ReadonlyMap<string, History>> {
  const staged = pipeline.stages.filter((stage) => stage.environment !== undefined);
  const records = await ledger.records(
    pipeline.service,
    staged.map((stage) => stage.environment ?? ""),
  );
  return new Map(
    staged.map((stage) => [stage.name, fold(records.filter((record) => record.payload.stage === stage.name))]),
  );
}

/** Reads everything that admission looks at. What cannot be read is an error, or `unknown` where admission has a rule for that. */
export async function readFacts(
  github: GitHub,
  ledger: Ledger,
  pipeline: Pipeline,
  request: AdmissionRequest,
): Promise<AdmissionFacts> {
  const [histories, environment, holds, statuses] = await Promise.all([
    readHistories(ledger, pipeline),
    readEnvironment(github, request.stage),
    readHolds(github, request.stage),
    readStatuses(github, pipeline, request),
  ]);
  const relations = await readRelations(github, pipeline, request, histories);
  return { pipeline, histories, holds, statuses, ...relations, ...(environment && { environment }), now: github.now() };
}

async function readEnvironment(github: GitHub, stage: Stage): Promise<AdmissionFacts["environment"]> {
  try {
    const { data } = await github.rest<{ protection_rules?: { type: string }[] }>(
      "GET /repos/{owner}/{repo}/environments/{environment_name}",
      { environment_name: stage.environment },
      { needs: "actions: read", doing: `read the environment "${stage.environment}"` },
    );
    return { reviewers: (data.protection_rules ?? []).some((rule) => rule.type === "required_reviewers") };
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

interface Issue {
  number: number;
  title: string;
  html_url: string;
  labels: (string | { name?: string })[];
  pull_request?: unknown;
}

/** Open issues that hold the stage. */
export async function readHolds(github: GitHub, stage: Stage): Promise<readonly Hold[]> {
  const found = await Promise.all(
    [stage.name, "all"].map(async (name) => {
      const { data } = await github.rest<Issue[]>(
        "GET /repos/{owner}/{repo}/issues",
        { labels: holdLabel(name), state: "open", per_page: 30 },
        { needs: "issues: read", doing: `look for open issues with the label "${holdLabel(name)}"` },
      );
      return data
        .filter((issue) => !issue.pull_request)
        .map((issue): Hold => ({ number: issue.number, title: issue.title, url: issue.html_url, stage: name }));
    }),
  );
  return found.flat();
}

async function readStatuses(
  github: GitHub,
  pipeline: Pipeline,
  request: AdmissionRequest,
): Promise<ReadonlyMap<string, string>> {
  const { stages } = pipeline;
  const before = stages[stages.findIndex((stage) => stage.name === request.stage.name) - 1];
  if (!before || before.environment !== undefined || request.kind === "rollback") return new Map();
  const context = statusContext(pipeline.service, before.name);
  // Not the combined status: that one names at most a page of contexts, and ours may be on another.
  const { data } = await github.rest<{ context: string; state: string }[]>(
    "GET /repos/{owner}/{repo}/commits/{ref}/statuses",
    { ref: request.candidate.commit, per_page: 100 },
    { needs: "statuses: read", doing: `read the statuses of commit ${request.candidate.commit}` },
  );
  const newest = data.find((status) => status.context === context);
  return new Map(newest ? [[before.name, newest.state]] : []);
}

interface Comparison {
  status: string;
  commits: { commit: { message: string } }[];
}

async function readRelations(
  github: GitHub,
  pipeline: Pipeline,
  request: AdmissionRequest,
  histories: ReadonlyMap<string, History>,
): Promise<Pick<AdmissionFacts, "ancestry" | "fixes">> {
  const ancestry = new Map<string, Ancestry>();
  const fixes: string[] = [];
  if (request.kind === "rollback") return { ancestry, fixes };
  const { commit } = request.candidate;
  const live = histories.get(request.stage.name)?.live?.payload.candidate.commit;
  const bad = badRecords(request.stage, { pipeline, histories }).map((record) => record.payload.candidate.commit);
  for (const other of new Set([...(live ? [live] : []), ...bad])) {
    if (other === commit) {
      ancestry.set(other, "identical");
      continue;
    }
    try {
      const { data } = await github.rest<Comparison>(
        "GET /repos/{owner}/{repo}/compare/{basehead}",
        { basehead: `${other}...${commit}`, per_page: 100 },
        { needs: "contents: read", doing: `compare commit ${commit} with ${other}` },
      );
      ancestry.set(other, relationOf(data.status));
      for (const { commit: inner } of data.commits) fixes.push(...fixesBad(inner.message));
    } catch (error) {
      // A commit that was force-pushed away: admission refuses over what it cannot tell.
      if (!(error instanceof NotFound)) throw error;
      ancestry.set(other, "unknown");
    }
  }
  return { ancestry, fixes };
}

function relationOf(status: string): Ancestry {
  const known = (["identical", "ahead", "behind", "diverged"] as const).find((relation) => relation === status);
  return known ?? "unknown";
}

/** The commits that a message declares mended: `Fixes-bad: <sha>`, one a line. */
export function fixesBad(message: string): string[] {
  return [...message.matchAll(/^fixes-bad:[ \t]*([0-9a-f]{7,40})[ \t]*$/gim)].map((match) =>
    (match[1] ?? "").toLowerCase(),
  );
}
