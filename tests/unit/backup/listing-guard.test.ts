import { expect, test } from "vitest";
import { ListingGuard } from "../../../helper/backup/listing-guard.ts";

const page = (key: string | undefined, continuation: string | undefined = "more") => ({
  objects: key === undefined ? [] : [{ key, sizeBytes: 1 }],
  ...(continuation ? { continuation } : {}),
});

test("a listing that comes back to where it was leads nowhere, whatever its markers say", () => {
  const guard = new ListingGuard();
  expect(["a", "b", "c", "b"].map((key, index) => guard.leadsOn(page(key, `${index}`)))).toEqual([
    ...[true, true, true],
    false,
  ]);
});

test("some empty pages are passed over, but not endlessly many", () => {
  const guard = new ListingGuard();
  const answers = Array.from({ length: 2_000 }, () => guard.leadsOn(page(undefined)));
  expect(answers.filter(Boolean)).toHaveLength(1_000);
  expect(guard.leadsOn(page("a"))).toBe(true);
});

test("a last page is one, whatever is on it", () => {
  const guard = new ListingGuard();
  guard.leadsOn(page("a"));
  expect(guard.leadsOn(page("a", ""))).toBe(true);
});
