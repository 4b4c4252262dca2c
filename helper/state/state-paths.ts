import { homedir, userInfo } from "node:os";
import { join } from "node:path";

export interface StatePaths {
  stateDir: string;
  logDir: string;
  settings: string;
  status: string;
  failures: string;
  ledger: string;
  journal: string;
  parkedLedgersDir: string;
  /** One file a destination: what its bucket was seen to do. */
  capabilitiesDir: string;
  cataloguesDir: string;
  requestsDir: string;
  multipart: string;
  audit: string;
  helperLock: string;
  stateLock: string;
  binDir: string;
}

interface Surroundings {
  env: Record<string, string | undefined>;
  platform: NodeJS.Platform;
  homeDir: string;
}

/** The one place that knows where our files are. `PHOTOLALA_STATE_DIR` and `PHOTOLALA_LOG_DIR` move them. */
export function statePaths(
  { env, platform, homeDir }: Surroundings = { env: process.env, platform: process.platform, homeDir: ownHome() },
): StatePaths {
  const stateDir = env.PHOTOLALA_STATE_DIR || defaultStateDir(env, platform, homeDir);
  const logDir = env.PHOTOLALA_LOG_DIR || defaultLogDir(env, platform, homeDir, stateDir);
  return {
    stateDir,
    logDir,
    settings: join(stateDir, "settings.json"),
    status: join(stateDir, "status.json"),
    failures: join(stateDir, "failures.json"),
    ledger: join(stateDir, "backup-state.json"),
    journal: join(stateDir, "backup-state.journal.jsonl"),
    parkedLedgersDir: join(stateDir, "ledgers"),
    capabilitiesDir: join(stateDir, "capabilities"),
    cataloguesDir: join(stateDir, "catalogues"),
    requestsDir: join(stateDir, "requests"),
    multipart: join(stateDir, "multipart.json"),
    audit: join(stateDir, "audit.jsonl"),
    helperLock: join(stateDir, "helper.lock"),
    stateLock: join(stateDir, "state.lock"),
    binDir: join(stateDir, "bin"),
  };
}

/** An empty HOME, as some schedulers set it, would mean the folder one happens to be in: the next start would know of nothing. */
function ownHome(): string {
  try {
    return homedir() || userInfo().homedir;
  } catch {
    // A user whom the system does not know, as in a container, has none: PHOTOLALA_STATE_DIR can still say where to.
    return "/";
  }
}

function defaultStateDir(env: Surroundings["env"], platform: NodeJS.Platform, homeDir: string): string {
  if (platform === "darwin") return join(homeDir, "Library", "Application Support", "Photolala");
  return join(env.XDG_STATE_HOME || join(homeDir, ".local", "state"), "photolala");
}

function defaultLogDir(env: Surroundings["env"], platform: NodeJS.Platform, homeDir: string, stateDir: string): string {
  if (env.PHOTOLALA_STATE_DIR) return join(stateDir, "logs");
  if (platform === "darwin") return join(homeDir, "Library", "Logs", "Photolala");
  return join(env.XDG_STATE_HOME || join(homeDir, ".local", "state"), "photolala", "logs");
}
