import type { TemplateToken } from "@actions/workflow-parser/templates/tokens/index";
import { ConfigurationError } from "../../src/platform/errors.ts";

/** A place in a workflow or action file; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The place of a token of GitHub's parser in the file that it was read from. */
export function positionOf(file: string, token: TemplateToken | undefined): Position {
  return { file, line: token?.line ?? 1, column: token?.col ?? 1 };
}

/** `file:line:column`. */
export function formatPosition(position: Position): string {
  return `${position.file}:${position.line}:${position.column}`;
}

/** Collects what is wrong in a set of files, so that all of it is told at once. */
export class Mistakes {
  readonly #found: { readonly position: Position; readonly message: string }[] = [];

  add(position: Position, message: string): void {
    const known = this.#found.some(
      (one) => formatPosition(one.position) === formatPosition(position) && one.message === message,
    );
    if (!known) this.#found.push({ position, message });
  }

  get count(): number {
    return this.#found.length;
  }

  /** Throws a {@link ConfigurationError} with one line for each mistake, if there is any. */
  check(): void {
    if (this.#found.length === 0) return;
    const lines = [...this.#found]
      .sort(
        (a, b) =>
          a.position.file.localeCompare(b.position.file) ||
          a.position.line - b.position.line ||
          a.position.column - b.position.column,
      )
      .map(({ position, message }) => `${formatPosition(position)}: ${message}`);
    throw new ConfigurationError(lines.join("\n"));
  }
}
