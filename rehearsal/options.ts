import { parseArgs } from "node:util";
import { nearest } from "../src/pipeline/nearest.ts";
import { ConfigurationError } from "../src/platform/errors.ts";

/** How a rehearsal answers when an environment's reviewers are asked. */
export type Approve = "ask" | "yes" | "no";

/** The ways in which a bake waits. */
export const bakeWays = ["job", "timer", "watch"] as const;
export type BakeWay = (typeof bakeWays)[number];

/** What is rehearsed, and how. */
export interface RehearsalOptions {
  /** Name of a candidate of the demo. */
  readonly candidate: string;
  /** One of the demo's pipeline files, a file name under its `.github/`. */
  readonly pipeline: string;
  /** A file name under `.github/workflows/`. */
  readonly workflow: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly approve: Approve;
  /** Rehearsed seconds in a real one. */
  readonly speed: number;
  /** Where to write the result as JSON. */
  readonly json?: string;
  /** An empty directory in which everything is left for a look; a temporary one, removed at the end, unless said. */
  readonly keep?: string;
  /** A git repository of the user's own instead of the demo. */
  readonly repository?: string;
  /** Hosts whose runners are away. */
  readonly offline: readonly string[];
  /** Seed of the load generator and of the weather. */
  readonly seed: number;
  /** How the demo's 1-box bake waits: in its job unless said, by an environment's wait timer, or by that and ticks of `watch.yml`. */
  readonly bake?: BakeWay;
  /** The share of GitHub's answers to the jobs that fail, from 0 to 1; none unless said. */
  readonly weather?: number;
}

export const defaultOptions: RehearsalOptions = {
  candidate: "good",
  pipeline: "pipeline.yml",
  workflow: "pipeline.yml",
  inputs: {},
  approve: "yes",
  speed: 720,
  offline: [],
  seed: 1,
};

/** The demo's pipeline files: one with limits, one that compares with production and watches slopes instead. */
export const demoPipelines = ["pipeline.yml", "pipeline.sequential.yml"] as const;

const flags = {
  candidate: { type: "string" },
  pipeline: { type: "string" },
  workflow: { type: "string" },
  input: { type: "string", multiple: true },
  approve: { type: "string" },
  speed: { type: "string" },
  json: { type: "string" },
  keep: { type: "string" },
  repo: { type: "string" },
  offline: { type: "string", multiple: true },
  seed: { type: "string" },
  weather: { type: "string" },
  bake: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** The help text; `candidates` are the names to choose from. */
export function usage(candidates: readonly string[]): string {
  return `Usage: rocksolid rehearse [OPTION…], or in Rocksolid's own checkout: npm run rehearse -- [OPTION…]

  --candidate NAME    what is released: ${candidates.join(", ")} (default good)
  --pipeline FILE     the demo's pipeline file: ${demoPipelines.join(" (default) or ")}
  --workflow FILE     workflow to run: pipeline.yml (default), hotfix.yml, rollback.yml, watch.yml, or one of yours
  --input NAME=VALUE  input of the workflow, any number of times; the run is then started by hand
  --approve HOW       yes (default): reviewers approve; no: they reject; ask: you are asked
  --speed N           durations are divided by N (default 720: an hour takes 5 seconds)
  --json FILE         write the result as JSON
  --keep DIR          work in DIR and leave everything there: repository, machines, logs
  --repo DIR          rehearse your own repository (its newest commit, its workflows, pipeline file and commands)
  --offline HOST      the runner of this host is away, any number of times
  --seed N            seed of the load generator and of the weather (default 1)
  --bake WAY          the 1-box bake waits in its job (default), by a wait timer, or by one with watch.yml: job, timer, watch
  --weather SHARE     let this share of GitHub's answers fail: refusals, resets, lost and broken answers (0.1: one in ten)

Exit status: 0 released (or rolled back, when that was the workflow), 3 stopped by the pipeline, 1 anything else.
`;
}

function choose<T extends string>(option: string, value: string, valid: readonly T[]): T {
  const found = valid.find((name) => name === value);
  if (found !== undefined) return found;
  const near = nearest(value, valid);
  throw new ConfigurationError(
    `${option} ${JSON.stringify(value)} is not known: ${near === undefined ? "" : `did you mean "${near}"? `}It is one of ${valid.join(", ")}`,
  );
}

function positive(option: string, value: string, integer: boolean): number {
  const number = /^\d{1,9}(\.\d{1,3})?$/.test(value) ? Number(value) : Number.NaN;
  if (!(number > 0) || (integer && !Number.isInteger(number))) {
    throw new ConfigurationError(
      `${option} ${JSON.stringify(value)} is not a ${integer ? "whole " : ""}number above 0: write ${option} ${integer ? "7" : "720"}`,
    );
  }
  return number;
}

function inputsOf(texts: readonly string[]): Record<string, string> {
  const inputs: Record<string, string> = Object.create(null);
  for (const text of texts) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_-]*)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      throw new ConfigurationError(
        `--input ${JSON.stringify(text)} is not NAME=VALUE: write --input reason="why it is urgent"`,
      );
    }
    if (Object.hasOwn(inputs, name)) throw new ConfigurationError(`--input ${name} is given twice`);
    inputs[name] = value;
  }
  return { ...inputs };
}

