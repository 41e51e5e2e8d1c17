import { cut } from "../pipeline/format.ts";

/** Breaks a word for machines and not for eyes. */
const INVISIBLE = "\u200B";

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const ESCAPE_SEQUENCE = /\u001b\[[0-9;:?<=>]*[ -/]*[@-~]/g;
/** Control and format characters but line breaks and tabs: what hides text, turns it round, or moves a cursor. */
const CONTROL = /(?![\n\r\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Makes text from outside harmless in the log of a job, chunk by chunk: no line of the result is a workflow command, in
 * the syntax of today (`::name::` at the start of a line, after blanks) or of before (`##[name]` anywhere), also where a
 * chunk ends in the middle of one. Escape sequences and other control characters are removed.
 */
export function createLogNeutraliser(): (chunk: string) => string {
  /** The line so far, while it is nothing but blanks and one colon. */
  let head: string | undefined = "";
  let hashes = "";
  return (chunk) => {
    const text = chunk.toWellFormed().replace(ESCAPE_SEQUENCE, "").replace(CONTROL, "");
    const safe = text
      .split(/([\n\r])/)
      .map((part) => {
        if (part === "\n" || part === "\r") {
          head = "";
          return part;
        }
        if (head === undefined) return part;
        const line: string = head + part;
        const at = /^\s*::/.test(line) ? line.indexOf("::") + 1 - head.length : -1;
        head = /^\s*:?$/.test(line) ? line : undefined;
        return at < 0 ? part : part.slice(0, at) + INVISIBLE + part.slice(at);
      })
      .join("");
    const before = hashes;
    const line = before + safe;
    hashes = /#{0,2}$/.exec(line)?.[0] ?? "";
    const broken = line.replaceAll("##[", `##${INVISIBLE}[`);
    return broken.slice(before.length);
  };
}

/** A whole text, of one line or many, made harmless in the log of a job; see {@link createLogNeutraliser}. */
export function neutraliseForLog(text: string): string {
  return createLogNeutraliser()(text);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text on one line, for an element or a quoted attribute of HTML. */
export function neutraliseForHtml(text: string, length = 500): string {
  return cut(oneLine(text), length).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

/**
 * A text as one cell of a GitHub Markdown table, or a part of a line: no markup, HTML, image, mention, reference or
 * link comes of it, and it cannot end the cell. At most `length` characters of the text are shown.
 */
export function neutraliseForMarkdown(text: string, length = 300): string {
  return (
    cut(oneLine(text), length)
      .replace(/[&<>"'`|*_~[\](){}\\!$^=#@:+-]/g, (character) => ENTITIES[character] ?? `&#${character.charCodeAt(0)};`)
      // GitHub looks for mentions, references and addresses after it has resolved the entities.
      .replace(/&#(64|35|58);(?=\S)/g, `&#$1;${INVISIBLE}`)
      .replace(/www\./gi, (word) => `${word.slice(0, 3)}${INVISIBLE}.`)
      // Seven hexadecimal digits are the shortest that it takes for a commit.
      .replace(/[0-9a-f]{7,}/gi, (word) => (/^\d+$/.test(word) ? word : word.replace(/.{6}(?=.)/g, `$&${INVISIBLE}`)))
      .replace(/(GH)(?=&#45;\d)/gi, `$1${INVISIBLE}`)
  );
}

/** The text on one line, without control characters. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(ESCAPE_SEQUENCE, "")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
}
