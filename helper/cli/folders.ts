import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { chooseLabel } from "../backup/choose-label.ts";
import { ensureStateDirs } from "../state/files/ensure-state-dirs.ts";
import { readSettings, updateSettings } from "../state/files/settings-store.ts";
import type { ChosenFolder, Settings } from "../state/files/settings.ts";
import { checkFolder, refuseOverlap } from "./check-folder.ts";
import type { CliContext } from "./cli-context.ts";
import { report, type CommandResult } from "./report.ts";
import { UsageError } from "./usage-error.ts";

interface JsonOption {
  json?: boolean;
}

export function addFoldersCommand(program: Command, context: CliContext, exit: (code: number) => void): void {
  const folders = program.command("folders").description("the folders that are backed up");
  const asJson = ["--json", "print one JSON object instead of words"] as const;
  folders
    .command("add")
    .description("choose folders to back up")
    .argument("<folders...>")
    .option(...asJson)
    .action(async (given: string[], options: JsonOption) =>
      exit(await report(context, options, () => addFolders(given, context))),
    );
  folders
    .command("remove")
    .description("stop backing up folders; what is in the bucket stays there")
    .argument("<folders...>")
    .option(...asJson)
    .action(async (given: string[], options: JsonOption) =>
      exit(await report(context, options, () => removeFolders(given, context))),
    );
  folders
    .command("list", { isDefault: true })
    .description("show the chosen folders")
    .option(...asJson)
    .action(async (options: JsonOption) =>
      exit(await report(context, options, async () => resultOf(await readSettings(context.paths)))),
    );
}

async function addFolders(given: string[], context: CliContext): Promise<CommandResult> {
  await ensureStateDirs(context.paths);
  const paths: string[] = [];
  for (const folder of given) paths.push(await checkFolder(folder, context.cwd));
  const settings = await updateSettings(context.paths, (old) => withFolders(old, paths, context.now()));
  return resultOf(settings);
}

function withFolders(settings: Settings, paths: string[], now: number): Settings {
  const labels = { ...settings.labels };
  const folders = [...settings.folders];
  for (const path of paths) {
    refuseOverlap(
      path,
      folders.map((folder) => folder.path),
    );
    if (folders.some((folder) => folder.path === path)) continue;
    const label = chooseLabel(path, labels);
    labels[path] = label;
    folders.push({ path, label, addedAt: new Date(now).toISOString() });
  }
  return { ...settings, folders, labels };
}

async function removeFolders(given: string[], context: CliContext): Promise<CommandResult> {
  const settings = await updateSettings(context.paths, (old) => {
    const gone = given.map((folder) => findChosen(folder, old.folders, context.cwd).path);
    return { ...old, folders: old.folders.filter((folder) => !gone.includes(folder.path)) };
  });
  return resultOf(settings);
}

/** A folder may be gone from the disk when it is removed, so its name is compared as it is, then with links resolved. */
function findChosen(given: string, folders: ChosenFolder[], cwd: string): ChosenFolder {
  const path = resolve(cwd, given);
  const found = folders.find((folder) => folder.path === path) ?? folders.find((folder) => folder.path === real(path));
  if (found) return found;
  throw new UsageError(`${given} is not one of the chosen folders.`, "See them with `folders list`.");
}

function real(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function resultOf(settings: Settings): CommandResult {
  const { folders } = settings;
  const words = folders.length > 0 ? folders.map((folder) => folder.path).join("\n") : "No folder has been chosen yet.";
  return { json: { folders }, words };
}