/**
 * Reads the command line, without the program's name. `candidates` and `hosts` are the names to choose from.
 * @throws ConfigurationError with every mistake, a line each.
 */
export function parseOptions(
  argv: readonly string[],
  known: { readonly candidates: readonly string[]; readonly hosts: readonly string[] },
): RehearsalOptions | "help" {
  const mistakes: string[] = [];
  const attempt = <T>(fallback: T, read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      mistakes.push(error.message);
      return fallback;
    }
  };
  const { values, tokens } = parseArgs({
    args: [...argv],
    options: flags,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === "positional")
      mistakes.push(`${JSON.stringify(token.value)} is not an option: options start with --`);
    if (token.kind !== "option") continue;
    const flag = Object.entries(flags).find(([name]) => name === token.name)?.[1];
    if (flag === undefined) {
      const near = nearest(token.name, Object.keys(flags));
      mistakes.push(
        `${token.rawName} is not an option: ${
          near === undefined
            ? `the options are ${Object.keys(flags)
                .map((name) => `--${name}`)
                .join(", ")}`
            : `did you mean --${near}?`
        }`,
      );
    } else if (flag.type === "string" && (token.value === undefined || token.value === "")) {
      mistakes.push(`${token.rawName} needs a value`);
    } else if (flag.type === "boolean" && token.value !== undefined) {
      mistakes.push(`${token.rawName} takes no value`);
    }
  }
  if (values.help === true) return "help";
  const text = (name: keyof typeof flags): string | undefined => {
    const value = values[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const texts = (name: "input" | "offline"): string[] =>
    (values[name] ?? []).filter((value) => typeof value === "string");
  const repository = text("repo");
  if (repository !== undefined && text("candidate") !== undefined) {
    mistakes.push("--candidate is for the demo: with --repo the candidate is the newest commit of your repository");
  }
  if (repository !== undefined && text("pipeline") !== undefined) {
    mistakes.push("--pipeline is for the demo: with --repo it is your repository's .github/pipeline.yml");
  }
  const weather = attempt(undefined, () => {
    const share = text("weather");
    if (share === undefined) return undefined;
    const value = /^0?\.\d{1,4}$/.test(share) ? Number(share) : Number.NaN;
    if (!(value > 0))
      throw new ConfigurationError(
        `--weather ${JSON.stringify(share)} is not a share between 0 and 1: write --weather 0.1`,
      );
    return value;
  });
  const json = text("json");
  const keep = text("keep");
  const options: RehearsalOptions = {
    candidate: attempt("good", () => choose("--candidate", text("candidate") ?? "good", known.candidates)),
    pipeline: attempt("", () => choose("--pipeline", text("pipeline") ?? defaultOptions.pipeline, demoPipelines)),
    workflow: text("workflow") ?? defaultOptions.workflow,
    inputs: attempt({}, () => inputsOf(texts("input"))),
    approve: attempt("yes", () => choose("--approve", text("approve") ?? "yes", ["yes", "no", "ask"])),
    speed: attempt(1, () => positive("--speed", text("speed") ?? "720", false)),
    seed: attempt(1, () => positive("--seed", text("seed") ?? "1", true)),
    offline: attempt([], () =>
      repository === undefined
        ? texts("offline").map((host) => choose("--offline", host, known.hosts))
        : texts("offline"),
    ),
    ...(text("bake") !== undefined && {
      bake: attempt("job", () => choose("--bake", text("bake") ?? "job", bakeWays)),
    }),
    ...(weather !== undefined && { weather }),
    ...(json !== undefined && { json }),
    ...(keep !== undefined && { keep }),
    ...(repository !== undefined && { repository }),
  };
  if (mistakes.length > 0) throw new ConfigurationError(mistakes.join("\n"));
  return options;
}
