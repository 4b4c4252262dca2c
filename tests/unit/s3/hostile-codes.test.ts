import { expect, it } from "vitest";
import { translateError } from "../../../helper/s3/translate-error.ts";

const answer = (Code: string) =>
  Object.assign(new Error("refused"), { name: Code, Code, $metadata: { httpStatusCode: 400 } });

it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
  "invariant 8: a store whose code is %s is unknown, with its status shown",
  (code) => {
    expect(translateError(answer(code))).toMatchObject({
      code: "unknown",
      detail: expect.stringContaining("HTTP 400"),
    });
  },
);

it("invariant 9: what a server puts where its code belongs is not repeated when it is no code", () => {
  const echoed = "x SECRET/with+signs= and more";
  expect(translateError(answer(echoed)).detail).not.toContain("SECRET");
});
