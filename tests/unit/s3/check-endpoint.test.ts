import { describe, expect, test } from "vitest";
import { checkEndpoint } from "../../../helper/s3/check-endpoint.ts";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";

function refusal(endpoint: string): BackupError {
  try {
    checkEndpoint(endpoint);
  } catch (error) {
    return error as BackupError;
  }
  throw new Error(`${endpoint} was accepted`);
}

test.each([
  ["https://s3.example.com", "https://s3.example.com"],
  ["https://s3.example.com/", "https://s3.example.com"],
  ["HTTPS://S3.Example.com:443", "https://s3.example.com"],
  ["https://s3.example.com:9000", "https://s3.example.com:9000"],
  ["http://127.0.0.1:9000", "http://127.0.0.1:9000"],
  ["http://127.1:9000", "http://127.0.0.1:9000"],
  ["http://localhost:9000/", "http://localhost:9000"],
  ["http://[::1]:9000", "http://[::1]:9000"],
])("%s is %s", (given, expected) => {
  expect(checkEndpoint(given)).toBe(expected);
});

describe("http", () => {
  test.each([
    "http://s3.example.com",
    "http://10.0.0.1",
    "http://127.evil.com",
    "http://localhost.evil.com",
    "http://0.0.0.0",
  ])("%s is refused, and allowed only on purpose", (endpoint) => {
    expect(refusal(endpoint).code).toBe("insecure-endpoint");
    expect(checkEndpoint(endpoint, { allowInsecureHttp: true })).toBe(endpoint);
  });
});

test.each([
  "s3.example.com",
  "localhost:9000",
  "",
  "ftp://s3.example.com",
  "https://s3.example.com/my-bucket",
  "https://s3.example.com/?x=1",
  "https://s3.example.com/#x",
  "https://",
])("%s is no endpoint", (endpoint) => {
  expect(refusal(endpoint).code).toBe("endpoint-invalid");
});

test.each([
  "https://user:sesame@s3.example.com",
  "https://user:sesame@s3 example.com",
  "https://user:sesame@s3.example.com/bucket",
  "ftp://user:sesame@s3.example.com",
  "https://s3.example.com/bucket/a.jpg?X-Amz-Signature=sesame",
  "https://s3.example.com:port/?X-Amz-Signature=sesame",
])("invariant 9: the refusal of %s does not repeat the secret in it", (endpoint) => {
  const error = refusal(endpoint);
  expect(`${error.message} ${error.detail}`).not.toContain("sesame");
});
