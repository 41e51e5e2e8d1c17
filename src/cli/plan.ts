import { parseArgs } from "node:util";
import { type Admission, type AdmissionRequest, admit } from "../ledger/admission.ts";
import { readFacts } from "../ledger/facts.ts";
import type { Kind } from "../ledger/record.ts";
import { formatInstant } from "../pipeline/format.ts";
import { nearest } from "../pipeline/nearest.ts";
import { ConfigurationError, messageOf } from "../platform/errors.ts";
import { neutraliseForLog } from "../report/neutralise.ts";
import type { Command, Io } from "./command.ts";
import { git, openRepository, repositoryOptions, repositoryUsage } from "./repository.ts";

const usage = `Usage: rocksolid plan STAGE [--version V] [--commit SHA] [--digest D] [--kind promotion|hotfix|rollback] [--reason TEXT] [--json]

Says whether the candidate would be admitted to the stage now, with every reason, and does nothing.
--commit   default: HEAD            --version  default: the tag of the commit, without a leading v, or its first 12 digits
--digest   default: git:<commit>    --kind     default: promotion
${repositoryUsage}
Exit status: 0 it would be admitted, or is there already; 1 refused; 3 it has to wait; 2 could not be told.`;

/** `rocksolid plan`: the answer of admission, without doing anything. */
export const plan: Command = {
  name: "plan",
  summary: "Says whether a candidate would be admitted to a stage, and why not.",
  usage,
  async run(args, io) {
    const values = argumentsOf(args);
    const { github, ledger, pipeline } = openRepository(io, values);
    const stage = pipeline.stages.find(({ name }) => name === values.stage);
    if (stage?.environment === undefined) throw new ConfigurationError(unknownStage(values.stage, pipeline.stages));
    const request: AdmissionRequest = {
      stage,
      candidate: candidateOf(values, io),
      kind: values.kind,
      // No run of the repository has this number, so nothing in the ledger is taken for its own.
      run: { id: 0, attempt: 0, url: "" },
      ...(values.reason !== undefined && { reason: values.reason }),
    };
    const admission = admit(request, await readFacts(github, ledger, pipeline, request));
    if (values.json) io.out(`${JSON.stringify(toJson(request, admission), undefined, 2)}\n`);
    else io.out(neutraliseForLog(`${describe(request, admission).join("\n")}\n`));
    return { admitted: 0, resume: 0, done: 0, refused: 1, wait: 3 }[admission.decision];
  },
};

function argumentsOf(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...repositoryOptions,
        version: { type: "string" },
        commit: { type: "string" },
        digest: { type: "string" },
        kind: { type: "string", default: "promotion" },
        reason: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
    const [stage, ...more] = positionals;
    if (stage === undefined || more.length > 0) throw new Error("it takes one stage");
    const kind = (["promotion", "hotfix", "rollback"] as const).find((one: Kind) => one === values.kind);
    if (!kind) throw new Error(`--kind is promotion, hotfix or rollback, not "${values.kind}"`);
    return { ...values, stage, kind };
  } catch (error) {
    throw new ConfigurationError(`${messageOf(error)}; write rocksolid plan STAGE [--version V] [--commit SHA]`);
  }
}

function candidateOf(
  values: { readonly version?: string; readonly commit?: string; readonly digest?: string },
  io: Io,
) {
  const commit = git(io.cwd, "rev-parse", `${values.commit ?? "HEAD"}^{commit}`) ?? values.commit;
  if (commit === undefined || !/^[0-9a-f]{40,64}$/.test(commit)) {
    throw new ConfigurationError(
      `no commit: "${values.commit ?? "HEAD"}" is none here; add --commit with a full commit id`,
    );
  }
  const tag = git(io.cwd, "describe", "--tags", "--exact-match", commit)?.replace(/^v(?=\d)/, "");
  return { version: values.version ?? tag ?? commit.slice(0, 12), commit, digest: values.digest ?? `git:${commit}` };
}

function unknownStage(
  name: string,
  stages: readonly { readonly name: string; readonly environment?: string }[],
): string {
  const names = stages.filter(({ environment }) => environment !== undefined).map((stage) => stage.name);
  const near = nearest(name, names);
  return `"${name}" is no stage with an environment${near ? `: did you mean "${near}"?` : `: there are ${names.join(", ")}`}`;
}

function describe({ candidate, stage }: AdmissionRequest, admission: Admission): string[] {
  const who = `${candidate.version} (commit ${candidate.commit.slice(0, 12)}, ${candidate.digest})`;
  switch (admission.decision) {
    case "admitted":
      return [
        `admitted: ${who} may enter ${stage.name}${admission.previous ? `, after ${admission.previous.payload.candidate.version}` : ""}`,
        ...admission.supersedes.map(
          ({ id, payload }) => `- supersedes deployment ${id} of ${payload.candidate.version}`,
        ),
        ...admission.notes.map((note) => `- ${note}`),
      ];
    case "resume":
    case "done":
      return [`${admission.decision}: ${who} is in ${stage.name} already (deployment ${admission.record.id})`];
    case "wait":
      return [
        `wait: ${who} may not enter ${stage.name} yet${admission.until === undefined ? "" : `; worth asking again at ${formatInstant(admission.until)}`}`,
        ...admission.because.map((reason) => `- ${reason}`),
      ];
    case "refused":
      return [`refused: ${who} may not enter ${stage.name}`, ...admission.because.map((reason) => `- ${reason}`)];
  }
}

function toJson({ candidate, stage, kind }: AdmissionRequest, admission: Admission) {
  return {
    schema: "rocksolid/plan/v1",
    stage: stage.name,
    kind,
    candidate,
    decision: admission.decision,
    because: "because" in admission ? admission.because : [],
    ...("until" in admission && admission.until !== undefined && { until: new Date(admission.until).toISOString() }),
    ...("previous" in admission && admission.previous && { previous: admission.previous.payload.candidate }),
    ...("record" in admission && { deployment: admission.record.id }),
  };
}
