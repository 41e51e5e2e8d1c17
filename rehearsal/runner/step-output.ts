import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { messageOf } from "../../src/platform/errors.ts";
import { type Command, type Masker, parseCommand } from "./commands.ts";
import { parseKeyValueFile, parsePathFile } from "./files.ts";
import type { Annotation } from "./types.ts";

/** GitHub keeps so many annotations of each level for a step, and so much of each. */
const ANNOTATIONS = 10;
const ANNOTATION_LENGTH = 4096;
const SUMMARY_LIMIT = 1024 * 1024;

/** What a step changes for the steps after it. */
export interface JobState {
  readonly env: Record<string, string>;
  /** Folders put before PATH, the last first. */
  readonly paths: string[];
  readonly masker: Masker;
}

const FILES = {
  GITHUB_OUTPUT: "set_output_",
  GITHUB_ENV: "set_env_",
  GITHUB_PATH: "add_path_",
  GITHUB_STATE: "save_state_",
  GITHUB_STEP_SUMMARY: "step_summary_",
} as const;
type FileVariable = keyof typeof FILES;

/** Collects what one process of a step says: its lines, workflow commands and the runner's files. */
export class StepOutput {
  readonly outputs: Record<string, string> = {};
  /** What the stages of one action keep for each other: set by whoever knows the action. */
  state: Record<string, string> = {};
  readonly annotations: Annotation[] = [];
  summary: string | undefined;
  /** Set when a command or file is not as it must be, which fails the step. */
  failed = false;
  readonly #job: JobState;
  readonly #sink: (line: string) => void;
  readonly #files: Record<FileVariable, string>;
  #stopToken: string | undefined;
  #warnedOfOldCommand = false;

