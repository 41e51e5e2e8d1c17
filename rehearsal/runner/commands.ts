/** A workflow command that a step printed: `::error file=a.ts,line=1::message`. */
export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** Reads a line of output as a workflow command; undefined where it is none. */
export function parseCommand(line: string): Command | undefined {
  const text = line.trimStart();
  if (!text.startsWith("::")) return undefined;
  const end = text.indexOf("::", 2);
  if (end < 0) return undefined;
  const head = text.slice(2, end);
  const space = head.indexOf(" ");
  const name = (space < 0 ? head : head.slice(0, space)).toLowerCase();
  if (name === "") return undefined;
  const properties: Record<string, string> = {};
  for (const part of space < 0 ? [] : head.slice(space + 1).split(",")) {
    const equals = part.indexOf("=");
    if (equals > 0) properties[part.slice(0, equals).trim()] = unescapeData(part.slice(equals + 1), true);
  }
  return { name, properties, message: unescapeData(text.slice(end + 2), false) };
}

function unescapeData(text: string, property: boolean): string {
  const plain = text.replaceAll("%0D", "\r").replaceAll("%0A", "\n");
  return (property ? plain.replaceAll("%3A", ":").replaceAll("%2C", ",") : plain).replaceAll("%25", "%");
}

/** Hides secrets in texts. */
export class Masker {
  readonly #values = new Set<string>();

  /** Adds a secret: as a whole, and every line of it that is not blank. */
  add(value: string): void {
    for (const part of [value, ...value.split(/\r?\n/)]) if (part.trim() !== "") this.#values.add(part);
  }

  /** The text with every secret replaced by `***`, the longest first. */
  mask(text: string): string {
    let masked = text;
    for (const value of [...this.#values].sort((a, b) => b.length - a.length)) masked = masked.replaceAll(value, "***");
    return masked;
  }

  /** Whether the text holds a secret. */
  holds(text: string): boolean {
    return this.mask(text) !== text;
  }
}
