import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/** A file's text, or undefined where there is no such file. */
export async function fileText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** The hex SHA-256 of a text's UTF-8 bytes. */
export function sha256OfText(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
