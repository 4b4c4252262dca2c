import { build } from "plist";
import { join } from "node:path";
import { agentLabel } from "./agent-label.ts";

interface AgentPlist {
  launcherPath: string;
  stateDir: string;
  logDir: string;
  /** Variables the helper needs beyond launchd's own: where its folders are, when they were moved. */
  environment?: Record<string, string>;
}

/** The property list that makes launchd run the helper at login and start it again when it fails. */
export function agentPlist({ launcherPath, stateDir, logDir, environment = {} }: AgentPlist): string {
  return `${build({
    Label: agentLabel,
    ProgramArguments: [launcherPath, "run"],
    WorkingDirectory: stateDir,
    RunAtLoad: true,
    // Exit 0 means "stay down"; anything else is what a restart can mend.
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 30,
    // The helper needs up to 10 s to end cleanly; launchd's own 5 s would cut it off.
    ExitTimeOut: 30,
    // `Background` pins to the efficiency cores and starves Node.
    ProcessType: "Standard",
    LowPriorityBackgroundIO: true,
    // Reading an iCloud placeholder fails at once instead of downloading the photo behind the person's back.
    MaterializeDatalessFiles: false,
    Umask: "077",
    StandardOutPath: join(logDir, "agent.log"),
    StandardErrorPath: join(logDir, "agent.log"),
    ...(Object.keys(environment).length > 0 && { EnvironmentVariables: environment }),
  })}\n`;
}
