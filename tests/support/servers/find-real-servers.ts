import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { RealServerName } from "./real-server.ts";

export const realServerNames: readonly RealServerName[] = ["minio", "versitygw", "rclone"];

export interface FoundServers {
  /** Path of each binary that was found. */
  found: Map<RealServerName, string>;
  missing: RealServerName[];
  /** Those of the missing that PHOTOLALA_REQUIRE_SERVERS demands: a test must fail for each. */
  requiredButMissing: RealServerName[];
}

/**
 * Looks for the binaries in PHOTOLALA_TEST_BIN, on PATH, and where `go install` puts them.
 * @throws Error when PHOTOLALA_REQUIRE_SERVERS names a server that doesn't exist
 */
export function findRealServers(env: NodeJS.ProcessEnv = process.env): FoundServers {
  const folders = [env.PHOTOLALA_TEST_BIN, ...(env.PATH ?? "").split(delimiter), ...goBinFolders(env)];
  const found = new Map<RealServerName, string>();
  for (const name of realServerNames) {
    const path = folders.map((folder) => folder && join(folder, name)).find((file) => file && isExecutable(file));
    if (path) found.set(name, path);
  }
  const missing = realServerNames.filter((name) => !found.has(name));
  return { found, missing, requiredButMissing: requiredServers(env).filter((name) => missing.includes(name)) };
}

function requiredServers(env: NodeJS.ProcessEnv): RealServerName[] {
  const wanted = (env.PHOTOLALA_REQUIRE_SERVERS ?? "").split(",").map((name) => name.trim());
  return wanted
    .filter((name) => name !== "")
    .map((name) => {
      const known = realServerNames.find((candidate) => candidate === name);
      if (!known) throw new Error(`PHOTOLALA_REQUIRE_SERVERS names "${name}"; known are ${realServerNames.join(", ")}`);
      return known;
    });
}

function goBinFolders(env: NodeJS.ProcessEnv): string[] {
  const home = env.HOME ?? homedir();
  const paths = [env.GOBIN, join(home, "go", "bin")];
  try {
    const goPath = execFileSync("go", ["env", "GOPATH"], {
      encoding: "utf8",
      env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    paths.unshift(join(goPath.trim().split(delimiter)[0] ?? "", "bin"));
  } catch {
    // Without go there is still the folder where it would have put them.
  }
  return paths.filter((path) => path !== undefined);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