  /** Makes the step's files in `folder`; lines of the log go to `sink`. */
  constructor(job: JobState, folder: string, sink: (line: string) => void) {
    this.#job = job;
    this.#sink = sink;
    mkdirSync(folder, { recursive: true });
    const id = randomUUID();
    const file = (name: FileVariable): string => path.join(folder, FILES[name] + id);
    this.#files = {
      GITHUB_OUTPUT: file("GITHUB_OUTPUT"),
      GITHUB_ENV: file("GITHUB_ENV"),
      GITHUB_PATH: file("GITHUB_PATH"),
      GITHUB_STATE: file("GITHUB_STATE"),
      GITHUB_STEP_SUMMARY: file("GITHUB_STEP_SUMMARY"),
    };
    for (const name of Object.values(this.#files)) writeFileSync(name, "");
  }

  /** The variables that name the files. */
  get variables(): Readonly<Record<string, string>> {
    return this.#files;
  }

  /** A line that the process printed. */
  line(text: string): void {
    const command = parseCommand(text);
    if (this.#stopToken !== undefined) {
      if (command?.name === this.#stopToken.toLowerCase()) this.#stopToken = undefined;
      else this.log(text);
      return;
    }
    if (command === undefined || !this.#obey(command)) this.log(text);
  }

  /** A line of the log, secrets hidden. */
  log(text: string): void {
    this.#sink(this.#job.masker.mask(text));
  }

  annotate(level: Annotation["level"], message: string, properties: Readonly<Record<string, string>> = {}): void {
    const masked = this.#job.masker.mask(message);
    this.#sink(level === "notice" ? `Notice: ${masked}` : `${level === "error" ? "Error" : "Warning"}: ${masked}`);
    if (this.annotations.filter((one) => one.level === level).length >= ANNOTATIONS) return;
    const line = Number(properties["line"]);
    this.annotations.push({
      level,
      message: masked.slice(0, ANNOTATION_LENGTH),
      ...(properties["title"] ? { title: this.#job.masker.mask(properties["title"]) } : {}),
      ...(properties["file"] ? { file: properties["file"] } : {}),
      ...(Number.isInteger(line) && line > 0 ? { line } : {}),
    });
  }

  /** An annotation that also fails the step. */
  fail(message: string): void {
    this.failed = true;
    this.annotate("error", message);
  }

  /** Reads the files when the process has ended, and takes over what they say. */
  finish(): void {
    this.#read("GITHUB_ENV", (text) => {
      for (const [name, value] of parseKeyValueFile(text)) {
        if (name.toUpperCase() === "NODE_OPTIONS")
          this.annotate("error", "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
        else this.#job.env[name] = value;
      }
    });
    this.#read("GITHUB_PATH", (text) => {
      for (const folder of parsePathFile(text)) this.#addPath(folder);
    });
    this.#read("GITHUB_OUTPUT", (text) => {
      for (const [name, value] of parseKeyValueFile(text)) this.outputs[name] = value;
    });
    this.#read("GITHUB_STATE", (text) => {
      for (const [name, value] of parseKeyValueFile(text)) this.state[name] = value;
    });
    this.#readSummary();
    for (const file of Object.values(this.#files)) rmSync(file, { force: true });
  }

  #read(name: FileVariable, take: (text: string) => void): void {
    let text: string;
    try {
      text = readFileSync(this.#files[name], "utf8");
    } catch (error) {
      // A step may delete the file: GitHub's runner takes that as nothing said.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      throw error;
    }
    if (text === "") return;
    try {
      take(text);
    } catch (error) {
      this.fail(`Unable to process file command '${FILES[name].slice(4, -1)}' successfully.`);
      this.annotate("error", messageOf(error));
    }
  }

  #readSummary(): void {
    const file = this.#files.GITHUB_STEP_SUMMARY;
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size === 0) return;
    if (size > SUMMARY_LIMIT) {
      this.annotate(
        "error",
        `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${SUMMARY_LIMIT / 1024}k, got ${Math.floor(size / 1024)}k.`,
      );
      return;
    }
    this.summary = this.#job.masker.mask(readFileSync(file, "utf8"));
  }

  #addPath(folder: string): void {
    const known = this.#job.paths.indexOf(folder);
    if (known >= 0) this.#job.paths.splice(known, 1);
    this.#job.paths.push(folder);
  }

  /** Carries out a workflow command; false for a word that is none, which is then an ordinary line. */
  #obey({ name, properties, message }: Command): boolean {
    switch (name) {
      case "error":
      case "warning":
      case "notice":
        this.annotate(name, message, properties);
        return true;
      case "debug":
        return true;
      case "group":
        this.log(`▸ ${message}`);
        return true;
      case "endgroup":
      case "echo":
        return true;
      case "add-mask":
        if (message.trim() === "")
          this.annotate("warning", "Can't add secret mask for empty string in ##[add-mask] command.");
        else this.#job.masker.add(message);
        return true;
      case "stop-commands":
        if (message.trim() === "" || message.toLowerCase() === "pause-logging" || KNOWN.has(message.toLowerCase())) {
          this.fail(`Invalid token for ::stop-commands:: ${JSON.stringify(message)}`);
        } else this.#stopToken = message;
        return true;
      case "set-output":
      case "save-state":
        this.#oldCommand(name);
        if (!properties["name"]) this.fail(`Required field 'name' is missing in ##[${name}] command.`);
        else if (name === "set-output") this.outputs[properties["name"]] = message;
        else this.state[properties["name"]] = message;
        return true;
      case "set-env":
      case "add-path":
        this.fail(`The \`${name}\` command is disabled. Please upgrade to using Environment Files.`);
        return true;
      case "add-matcher":
      case "remove-matcher":
        this.log(`Problem matchers are not applied in a rehearsal (${name})`);
        return true;
      default:
        return false;
    }
  }

  #oldCommand(name: string): void {
    if (this.#warnedOfOldCommand) return;
    this.#warnedOfOldCommand = true;
    this.annotate(
      "warning",
      `The \`${name}\` command is deprecated and will be disabled soon. Please upgrade to using Environment Files.`,
    );
  }
}

const KNOWN = new Set(
  "error warning notice debug group endgroup echo add-mask stop-commands set-output save-state set-env add-path add-matcher remove-matcher".split(
    " ",
  ),
);
