/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json | undefined };

/** What a route answers: a JSON body, or a text of another media type, or none. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly raw?: { readonly type: string; readonly bytes: Buffer };
}

/** One entry of the `errors` list in GitHub's 422 answers. */
export interface FieldError {
  readonly resource: string;
  readonly field: string;
  readonly code: "missing" | "missing_field" | "invalid" | "already_exists" | "custom";
  readonly message?: string;
}

/** A refusal in GitHub's form; thrown by routes, turned into an answer by the server. */
export class Refusal extends Error {
  readonly status: number;
  readonly details: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    message: string,
    details: JsonObject = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.details = details;
    this.headers = headers;
  }
}

/** 404, GitHub's answer also for what the caller may not see. */
export function notFound(): Refusal {
  return new Refusal(404, "Not Found");
}

/** 422 with the fields at fault. */
export function validationFailed(...errors: readonly FieldError[]): Refusal {
  return new Refusal(422, "Validation Failed", { errors: errors.map((error) => ({ ...error })) });
}

/** 403 for a token whose `permissions:` do not carry the call. */
export function notAccessible(): Refusal {
  return new Refusal(403, "Resource not accessible by integration");
}

export function ok(body: Json): Answer {
  return { status: 200, body };
}

export function created(body: Json, location?: string): Answer {
  return location === undefined ? { status: 201, body } : { status: 201, body, headers: { location } };
}

export const noContent: Answer = { status: 204 };
