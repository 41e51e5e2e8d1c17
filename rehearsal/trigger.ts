import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { nearest } from "../src/pipeline/nearest.ts";
import { ConfigurationError, messageOf } from "../src/platform/errors.ts";
import type { Release } from "./fleet/repository.ts";
import type { RunRequest } from "./github/ports.ts";
import { ACTOR } from "./seed.ts";

const FOLDER = ".github/workflows";

function eventsOf(document: unknown): string[] {
  const on = typeof document === "object" && document !== null && "on" in document ? document.on : undefined;
  if (typeof on === "string") return [on];
  if (Array.isArray(on)) return on.filter((event) => typeof event === "string");
  return typeof on === "object" && on !== null ? Object.keys(on) : [];
}

/**
 * How a workflow is started: by hand when inputs are given, else as a push of the release's tag where it listens to
 * one, else by hand, else by its schedule. Only the events are read here; the runner's parser judges the file.
 * @throws ConfigurationError where there is no such file, or none of these starts it.
 */
export function requestFor(options: {
  readonly directory: string;
  readonly workflow: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly release: Release;
  readonly branch: string;
}): RunRequest {
  const name = basename(options.workflow);
  const folder = join(options.directory, FOLDER);
  const file = join(folder, name);
  if (!existsSync(file)) {
    const files = existsSync(folder) ? readdirSync(folder).filter((one) => /\.ya?ml$/.test(one)) : [];
    const near = nearest(name, files);
    throw new ConfigurationError(
      `--workflow ${JSON.stringify(name)} is not in ${FOLDER}: ${near ? `did you mean "${near}"? ` : ""}It has ${files.join(", ") || "no workflow"}`,
    );
  }
  let document: unknown;
  try {
    document = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ConfigurationError(`${FOLDER}/${name} is not YAML: ${messageOf(error)}`);
  }
  const events = eventsOf(document);
  const title = typeof document === "object" && document !== null && "name" in document ? String(document.name) : name;
  const common = { workflow: `${FOLDER}/${name}`, name: title, sha: options.release.commit, actor: ACTOR };
  const branch = `refs/heads/${options.branch}`;
  if (Object.keys(options.inputs).length > 0) {
    return { ...common, event: "workflow_dispatch", ref: branch, inputs: options.inputs };
  }
  if (events.includes("push")) return { ...common, event: "push", ref: options.release.ref };
  if (events.includes("workflow_dispatch")) return { ...common, event: "workflow_dispatch", ref: branch };
  if (events.includes("schedule")) return { ...common, event: "schedule", ref: branch };
  throw new ConfigurationError(
    `${FOLDER}/${name} is started by ${events.join(", ") || "nothing"}: a rehearsal starts workflows by push, workflow_dispatch and schedule`,
  );
}
