import { cpSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** What termcast needs of the project; it bundles the commands' sources itself and writes beside them. */
const parts = ["package.json", "tsconfig.json", "src", "helper", "assets", "raycast-env.d.ts"];

/** Copies the extension into a folder of its own, where termcast may write, and borrows the installed packages. */
export function prepareExtension(projectDir: string, extensionDir: string): void {
  mkdirSync(extensionDir, { recursive: true });
  for (const part of parts) {
    if (existsSync(join(projectDir, part)))
      cpSync(join(projectDir, part), join(extensionDir, part), { recursive: true });
  }
  symlinkSync(join(projectDir, "node_modules"), join(extensionDir, "node_modules"));
}
