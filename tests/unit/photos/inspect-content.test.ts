import { describe, expect, test } from "vitest";
import type { ByteSource } from "../../../helper/photos/byte-source.ts";
import { inspectContent } from "../../../helper/photos/inspect-content.ts";
import { generatedFormats, generatePhoto } from "../../support/photos/generate-photos.ts";

function zeros(sizeBytes: number): Uint8Array {
  return new Uint8Array(sizeBytes);
}

describe("a file's content", () => {
  test.each(["a.jpg", "a.xmp", "a.raw", "a.mov", "unknown.bin"])("an empty %s is called empty", async (name) => {
    expect(await inspectContent(zeros(0), name, 0)).toBe("empty-file");
  });

  test.each(["a.jpg", "a.HEIC", "a.cr2", "a.mov"])(
    "%s of nothing but zeros is found out, small or over several blocks",
    async (name) => {
      for (const sizeBytes of [1, 4096, 4097, 3_000_001]) {
        expect(await inspectContent(zeros(sizeBytes), name, sizeBytes), `${sizeBytes} bytes`).toBe("all-zeros");
      }
    },
  );

  test.each(["a.xmp", "a.aae", "a.thm", "a.raw"])(
    "%s of zeros is kept, as nothing is known of how it starts",
    async (name) => {
      expect(await inspectContent(zeros(5000), name, 5000)).toBe("fine");
    },
  );

  test("one byte that is not zero, at the very end, makes it fine", async () => {
    const bytes = zeros(3_000_000);
    bytes[bytes.length - 1] = 1;
    expect(await inspectContent(bytes, "a.jpg", bytes.length)).toBe("fine");
  });

  test("a head of zeros says nothing about the whole", async () => {
    expect(await inspectContent(zeros(4096), "a.jpg", 1_000_000)).toBe("fine");
  });

  test("only the first bytes of a good file are read", async () => {
    let readBytes = 0;
    const source: ByteSource = {
      sizeBytes: 5e9,
      readAt: async (_offset, lengthBytes) => {
        readBytes += lengthBytes;
        return new Uint8Array(lengthBytes).fill(0xff);
      },
    };
    expect(await inspectContent(source, "a.mov", 5e9)).toBe("fine");
    expect(readBytes).toBeLessThanOrEqual(4096 + 12);
  });

  test("a source that ends early is not called all zeros", async () => {
    const source: ByteSource = { sizeBytes: 9000, readAt: async (offset) => zeros(offset === 0 ? 4096 : 0) };
    expect(await inspectContent(source, "a.jpg", 9000)).toBe("fine");
  });

  test.each(generatedFormats)("a real %s is fine", async (format) => {
    const bytes = await generatePhoto({ format, seed: 7 });
    expect(await inspectContent(bytes, `a.${format}`, bytes.length)).toBe("fine");
  });
});
