import { join } from "node:path";
import { fakeFolder, fakeSwitch, readJson, writeJson } from "./fake-folder.ts";

interface Item {
  service: string;
  account: string;
  label: string;
  /** Base64 of the password's bytes. */
  password: string;
}

/** A status as macOS has it; the process's exit code is its last byte. */
export interface CommandAnswer {
  status: number;
  stdout?: string;
  stderr?: string;
}

const notFound = -25300;
const duplicate = -25299;
const usage: CommandAnswer = { status: 2, stderr: "Usage: security command\n" };
const notFoundWords = "security: SecKeychainSearchCopyNext: The specified item could not be found in the keychain.\n";
const duplicateWords =
  "security: SecKeychainItemCreateFromContent (<default>): The specified item already exists in the keychain.\n";

/** A refusal has no words at all: interaction not allowed, authentication failed, canceled by the person. */
const refusals: Record<string, number> = { locked: -25308, denied: -25293, canceled: -128 };

export function runKeychainCommand([name = "", ...args]: string[]): CommandAnswer {
  if (name === "add-generic-password") return add(args);
  if (name === "find-generic-password") return find(args);
  if (name === "delete-generic-password") return remove(args);
  return { status: 1, stderr: `security: "${name}": unknown command\n` };
}

function add(args: string[]): CommandAnswer {
  const options = parse(args, "acCDGjlpsTwX", "UA");
  if (!options) return usage;
  if (options.w === undefined && args.at(-1) === "-w") return { status: 1, stderr: "password data for new item: " };
  const refused = refusal();
  if (refused) return refused;
  const items = readItems();
  const { a: account = "", s: service = "", l: label = service, w: password = "" } = options;
  const existing = items.find((item) => item.account === account && item.service === service);
  if (existing && options.U === undefined) return { status: duplicate, stderr: duplicateWords };
  const item = { account, service, label, password: Buffer.from(password, "utf8").toString("base64") };
  writeItems([...items.filter((other) => other !== existing), item]);
  return { status: 0 };
}

function find(args: string[]): CommandAnswer {
  const options = parse(args, "aAcCDGjls", "gw");
  if (!options) return usage;
  // Attributes can be searched in a locked keychain; only the password can't be read.
  const item = readItems().find(matching(options));
  if (!item) return { status: notFound, stderr: notFoundWords };
  if (options.w === undefined) return { status: 0, stdout: `keychain: "login.keychain-db"\nclass: "genp"\n` };
  const refused = refusal();
  if (refused) return refused;
  const bytes = Buffer.from(item.password, "base64");
  const printable = bytes.every((byte) => byte >= 0x20 && byte <= 0x7e);
  return { status: 0, stdout: `${bytes.toString(printable ? "latin1" : "hex")}\n` };
}

function remove(args: string[]): CommandAnswer {
  const options = parse(args, "acCDGjls", "");
  if (!options) return usage;
  const items = readItems();
  const item = items.find(matching(options));
  // The real tool says so even when it fails.
  const words = "password has been deleted.\n";
  if (!item) return { status: notFound, stderr: `${notFoundWords}${words}` };
  const refused = refusal();
  if (refused) return { ...refused, stderr: words };
  writeItems(items.filter((other) => other !== item));
  return { status: 0, stderr: words };
}

function matching({ a, s }: Record<string, string | undefined>) {
  return (item: Item) => (a === undefined || item.account === a) && (s === undefined || item.service === s);
}

/** getopt's way: an option that takes a value and has none is left out, as in a bare trailing `-w`. */
function parse(args: string[], valued: string, flags: string): Record<string, string | undefined> | undefined {
  const options: Record<string, string | undefined> = {};
  for (let at = 0; at < args.length; at += 1) {
    const letter = /^-(.)$/.exec(args[at] ?? "")?.[1];
    if (!letter) break;
    if (flags.includes(letter)) options[letter] = "";
    else if (valued.includes(letter)) options[letter] = args[(at += 1)];
    else return undefined;
  }
  return options;
}

function refusal(): CommandAnswer | undefined {
  const status = refusals[fakeSwitch("keychain") ?? ""];
  return status === undefined ? undefined : { status };
}

function itemsPath(): string {
  return join(fakeFolder(), "keychain.json");
}

function readItems(): Item[] {
  return readJson<Item[]>(itemsPath(), []);
}

function writeItems(items: Item[]): void {
  writeJson(itemsPath(), items);
}
