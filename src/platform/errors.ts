/** A mistake in the user's pipeline file, workflow or input. Its message says what to write instead; it has no stack trace to show. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/** GitHub refused a call for lack of rights. Its message names the `permissions:` line, role or setting that is missing. */
export class PermissionError extends Error {
  override readonly name = "PermissionError";
}

/** Something of the platform did not work in spite of retries: GitHub unreachable, an answer that cannot be read. */
export class PlatformError extends Error {
  override readonly name = "PlatformError";
}

/** Whether the error is one that a user can act on, so that its message stands alone, without a stack trace. */
export function isExpected(error: unknown): error is ConfigurationError | PermissionError | PlatformError {
  return error instanceof ConfigurationError || error instanceof PermissionError || error instanceof PlatformError;
}

/** The message of anything that can be thrown, on one line. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, " ");
}
