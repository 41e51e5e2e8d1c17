/** The command for a `run` step: GitHub's defaults on Linux, or a template of the user's with `{0}`. */
export function shellCommand(shell: string, script: string): [string, string[]] {
  switch (shell) {
    case "":
      return ["bash", ["-e", script]];
    case "bash":
      return ["bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", script]];
    case "sh":
      return ["sh", ["-e", script]];
    case "python":
      return ["python", [script]];
    default: {
      const [command = "", ...args] = shell.trim().split(/\s+/);
      if (!args.some((arg) => arg.includes("{0}"))) {
        throw new Error(
          `Invalid shell option ${JSON.stringify(shell)}. Shell must be a valid built-in (bash, sh, python) or a format string containing '{0}'`,
        );
      }
      return [command, args.map((arg) => arg.replaceAll("{0}", script))];
    }
  }
}
