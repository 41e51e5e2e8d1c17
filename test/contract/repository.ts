import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export const root = new URL("../../", import.meta.url).pathname;

export function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** Paths of the repository's files: those that are committed, and those that would be. */
export function repositoryFiles(): string[] {
  return execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  })
    .split("\n")
    .filter((path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile() ?? false);
}

type Values = Readonly<Record<string, unknown>>;

export interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Values;
}

export interface Job {
  readonly needs?: string | readonly string[];
  readonly uses?: string;
  readonly with?: Values;
  readonly secrets?: Values;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

interface Input {
  readonly required?: boolean;
  readonly default?: unknown;
}

interface Call {
  readonly inputs?: Readonly<Record<string, Input>>;
  readonly outputs?: Readonly<Record<string, { readonly value: string }>>;
  readonly secrets?: Readonly<Record<string, Input>>;
}

export interface Workflow {
  readonly name: string;
  readonly on: { readonly workflow_call?: Call | null; readonly workflow_dispatch?: Call | null };
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface Action {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, Input & { readonly description: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value?: string }>>;
  readonly runs: {
    readonly using: string;
    readonly main?: string;
    readonly post?: string;
    readonly steps?: readonly Step[];
  };
}

export const workflowFiles = readdirSync(join(root, ".github/workflows")).sort();

export function workflow(file: string): Workflow {
  return parse(read(`.github/workflows/${file}`)) as Workflow;
}

/** The action in a folder of the repository; `.` is the one at the root. */
export function action(folder: string): Action {
  return parse(read(join(folder, "action.yml"))) as Action;
}

/** Our own action or workflow behind `uses:`, as a path in the repository; undefined for anyone else's. */
export function ownPath(uses: string): string | undefined {
  return /^(?:\$|\.|rocksolid\/rocksolid)\/([\w./-]+?)(?:@v\d+)?$/.exec(uses)?.[1];
}

/** The expressions `${{ … }}` in a text. */
export function expressions(text: string): string[] {
  return [...text.matchAll(/\$\{\{(.*?)\}\}/gs)].map((match) => match[1] ?? "");
}
