import { createHash } from "node:crypto";
import { cp, glob, mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { MappingToken } from "@actions/workflow-parser/templates/tokens/index";
import type { Repository } from "./git.ts";
import { type Mistakes, type Position, positionOf } from "./mistakes.ts";
import type { Action, Source, StandIn } from "./model.ts";

/** What a stand-in gets to work with. */
export interface StandInContext {
  readonly inputs: Readonly<Record<string, string>>;
  readonly workspace: string;
  readonly sha: string;
  readonly ref: string;
  readonly repository: Repository;
  readonly repositoryUrl: string;
  readonly runUrl: string;
  /** The folder that holds the artifacts of the run, one folder each. */
  readonly artifacts: string;
  readonly log: (line: string) => void;
  readonly warning: (message: string) => void;
  readonly output: (name: string, value: string) => void;
}

interface Definition {
  readonly name: StandIn;
  readonly repository: string;
  /** Inputs that do something here, with their defaults. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Inputs that change nothing on this machine and may therefore be given. */
  readonly ignored: readonly string[];
  readonly run: (context: StandInContext) => Promise<void>;
}

/** Every action that is not really run in a rehearsal but played by this machine. Any other unknown action is refused. */
export const STAND_INS: readonly Definition[] = [
  {
    name: "checkout",
    repository: "actions/checkout",
    inputs: { ref: "", "fetch-depth": "1", path: "", repository: "" },
    ignored: ["persist-credentials", "clean", "token", "fetch-tags", "show-progress", "set-safe-directory"],
    run: checkout,
  },
  {
    name: "upload-artifact",
    repository: "actions/upload-artifact",
    inputs: { name: "artifact", path: "", "if-no-files-found": "warn", overwrite: "false" },
    ignored: ["retention-days", "compression-level", "include-hidden-files"],
    run: upload,
  },
  {
    name: "download-artifact",
    repository: "actions/download-artifact",
    inputs: { name: "", path: "", pattern: "", "merge-multiple": "false" },
    ignored: ["digest-mismatch"],
    run: download,
  },
];

/** The stand-in for `actions/checkout@v4` and the like. */
export function standInFor(
  uses: string,
): { readonly definition: Definition; action(label: string, source: Source): Action } | undefined {
  const definition = STAND_INS.find((one) => uses.toLowerCase().startsWith(`${one.repository}@`));
  if (definition === undefined) return undefined;
  return {
    definition,
    action: (label, source) => ({
      label,
      file: definition.repository,
      source,
      directory: source.root,
      local: false,
      inputs: [],
      outputs: [],
      runs: { kind: "stand-in", name: definition.name },
    }),
  };
}

/** Refuses inputs that a stand-in does not have, by name and line. */
export function checkStandIn(
  standIn: { readonly definition: Definition },
  uses: string,
  position: Position,
  step: MappingToken,
  mistakes: Mistakes,
): void {
  const { inputs, ignored } = standIn.definition;
  for (const { key } of step.find("with")?.assertMapping("with") ?? []) {
    const name = key.toString().toLowerCase();
    if (!(name in inputs) && !ignored.includes(name)) {
      mistakes.add(
        positionOf(position.file, key),
        `${uses}: the input ${JSON.stringify(key.toString())} is not supported in a rehearsal`,
      );
    }
  }
}

/** Plays a stand-in; its rejection is the step's failure. */
export async function runStandIn(name: StandIn, context: StandInContext): Promise<void> {
  const definition = STAND_INS.find((one) => one.name === name);
  if (definition === undefined) throw new Error(`no stand-in ${name}`);
  context.log(`This rehearsal plays ${definition.repository} by itself`);
  const given = Object.fromEntries(Object.entries(context.inputs).map(([key, value]) => [key.toLowerCase(), value]));
  await definition.run({ ...context, inputs: { ...definition.inputs, ...given } });
}

async function checkout(context: StandInContext): Promise<void> {
  const { inputs, repository } = context;
  const wanted = inputs["repository"] ?? "";
  if (wanted !== "" && !context.repositoryUrl.toLowerCase().endsWith(`/${wanted.toLowerCase()}`)) {
    throw new Error(`only the repository of the workflow can be checked out in a rehearsal, not ${wanted}`);
  }
  const depth = Number(inputs["fetch-depth"]);
  if (!Number.isInteger(depth) || depth < 0)
    throw new Error(`fetch-depth is a whole number, not ${inputs["fetch-depth"]}`);
  const ref = inputs["ref"] || context.ref;
  const sha = inputs["ref"] ? await repository.commit(await resolvable(repository, ref)) : context.sha;
  const folder = inWorkspace(context, inputs["path"] ?? "");
  await repository.checkout(folder, { sha, ref: await fullRef(repository, ref), depth, url: context.repositoryUrl });
  context.log(`HEAD is now at ${sha}`);
  context.output("ref", ref);
  context.output("commit", sha);
}

async function resolvable(repository: Repository, ref: string): Promise<string> {
  return (await fullRef(repository, ref)) || ref;
}

/** `main` as `refs/heads/main`, `v1` as `refs/tags/v1`; a sha stays what it is. */
async function fullRef(repository: Repository, ref: string): Promise<string> {
  if (ref.startsWith("refs/") || /^[0-9a-f]{40}$/.test(ref)) return ref;
  for (const full of [`refs/heads/${ref}`, `refs/tags/${ref}`]) {
    const found = await repository.commit(full).then(
      () => true,
      () => false,
    );
    if (found) return full;
  }
  return ref;
}

async function upload(context: StandInContext): Promise<void> {
  const { inputs } = context;
  const name = inputs["name"] || "artifact";
  const target = artifactFolder(context, name);
  const exists = await stat(target).then(
    () => true,
    () => false,
  );
  if (exists && inputs["overwrite"] !== "true") {
    throw new Error(`Failed to CreateArtifact: an artifact with the name ${name} already exists on this run`);
  }
  const files = await filesOf(context.workspace, (inputs["path"] ?? "").split("\n"));
  if (files.length === 0) {
    const message = `No files were found with the provided path: ${inputs["path"]}. No artifacts will be uploaded.`;
    if (inputs["if-no-files-found"] === "error") throw new Error(message);
    if (inputs["if-no-files-found"] === "ignore") context.log(message);
    else context.warning(message);
    return;
  }
  const root = commonFolder(files);
  await rm(target, { recursive: true, force: true });
  const hash = createHash("sha256");
  for (const file of files) {
    const relative = path.relative(root, file);
    await cp(file, path.join(target, relative));
    hash.update(`${relative}\0`).update(await readFile(file));
  }
  const all = (await readdir(context.artifacts)).sort();
  context.log(`Artifact ${name}: ${files.length} files`);
  context.output("artifact-id", String(all.indexOf(name) + 1));
  context.output("artifact-digest", hash.digest("hex"));
  context.output("artifact-url", `${context.runUrl}/artifacts/${all.indexOf(name) + 1}`);
}

async function download(context: StandInContext): Promise<void> {
  const { inputs } = context;
  const target = inWorkspace(context, inputs["path"] ?? "");
  const all = await readdir(context.artifacts).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  await mkdir(target, { recursive: true });
  if (inputs["name"]) {
    if (!all.includes(inputs["name"]))
      throw new Error(`Unable to download artifact(s): Artifact not found for name: ${inputs["name"]}`);
    await cp(artifactFolder(context, inputs["name"]), target, { recursive: true });
  } else {
    const pattern = inputs["pattern"] || "*";
    for (const name of all.filter((one) => path.matchesGlob(one, pattern))) {
      const into = inputs["merge-multiple"] === "true" ? target : path.join(target, name);
      await cp(artifactFolder(context, name), into, { recursive: true });
    }
  }
  context.output("download-path", target);
}

function artifactFolder(context: StandInContext, name: string): string {
  if (/["<>|*?\r\n\\/:]/.test(name) || name === "" || name === "." || name === "..") {
    throw new Error(`The artifact name is not valid: ${JSON.stringify(name)}`);
  }
  return path.join(context.artifacts, name);
}

/** A path of the user's in the workspace; one that leads out of it is refused. */
function inWorkspace(context: StandInContext, relative: string): string {
  const target = path.resolve(context.workspace, relative.replace(/^~(?=\/|$)/, context.workspace));
  if (target !== context.workspace && !target.startsWith(context.workspace + path.sep)) {
    throw new Error(`${relative} is not under ${context.workspace}`);
  }
  return target;
}

async function filesOf(workspace: string, patterns: readonly string[]): Promise<string[]> {
  const lines = patterns.map((line) => line.trim()).filter((line) => line !== "");
  const exclude = lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  const found = new Set<string>();
  for (const line of lines.filter((one) => !one.startsWith("!"))) {
    for await (const name of glob(line, { cwd: workspace, exclude })) {
      const file = path.resolve(workspace, name);
      if ((await stat(file)).isFile()) found.add(file);
      else
        for (const inner of await readdir(file, { recursive: true, withFileTypes: true })) {
          if (inner.isFile()) found.add(path.join(inner.parentPath, inner.name));
        }
    }
  }
  return [...found].sort();
}

function commonFolder(files: readonly string[]): string {
  let common = path.dirname(files[0] ?? "");
  while (!files.every((file) => file.startsWith(common + path.sep))) common = path.dirname(common);
  return common;
}
