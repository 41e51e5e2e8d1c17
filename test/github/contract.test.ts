import { describe, expect, test } from "vitest";
import { loadContract } from "../../rehearsal/github/openapi/contract.ts";
import { extract, toJsonSchema } from "../../scripts/openapi-extract.ts";

const contract = loadContract();
const CREATE = "POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses";
const params = { owner: "acme", repo: "storage", deployment_id: "7" };
const request = (body: Record<string, string | number | boolean | null>, query = "") =>
  contract.request(CREATE, params, new URLSearchParams(query), body);

describe("answers are held to GitHub's published description", () => {
  test("a field that is missing, of another type, or no address where one is due, is a violation", () => {
    const label = {
      id: 1,
      node_id: "L",
      url: "http://127.0.0.1/l",
      name: "a",
      description: null,
      color: "ededed",
      default: false,
    };
    const answer = (body: object) => contract.answer("GET /repos/{owner}/{repo}/labels/{name}", 200, body);
    expect(answer(label)).toBeUndefined();
    expect(answer({ ...label, color: undefined })).toContain("color");
    expect(answer({ ...label, id: "1" })).toContain("/id must be integer");
    expect(answer({ ...label, url: "not an address" })).toContain("/url");
  });

  test("a status that GitHub does not answer is a violation", () => {
    expect(contract.answer(CREATE, 200, {})).toMatch(/status 200 is not among 201/);
    expect(contract.answer("DELETE /repos/{owner}/{repo}/deployments/{deployment_id}", 204, undefined)).toBeUndefined();
  });

  test("a route that is not in the extract is told apart, with the command that adds it", () => {
    expect(() => contract.answer("GET /nowhere", 200, {})).toThrow(/openapi-extract/);
  });
});

describe("requests are held to it too", () => {
  test("numbers in paths and queries are read from texts; unknown fields are let through, as GitHub does", () => {
    expect(request({ state: "success", colour: "green" }, "per_page=5&other=x")).toEqual([]);
    expect(
      contract.request(CREATE, { ...params, deployment_id: "x" }, new URLSearchParams(), { state: "success" }),
    ).toHaveLength(1);
  });

  test("every mistake is told, in GitHub's words", () => {
    expect(request({})).toEqual(['"state" wasn\'t supplied.']);
    expect(request({ state: "done", auto_inactive: "no" })).toHaveLength(2);
  });

  test("a number is not taken for a text, nor a text for a truth value", () => {
    expect(request({ state: "success", description: 5 })).toEqual(["For 'properties/description', must be string."]);
    expect(request({ state: "success", auto_inactive: "true" })).toHaveLength(1);
  });
});

describe("the extract", () => {
  test("turns OpenAPI's nullable into JSON Schema and drops words, but no property that is named like one", () => {
    const schema = {
      type: "object",
      description: "words",
      properties: {
        description: { type: "string", nullable: true, example: "x" },
        title: { $ref: "#/components/schemas/title" },
        state: { type: "string", enum: ["a"], nullable: true },
        url: { type: "string", format: "uri", default: "" },
      },
      required: ["title"],
    };
    expect(toJsonSchema(schema)).toEqual({
      type: "object",
      properties: {
        description: { type: ["string", "null"] },
        title: { $ref: "#/components/schemas/title" },
        state: { anyOf: [{ type: "string", enum: ["a"] }, { type: "null" }] },
        url: { type: "string" },
      },
      required: ["title"],
    });
  });

  test("holds the routes that are named, with all they refer to and nothing else, and refuses an unknown one", () => {
    const leaf = { type: "string" };
    const document = {
      paths: {
        "/a": {
          get: {
            externalDocs: { url: "https://docs.github.com/a" },
            parameters: [{ $ref: "#/components/parameters/page" }],
            responses: {
              "200": { content: { "application/json": { schema: { $ref: "#/components/schemas/tree" } } } },
              "204": {},
            },
          },
        },
      },
      components: {
        parameters: { page: { name: "page", in: "query", schema: { type: "integer", default: 1 } } },
        schemas: {
          tree: {
            type: "object",
            properties: { leaf: { $ref: "#/components/schemas/leaf" }, self: { $ref: "#/components/schemas/tree" } },
          },
          leaf,
          unused: leaf,
        },
      },
    };
    const result = extract(document, ["GET /a"]);
    expect(result["operations"]).toEqual({
      "GET /a": {
        documentation: "https://docs.github.com/a",
        parameters: [{ name: "page", in: "query", required: false, schema: { type: "integer" } }],
        responses: { "200": { $ref: "#/components/schemas/tree" }, "204": null },
      },
    });
    expect(Object.keys((result["components"] as { schemas: object }).schemas)).toEqual(["leaf", "tree"]);
    expect(() => extract(document, ["GET /b"])).toThrow(/has no GET \/b/);
  });
});
