import type { Json, JsonObject } from "../answer.ts";
import { notFound } from "../answer.ts";
import type { Call } from "../router.ts";

/** Typed readers for bodies whose shape the schema has checked; undefined for what was not given. */
export const text = (body: JsonObject, key: string): string | undefined => {
  const value = body[key];
  return typeof value === "string" ? value : undefined;
};

export const flag = (body: JsonObject, key: string): boolean | undefined => {
  const value = body[key];
  return typeof value === "boolean" ? value : undefined;
};

export const texts = (body: JsonObject, key: string): string[] | undefined => {
  const value = body[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : undefined;
};

export const integers = (body: JsonObject, key: string): number[] | undefined => {
  const value = body[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === "number") : undefined;
};

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A numeric path parameter; one that is no number does not exist. */
export function id(call: Call, name: string): number {
  const value = call.params[name] ?? "";
  if (!/^\d{1,15}$/.test(value)) throw notFound();
  return Number(value);
}
