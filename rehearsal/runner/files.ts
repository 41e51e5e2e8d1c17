/**
 * Reads the file behind GITHUB_OUTPUT, GITHUB_ENV or GITHUB_STATE: `name=value` lines and `name<<DELIMITER` blocks.
 * Throws an Error in the words of GitHub's runner where a line is neither.
 */
export function parseKeyValueFile(text: string): [string, string][] {
  const pairs: [string, string][] = [];
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (line === "") continue;
    const equals = line.indexOf("=");
    const heredoc = line.indexOf("<<");
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      if (equals === 0) throw new Error(`Invalid format '${line}'. Name must not be empty`);
      pairs.push([line.slice(0, equals), line.slice(equals + 1)]);
      continue;
    }
    if (heredoc < 0) throw new Error(`Invalid format '${line}'`);
    const name = line.slice(0, heredoc);
    const delimiter = line.slice(heredoc + 2);
    if (name === "" || delimiter === "") {
      throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
    }
    const end = lines.indexOf(delimiter, i + 1);
    if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
    pairs.push([name, lines.slice(i + 1, end).join("\n")]);
    i = end;
  }
  return pairs;
}

/** The non-empty lines of the file behind GITHUB_PATH. */
export function parsePathFile(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== "");
}
